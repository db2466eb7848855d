#!/usr/bin/env python3
"""filter_parity.py DOCUMENTS.jsonl PRETRAIND: the verdicts of the sets gopher, c4 and fineweb against those of datatrove's
own filters (0.10), document by document, and the processor time that both take over the same file.

Of the documents that both keep, the lines that c4 leaves are compared too, reference marks such as [12] cut out of them.

Every document is given as English and nothing is carved out, because datatrove knows neither. Documents with Chinese in
them are left out and counted: the English splitter makes other words of it than we do, and nobody would use it for them.
Exit code 1 when a set, or the lines, agree on fewer than 99.5 % of the documents; those they differ about are named. Needs datatrove, spacy
and numpy.
"""
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time

from datatrove.data import Document
from datatrove.pipeline.filters import (
    C4QualityFilter, FineWebQualityFilter, GopherQualityFilter, GopherRepetitionFilter)

SETS = {
    "gopher": [GopherRepetitionFilter(), GopherQualityFilter()], "c4": [C4QualityFilter()],
    "fineweb": [FineWebQualityFilter()]}
LEAST = 0.995
SHOWN = 10
CITATION = re.compile(r"\[\d*]|\[edit]|\[citation needed]")
HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")


def verdict(judges, text):
    for judge in judges:
        try:
            answer = judge.filter(Document(text=text, id="0"))
        except (ZeroDivisionError, ValueError):
            return "error"
        if answer is not True:
            return answer[1] if isinstance(answer, tuple) else "dropped"
    return None


def lines(text):
    """What is left of a text, white space at the ends of lines and blank lines apart."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def left_by_c4(text):
    """The lines that datatrove leaves; None where it drops the document."""
    document = Document(text=text, id="0")
    return lines(document.text) if SETS["c4"][0].filter(document) is True else None


def children_seconds():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def our_verdicts(pretraind, path, sets):
    # datatrove measures the text as it came.
    command = [pretraind, "clean", "--set", "classify.carve=false", "--set", "clean.sets=" + json.dumps(sets),
               "--set", "read.normalize=false", "--set", "read.undo_mojibake=false", "--set", "redact.enabled=false"]
    start = children_seconds()
    with open(path, "rb") as file:
        output = subprocess.run(command, stdin=file, stdout=subprocess.PIPE, check=True).stdout
    seconds = children_seconds() - start
    return [json.loads(line) for line in output.split(b"\n") if line], seconds


def same_lines(rows, texts):
    both = [(i, lines(row["text"]), left_by_c4(texts[i])) for i, row in enumerate(rows) if "drop" not in row]
    both = [(i, ours, theirs) for i, ours, theirs in both if theirs is not None]
    differ = [row for row in both if row[1] != row[2]]
    marked = sum(CITATION.search(texts[i]) is not None for i, _, _ in both)
    print(f"c4: the lines left agree in {len(both) - len(differ)} of {len(both)} documents that both keep, {marked} of them with marks")
    for i, ours, theirs in differ[:SHOWN]:
        first = next((pair for pair in zip(ours + [""], theirs + [""]) if pair[0] != pair[1]), None)
        print(f"  document {i}: {len(ours)} lines, datatrove {len(theirs)}: {first}")
    return len(differ) <= len(both) * (1 - LEAST)


def main():
    pretraind = sys.argv[2]
    with open(sys.argv[1], encoding="utf-8", newline="\n") as file:
        everything = [json.loads(line)["text"] for line in file if line.strip()]
    texts = [text for text in everything if not HAN.search(text)]
    print(f"{len(everything) - len(texts)} of {len(everything)} documents hold Chinese and are left out")
    size = sum(len(text.encode()) for text in texts) / 1e6
    for judges in SETS.values():
        verdict(judges, "What is loaded at first is not counted.")
    start = time.process_time()
    rows = [{name: verdict(judges, text) for name, judges in SETS.items()} for text in texts]
    their_seconds = time.process_time() - start
    theirs = {name: [row[name] for row in rows] for name in SETS}
    passed = True
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "english.jsonl")
        with open(path, "w", encoding="utf-8") as file:
            for text in texts:
                file.write(json.dumps({"channel": "en", "text": text}, ensure_ascii=False) + "\n")
        for name in SETS:
            rows, _ = our_verdicts(pretraind, path, [name])
            ours = [row.get("drop", {}).get("rule") for row in rows]
            differ = [i for i, (a, b) in enumerate(zip(ours, theirs[name])) if (a is None) != (b is None)]
            agreement = 1 - len(differ) / len(texts)
            dropped = sum(answer is not None for answer in theirs[name])
            print(f"{name}: {agreement:.2%} of {len(texts)} verdicts agree, datatrove drops {dropped}")
            for i in differ[:SHOWN]:
                print(f"  document {i}: ours {ours[i]}, datatrove {theirs[name][i]}: {texts[i][:60]!r}")
            passed = passed and agreement >= LEAST
            if name == "c4":
                passed = same_lines(rows, texts) and passed
        _, our_seconds = our_verdicts(pretraind, path, list(SETS))
    print(f"datatrove {size / their_seconds:.2f} MB/s, ours JSON Lines to JSON Lines {size / our_seconds:.1f} MB/s of processor time, "
          f"{their_seconds / our_seconds:.0f} times; {'ok' if passed else 'FAILED'}")
    sys.exit(0 if passed else 1)


main()
