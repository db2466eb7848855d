#!/usr/bin/env python3
"""Opens a block with Megatron-LM's own readers (IndexedDataset, GPTDataset) and with numpy, and compares what they give with
the manifest and the export.

usage: megatron_blocks.py PREFIX EXPORT.jsonl
  PREFIX  path of a block without extension: spool/blocks/part-00000, or part-00012.r2
  EXPORT  `pretraind block export --jsonl` of the same block (with ids where it has them)

Needs megatron-core==0.16.1, numpy and torch==2.13.0+cpu. Exit code 0 = all equal, 1 = a difference.
"""
import hashlib
import json
import os
import sys
import tempfile

import numpy
from megatron.core.datasets.gpt_dataset import GPTDataset, GPTDatasetConfig
from megatron.core.datasets.indexed_dataset import IndexedDataset
from megatron.core.datasets.utils import Split


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
    samples = compare_samples(prefix, manifest, dataset, flat)
    print(f"megatron_blocks: {prefix}: {manifest['tokens']} tokens in {manifest['documents']} sequences agree, "
          f"{compared} token by token with the export, {samples} samples of GPTDataset with the file")


class EndOfDocument:
    """All that GPTDataset asks of a tokenizer."""

    def __init__(self, manifest):
        self.eod = self.pad = manifest["eod"]
        self.vocab_size = manifest["vocab_size"]
        self.unique_identifiers = {"class": "EndOfDocument", "eod": self.eod}


def compare_samples(prefix, manifest, dataset, flat, length=64):
    """GPTDataset shuffles the documents and cuts them into samples: each against the same cut of the file by numpy."""
    wanted = (manifest["tokens"] - 1) // length
    if wanted < 1:
        return 0
    with tempfile.TemporaryDirectory() as cache:
        config = GPTDatasetConfig(
            random_seed=7, sequence_length=length, split="1,0,0", path_to_cache=cache, tokenizer=EndOfDocument(manifest),
            reset_position_ids=False, reset_attention_mask=False, eod_mask_loss=False, create_attention_mask=False)
        samples = GPTDataset(
            dataset, prefix, numpy.arange(len(dataset), dtype=numpy.int32), wanted, Split.train, config)
        check(len(samples), wanted, "samples of GPTDataset")
        first = samples[0]
        starts = numpy.concatenate([[0], numpy.cumsum(dataset.sequence_lengths)])
        stream = numpy.concatenate([flat[starts[at]:starts[at + 1]] for at in samples.document_index])
        check(len(first["tokens"]), length, "tokens of a sample")
        for index in range(wanted):
            sample = samples[index]
            begin = int(samples.shuffle_index[index]) * length
            check(sample["tokens"].tolist(), stream[begin:begin + length].tolist(), f"tokens of sample {index}")
            check(sample["labels"].tolist(), stream[begin + 1:begin + length + 1].tolist(), f"labels of sample {index}")
    return wanted


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
