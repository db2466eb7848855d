#!/usr/bin/env python3
"""Near-duplicates of one file of JSON Lines (id, text) by `pretraind dedupe`, rensa and datatrove: MB of text a second of
processor time, of one process. The peers see the file's first MB only, where a size is given.
usage: bench-dedup.py PRETRAIND FILE [LANGUAGE [MB]]   LANGUAGE as datatrove names it: eng, cmn; rensa, datatrove by pip;
                                                       without it no peers
       bench-dedup.py pairs                            from pairs of texts `a` and `b` to documents, stdin to stdout"""
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time

if sys.argv[1] == "pairs":
    for line in sys.stdin.buffer:
        pair = json.loads(line)
        for side in "ab":
            print(json.dumps({"id": pair["pair_id"] + side, "text": pair[side]}, ensure_ascii=False))
    sys.exit(0)

pretraind, path = sys.argv[1:3]
language = sys.argv[3] if len(sys.argv) > 3 else None
limit = float(sys.argv[4]) * 1e6 if len(sys.argv) > 4 else 1e12


def head(limit):
    lines, size = [], 0
    for line in open(path, encoding="utf-8", newline="\n"):
        lines.append(line)
        size += len(json.loads(line)["text"].encode())
        if size >= limit:
            break
    return lines, size


def tell(name, size, seconds, more=""):
    print(f"{name}: {size / 1e6 / seconds:.2f} MB/s of text ({size / 1e6:.0f} MB){more}", flush=True)
    return size / 1e6 / seconds


def ours():
    size = head(1e12)[1]
    rates, stages = [], []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        with open(path) as file:
            run = subprocess.run(
                [pretraind, "dedupe", "--stats"], stdin=file, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True
            )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        rates.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        stages.append(run.stderr.decode())
    middle = rates.index(sorted(rates)[2])
    print(stages[middle].rstrip())
    both = float(re.search(r"both: (\d+)", stages[middle]).group(1))
    return both, tell("pretraind dedupe, JSON Lines in and out, whole process", size, rates[middle])


unit = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+")


def rensa():
    try:
        import rensa
    except ImportError:
        return print("skipped: rensa is not installed")
    lines, size = head(limit)
    start = time.process_time()
    holders, kept = {}, 0
    for first in range(0, len(lines), 200):
        sets = []
        for line in lines[first : first + 200]:
            units = [word.lower() for word in unit.findall(json.loads(line)["text"])]
            sets.append({" ".join(units[at : at + 5]) for at in range(len(units) - 4)} or {" ".join(units)})
        for hashes in rensa.RMinHash.from_token_sets(sets, 112, 42):
            digest = hashes.digest()
            keys = [(band, *digest[band * 8 : band * 8 + 8]) for band in range(14)]
            kept += all(key not in holders for key in keys)
            for key in keys:
                holders.setdefault(key, first)
    return tell("rensa, unit 5-grams, 14 x 8 bands", size, time.process_time() - start, f", {len(lines) - kept} gone")


def datatrove():
    try:
        from datatrove.executor import LocalPipelineExecutor
        from datatrove.pipeline.dedup import minhash
        from datatrove.pipeline.readers import JsonlReader
        from datatrove.pipeline.writers import JsonlWriter
        from loguru import logger
    except ImportError:
        return print("skipped: datatrove is not installed")
    logger.remove()
    lines, size = head(limit)
    with tempfile.TemporaryDirectory() as folder:
        os.makedirs(f"{folder}/in")
        with open(f"{folder}/in/0.jsonl", "w", encoding="utf-8") as file:
            file.writelines(lines)
        config = minhash.MinhashConfig(n_grams=5, num_buckets=14, hashes_per_bucket=8)
        steps = [
            ([JsonlReader(f"{folder}/in"), minhash.MinhashDedupSignature(f"{folder}/sig", config=config, language=language)], 1),
            ([minhash.MinhashDedupBuckets(f"{folder}/sig", f"{folder}/buckets", config=config)], 14),
            ([minhash.MinhashDedupCluster(f"{folder}/buckets", f"{folder}/remove", config=config)], 1),
            ([JsonlReader(f"{folder}/in"), minhash.MinhashDedupFilter(f"{folder}/remove"), JsonlWriter(f"{folder}/out", compression=None)], 1),
        ]
        # It tells its own statistics at length.
        errors, sys.stderr = sys.stderr, open(os.devnull, "w")
        start = time.process_time()
        for number, (step, tasks) in enumerate(steps):
            LocalPipelineExecutor(step, tasks=tasks, workers=1, logging_dir=f"{folder}/log{number}").run()
        seconds = time.process_time() - start
        sys.stderr = errors
        return tell(f"datatrove MinHash, stages 1 to 4, {language}", size, seconds)


both, whole = ours()
if not language:
    sys.exit(0)
for name, rate in (("rensa", rensa()), ("datatrove", datatrove())):
    if rate:
        print(f"sketch to verification: {both / rate:.0f} times {name}; the whole process: {whole / rate:.0f} times")
