#!/usr/bin/env python3
"""event_files.py RUN: TensorBoard reads the event files of a run (runs/main), and they say what metrics.jsonl says."""
import json
import os
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

TOLERANCE = 1e-6


def accumulate(folder):
    accumulator = EventAccumulator(folder, size_guidance={"scalars": 0})
    accumulator.Reload()
    return accumulator


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    run = sys.argv[1]
    last = {}
    with open(os.path.join(run, "metrics.jsonl"), encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            last[record["lineage"], record["step"]] = record
    compared = 0
    for lineage in sorted({lineage for lineage, _ in last}):
        events = accumulate(os.path.join(run, "tb", f"g{lineage:04d}")).Scalars("loss/all")
        wanted = {step: record["loss"] for (line, step), record in last.items() if line == lineage}
        found = {event.step: event.value for event in events}
        if found.keys() != wanted.keys():
            sys.exit(f"lineage {lineage}: steps differ, {len(found)} in the event files, {len(wanted)} in metrics.jsonl")
        for step, loss in wanted.items():
            if abs(found[step] - loss) > TOLERANCE * abs(loss):
                sys.exit(f"lineage {lineage}, step {step}: loss {found[step]}, metrics.jsonl has {loss}")
            compared += 1
    tags = accumulate(os.path.join(run, "tb", "main")).Tags()["scalars"]
    missing = {"loss/all", "lr", "gradient_norm", "tokens_per_s"} - set(tags)
    if missing:
        sys.exit(f"tags missing from main: {sorted(missing)}")
    print(f"{compared} losses agree, {len(tags)} curves")


main()
