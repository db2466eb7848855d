#!/usr/bin/env python3
"""What the rules make of real documents and of junk: documents and bytes kept by set, and what the lost ones fell to.

usage: bench-quality.py [--packages DIR] [--lost FILE] [--labels DIR] [SET...]
       sets: code readme math zh en junk channels; without a word all

channels: of packages that no model was trained on, how many documents get the channel of their kind by their text alone, by the
model and by the plain rules.

Good sets are the shared corpora (seen while the rules were made) and Debian packages (not seen), junk is the weakly labelled
sets of the shared data, the half of them that no model was trained on, and advertisements written for the measurement alone.
The packages are fetched into DIR (default .demo/bench/packages; apt-get download, no root).
Files go in as a user drops them: `pretraind clean FILE...` reads, classifies, carves and judges them. Packages are
counted in two halves by the hash of the text: `tuned` may be looked at while a rule is mended, `blind` may not.
--lost writes what was lost, one JSON line each, of the tuned half alone; --labels writes the tuned half of the packages as
labelled documents, DIR/<channel>/<set>.jsonl, for tools/classifier-defaults. PRETRAIND_BINARY names the program.
"""
import argparse
import collections
import glob
import gzip
import hashlib
import json
import os
import re
import subprocess
import sys

from quality_sets import GENERATED_MARK, GENERATED_NAME, NO_ADVERTISEMENTS, SETS, UNSEEN

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DATA = os.path.join(HERE, "../shared/data")
BINARY = os.environ.get("PRETRAIND_BINARY", os.path.join(HERE, ".build/release/pretraind"))
LEAST_BYTES = 200
MOST_BYTES = 4 << 20
MOST_FILES = 1500
MOST_LABELS = 150
ALL_PACKAGES = sorted({name for rows in SETS.values() for _, packages, pattern in rows
                       if pattern and packages != "*" and "." not in packages and "/" not in packages
                       for name in packages.split()})


def unpacked(package, folder):
    place = os.path.join(folder, package)
    if os.path.isdir(place):
        return place
    os.makedirs(folder, exist_ok=True)
    command = ("apt-get download -q %s >/dev/null 2>&1 && dpkg-deb -x %s_*.deb %s && rm -f %s_*.deb"
               % (package, package, package, package))
    if subprocess.run(command, shell=True, cwd=folder).returncode != 0:
        print(f"skipped: no Debian package {package}", file=sys.stderr)
        return None
    for archive in glob.glob(place + "/**/src.zip", recursive=True):
        subprocess.run(["unzip", "-q", archive, "java.base/java/*", "-d", os.path.dirname(archive)])
    return place


