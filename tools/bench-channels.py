#!/usr/bin/env python3
"""Labels for the channel model from Debian packages, and how good it is on kinds that it was not shown.

usage: bench-channels.py [--packages DIR] labels LABELS   writes LABELS/<channel>/<kind>.jsonl (tools/classifier-defaults)
       bench-channels.py [--packages DIR] unseen          packages that no label is from, by the text alone
       bench-channels.py left-out LABELS                  some kinds left out of the training by turns, then asked about

Packages are fetched into DIR (default .demo/bench/packages; apt-get download, no root). What labels say follows from the files and how
the program reads them, not from its models, rules or masks. PRETRAIND_BINARY names the program.
"""
import argparse
import collections
import concurrent.futures
import glob
import hashlib
import itertools
import json
import os
import re
import subprocess
import tempfile

from channel_kinds import UNSEEN, labelled
from package_files import BINARY, HERE, LEAST_BYTES, files, judged_files, lines, plain_names

MOST_LABELS = 150
MOST_LABELS_OF_A_KIND = 400
FEWEST_TO_ASK = 20
# Kinds are left out by turns, so many turns: one or two of a channel, never all of a channel.
ROUNDS = 14
PLAIN = ["--set", "redact.enabled=false", "--set", "clean.enabled=false", "--set", "classify.channel_model=rules",
         "--set", "classify.genre_model=rules", "--set", "clean.advertisement_model=none"]


def han_share(text):
    return len(re.findall("[\u3400-\u9fff\uf900-\ufaff]", text)) / max(1, len(text))


def is_of(channel, text):
    """Not a page that was never translated, nor a LaTeX file of hardly any LaTeX."""
    if channel == "zh":
        return han_share(text) > 0.05
    if channel == "math":
        return han_share(text) < 0.02 and len(re.findall(r"\\[a-zA-Z]", text)) * 100 > len(text)
    return channel == "code" or han_share(text) < 0.02


def texts_of(channel, name, packages, pattern, folder):
    """The documents of a kind as the program reads them, before anything is judged."""
    links = os.path.join(folder, ".links", re.sub(r"\W+", "-", f"{channel}-{name}"))
    rows = judged_files(plain_names(files(packages, pattern, folder), links), PLAIN)
    return [row["text"] for row in rows if len(row["text"]) >= LEAST_BYTES and is_of(channel, row["text"])]


