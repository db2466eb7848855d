#!/usr/bin/env python3
"""labels.py DIR: what the advertisement model is trained on, as DIR/good and DIR/bad for `pretraind classifier train`.

Bad: the advertisements beside this file, written for it (each whole, and 5,000 texts a language put together of their
sentences), half of the spam of en-sms-spam and of the advertisements of zh-ads-weak. Good: documents and passages of every
folder of the shared corpora but the non-commercial one, half of the other messages of en-sms-spam, the normal
paragraphs of zh-ads-weak, and everyday Chinese (posts of zh-cold-offensive and zh-weibo-ner, medical questions). The halves are by the hash
of the text: the other half is for measuring. The same data give the same labels.
"""
import csv
import glob
import hashlib
import io
import json
import os
import random
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(HERE, "../../../shared/data/")
MADE = 5000
MOST = 2500
NOT_FREE = "openstax-worldhist-psych"
# About paying by QR code: the weak label calls them advertisements for their words.
NO_ADVERTISEMENTS = ("我们在商场买东西一码付二维码", "二维码的本质是一个字符串", "文库的研发同学在这个思路上")

random.seed(7)


def is_tuned(text):
    return hashlib.sha256(text.encode()).digest()[0] & 1


def write(kind, name, texts):
    os.makedirs(os.path.join(sys.argv[1], kind), exist_ok=True)
    with open(os.path.join(sys.argv[1], kind, name + ".jsonl"), "w", encoding="utf-8") as file:
        for text in texts:
            file.write(json.dumps({"text": text}, ensure_ascii=False) + "\n")


def unpacked(path, *command):
    return subprocess.run(["zstd", "-dcq", DATA + path, *command], stdout=subprocess.PIPE, check=True).stdout


def advertisements(language, cut, separator):
    with open(os.path.join(HERE, language + ".txt"), encoding="utf-8") as file:
        whole = [line.strip() for line in file if line.strip()]
    parts = [[part for part in re.split(cut, text) if part.strip()] for text in whole]
    made = []
    for _ in range(MADE):
        text = []
        for sentences in random.sample(parts, random.choice([1, 1, 1, 2, 2, 3])):
            count = random.randint(2, len(sentences)) if len(sentences) > 2 else len(sentences)
            start = random.randint(0, len(sentences) - count)
            text += sentences[start:start + count]
        made.append(separator.join(text))
    write("bad", "advertisements-" + language, whole + made)


def passages(name, texts, least):
    """Three of ten as they are, of the others some lines in a row."""
    texts = texts * max(1, min(6, 3000 // max(1, len(texts))))
    random.shuffle(texts)
    found = []
    for text in texts:
        lines = [line for line in text.split("\n") if len(line.strip()) >= 5]
        if random.random() < 0.3:
            found.append(text[:20000])
        elif lines:
            count, start = random.choice([1, 1, 1, 2, 3, 6]), random.randrange(len(lines))
            passage = "\n".join(lines[start:start + count])
            if len(passage) >= least:
                found.append(passage)
    write("good", name, found[:MOST])


def messages():
    path = glob.glob(DATA + "quality/en-sms-spam/**/*.tsv", recursive=True)[0]
    with open(path, encoding="utf-8", errors="replace", newline="\n") as file:
        rows = [line.rstrip("\n").split("\t", 1) for line in file]
    write("bad", "en-sms-spam", [text for label, text in rows if label == "spam" and is_tuned(text)] * 3)
    write("good", "en-sms-spam", [text for label, text in rows if label == "ham" and is_tuned(text)])
    with open(DATA + "quality/zh-ads-weak.jsonl", encoding="utf-8", newline="\n") as file:
        rows = [json.loads(line) for line in file]
    ads = [row["text"] for row in rows if row["label"] == "ad" and not row["text"].startswith(NO_ADVERTISEMENTS)]
    write("bad", "zh-ads-weak", [text for text in ads if is_tuned(text)] * 10)
    write("good", "zh-ads-weak", [row["text"] for row in rows if row["label"] == "normal"])


def everyday_chinese():
    posts = []
    for path in sorted(glob.glob(DATA + "quality/zh-cold-offensive/*.csv")):
        with open(path, encoding="utf-8", newline="") as file:
            posts += [row["TEXT"] for row in csv.DictReader(file)]
    random.shuffle(posts)
    write("good", "zh-cold-offensive", posts[:3000])
    posts = []
    for path in sorted(glob.glob(DATA + "pii/zh-weibo-ner/**/*conll*", recursive=True)):
        with open(path, encoding="utf-8", newline="\n") as file:
            for rows in file.read().split("\n\n"):
                posts.append("".join(row.split("\t")[0][:1] for row in rows.split("\n")))
    write("good", "zh-weibo-ner", dict.fromkeys(posts))
    names = unpacked("raw/encodings-real.tar.zst")
    listing = subprocess.run(["tar", "xO", "--wildcards", "*.csv"], input=names, stdout=subprocess.PIPE, check=True).stdout
    rows = csv.reader(io.StringIO(listing.decode("gb18030", errors="replace")))
    questions = ["\n".join(row[1:]) for row in rows if len(row) > 1]
    random.shuffle(questions)
    write("good", "medical", questions[:3000])


def main():
    advertisements("zh", r"(?<=[，。！？；、 ])", "")
    advertisements("en", r"(?<=[.!?]) ", " ")
    messages()
    everyday_chinese()
    for folder in ["zh", "en", "code"]:
        for path in sorted(glob.glob(f"{DATA}corpus/{folder}/*.zst")):
            name = os.path.basename(path).split(".")[0]
            if name != NOT_FREE:
                rows = unpacked(f"corpus/{folder}/{os.path.basename(path)}").split(b"\n")
                passages(name, [json.loads(row)["text"] for row in rows if row], 30 if folder == "zh" else 80)


main()
