#!/usr/bin/env python3
"""bench-encoders.py BENCH TOKENIZER.json TEXT MB [ROUNDS]: our encoder and Hugging Face's, gigatoken and fastokens (those that
can be imported), in turn, each in a process of its own on one thread. Two parts of MB of the text, in documents of 8 KiB; the
first pass over the second part, which was not seen before, is what counts: MB a second of processor time, the median, and by
the clock. Then ours on two threads. Ids must be equal in number."""
import json
import os
import statistics
import subprocess
import sys
import time

ONE = {"RAYON_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false", "OMP_NUM_THREADS": "1", "RAYON_RS_NUM_CPUS": "1"}
PEERS = {"Hugging Face": "tokenizers", "gigatoken": "gigatoken", "fastokens": "fastokens"}


def documents(path, size):
    with open(path, "rb") as file:
        text = file.read(2 * size + 400_000)
    found, start = [], 0
    while start < len(text):
        end = text.find(b"\n", start + 8192)
        end = len(text) if end < 0 else end + 1
        found.append(text[start:end])
        start = end
    parts, part, total = [], [], 0
    for document in found:
        part.append(document)
        total += len(document)
        if total >= size:
            parts.append(part)
            part, total = [], 0
    return parts[0], parts[1]


def encoder(name, path):
    """What turns documents (bytes) into something prepared, that into a result, and that into the number of ids."""
    strings = lambda texts: [text.decode() for text in texts]
    if name == "Hugging Face":
        import tokenizers
        engine = tokenizers.Tokenizer.from_file(path)
        return strings, lambda texts: engine.encode_batch_fast(texts, add_special_tokens=False), \
            lambda result: sum(len(one.ids) for one in result)
    if name == "gigatoken":
        import awkward
        import gigatoken
        engine = gigatoken.Tokenizer(path).backend
        return lambda texts: texts, lambda texts: engine.encode_batch(texts, parallel=False), \
            lambda result: len(awkward.flatten(result))
    import fastokens
    engine = fastokens._native.Tokenizer.from_file(path)
    return strings, engine.encode_batch_flat, lambda result: len(result[0]) // 4


def peer(name, path, text, megabytes):
    # Hugging Face keeps no words for long: a smaller part says the same.
    size = int(megabytes * 1e6 / (5 if name == "Hugging Face" else 1))
    prepare, encode, count = encoder(name, path)
    first, second = documents(text, size)
    encode(prepare(first))
    prepared = prepare(second)
    wall, used = time.perf_counter(), time.process_time()
    result = encode(prepared)
    print(json.dumps({"steady_cpu_s": time.process_time() - used, "steady_s": time.perf_counter() - wall,
                      "bytesB": sum(map(len, second)), "tokensB": count(result)}))


def run(command):
    done = subprocess.run(command, env={**os.environ, **ONE}, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 and done.stdout else None


def main():
    if len(sys.argv) == 6 and sys.argv[1] == "--peer":
        return peer(sys.argv[2], sys.argv[3], sys.argv[4], float(sys.argv[5]))
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    bench, path, text, megabytes = sys.argv[1:5]
    rounds = int(sys.argv[5]) if len(sys.argv) > 5 else 3
    commands = {"ours": [bench, "encode", path, text, megabytes, "1"], "ours, 2 threads": [bench, "encode", path, text, megabytes, "2"]}
    for name, module in PEERS.items():
        if subprocess.run([sys.executable, "-c", f"import {module}"], capture_output=True).returncode == 0:
            commands[name] = [sys.executable, os.path.abspath(__file__), "--peer", name, path, text, megabytes]
    results = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            results[name].append(run(command))
    label = os.path.basename(path)[:-5] + ", " + os.path.basename(text)[:-4]
    for name, found in results.items():
        found = [one for one in found if one]
        if not found:
            print(f"{label:24} {name:16} failed")
            continue
        cpu, wall = (statistics.median(one["bytesB"] / one[key] / 1e6 for one in found) for key in ("steady_cpu_s", "steady_s"))
        more = f", load {found[0]['load_s']:.2f} s, {found[0]['peak_after_mb']} MB peak" if "load_s" in found[0] else ""
        print(f"{label:24} {name:16} {cpu:6.0f} MB/s of processor time, {wall:6.0f} by the clock, "
              f"{found[0]['bytesB'] / found[0]['tokensB']:.4f} bytes a token{more}")


main()
