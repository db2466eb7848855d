#!/usr/bin/env python3
"""checkpoint_logits.py CHECKPOINT PRETRAIND: transformers loads the folder, and gives the logits that we give.

`PRETRAIND checkpoint logits --checkpoint DIR --ids FILE` reads a JSON array of ids and prints one array of logits a position
(as a list, or as the member `logits` of an object). Differences are relative to the largest logit of the position.
"""
import json
import random
import subprocess
import sys
import tempfile

import torch
import transformers

TOLERANCE = 1e-4
LENGTH = 64
SEED = 20261121


def ours(binary, checkpoint, ids):
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(ids, file)
        file.flush()
        command = [binary, "checkpoint", "logits", "--checkpoint", checkpoint, "--ids", file.name]
        output = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    value = json.loads(output)
    return torch.tensor(value["logits"] if isinstance(value, dict) else value, dtype=torch.float64)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    checkpoint, binary = sys.argv[1:]
    model = transformers.AutoModelForCausalLM.from_pretrained(checkpoint, dtype=torch.float32)
    model.eval()
    random.seed(SEED)
    ids = [random.randrange(model.config.vocab_size) for _ in range(LENGTH)]
    with torch.no_grad():
        theirs = model(torch.tensor([ids])).logits[0].double()
    found = ours(binary, checkpoint, ids)
    if found.shape != theirs.shape:
        sys.exit(f"shape {tuple(found.shape)}, transformers has {tuple(theirs.shape)}")
    scale = theirs.abs().amax(dim=1, keepdim=True)
    worst = ((found - theirs).abs() / scale).max().item()
    text = f"{LENGTH} positions of {theirs.shape[1]} logits, largest relative difference {worst:.2e}"
    if not worst <= TOLERANCE:
        sys.exit(f"{text}, {TOLERANCE} is allowed (seed {SEED})")
    tokenizer = transformers.AutoTokenizer.from_pretrained(checkpoint)
    sample = "def 读取(path): 打开 file 2026"
    if tokenizer.decode(tokenizer(sample, add_special_tokens=False)["input_ids"]) != sample:
        sys.exit("the checkpoint's tokenizer does not give a text back")
    print(text + f", seed {SEED}")


main()
