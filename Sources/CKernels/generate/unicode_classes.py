#!/usr/bin/env python3
"""unicode_classes.py RANGES.json > ../unicode_classes.c: the two-stage table of code point classes, Unicode 16.0.

RANGES.json maps each key of CLASSES (a regular expression class) to a list of inclusive ranges, as the regular
expression engine of Hugging Face tokenizers 0.23 (Oniguruma) answers them. `unicode_classes.py --probe > RANGES.json`
records such a file anew where the Python package `tokenizers` is installed.
"""
import json
import sys

CLASSES = {"\\p{Lu}": 1, "\\p{Ll}": 2, "\\p{Lt}": 3, "\\p{L}": 4, "\\p{N}": 8, "\\p{M}": 16, "\\p{P}": 32, "\\p{S}": 64,
           "\\s": 128}
BLOCK, LIMIT = 16, 0x20000


def probe():
    from tokenizers import Regex, normalizers
    ranges = {}
    for name in CLASSES:
        keep = normalizers.Replace(Regex("[^" + name + "]+"), "")
        code_points = "".join(map(chr, [*range(0xD800), *range(0xE000, 0x110000)]))
        found = []
        for character in keep.normalize_str(code_points):
            c = ord(character)
            if found and found[-1][1] == c - 1:
                found[-1][1] = c
            else:
                found.append([c, c])
        ranges[name] = found
    json.dump(ranges, sys.stdout)


def packed(numbers, width=120):
    line = " "
    for number in numbers:
        word = f"{number},"
        if len(line) + len(word) > width:
            yield line
            line = " "
        line += word
    yield line


def generate(path):
    with open(path, encoding="utf-8") as file:
        ranges = json.load(file)
    table = [0] * 0x110000
    for name, bits in CLASSES.items():
        for first, last in ranges[name]:
            for c in range(first, last + 1):
                table[c] |= bits
    blocks, index = {}, []
    for start in range(0, LIMIT, BLOCK):
        index.append(blocks.setdefault(bytes(table[start:start + BLOCK]), len(blocks)))
    high = []
    for c in range(LIMIT, 0x110000):
        if high and high[-1][1] == c - 1 and high[-1][2] == table[c]:
            high[-1][1] = c
        elif table[c]:
            high.append([c, c, table[c]])
    print("// Made by generate/unicode_classes.py from Unicode 16.0 (as in Hugging Face tokenizers 0.23); do not edit.")
    print('#include "unicode_classes.h"')
    print(f"const uint16_t ck_unicode_blocks[{len(index)}] = {{")
    print(*packed(index), sep="\n")
    print(f"}};\nconst uint8_t ck_unicode_classes[{len(blocks) * BLOCK}] = {{")
    print(*packed(c for block in blocks for c in block), sep="\n")
    print("};")
    print("static const struct { uint32_t first, last; uint8_t classes; } high_ranges[] = {")
    print(*packed(f"{{0x{a:X},0x{b:X},{c}}}" for a, b, c in high), sep="\n")
    print("""};
uint8_t ck_unicode_class_high(uint32_t code_point) {
  for (size_t i = 0; i < sizeof high_ranges / sizeof high_ranges[0]; i++)
    if (code_point >= high_ranges[i].first && code_point <= high_ranges[i].last) return high_ranges[i].classes;
  return 0;
}""")


if sys.argv[1] == "--probe":
    probe()
else:
    generate(sys.argv[1])
