#!/usr/bin/env python3
"""bench-tokenizers.py TOKENIZER.json DOCUMENTS.jsonl [MB]: Hugging Face tokenizers on one thread, MB of text a second."""
import json
import os
import sys
import time

os.environ["RAYON_NUM_THREADS"] = "1"
os.environ["TOKENIZERS_PARALLELISM"] = "false"
import tokenizers

most = float(sys.argv[3]) * 1e6 if len(sys.argv) > 3 else 8e6
texts, size = [], 0
with open(sys.argv[2], encoding="utf-8") as file:
    for line in file:
        text = json.loads(line)["text"]
        texts.append(text)
        size += len(text.encode())
        if size >= most:
            break
tokenizer = tokenizers.Tokenizer.from_file(sys.argv[1])
start = time.perf_counter()
tokenizer.encode_batch_fast(texts, add_special_tokens=False)
print(f"Hugging Face tokenizers {tokenizers.__version__}, 1 thread: {size / 1e6 / (time.perf_counter() - start):.1f} MB/s")