def write_labels(folder, packages_folder):
    for channel, name, packages, pattern, is_half in labelled():
        texts = texts_of(channel, name, packages, pattern, packages_folder)
        if is_half:
            texts = [text for text in texts if hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[0] & 1]
        most = MOST_LABELS if is_half else MOST_LABELS_OF_A_KIND
        os.makedirs(os.path.join(folder, channel), exist_ok=True)
        with open(os.path.join(folder, channel, "of-" + re.sub(r"\W+", "-", name) + ".jsonl"), "wb") as file:
            file.write(lines(texts[::-(-len(texts) // most) or 1]))
    # Pages of Chinese projects that were never translated are English: they are no label.
    for path in sorted(glob.glob(os.path.join(folder, "zh", "*.jsonl"))):
        with open(path, "rb") as file:
            rows = [row for row in file.read().split(b"\n") if row]
        with open(path, "wb") as file:
            file.write(b"".join(row + b"\n" for row in rows if is_of("zh", json.loads(row)["text"])))


def answers(texts, words):
    output = subprocess.run([BINARY, "classify", "--spool", "/nonexistent", *words], input=lines(texts),
                            stdout=subprocess.PIPE, check=True).stdout
    return [json.loads(line)["channel"] for line in output.split(b"\n") if line]


def unseen(folder, model):
    print("| kind | documents | model | plain rules | by the model |\n|---|---|---|---|---|")
    own = ["--set", "classify.channel_model=" + model] if model else []
    for channel, name, packages, pattern in UNSEEN:
        texts = texts_of(channel, name, packages, pattern, folder)
        shares = [collections.Counter(answers(texts, words)) for words in (own, ["--set", "classify.channel_model=rules"])]
        by_model, by_rules = (100 * found[channel] / max(1, len(texts)) for found in shares)
        others = ", ".join(f"{key} {count}" for key, count in shares[0].most_common())
        print(f"| {channel}: {name} | {len(texts)} | {by_model:.1f} % | {by_rules:.1f} % | {others} |", flush=True)


def kinds(folder):
    """Files of labels by (class, kind); a source file of its own belongs to the kind of its package."""
    found = collections.defaultdict(list)
    for path in sorted(glob.glob(folder + "/*/*")):
        name = os.path.basename(path)
        kind = re.sub(r"\.jsonl$", "", name) if name.endswith(".jsonl") else re.sub(r"-\d+\.\w+$", "", name)
        if kind.startswith("r-cran-"):
            kind = "r-cran vignettes"
        if kind.startswith(("pari-doc", "giac-doc")):
            kind = kind[:8]
        found[os.path.basename(os.path.dirname(path)), kind].append(path)
    return found


def documents(paths):
    return sum(open(path, "rb").read().count(b"\n") if path.endswith(".jsonl") else 1 for path in paths)


def ask_about(job):
    """Learns from everything but some kinds, then is asked about each of these."""
    asked, everything = job
    own = {path for _, _, paths in asked for path in paths}
    with tempfile.TemporaryDirectory() as folder:
        for path in everything - own:
            place = os.path.join(folder, os.path.basename(os.path.dirname(path)))
            os.makedirs(place, exist_ok=True)
            os.symlink(path, os.path.join(place, os.path.basename(path)))
        model = os.path.join(folder, "channel.ngram")
        subprocess.run([BINARY, "classifier", "train", "--task", "channel", "--labels", folder, "--all", "--most", "8000", "--out", model],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        rows = []
        for channel, kind, paths in asked:
            texts = [row["text"] for row in judged_files(sorted(paths), PLAIN)]
            shares = [100 * answers(texts, ["--set", "classify.channel_model=" + judge]).count(channel) / len(texts)
                      for judge in (model, "rules")]
            rows.append((channel, kind, len(texts), *shares))
        return rows


def left_out(folder):
    found = kinds(os.path.abspath(folder))
    everything = {path for paths in found.values() for path in paths}
    rounds = [[] for _ in range(ROUNDS)]
    places = collections.Counter()
    for (channel, kind), paths in found.items():
        if documents(paths) >= FEWEST_TO_ASK:
            rounds[places[channel] % ROUNDS].append((channel, kind, paths))
            places[channel] += 1
    print("| kind left out | documents | model | plain rules |\n|---|---|---|---|")
    sums = collections.defaultdict(list)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for channel, kind, count, model, rules in itertools.chain.from_iterable(pool.map(ask_about, [(r, everything) for r in rounds])):
            print(f"| {channel}: {kind} | {count} | {model:.1f} % | {rules:.1f} % |", flush=True)
            for name in channel, "all":
                sums[name].append((count, model, rules))
    for name, rows in sums.items():
        mean = [sum(row[column] for row in rows) / len(rows) for column in (1, 2)]
        whole = [sum(row[0] * row[column] for row in rows) / sum(row[0] for row in rows) for column in (1, 2)]
        print(f"| **{name}, {len(rows)} kinds: mean of the kinds** | | {mean[0]:.2f} % | {mean[1]:.2f} % |")
        print(f"| **{name}: of all documents** | {sum(row[0] for row in rows)} | {whole[0]:.2f} % | {whole[1]:.2f} % |")


def main():
    options = argparse.ArgumentParser()
    options.add_argument("what", choices=["labels", "unseen", "left-out"])
    options.add_argument("folder", nargs="?")
    options.add_argument("--packages", default=os.path.join(HERE, ".demo/bench/packages"))
    options.add_argument("--model", default="")
    options = options.parse_args()
    if options.what == "labels":
        write_labels(options.folder, options.packages)
    elif options.what == "unseen":
        unseen(options.packages, options.model)
    else:
        left_out(options.folder)


main()
