#!/usr/bin/env python3
"""Training a vocabulary of 32,000 over the same mixed text by `pretraind tokenizer train`, Hugging Face's BpeTrainer and
gigatoken: processor seconds (user and system of the whole process, less the same process without training for the peers),
peak memory, and whether our merges are Hugging Face's.
usage: bench-tokenizer-train.py PRETRAIND CORPUS FOLDER [MB]     peers by pip: tokenizers, gigatoken"""
import json
import os
import random
import resource
import subprocess
import sys
import time

VOCABULARY = 32000
PIECE = 16384
SHARES = {
    "zh": (0.40, "niutrans-bitext chinese-poetry lawrefbook cmrc2018-wiki-zh oi-wiki javaguide pingcap-docs-cn react-zh "
                 "d2l-zh just-laws swift-book-zh"),
    "en": (0.35, "standardebooks openstax-lifeliberty openstax-worldhist-psych python-peps rust-rfcs-book postgresql "
                 "ms-cpp-docs"),
    "code": (0.25, "rust-src ruby-stdlib ../en/perl-pod"),
}
PATTERN = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
           r"|\s+(?!\S)|\s+")


def mix(corpus, path, megabytes):
    """40 % Chinese, 35 % English, 25 % code in pieces of 16 KB, shuffled: the same bytes every time."""
    pieces = []
    for channel, (share, names) in SHARES.items():
        documents = []
        for name in names.split():
            lines = subprocess.run(["zstd", "-dcq", f"{corpus}/{channel}/{name}.jsonl.zst"], stdout=subprocess.PIPE, check=True)
            documents += [json.loads(line)["text"] for line in lines.stdout.split(b"\n") if line]
        random.Random(1).shuffle(documents)
        left = int(megabytes * 1e6 * share)
        for document in documents:
            text = document.encode()
            for start in range(0, len(text), PIECE):
                piece = text[start:start + PIECE].decode(errors="ignore")
                size = len(piece.encode())
                if size <= left:
                    left -= size
                    pieces.append(piece)
    random.Random(2).shuffle(pieces)
    with open(path, "w", encoding="utf-8") as file:
        for piece in pieces:
            file.write(json.dumps({"text": piece}, ensure_ascii=False) + "\n")


def measured(command, **options):
    """Processor seconds, seconds, peak MB of one child; its output."""
    begun = time.time()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
    output = child.stdout.read()
    errors = child.stderr.read().decode()
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{command[:3]}: exit status {child.returncode}: {errors}")
    return used.ru_utime + used.ru_stime, time.time() - begun, used.ru_maxrss / 1024, output, errors


def told(name, seconds, wall, peak, more=""):
    print(f"{name}: {seconds:.2f} s of processor, {wall:.2f} s, {peak:.0f} MB peak{more}", flush=True)


def ours(pretraind, path, threads, runs):
    # As Hugging Face's defaults: nothing promised beyond the bytes and what is learned.
    command = [pretraind, "tokenizer", "train", path, "--threads", str(threads), "--stats"]
    for setting in [f"vocab_size={VOCABULARY}", "reserved_ids=0", "character_coverage=0", "space_run=0"]:
        command += ["--set", "tokenize." + setting]
    rows = sorted((measured(command) for _ in range(runs)), key=lambda row: row[0])
    row = rows[len(rows) // 2]
    told(f"pretraind, {threads} thread(s), median of {runs}, files read and written", *row[:3])
    print("  " + row[4].splitlines()[0])
    return row[0], json.loads(row[3])["model"]["merges"]


def hugging_face(path):
    """In a process of its own: prints seconds, wall, peak and the merges."""
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers
    texts = [json.loads(line)["text"] for line in open(path, encoding="utf-8", newline="\n")]
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(PATTERN), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    # One id less: ours has the end of a document.
    trainer = trainers.BpeTrainer(vocab_size=VOCABULARY - 1, min_frequency=2, show_progress=False,
                                  initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    begun, wall = time.process_time(), time.time()
    tokenizer.train_from_iterator(texts, trainer)
    report(begun, wall, json.loads(tokenizer.to_str())["model"]["merges"])


def gigatoken(path):
    import gigatoken
    texts = [json.loads(line)["text"] for line in open(path, encoding="utf-8", newline="\n")]
    data = "\0".join(texts).encode()
    begun, wall = time.process_time(), time.time()
    gigatoken.train_bpe(data, VOCABULARY - 1, [], separator=b"\0")
    report(begun, wall, [])


def report(begun, wall, merges):
    used = resource.getrusage(resource.RUSAGE_SELF)
    # Whatever a package prints stands before it.
    print("\n" + json.dumps([time.process_time() - begun, time.time() - wall, used.ru_maxrss / 1024, merges]))


def peer(name, path):
    environment = dict(os.environ, RAYON_NUM_THREADS="1", TOKENIZERS_PARALLELISM="false")
    command = [sys.executable, __file__, "peer", name, path]
    child = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
    if child.returncode:
        print(f"skipped: {name}: {child.stderr.decode().strip().splitlines()[-1]}")
        return None, []
    seconds, wall, peak, merges = json.loads(child.stdout.splitlines()[-1])
    told(f"{name}, 1 thread, training alone", seconds, wall, peak)
    return seconds, merges


def main():
    if sys.argv[1] == "peer":
        return {"hugging_face": hugging_face, "gigatoken": gigatoken}[sys.argv[2]](sys.argv[3])
    pretraind, corpus, folder = sys.argv[1:4]
    megabytes = float(sys.argv[4]) if len(sys.argv) > 4 else 100
    path = f"{folder}/tokenizer-{megabytes:g}.jsonl"
    if not os.path.exists(path):
        mix(corpus, path, megabytes)
    print(f"load average {os.getloadavg()[0]:.1f}, {megabytes:g} MB of text")
    seconds, merges = ours(pretraind, path, 1, 5)
    ours(pretraind, path, os.cpu_count(), 3)
    for name in ["hugging_face", "gigatoken"]:
        theirs, their_merges = peer(name, path)
        if theirs:
            print(f"  {theirs / seconds:.1f} times ours")
        if their_merges:
            same = [list(merge) for merge in their_merges] == merges
            print(f"  {len(merges)} merges, {'all the same' if same else 'NOT the same'}")
            if not same:
                sys.exit(1)


main()
