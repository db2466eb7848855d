#!/usr/bin/env python3
"""tokenizer_parity.py TOKENIZER.json DOCUMENTS.jsonl COMMAND...: our ids against Hugging Face tokenizers, every document.

COMMAND (such as `pretraind tokenizer encode --tokenizer TOKENIZER.json`) reads the JSON lines ({"text": ...}) on stdin
and prints one JSON array of ids a document. Checks the ids and that they decode to the text again; exit code 1 with the
first differences if any. Needs the Python package tokenizers (0.23).
"""
import json
import subprocess
import sys

import tokenizers

SHOWN = 5
BATCH = 256


def batches(path, process):
    """Texts with our ids, a batch at a time: millions of texts do not fit."""
    with open(path, encoding="utf-8", newline="\n") as file:
        batch = []
        for line in file:
            if not line.strip():
                continue
            answer = process.stdout.readline()
            if not answer:
                sys.exit("fewer arrays came out than documents went in")
            batch.append((json.loads(line)["text"], json.loads(answer)))
            if len(batch) == BATCH:
                yield batch
                batch = []
        yield batch


def show(tokenizer, number, expected, found):
    place = next((i for i, (a, b) in enumerate(zip(expected, found)) if a != b), min(len(expected), len(found)))
    def around(ids):
        return [tokenizer.id_to_token(i) for i in ids[max(0, place - 3):place + 5]]
    print(f"document {number}: token {place}: expected {around(expected)}, found {around(found)}")


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    tokenizer = tokenizers.Tokenizer.from_file(sys.argv[1])
    documents = different = lost = tokens = 0
    with open(sys.argv[2], "rb") as file:
        process = subprocess.Popen(sys.argv[3:], stdin=file, stdout=subprocess.PIPE)
    for batch in batches(sys.argv[2], process):
        texts = [text for text, _ in batch]
        for (_, found), encoding in zip(batch, tokenizer.encode_batch_fast(texts, add_special_tokens=False)):
            tokens += len(encoding.ids)
            if encoding.ids != found:
                different += 1
                if different <= SHOWN:
                    show(tokenizer, documents, encoding.ids, found)
            documents += 1
        # A normalizer changes the text, which then does not come back.
        if tokenizer.normalizer is None:
            decoded = tokenizer.decode_batch([found for _, found in batch], skip_special_tokens=False)
            lost += sum(a != b for a, b in zip(decoded, texts))
    if process.stdout.readline() or process.wait() != 0:
        sys.exit("more arrays came out than documents went in, or the command failed")
    print(f"{documents} documents, {tokens} tokens: {different} with other ids, {lost} not decoded to the same text")
    sys.exit(1 if different or lost else 0)


main()
