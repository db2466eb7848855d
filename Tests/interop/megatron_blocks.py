#!/usr/bin/env python3
"""Opens a block with Megatron-LM's own reader and compares it with the manifest and the export.

usage: megatron_blocks.py PREFIX EXPORT.jsonl
  PREFIX  path of a block without extension: spool/blocks/part-00000, or part-00012.r2
  EXPORT  `pretraind block export --jsonl` of the same block (with ids where it has them)

Needs megatron-core==0.16.1, numpy and torch==2.13.0+cpu. Exit code 0 = all equal, 1 = a difference.
"""
import hashlib
import json
import os
import sys

import numpy
from megatron.core.datasets.indexed_dataset import IndexedDataset


def check(found, wanted, what):
    if found != wanted:
        sys.exit(f"megatron_blocks: {what}: found {found}, the manifest or export says {wanted}")


def read_manifest(prefix):
    folder, name = os.path.split(prefix)
    number = name.split(".")[0]
    with open(os.path.join(folder, number + ".json"), encoding="utf-8") as file:
        manifest = json.load(file)
    check([os.path.basename(prefix) + end for end in (".bin", ".idx", ".channels")],
          [entry["name"] for entry in manifest["files"]], "files of the manifest")
    for entry in manifest["files"]:
        with open(os.path.join(folder, entry["name"]), "rb") as file:
            check(hashlib.file_digest(file, "sha256").hexdigest(), entry["sha256"], "SHA-256 of " + entry["name"])
    return manifest


def compare(prefix, export):
    manifest = read_manifest(prefix)
    dataset = IndexedDataset(prefix)
    channels = numpy.fromfile(prefix + ".channels", dtype=numpy.uint8)
    flat = numpy.memmap(prefix + ".bin", dtype=manifest["dtype"], mode="r")
    lengths = dataset.sequence_lengths
    check(dataset.index.dtype, getattr(numpy, manifest["dtype"]), "token type")
    check(len(dataset), manifest["documents"], "sequences")
    check(int(lengths.sum()), manifest["tokens"], "tokens")
    check(len(flat), manifest["tokens"], "tokens of the .bin file")
    check(dataset.document_indices.tolist(), list(range(len(dataset) + 1)), "document indices")
    for index, name in enumerate(manifest["channels"]):
        check(int(lengths[channels == index].sum()), manifest["tokens_per_channel"][name], f"tokens of channel {name}")
    compared = compare_export(manifest, dataset, channels, flat, export)
    unfinished = sum(1 for index in range(len(dataset)) if dataset[index][-1] != manifest["eod"])
    check(unfinished, manifest["unfinished"], "sequences without an end-of-document token")
    print(f"megatron_blocks: {prefix}: {manifest['tokens']} tokens in {manifest['documents']} sequences agree, "
          f"{compared} token by token with the export")


def compare_export(manifest, dataset, channels, flat, export):
    """Every line against the sequence it names; returns how many lines carried ids."""
    compared = lines = position = 0
    with open(export, encoding="utf-8") as file:
        for index, line in enumerate(file):
            record = json.loads(line)
            tokens = dataset[index]
            check(record["sequence"], index, "sequence of the export")
            check(record["block"], manifest["number"], f"block of sequence {index}")
            check(record["tokens"], len(tokens), f"tokens of sequence {index}")
            check(record["channel"], manifest["channels"][channels[index]], f"channel of sequence {index}")
            check(record["ended"], int(tokens[-1]) == manifest["eod"], f"end of sequence {index}")
            check(tokens.tolist(), flat[position:position + len(tokens)].tolist(), f"memmap of sequence {index}")
            if "ids" in record:
                check(record["ids"], tokens.tolist(), f"ids of sequence {index}")
                compared += 1
            position += len(tokens)
            lines += 1
    check(lines, manifest["documents"], "lines of the export")
    return compared


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    compare(sys.argv[1], sys.argv[2])
