#!/usr/bin/env python3
"""bench-cascade.py PRETRAIND FILE.jsonl...: datatrove's cascade (Gopher repetition, Gopher quality, C4, FineWeb, PII; a document
that one drops the next never sees) and `pretraind clean` (everything: decode, normalize, classify, carve, all signals, rules,
score, desensitize) over the same lines, JSON Lines to JSON Lines, by processor time of one process, start included for ours and
left out for datatrove. Chinese is split by jieba where it is installed. Needs datatrove, spacy, numpy.
"""
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time

from datatrove.data import Document
from datatrove.pipeline.filters import (
    C4QualityFilter, FineWebQualityFilter, GopherQualityFilter, GopherRepetitionFilter)
from datatrove.pipeline.formatters import PIIFormatter

MB = float(os.environ.get("BENCH_CASCADE_MB", "5"))
RUNS = 3


def sample(path):
    """Documents from all over the file, MB of them."""
    with open(path, "rb") as file:
        lines = file.readlines()
    step = max(1, int(sum(map(len, lines)) / (MB * 1e6)))
    return lines[::step]


def cascade(language):
    filters = [GopherRepetitionFilter(language=language), GopherQualityFilter(language=language),
               C4QualityFilter(language=language), FineWebQualityFilter(language=language)]
    formatter = PIIFormatter()

    def run(lines, out):
        kept = 0
        for line in lines:
            record = json.loads(line)
            document = Document(text=record["text"], id="0")
            try:
                if any(judge.filter(document) is not True for judge in filters):
                    continue
            except (ZeroDivisionError, ValueError):
                continue
            record["text"] = formatter.format(document.text)
            out.write(json.dumps(record, ensure_ascii=False) + "\n")
            kept += 1
        return kept

    return run


def children():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def ours(pretraind, lines):
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as file:
        file.writelines(lines)
        file.flush()
        seconds = []
        for _ in range(RUNS):
            start = children()
            with open(file.name, "rb") as source:
                subprocess.run([pretraind, "clean"], stdin=source, stdout=subprocess.DEVNULL, check=True)
            seconds.append(children() - start)
    return sorted(seconds)[RUNS // 2]


def language_of(path):
    if "chinese" not in os.path.basename(path):
        return "eng"
    try:
        import jieba  # noqa: F401
        return "cmn"
    except ImportError:
        return "eng"


def main():
    pretraind, paths = sys.argv[1], sys.argv[2:]
    passed = True
    for path in paths:
        lines = sample(path)
        size = sum(map(len, lines)) / 1e6
        language = language_of(path)
        run = cascade(language)
        run(lines[:1], io.StringIO())
        start = time.process_time()
        kept = run(lines, io.StringIO())
        theirs = time.process_time() - start
        mine = ours(pretraind, lines)
        passed = passed and theirs >= 100 * mine
        print(f"{os.path.basename(path)}: {len(lines)} lines, {size:.1f} MB: datatrove ({language}, keeps {kept}) "
              f"{size / theirs:.2f} MB/s, pretraind clean {size / mine:.1f} MB/s with its start, {theirs / mine:.0f} times")
    sys.exit(0 if passed else 1)


main()
