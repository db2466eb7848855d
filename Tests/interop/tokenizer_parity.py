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


def read_texts(path):
    with open(path, encoding="utf-8", newline="\n") as file:
        return [json.loads(line)["text"] for line in file if line.strip()]


def our_ids(path, command):
    with open(path, "rb") as file:
        output = subprocess.run(command, stdin=file, stdout=subprocess.PIPE, check=True).stdout
    return [json.loads(line) for line in output.split(b"\n") if line.strip()]


def show(tokenizer, number, expected, found):
    place = next((i for i, (a, b) in enumerate(zip(expected, found)) if a != b), min(len(expected), len(found)))
    def around(ids):
        return [tokenizer.id_to_token(i) for i in ids[max(0, place - 3):place + 5]]
    print(f"document {number}: token {place}: expected {around(expected)}, found {around(found)}")


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    tokenizer = tokenizers.Tokenizer.from_file(sys.argv[1])
    texts = read_texts(sys.argv[2])
    ours = our_ids(sys.argv[2], sys.argv[3:])
    if len(ours) != len(texts):
        sys.exit(f"{len(texts)} documents went in, {len(ours)} arrays came out")
    different = lost = tokens = 0
    for start in range(0, len(texts), BATCH):
        batch = texts[start:start + BATCH]
        for offset, encoding in enumerate(tokenizer.encode_batch_fast(batch, add_special_tokens=False)):
            found = ours[start + offset]
            tokens += len(encoding.ids)
            if encoding.ids != found:
                different += 1
                if different <= SHOWN:
                    show(tokenizer, start + offset, encoding.ids, found)
        decoded = tokenizer.decode_batch(ours[start:start + BATCH], skip_special_tokens=False)
        lost += sum(a != b for a, b in zip(decoded, batch))
    print(f"{len(texts)} documents, {tokens} tokens: {different} with other ids, {lost} not decoded to the same text")
    sys.exit(1 if different or lost else 0)


main()
