#!/usr/bin/env python3
"""What datatrove's own filters say about each document: JSON Lines with `text` in, one JSON line a document out, with
the reason of each filter (null: kept). The time of the filters alone goes to stderr.
usage: datatrove_filters.py FILE [words]      `words`: the tokens it splits the text into, too"""
import json
import sys
import time

import datatrove.utils.text as splitting
from datatrove.data import Document
from datatrove.pipeline.filters import (
    C4QualityFilter, FineWebQualityFilter, GopherQualityFilter, GopherRepetitionFilter)

FILTERS = {
    "gopher_quality": GopherQualityFilter(), "gopher_repetition": GopherRepetitionFilter(),
    "c4": C4QualityFilter(), "fineweb": FineWebQualityFilter()}


def verdict(judge, text):
    try:
        answer = judge.filter(Document(text=text, id="0"))
    except ZeroDivisionError:
        return "error"
    return None if answer is True else answer[1] if isinstance(answer, tuple) else "dropped"


def main():
    texts = [json.loads(line)["text"] for line in open(sys.argv[1], encoding="utf-8")]
    start, size = time.time(), 0
    for text in texts:
        row = {name: verdict(judge, text) for name, judge in FILTERS.items()}
        if "words" in sys.argv[2:]:
            row["words"] = splitting.split_into_words(text)
        size += len(text.encode())
        print(json.dumps(row, ensure_ascii=False))
    seconds = time.time() - start
    print(f"datatrove: {size / 1e6:.1f} MB in {seconds:.1f} s, {size / 1e6 / seconds:.2f} MB/s", file=sys.stderr)


main()
