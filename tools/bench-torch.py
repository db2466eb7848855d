#!/usr/bin/env python3
"""bench-torch.py CHECKPOINT BLOCK.bin [--seq N] [--batch N] [--steps N] [--threads N] [--dtype fp32|bf16] [--compile]

Trains the model of a checkpoint folder with PyTorch and transformers on a block's tokens: the same shape, the same step, the
same cores as our engine. Prints tokens a second, the median of the steps after the first two.
"""
import argparse
import statistics
import time

import numpy
import torch
import transformers

parser = argparse.ArgumentParser()
parser.add_argument("checkpoint")
parser.add_argument("block")
parser.add_argument("--seq", type=int, default=512)
parser.add_argument("--batch", type=int, default=8)
parser.add_argument("--steps", type=int, default=8)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--dtype", choices=["fp32", "bf16"], default="fp32")
parser.add_argument("--compile", action="store_true")
given = parser.parse_args()

torch.set_num_threads(given.threads)
model = transformers.AutoModelForCausalLM.from_pretrained(given.checkpoint, dtype=torch.float32)
model.train()
call = torch.compile(model) if given.compile else model
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, betas=(0.9, 0.95), weight_decay=0.1, fused=True)
kind = numpy.uint16 if model.config.vocab_size < 65500 else numpy.int32
tokens = numpy.memmap(given.block, dtype=kind, mode="r")
size = given.seq * given.batch
rates = []
for step in range(given.steps + 2):
    rows = torch.from_numpy(tokens[step * size : (step + 1) * size].astype(numpy.int64)).view(given.batch, given.seq)
    start = time.perf_counter()
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=given.dtype == "bf16"):
        loss = call(input_ids=rows, labels=rows, use_cache=False).loss
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    rates.append(size / (time.perf_counter() - start))
mode = given.dtype + (", compiled" if given.compile else ", eager")
print(f"PyTorch {torch.__version__} {mode}: {statistics.median(rates[2:]):.0f} tokens/s (median of {given.steps})")
