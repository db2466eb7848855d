#!/usr/bin/env python3
"""What the rules make of real documents and of junk: documents and bytes kept by set, and what the lost ones fell to.

usage: bench-quality.py [--packages DIR] [--lost FILE] [--labels DIR] [SET...]
       sets: code readme math zh en junk; without a word all

Good sets are the shared corpora (seen while the rules were made) and Debian packages (not seen), junk is the weakly labelled
sets of the shared data, the half of them that no model was trained on, and advertisements written for the measurement alone. The packages are fetched into DIR (default .demo/bench/packages; apt-get download, no root).
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

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DATA = os.path.join(HERE, "../shared/data")
BINARY = os.environ.get("PRETRAIND_BINARY", os.path.join(HERE, ".build/release/pretraind"))
LEAST_BYTES = 200
MOST_BYTES = 4 << 20
MOST_FILES = 1500
MOST_LABELS = 150

# About paying by QR code: the weak label calls them advertisements for their words (QR code, WeChat, scan).
NO_ADVERTISEMENTS = ("我们在商场买东西一码付二维码", "二维码的本质是一个字符串", "文库的研发同学在这个思路上")
# Files that say or show that no person wrote them: by name, or by a mark in their head.
GENERATED_NAME = re.compile(r"\.min\.|(^|/)tables[0-9.]*\.go$|/i18n/[^/]*\.js$")
GENERATED_MARK = re.compile(r"(?i)do not (edit|modify)|@generated|generated (by|from|using) |auto-?generated")

LITERARY = ["niutrans-bitext", "chinese-poetry"]
CODE = r"\.(py|go|rs|c|h|cc|cpp|hpp|java|js|ts|rb|pl|pm|erl|lisp|el|tcl|lua|php|hs|ml|sh)$"

# set -> rows of (name, package or shared corpus, pattern of paths; None: JSON Lines of the shared data)
SETS = {
    "code": [
        ("ruby", "code/ruby-stdlib", None), ("rust", "code/rust-src", None), ("python: sympy", "python3-sympy", CODE),
        ("python: django", "python3-django", CODE), ("python: ansible", "ansible-core", CODE),
        ("erlang", "erlang-src", CODE), ("lisp, C: sbcl", "sbcl-source", CODE), ("tcl", "tcllib", CODE),
        ("go: x/text", "golang-golang-x-text-dev", CODE), ("go: cobra", "golang-github-spf13-cobra-dev", CODE),
        ("go: gin", "golang-github-gin-gonic-gin-dev", CODE), ("rust: tokio", "librust-tokio-dev", CODE),
        ("rust: syn", "librust-syn-dev", CODE), ("rust: clap", "librust-clap-dev", CODE),
        ("perl: mojolicious", "libmojolicious-perl", CODE), ("lua: penlight", "lua-penlight", CODE),
        ("elisp: magit", "elpa-magit", CODE), ("C++: eigen", "libeigen3-dev", "/Eigen/"),
        ("javascript: three", "libjs-three", CODE), ("javascript: express, yargs", "node-express node-yargs", CODE),
        ("php: twig, guzzle", "php-twig php-guzzlehttp-guzzle", CODE),
        ("shell: completions", "bash-completion", "/completions/[^/]+$"), ("vim", "vim-runtime", r"\.vim$"),
        ("java: openjdk", "openjdk-17-source", CODE),
    ],
    "readme": [("of all packages", "*", r"/readme[^/]*$|/README[^/]*$|\.(md|markdown|rst)$")],
    "math": [
        ("R vignettes", "r-cran-mgcv r-cran-nlme r-cran-vegan r-cran-zoo r-cran-quantreg r-cran-flexmix r-cran-mcmcpack",
         r"\.(Rnw|tex|Rmd)$"),
        ("LaTeX: science", "texlive-science-doc", r"\.(tex|ltx)$"),
        ("LaTeX: base, amsmath", "texlive-latex-base-doc texlive-latex-recommended-doc", r"\.(tex|ltx)$"),
        ("GAP manuals", "gap-doc", r"\.(tex|xml|txt)$"), ("Chinese LaTeX", "texlive-lang-chinese", r"\.(tex|ltx)$"),
    ],
    "zh": [
        ("encyclopedic: cmrc2018-wiki", "zh/cmrc2018-wiki-zh", None),
        *[("literary: " + name, "zh/" + name, None) for name in LITERARY],
        ("statutes: just-laws", "zh/just-laws", None), ("statutes: lawrefbook", "zh/lawrefbook", None),
        *[("technical: " + name, "zh/" + name, None)
          for name in ["oi-wiki", "javaguide", "react-zh", "d2l-zh", "pingcap-docs-cn", "swift-book-zh"]],
        ("technical: manual pages", "manpages-zh", r"/zh_(CN|TW)/man\d/"),
        ("technical: Debian manuals", "debian-reference-zh-cn maint-guide-zh-cn debian-faq-zh-cn", r"\.(html|txt\.gz)$"),
        ("technical: LibreOffice help", "libreoffice-help-zh-cn", r"/text/.*\.html$"),
    ],
    "en": [
        *[(name, "en/" + name, None) for name in [
            "openstax-lifeliberty", "openstax-worldhist-psych", "standardebooks", "python-peps", "ms-cpp-docs",
            "rust-rfcs-book", "postgresql", "perl-pod"]],
        ("Debian handbook, policy", "debian-handbook debian-policy", r"/en-US/.*\.html$|policy.*\.(html|txt(\.gz)?|rst)$"),
        ("Tcl library manuals", "tcllib", r"\.html$"), ("Vim manual", "vim-runtime", r"/doc/.*\.txt$"),
        ("Perl manual pages", "libmojolicious-perl", r"\.3pm\.gz$"),
    ],
    "junk": [
        ("advertisements, Chinese", "zh.txt", "written"), ("advertisements, English", "en.txt", "written"),
        ("zh-ads-weak, half", "quality/zh-ads-weak.jsonl", "ads"), ("en-sms-spam, half", "quality/en-sms-spam", "spam"),
        ("en-clickbait, a headline a document", "quality/en-clickbait", "headlines"),
        ("en-clickbait, 40 headlines a page", "quality/en-clickbait", "pages"),
    ],
}


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
    names = sorted(os.listdir(folder)) if packages == "*" else packages.split()
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
    return "".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in texts).encode()


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


def main():
    options = argparse.ArgumentParser()
    options.add_argument("sets", nargs="*")
    options.add_argument("--packages", default=os.path.join(HERE, ".demo/bench/packages"))
    options.add_argument("--lost")
    options.add_argument("--labels")
    options = options.parse_args()
    lost = open(options.lost, "w", encoding="utf-8") if options.lost else None
    for set_name in options.sets or SETS:
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
