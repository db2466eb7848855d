#!/usr/bin/env python3
"""What the rules make of real documents and of junk: documents and bytes kept by set, and what the lost ones fell to.

usage: bench-quality.py [--packages DIR] [--lost FILE] [SET...]
       sets: code, new code, readme, math, zh, en, junk, short; without a word all

Good sets are the shared corpora (seen while the rules were made) and Debian packages (not seen), junk is the weakly labelled
sets of the shared data, the half of them that no model was trained on, and advertisements written for the measurement alone.
The packages are fetched into DIR (default .demo/bench/packages; apt-get download, no root).
Files go in as a user drops them: `pretraind clean FILE...` reads, classifies, carves and judges them. Packages are
counted in two halves by the hash of the text: `tuned` may be looked at while a rule is mended, `blind` may not.
--lost writes what was lost, one JSON line each, of the tuned half alone. PRETRAIND_BINARY names the program, PRETRAIND_WORDS
gives it more words.
"""
import argparse
import collections
import glob
import gzip
import hashlib
import json
import os
import re
import subprocess
import sys

from package_files import DATA, HERE, files, judged_files, judged_lines, lines, plain_names
from quality_sets import GENERATED_MARK, GENERATED_NAME, NO_ADVERTISEMENTS, SETS


def is_blind(text):
    """The half that tools/advertisements/labels.py leaves alone."""
    return not hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[0] & 1


def junk(name, kind):
    path = os.path.join(DATA, name)
    if kind == "written":
        with open(os.path.join(HERE, "Tests/Fixtures/advertisements", name), encoding="utf-8") as file:
            return lines(line.strip() for line in file if line.strip())
    if kind == "ads":
        rows = [json.loads(line) for line in open(path, encoding="utf-8", newline="\n")]
        return lines(row["text"] for row in rows if row["label"] == "ad" and is_blind(row["text"])
                     and not row["text"].startswith(NO_ADVERTISEMENTS))
    if kind == "spam":
        rows = open(glob.glob(path + "/**/*.tsv", recursive=True)[0], encoding="utf-8", errors="replace", newline="\n")
        texts = [row.rstrip("\n").split("\t", 1)[1] for row in rows if row.startswith("spam\t")]
        return lines(text for text in texts if is_blind(text))
    if kind == "questions":
        return lines(row["full_text"] for file in sorted(glob.glob(path + "/data/*.json"))
                     for row in json.load(open(file, encoding="utf-8"))[:1500])
    found = [p for p in glob.glob(path + "/**/*.gz", recursive=True) if ("non_clickbait" in p) == kind.startswith("news")]
    heads = [line.strip() for line in gzip.open(found[0], "rt", encoding="utf-8", newline="\n") if line.strip()]
    if kind == "headlines":
        return lines(heads)
    heads = [head for head in heads if is_blind(head)]
    if kind == "news":
        return lines(heads)
    return lines("\n".join(heads[start:start + 40]) for start in range(0, len(heads), 40))


def is_generated(row):
    return GENERATED_NAME.search(os.path.realpath(row.get("file") or "")) or GENERATED_MARK.search(row["text"][:2000])


class Tally:
    def __init__(self):
        self.documents = self.bytes = self.kept = self.kept_bytes = 0
        self.rules, self.channels = collections.Counter(), collections.Counter()

    def add(self, row):
        size = len(row["text"].encode("utf-8", "surrogatepass"))
        self.documents += 1
        self.bytes += size
        self.channels[row.get("channel", "?")] += 1
        if "drop" in row:
            self.rules[row["drop"]["rule"]] += 1
        else:
            self.kept += 1
            self.kept_bytes += size

    def row(self, name):
        share = lambda a, b: f"{100 * a / b:.1f} %" if b else "-"
        lost = ", ".join(f"{rule} {count}" for rule, count in self.rules.most_common(8)) or "-"
        channels = ", ".join(f"{channel} {count}" for channel, count in self.channels.most_common(4))
        return (f"| {name} | {self.documents} | {self.bytes / 1e6:.2f} | {share(self.kept, self.documents)} | "
                f"{share(self.kept_bytes, self.bytes)} | {lost} | {channels} |")

    def join(self, other):
        for key in ["documents", "bytes", "kept", "kept_bytes"]:
            setattr(self, key, getattr(self, key) + getattr(other, key))
        self.rules += other.rules
        self.channels += other.channels


def judge(source, pattern, set_name, name, folder):
    """Rows of one set: (judged document, is of the shared corpora)."""
    if set_name in ("junk", "short"):
        return ((row, True) for row in judged_lines(junk(source, pattern)))
    if pattern is None:
        path = os.path.join(DATA, "corpus", source + ".jsonl.zst")
        if not os.path.exists(path):
            return iter(())
        data = subprocess.run(["zstd", "-dcq", path], stdout=subprocess.PIPE, check=True).stdout
        texts = (json.dumps({"text": json.loads(row)["text"]}, ensure_ascii=False) for row in data.split(b"\n") if row)
        return ((row, True) for row in judged_lines("".join(text + "\n" for text in texts).encode()))
    links = os.path.join(folder, ".links", re.sub(r"\W+", "-", set_name + "-" + name))
    return ((row, False) for row in judged_files(plain_names(files(source, pattern, folder), links)))


def main():
    options = argparse.ArgumentParser()
    options.add_argument("sets", nargs="*")
    options.add_argument("--packages", default=os.path.join(HERE, ".demo/bench/packages"))
    options.add_argument("--lost")
    options = options.parse_args()
    lost = open(options.lost, "w", encoding="utf-8") if options.lost else None
    for set_name in options.sets or SETS:
        print(f"\n== {set_name}\n| set | documents | MB | documents kept | bytes kept | lost to | channels |\n|---|---|---|---|---|---|---|")
        sums = collections.defaultdict(Tally)
        for name, source, pattern in SETS[set_name]:
            tally = Tally()
            for row, is_shared in judge(source, pattern, set_name, name, options.packages):
                if "code" in set_name and is_generated(row):
                    sums["made by programs: minified, generated"].add(row)
                    continue
                half = "seen: shared data" if is_shared else \
                    "packages, tuned half" if hashlib.sha256(row["text"].encode("utf-8", "surrogatepass")).digest()[0] & 1 \
                    else "packages, blind half"
                tally.add(row)
                sums[half].add(row)
                if lost and "drop" in row and half != "packages, blind half":
                    print(json.dumps({"set": f"{set_name}/{name}", "drop": row["drop"], "channel": row.get("channel"),
                                      "genre": row.get("genre"), "file": row.get("file"), "text": row["text"][:3000]},
                                     ensure_ascii=False), file=lost)
            print(tally.row(name), flush=True)
        whole = Tally()
        for half in sorted(sums):
            print(sums[half].row(f"**{half}**"))
            if not half.startswith("made by"):
                whole.join(sums[half])
        print(whole.row("**all**"), flush=True)


main()
