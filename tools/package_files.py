"""Files of Debian packages and JSON Lines through the program, for the tools that measure and label."""
import glob
import json
import os
import re
import subprocess
import sys

from quality_sets import ALL_PACKAGES

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
DATA = os.path.join(HERE, "../shared/data")
BINARY = os.environ.get("PRETRAIND_BINARY", os.path.join(HERE, ".build/release/pretraind"))
# More words for the program, `--set clean.rules=FILE` for example.
WORDS = os.environ.get("PRETRAIND_WORDS", "").split()
LEAST_BYTES = 200
MOST_BYTES = 4 << 20
MOST_FILES = 1500


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


def judged_files(paths, words=()):
    for start in range(0, len(paths), 400):
        output = subprocess.run([BINARY, "clean", "--spool", "/nonexistent", *WORDS, *words, *paths[start:start + 400]],
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
        yield from (json.loads(line) for line in output.split(b"\n") if line)


def judged_lines(data):
    output = subprocess.run([BINARY, "clean", "--spool", "/nonexistent", *WORDS], input=data, stdout=subprocess.PIPE, check=True).stdout
    return (json.loads(line) for line in output.split(b"\n") if line)


def lines(texts):
    return "".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in texts).encode("utf-8", "surrogatepass")