def files(packages, pattern, folder):
    """Paths of a package's files; at most MOST_FILES of them, every k-th."""
    names = ALL_PACKAGES if packages == "*" else packages.split()
    found = []
    for package in names:
        place = unpacked(package, folder)
        for root, _, entries in os.walk(place or "/nonexistent"):
            for entry in entries:
                path = os.path.join(root, entry)
                if re.search(pattern, path) and os.path.isfile(path) and not os.path.islink(path) \
                        and LEAST_BYTES <= os.path.getsize(path) * (3 if path.endswith(".gz") else 1) <= MOST_BYTES:
                    found.append(path)
    found.sort()
    return found[::-(-len(found) // MOST_FILES) or 1]


def plain_names(paths, folder):
    """Links with a name whose end says what is inside: .Rnw and .page are text to everybody but us."""
    links = []
    os.makedirs(folder, exist_ok=True)
    for number, path in enumerate(paths):
        base = os.path.basename(path)
        if re.search(r"\.(Rnw|Rmd|ltx)$", base):
            base += ".tex"
        elif base.endswith(".page"):
            base += ".html"
        elif "." not in base:
            base += ".sh" if "/completions/" in path else ".h" if "/Eigen/" in path else ".txt"
        elif base.endswith(".vim"):
            base += ".lua"
        elif re.search(r"(?i)^readme\.(debian|source|rdoc|pod)$", base):
            base += ".txt"
        link = os.path.join(folder, f"{number:05d}-{base}")
        if os.path.lexists(link):
            os.unlink(link)
        os.symlink(os.path.abspath(path), link)
        links.append(os.path.realpath(path) if base == os.path.basename(path) else link)
    return links


def judged_files(paths):
    for start in range(0, len(paths), 400):
        output = subprocess.run([BINARY, "clean", "--spool", "/nonexistent", *paths[start:start + 400]],
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
        yield from (json.loads(line) for line in output.split(b"\n") if line)


def judged_lines(data):
    output = subprocess.run([BINARY, "clean", "--spool", "/nonexistent"], input=data, stdout=subprocess.PIPE, check=True).stdout
    return (json.loads(line) for line in output.split(b"\n") if line)


def lines(texts):
    return "".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in texts).encode("utf-8", "surrogatepass")


def is_blind(text):
    """The half that tools/advertisements/labels.py leaves alone."""
    return not hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[0] & 1


def junk(name, kind):
    path = os.path.join(DATA, name)
    if kind == "written":
        with open(os.path.join(HERE, "Tests/Fixtures/advertisements", name), encoding="utf-8") as file:
            return lines(line.strip() for line in file if line.strip())
    if kind == "ads":
        rows = [json.loads(line) for line in open(path, encoding="utf-8", newline="\n")]
        return lines(row["text"] for row in rows if row["label"] == "ad" and is_blind(row["text"])
                     and not row["text"].startswith(NO_ADVERTISEMENTS))
    if kind == "spam":
        rows = open(glob.glob(path + "/**/*.tsv", recursive=True)[0], encoding="utf-8", errors="replace", newline="\n")
        texts = [row.rstrip("\n").split("\t", 1)[1] for row in rows if row.startswith("spam\t")]
        return lines(text for text in texts if is_blind(text))
    found = [p for p in glob.glob(path + "/**/*.gz", recursive=True) if "non_clickbait" not in p]
    heads = [line.strip() for line in gzip.open(found[0], "rt", encoding="utf-8", newline="\n") if line.strip()]
    if kind == "headlines":
        return lines(heads)
    return lines("\n".join(heads[start:start + 40]) for start in range(0, len(heads), 40))


def is_generated(row):
    return GENERATED_NAME.search(os.path.realpath(row.get("file") or "")) or GENERATED_MARK.search(row["text"][:2000])


class Tally:
    def __init__(self):
        self.documents = self.bytes = self.kept = self.kept_bytes = 0
        self.rules, self.channels = collections.Counter(), collections.Counter()

    def add(self, row):
        size = len(row["text"].encode("utf-8", "surrogatepass"))
        self.documents += 1
        self.bytes += size
        self.channels[row.get("channel", "?")] += 1
        if "drop" in row:
            self.rules[row["drop"]["rule"]] += 1
        else:
            self.kept += 1
            self.kept_bytes += size

    def row(self, name):
        share = lambda a, b: f"{100 * a / b:.1f} %" if b else "-"
        lost = ", ".join(f"{rule} {count}" for rule, count in self.rules.most_common(8)) or "-"
        channels = ", ".join(f"{channel} {count}" for channel, count in self.channels.most_common(4))
        return (f"| {name} | {self.documents} | {self.bytes / 1e6:.2f} | {share(self.kept, self.documents)} | "
                f"{share(self.kept_bytes, self.bytes)} | {lost} | {channels} |")

    def join(self, other):
        for key in ["documents", "bytes", "kept", "kept_bytes"]:
            setattr(self, key, getattr(self, key) + getattr(other, key))
        self.rules += other.rules
        self.channels += other.channels


def judge(source, pattern, set_name, name, folder):
    """Rows of one set: (judged document, is of the shared corpora)."""
    if set_name == "junk":
        return ((row, True) for row in judged_lines(junk(source, pattern)))
    if pattern is None:
        path = os.path.join(DATA, "corpus", source + ".jsonl.zst")
        if not os.path.exists(path):
            return iter(())
        data = subprocess.run(["zstd", "-dcq", path], stdout=subprocess.PIPE, check=True).stdout
        texts = (json.dumps({"text": json.loads(row)["text"]}, ensure_ascii=False) for row in data.split(b"\n") if row)
        return ((row, True) for row in judged_lines("".join(text + "\n" for text in texts).encode()))
    links = os.path.join(folder, ".links", re.sub(r"\W+", "-", set_name + "-" + name))
    return ((row, False) for row in judged_files(plain_names(files(source, pattern, folder), links)))


def label(set_name, name, text):
    """The channel that a document of a set is of; None where a set holds several."""
    han = len(re.findall("[\u3400-\u9fff]", text)) / max(1, len(text))
    if set_name == "zh":
        return "zh" if han > 0.1 else None
    if set_name == "math":
        return "math" if han < 0.02 and len(re.findall(r"\\[a-zA-Z]", text)) * 100 > len(text) else None
    return {"code": "code", "en": "en", "readme": "en"}.get(set_name) if han < 0.02 or set_name == "code" else None


def write_labels(folder, name, labels):
    for channel, texts in labels.items():
        if folder and channel:
            os.makedirs(os.path.join(folder, channel), exist_ok=True)
            with open(os.path.join(folder, channel, name + ".jsonl"), "wb") as file:
                file.write(lines(texts[::-(-len(texts) // MOST_LABELS) or 1]))


def channel_table(folder):
    print("| kind | documents | model | plain rules | by the model |\n|---|---|---|---|---|")
    for channel, name, packages, pattern in UNSEEN:
        links = os.path.join(folder, ".links", re.sub(r"\W+", "-", name))
        texts = [row["text"] for row in judged_files(plain_names(files(packages, pattern, folder), links))]
        texts = [text for text in texts if len(text) >= LEAST_BYTES and is_of(channel, text)]
        shares = []
        for extra in [], ["--set", "classify.channel_model=rules"]:
            output = subprocess.run([BINARY, "classify", "--spool", "/nonexistent", *extra], input=lines(texts),
                                    stdout=subprocess.PIPE, check=True).stdout
            found = collections.Counter(json.loads(line)["channel"] for line in output.split(b"\n") if line)
            shares.append((100 * found[channel] / max(1, len(texts)), found))
        others = ", ".join(f"{key} {count}" for key, count in shares[0][1].most_common())
        print(f"| {channel}: {name} | {len(texts)} | {shares[0][0]:.1f} % | {shares[1][0]:.1f} % | {others} |", flush=True)


def is_of(channel, text):
    """Not a page that was never translated, nor a LaTeX file of hardly any LaTeX."""
    if channel == "zh":
        return len(re.findall("[\u3400-\u9fff]", text)) * 20 > len(text)
    return channel != "math" or len(re.findall(r"\\[a-zA-Z]", text)) * 100 > len(text)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("sets", nargs="*")
    options.add_argument("--packages", default=os.path.join(HERE, ".demo/bench/packages"))
    options.add_argument("--lost")
    options.add_argument("--labels")
    options = options.parse_args()
    lost = open(options.lost, "w", encoding="utf-8") if options.lost else None
    for set_name in options.sets or [*SETS, "channels"]:
        if set_name == "channels":
            print("\n== channels")
            channel_table(options.packages)
            continue
        print(f"\n== {set_name}\n| set | documents | MB | documents kept | bytes kept | lost to | channels |\n|---|---|---|---|---|---|---|")
        sums = collections.defaultdict(Tally)
        for name, source, pattern in SETS[set_name]:
            tally, labels = Tally(), collections.defaultdict(list)
            for row, is_shared in judge(source, pattern, set_name, name, options.packages):
                if set_name == "code" and is_generated(row):
                    sums["made by programs: minified, generated"].add(row)
                    continue
                half = "seen: shared data" if is_shared else \
                    "packages, tuned half" if hashlib.sha256(row["text"].encode("utf-8", "surrogatepass")).digest()[0] & 1 \
                    else "packages, blind half"
                tally.add(row)
                sums[half].add(row)
                if options.labels and half == "packages, tuned half":
                    labels[label(set_name, name, row["text"])].append(row["text"])
                if lost and "drop" in row and half != "packages, blind half":
                    print(json.dumps({"set": f"{set_name}/{name}", "drop": row["drop"], "channel": row.get("channel"),
                                      "genre": row.get("genre"), "file": row.get("file"), "text": row["text"][:3000]},
                                     ensure_ascii=False), file=lost)
            print(tally.row(name), flush=True)
            write_labels(options.labels, set_name + "-" + re.sub(r"\W+", "-", name), labels)
        whole = Tally()
        for half in sorted(sums):
            print(sums[half].row(f"**{half}**"))
            if not half.startswith("made by"):
                whole.join(sums[half])
        print(whole.row("**all**"), flush=True)


main()
