#!/usr/bin/env python3
"""labels.py DIR: what the advertisement model is trained on, as DIR/good and DIR/bad for `pretraind classifier train`.

Bad: the advertisements beside this file, written for it (each whole, and 5,000 texts a language put together of their
sentences), half of the spam of en-sms-spam and of the advertisements of zh-ads-weak, pages of half of the headlines of en-clickbait.
Good: documents, passages and lists of headings of every folder of the shared corpora but the non-commercial one, half of the other
messages of en-sms-spam, the normal paragraphs of zh-ads-weak, everyday Chinese (posts of zh-cold-offensive and zh-weibo-ner,
medical questions), lists (`lists.txt`), and pages of half of the other headlines of en-clickbait. The halves are by the hash of the text: the other half is for
measuring. The same data give the same labels.
"""
import csv
import glob
import gzip
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
PAGES = 1500
LIKE = 4
LISTS = 600
NOT_FREE = "openstax-worldhist-psych"
# About paying by QR code: the weak label calls them advertisements for their words.
NO_ADVERTISEMENTS = ("我们在商场买东西一码付二维码", "二维码的本质是一个字符串", "文库的研发同学在这个思路上")

random.seed(7)


def is_tuned(text):
    """The half that tools/bench-quality.py leaves alone."""
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


def others_like(texts, count):
    """Each text and some like it: with other digits, in small letters, without its beginning or its end."""
    made = list(texts)
    for text in texts:
        for _ in range(count):
            like = re.sub(r"\d", lambda _: random.choice("0123456789"), text)
            words = like.split(" ")
            if len(words) > 12:
                cut = random.randint(1, len(words) // 3)
                like = " ".join(random.choice([words, words[cut:], words[:-cut]]))
            made.append(like.lower() if random.random() < 0.3 else like)
    return made


def headlines():
    """Pages of 6 to 60 headlines, in lines, lists or paragraphs."""
    for kind, pattern in [("bad", "/**/*_data.gz"), ("good", "/**/*non_clickbait*.gz")]:
        path = sorted(p for p in glob.glob(DATA + "quality/en-clickbait" + pattern, recursive=True)
                      if ("non_" in p) == (kind == "good"))[0]
        with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
            heads = [line.strip() for line in file if line.strip() and is_tuned(line.strip())]
        pages = []
        for _ in range(PAGES):
            between, mark = random.choice(["\n", "\n", "\n\n"]), random.choice(["", "", "- ", "* "])
            pages.append(between.join(mark + head for head in random.sample(heads, random.randint(6, 60))))
        write(kind, "en-clickbait", pages)


def messages():
    path = glob.glob(DATA + "quality/en-sms-spam/**/*.tsv", recursive=True)[0]
    with open(path, encoding="utf-8", errors="replace", newline="\n") as file:
        rows = [line.rstrip("\n").split("\t", 1) for line in file]
    write("bad", "en-sms-spam", others_like([text for label, text in rows if label == "spam" and is_tuned(text)], LIKE))
    write("good", "en-sms-spam", others_like([text for label, text in rows if label == "ham" and is_tuned(text)], 1))
    with open(DATA + "quality/zh-ads-weak.jsonl", encoding="utf-8", newline="\n") as file:
        rows = [json.loads(line) for line in file]
    ads = [row["text"] for row in rows if row["label"] == "ad" and not row["text"].startswith(NO_ADVERTISEMENTS)]
    write("bad", "zh-ads-weak", others_like([text for text in ads if is_tuned(text)], LIKE))
    write("good", "zh-ads-weak", [row["text"] for row in rows if row["label"] == "normal"])


def written_lists():
    """Parts of the lists beside this file, in any order, one or two of them."""
    with open(os.path.join(HERE, "lists.txt"), encoding="utf-8") as file:
        lists = [part.strip().split("\n") for part in file.read().split("\n\n")]
    made = []
    for _ in range(LISTS):
        lines = [line for part in random.sample(lists, random.choice([1, 1, 1, 2])) for line in part]
        made.append("\n".join(random.sample(lines, random.randint(6, len(lines)))))
    write("good", "lists", made)


def headings(name, documents):
    """Tables of contents: the Markdown headings of a document, one a line; and pages of titles."""
    lists = [[line.lstrip("# ") for line in text.split("\n") if line.startswith("#")] for text in documents]
    write("good", "headings-" + name, ["\n".join(lines[:100]) for lines in lists if len(lines) >= 6][:300])
    titles = [lines[0] for lines in lists if lines]
    pages = [random.sample(titles, random.randint(6, min(60, len(titles)))) for _ in range(150)] if len(titles) > 30 else []
    write("good", "titles-" + name, ["\n".join(page) for page in pages])


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
    headlines()
    written_lists()
    everyday_chinese()
    for folder in ["zh", "en", "code"]:
        for path in sorted(glob.glob(f"{DATA}corpus/{folder}/*.zst")):
            name = os.path.basename(path).split(".")[0]
            if name != NOT_FREE:
                rows = unpacked(f"corpus/{folder}/{os.path.basename(path)}").split(b"\n")
                documents = [json.loads(row)["text"] for row in rows if row]
                headings(name, documents)
                passages(name, documents, 30 if folder == "zh" else 80)


main()
