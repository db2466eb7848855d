#!/bin/bash
# Makes the demo's documents and suites from Debian packages: real Chinese, English and code, nothing but the package
# registry needed, and no root: packages are downloaded and unpacked, not installed.
# usage: corpus.sh DIR [full|small]      leaves DIR/documents and DIR/suites
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cd "$1"
size=${2:-full}

packages="manpages-zh debian-reference-zh-cn fortunes-zh debian-policy libpython3.11-stdlib"
[ "$size" = full ] && packages="$packages libreoffice-help-zh-cn libreoffice-help-en-us python3.11-doc jargon-text"

# ---- packages -> files/

download() {  # PACKAGE
  (cd packages && apt-get "${apt[@]}" download -q "$1" >download.log 2>&1)
}

fetch_all() {
  for package in $packages; do
    [ -e "files/.$package" ] && continue
    echo "corpus: fetching $package"
    download "$package" || return 1
    dpkg-deb -x packages/"$package"_*.deb files
    touch "files/.$package"
  done
}

mkdir -p packages files apt/lists/partial apt/cache/archives/partial
apt=()
if ! fetch_all; then
  # No package lists on this machine (container images ship none): lists of our own, so that root is not needed.
  echo "corpus: apt-get update into $PWD/apt"
  apt=(-o "Dir::State::Lists=$PWD/apt/lists" -o "Dir::Cache=$PWD/apt/cache" -o APT::Sandbox::User=)
  apt-get "${apt[@]}" -o Debug::NoLocking=1 update -q >apt/update.log 2>&1 || { tail -n 3 apt/update.log; exit 69; }
  fetch_all || { tail -n 3 packages/download.log; exit 69; }
fi

# ---- files/ -> documents/SOURCE/...  and  suites/

rm -rf documents suites work
mkdir -p documents suites/ppl suites/probe suites/benchmark work
share=files/usr/share

keep() {  # SOURCE FOLDER NAME-PATTERN [EVERY]: copies the files, their tree kept; with EVERY only each n-th;
  # files of 48 kB and more are left out: a step of this small model would hold nothing else
  mkdir -p "documents/$1"
  (cd "$2" && find . -type f -name "$3" -size +0 -size -96 | LC_ALL=C sort | awk -v n="${4:-1}" 'NR % n == 0') >work/list
  tar -C "$2" -cf - -T work/list | tar -C "documents/$1" -xf -
}

hold_out() {  # SOURCE NAME-PATTERN EVERY CHANNEL: each n-th file goes to the suite instead
  find "documents/$1" -type f -name "$2" | LC_ALL=C sort | awk -v n="$3" 'NR % n == 0' >work/held
  while IFS= read -r file; do
    head -c 6000 "$file" | iconv -c -f UTF-8 -t UTF-8 | awk -v channel="$4" -v size=0 -f "$here/lines.awk"
    rm "$file"
  done <work/held >"suites/ppl/$4.jsonl"
}

few=1 every=40
[ "$size" = small ] && few=4 every=10

# Source code: the Python library. What a folder knows about its documents stands in .source.json5.
keep library files/usr/lib/python3.11 '*.py' $few
hold_out library '*.py' $every code
echo '{channel: "code", licence: "PSF-2.0"}' >documents/library/.source.json5

# Manual pages: troff, compressed with gzip, as they lie on the disk.
keep manuals $share/man/zh_CN '*.gz' $few

# The Debian reference, policy and jargon file, cut at blank lines into records of some kB: JSON Lines. The end of the
# reference is held out for the suite. One is left plain text and one compressed, as people have them.
mkdir -p documents/debian
gzip -dc $share/debian-reference/debian-reference.zh-cn.txt.gz >work/reference.txt
lines=$(wc -l <work/reference.txt)
cut=$((lines * 9 / 10))
head -n $cut work/reference.txt | awk -v size=3000 -f "$here/lines.awk" >documents/debian/reference.zh.jsonl
tail -n +$((cut + 1)) work/reference.txt | awk -v channel=zh -v size=1200 -f "$here/lines.awk" |
  head -n 24 >suites/ppl/zh.jsonl
for text in policy debconf_specification perl-policy; do
  gzip -dc $share/doc/debian-policy/$text.txt.gz | awk -v size=3000 -f "$here/lines.awk" >documents/debian/$text.jsonl
done
cp $share/doc/debian-policy/menu-policy.txt.gz documents/debian/
gzip -dc $share/doc/debian-policy/upgrading-checklist.txt.gz | head -c 40000 >documents/debian/checklist.txt
zstd -q --rm documents/debian/perl-policy.jsonl

# Tang and Song poems: the fortune files, one poem a record, as JSON lines.
mkdir -p documents/poems
for book in tang300 song100 chinese; do
  awk -v separator=% -f "$here/lines.awk" $share/games/fortunes/$book >documents/poems/$book.jsonl
done

if [ "$size" = full ]; then
  keep office $share/libreoffice/help/zh-CN/text '*.html' 2
  keep office-en $share/libreoffice/help/en-US/text/swriter '*.html'
  keep python-doc $share/doc/python3.11/html/_sources '*.txt'
  hold_out python-doc '*.txt' 25 en
  gzip -dc $share/doc/jargon-text/jargon.txt.gz | awk -v size=3000 -f "$here/lines.awk" >documents/debian/jargon.jsonl
else
  # The policy's last sections are held out.
  tail -n 16 documents/debian/policy.jsonl | sed 's/^{/{"channel":"en",/' >suites/ppl/en.jsonl
  head -n -16 documents/debian/policy.jsonl >work/policy && mv work/policy documents/debian/policy.jsonl
fi

cp "$here"/suites/probe/* suites/probe/
cp "$here"/suites/benchmark/* suites/benchmark/
rm -rf work
echo "corpus: $(find documents -type f ! -name '.*' | wc -l) files, $(du -sm --apparent-size documents | cut -f1) MB in" \
  "$PWD/documents; suites: $(find suites -name '*.jsonl' | wc -l)"
