#!/usr/bin/env python3
"""Quality scores by a BERT-family classifier from a local folder, for `pretraind score --command` and the
agent's `score.command`.

Reads JSON lines {"id", "text"}, prints {"id", "score", "model"} for each, in order; the score is 0...1, higher is better.
An empty line asks for all answers still owed, so that documents go through the model in batches.

    pretraind score --command "python3 etc/scorers/bert_scorer.py FOLDER" <documents.jsonl
    pretraind agent --set score.command="python3 /etc/pretraind/scorers/bert_scorer.py FOLDER"

FOLDER holds config.json, weights and tokenizer as `save_pretrained` writes them. One output is taken as a grade of
0...SCALE (5, as educational-value classifiers have it); of several the expected grade is taken, label 0 being the worst,
or with --good the probability of that label. Needs torch and transformers.
"""

import argparse
import json
import os
import sys

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

MOST_TOKENS = 4096


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", help="the model, a local folder")
    parser.add_argument("--batch", type=int, default=16, help="documents a forward pass (16)")
    parser.add_argument("--tokens", type=int, default=512, help=f"a document's first tokens that are read (512, at most {MOST_TOKENS})")
    parser.add_argument("--scale", type=float, default=5.0, help="best grade of a model with one output (5)")
    parser.add_argument("--good", type=int, help="the label whose probability is the score")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    return parser.parse_args()


def scores(logits, options):
    """One score a row."""
    if logits.shape[1] == 1:
        return (logits[:, 0] / options.scale).clamp(0, 1)
    probabilities = logits.softmax(dim=1)
    if options.good is not None:
        return probabilities[:, options.good]
    grades = torch.arange(logits.shape[1], dtype=probabilities.dtype, device=probabilities.device)
    return probabilities @ grades / (logits.shape[1] - 1)


def main():
    options = arguments()
    tokenizer = AutoTokenizer.from_pretrained(options.folder, local_files_only=True)
    model = AutoModelForSequenceClassification.from_pretrained(options.folder, local_files_only=True)
    model = model.to(options.device).eval()
    positions = getattr(model.config, "max_position_embeddings", MOST_TOKENS)
    tokens = min(options.tokens, MOST_TOKENS, positions)

    name = os.path.basename(os.path.abspath(options.folder))

    def answer(batch):
        texts = [document["text"] for document in batch]
        inputs = tokenizer(texts, truncation=True, max_length=tokens, padding=True, return_tensors="pt")
        with torch.inference_mode():
            logits = model(**inputs.to(options.device)).logits.float()
        for document, score in zip(batch, scores(logits, options).tolist()):
            print(json.dumps({"id": document.get("id"), "score": round(score, 6), "model": name}))

    batch = []
    for line in sys.stdin.buffer:
        if line.strip():
            batch.append(json.loads(line))
        if batch and (len(batch) == options.batch or not line.strip()):
            answer(batch)
            batch = []
        if not line.strip():
            sys.stdout.flush()
    if batch:
        answer(batch)


if __name__ == "__main__":
    main()
