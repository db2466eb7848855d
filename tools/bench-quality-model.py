#!/usr/bin/env python3
"""Whether a quality model learnt from the labelled sets of the shared data judges kinds of junk that it was not shown:
each set is left out in turn, a model is trained on the others and on the corpora (good), and asked about the set left out.
The area under the curve (AUC) is the share of pairs of a good and a bad document that stand in the right order.
usage: tools/bench-quality-model.py PRETRAIND [DATA]      DATA: ../shared/data"""

import csv
import gzip
import json
import os
import random
import subprocess
import sys
import tempfile

pretraind = os.path.abspath(sys.argv[1])
data = sys.argv[2] if len(sys.argv) > 2 else os.path.join(os.path.dirname(__file__), "..", "..", "shared", "data")
MOST = 2000
HELD = 60  # documents of a corpus that are held out


def sms():
    with open(f"{data}/quality/en-sms-spam/data/sms.tsv", encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t", 1) for line in file if "\t" in line]
    return [t for label, t in rows if label == "ham"], [t for label, t in rows if label == "spam"]


def headlines():
    def lines(name):
        with gzip.open(f"{data}/quality/en-clickbait/dataset__{name}_data.gz", "rt", encoding="utf-8") as file:
            return [line.strip() for line in file if line.strip()]

    def pages(titles):  # pages of links, as sites have them
        return ["\n".join(titles[n : n + 8]) for n in range(0, len(titles), 8)]

    return pages(lines("non_clickbait")), pages(lines("clickbait"))


def comments():
    good, bad = [], []
    for part in ["train", "dev", "test"]:
        with open(f"{data}/quality/zh-cold-offensive/COLDataset__{part}.csv", encoding="utf-8-sig") as file:
            for row in csv.DictReader(file):
                (bad if row["label"] == "1" else good).append(row["TEXT"])
    return good, bad


def advertisements():
    with open(f"{data}/quality/zh-ads-weak.jsonl", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return [r["text"] for r in rows if r["label"] != "ad"], [r["text"] for r in rows if r["label"] == "ad"]


SETS = {"en": {"sms": sms, "headlines": headlines}, "zh": {"comments": comments, "advertisements": advertisements}}


def corpora(channel):
    """Some documents of each corpus of the channel, by its name."""
    found = {}
    for name in sorted(os.listdir(f"{data}/corpus/{channel}")):
        path = f"{data}/corpus/{channel}/{name}"
        process = subprocess.run(f"zstd -dcq '{path}' | head -n 600", shell=True, stdout=subprocess.PIPE)
        texts = [json.loads(line)["text"] for line in process.stdout.splitlines()]
        found[name.split(".")[0]] = random.Random(7).sample(texts, min(len(texts), 300))
    return found


def auc(good, bad):
    ranked = sorted([(s, 1) for s in good] + [(s, 0) for s in bad])
    right, below, place = 0.0, 0, 0
    while place < len(ranked):
        end = place
        while end < len(ranked) and ranked[end][0] == ranked[place][0]:
            end += 1
        bads = sum(1 for _, label in ranked[place:end] if label == 0)
        right += (end - place - bads) * (below + bads / 2)
        below += bads
        place = end
    return right / (len(good) * len(bad))


def scores(texts, channel, words):
    lines = "".join(json.dumps({"text": t, "channel": channel}) + "\n" for t in texts)
    words = [pretraind, "score", "--set", "score.min_prose_bytes=0"] + words
    out = subprocess.run(words, input=lines.encode(), stdout=subprocess.PIPE, check=True).stdout
    return [json.loads(line)["score"] for line in out.splitlines()]


def train(folder, good, bad):
    for name, texts in (("good", good), ("bad", bad)):
        with open(f"{folder}/{name}.jsonl", "w", encoding="utf-8") as file:
            file.writelines(json.dumps({"source": name, "text": t}) + "\n" for t in texts)
    words = [pretraind, "classifier", "train", "--task", "quality", "--all", "--rule", "good=good", "--rule", "bad=bad"]
    subprocess.run(
        words + ["--out", f"{folder}/model", f"{folder}/good.jsonl", f"{folder}/bad.jsonl"], check=True, stdout=subprocess.DEVNULL)
    return ["--set", f"score.model={folder}/model"]


def main():
    print("| channel | set left out | good / bad | formula | model | corpora against its bad: formula | model |")
    print("|---|---|---|---|---|---|---|")
    for channel, sets in SETS.items():
        read = {name: tuple(random.Random(7).sample(x, min(len(x), MOST)) for x in load()) for name, load in sets.items()}
        own = corpora(channel)
        held = [t for texts in own.values() for t in texts[:HELD]]
        learnt = [t for texts in own.values() for t in texts[HELD:]]
        for name, (good, bad) in read.items():
            with tempfile.TemporaryDirectory() as folder:
                others = [sides for other, sides in read.items() if other != name]
                model = train(folder, learnt + [t for g, _ in others for t in g], [t for _, b in others for t in b])
                cells = []
                for side in (good, held):
                    for words in ([], model):
                        cells.append(f"{auc(scores(side, channel, words), scores(bad, channel, words)):.3f}")
            print(f"| {channel} | {name} | {len(good)} / {len(bad)} | " + " | ".join(cells) + " |", flush=True)


main()
