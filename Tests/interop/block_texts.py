#!/usr/bin/env python3
"""block_texts.py MANIFEST EXPORT.jsonl DOCUMENTS.jsonl: the text of every sequence of a block is a document of the corpus.

Sequences that begin or end inside a document (continuations, cut tails) are looked for inside the documents instead.
"""
import json
import sys


def lines(path):
    with open(path, encoding="utf-8", newline="\n") as file:
        for line in file:
            yield json.loads(line)


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        manifest = json.load(file)
    texts = {record["text"] for record in lines(sys.argv[3])}
    whole = 0
    parts = []
    for record in lines(sys.argv[2]):
        if record["text"] in texts:
            whole += 1
        else:
            parts.append(record)
    allowed = manifest["continuations"] + manifest["unfinished"]
    if len(parts) > allowed:
        sys.exit(f"{len(parts)} sequences are no whole document, the manifest allows {allowed}; first: {parts[0]['text'][:80]!r}")
    everything = "\0".join(texts)
    for record in parts:
        # A cut may fall into a character: its bytes decode to U+FFFD at either end.
        if record["text"].strip("\ufffd") not in everything:
            sys.exit(f"sequence {record['sequence']} is in no document: {record['text'][:80]!r}")
    print(f"{whole} sequences are whole documents, {len(parts)} parts of one")


main()
