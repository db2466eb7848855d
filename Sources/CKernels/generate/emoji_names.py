#!/usr/bin/env python3
"""emoji_names.py > ../emoji_names.c: the names of pictographs that are shown in colour by themselves (property
Emoji_Presentation of the Unicode standard, and the pictographs of planes above the first), from the Python package
`unicodedata2`, version 16.0.0."""
import unicodedata2 as unicode

BASIC = """231A-231B 23E9-23EC 23F0 23F3 25FD-25FE 2614-2615 2648-2653 267F 2693 26A1 26AA-26AB 26BD-26BE 26C4-26C5 26CE
26D4 26EA 26F2-26F3 26F5 26FA 26FD 2705 270A-270B 2728 274C 274E 2753-2755 2757 2795-2797 27B0 27BF 2B1B-2B1C 2B50 2B55
1F004 1F0CF 1F18E 1F191-1F19A 1F201 1F21A 1F22F 1F232-1F236 1F238-1F23A 1F250-1F251 1F300-1F3FA 1F400-1F64F 1F680-1F6FF
1F7E0-1F7EB 1F7F0 1F90C-1F9FF 1FA70-1FAFF"""
# Shown in colour only with a variation selector behind them.
SELECTED = "2600-26FF 2702-27BF 2934-2935 2194-21AA 23CF 23ED-23EF 23F1-23F2 23F8-23FA 24C2 25AA-25AB 25B6 25C0 25FB-25FC"


def points(text):
    for part in text.split():
        first, _, last = part.partition("-")
        yield from range(int(first, 16), int(last or first, 16) + 1)


basic = set(points(BASIC))
entries = {}
for c in sorted(basic | set(points(SELECTED))):
    name = unicode.name(chr(c), "")
    if name:
        entries[c] = (name.lower().replace(" ", "_").replace("-", "_"), c not in basic)
print('// Made by generate/emoji_names.py from Unicode 16.0; do not edit.\n#include "ck_emoji.h"')
print("// In order of code points: the point, twice; plus one when it needs a variation selector. Then where its name begins.")
print(f"const uint32_t ck_emoji_points[{len(entries)}] = {{")


def lines(words):
    line = " "
    for word in words:
        if len(line) + len(word) > 120:
            yield line
            line = " "
        line += word
    yield line


print(*lines(f"{2 * c + needs}," for c, (_, needs) in entries.items()), sep="\n")
print("};\nconst size_t ck_emoji_count = sizeof ck_emoji_points / sizeof ck_emoji_points[0];")
starts, place = [], 0
for name, _ in entries.values():
    starts.append(place)
    place += len(name) + 1
print(f"const uint16_t ck_emoji_starts[{len(starts)}] = {{")
print(*lines(f"{start}," for start in starts), sep="\n")
print("};\n// Each name ends with a space.\nconst char ck_emoji_names[] =")
text = "".join(name + " " for name, _ in entries.values())
assert len(text) < 65536
chunks = [text[i:i + 114] for i in range(0, len(text), 114)]
print("\n".join(f'  "{chunk}"' for chunk in chunks) + ";")
