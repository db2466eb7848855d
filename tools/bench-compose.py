#!/usr/bin/env python3
"""What Megatron-LM's own builder takes to write tokenized documents: the writing half of its preprocess_data.

usage: bench-compose.py PREFIX     PREFIX.bin and PREFIX.idx as the agent keeps them

Needs megatron-core==0.16.1, numpy and torch. Prints tokens a second of wall and of processor time.
"""
import os
import sys
import tempfile
import time

import numpy
import torch
from megatron.core.datasets.indexed_dataset import IndexedDataset, IndexedDatasetBuilder


def main(prefix):
    dataset = IndexedDataset(prefix)
    tokens = int(dataset.sequence_lengths.sum())
    with tempfile.TemporaryDirectory(dir=os.path.dirname(prefix)) as folder:
        wall, processor = time.monotonic(), time.process_time()
        builder = IndexedDatasetBuilder(os.path.join(folder, "out.bin"), dtype=numpy.uint16)
        for index in range(len(dataset)):
            builder.add_item(torch.from_numpy(dataset[index].astype(numpy.int64)))
            builder.end_document()
        builder.finalize(os.path.join(folder, "out.idx"))
        wall, processor = time.monotonic() - wall, time.process_time() - processor
    print(f"Megatron-LM's builder: {len(dataset)} documents, {tokens} tokens: {tokens / wall / 1e6:.1f} M tokens/s, "
          f"{tokens / processor / 1e6:.1f} M a second of processor time; not synced to disk, no digests")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
