#!/usr/bin/env python3
"""canonical_form.py properties > ../canonical_properties.c; canonical_form.py pairs > ../canonical_pairs.c: what canonical
composition (NFC, Unicode standard annex 15) needs of the character database, from the Python package `unicodedata2`,
version 16.0.0 (pip install unicodedata2==16.0.0).
canonical_form.py newer > ../canonical_newer.c: which of it came after Unicode 9.0, the data of Hugging Face tokenizers' NFC;
asked of that itself (pip install tokenizers==0.23.3)."""
import sys

import unicodedata2 as unicode

BLOCK, LIMIT = 64, 0x20000
NO, MAYBE = 256, 512
HANGUL = range(0xAC00, 0xAC00 + 11172)


def decomposition(c):
    parts = unicode.decomposition(chr(c))
    return [int(part, 16) for part in parts.split()] if parts and not parts.startswith("<") else []


def packed(numbers, width=120):
    line = " "
    for number in numbers:
        word = f"{number},"
        if len(line) + len(word) > width:
            yield line
            line = " "
        line += word
    yield line


code_points = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
decompositions = {c: parts for c in code_points if (parts := decomposition(c))}
compositions = {}
for c, parts in decompositions.items():
    if len(parts) == 2 and unicode.normalize("NFC", chr(parts[0]) + chr(parts[1])) == chr(c):
        compositions[tuple(parts)] = c
seconds = {second for _, second in compositions} | set(range(0x1161, 0x1176)) | set(range(0x11A8, 0x11C3))

properties = [0] * 0x110000
for c in code_points:
    properties[c] = unicode.combining(chr(c))
    if c not in HANGUL and unicode.normalize("NFC", chr(c)) != chr(c):
        properties[c] |= NO
    elif c in seconds:
        properties[c] |= MAYBE

# What has a property or a place in the tables above the limit is all of one block: U+2F800, compatibility ideographs.
high = [c for c in range(LIMIT, 0x110000) if properties[c]]
assert high[0] >= 0x2F800 and high[-1] <= 0x2FA1D and all(properties[c] == NO for c in high)
assert len(high) == high[-1] - high[0] + 1

blocks, index = {}, []
for start in range(0, LIMIT, BLOCK):
    index.append(blocks.setdefault(tuple(properties[start:start + BLOCK]), len(blocks)))
assert len(blocks) < 256

HEAD = '// Made by generate/canonical_form.py from Unicode 16.0; do not edit.\n#include "ck_canonical_form.h"'


def print_properties():
    print(HEAD)
    print(f"const uint8_t ck_nfc_blocks[{len(index)}] = {{")
    print(*packed(index), sep="\n")
    print(f"}};\nconst uint16_t ck_nfc_properties[{len(blocks) * BLOCK}] = {{")
    print(*packed(c for block in blocks for c in block), sep="\n")
    print("};")


def print_pairs():
    places = {c: place for place, c in enumerate(sorted(decompositions))}
    print(HEAD)
    print("// Whole, first part, second part or 0; in order of the whole.")
    print(f"const uint32_t ck_nfc_decompositions[{len(decompositions)}][3] = {{")
    print(*packed(f"{{{c},{p[0]},{p[1] if len(p) > 1 else 0}}}" for c, p in sorted(decompositions.items())), sep="\n")
    print("};")
    print("const size_t ck_nfc_decomposition_count = sizeof ck_nfc_decompositions / sizeof ck_nfc_decompositions[0];")
    print("// Those that compose, in order of the first part, then of the second.")
    print(f"const uint16_t ck_nfc_compositions[{len(compositions)}] = {{")
    print(*packed(places[c] for _, c in sorted(compositions.items())), sep="\n")
    print("};")
    print("const size_t ck_nfc_composition_count = sizeof ck_nfc_compositions / sizeof ck_nfc_compositions[0];")


def is_newer(c):
    """Whether Hugging Face's NFC knows nothing of a code point that has a combining class or a decomposition."""
    from tokenizers import normalizers
    reference = normalizers.NFC().normalize_str
    rank = unicode.combining(chr(c))
    if rank > 1:  # A mark of class 1 goes before it.
        return reference("x" + chr(c) + "\u0334") == "x" + chr(c) + "\u0334"
    if rank == 1:
        return reference("x\u0301" + chr(c)) == "x\u0301" + chr(c)
    parts = unicode.normalize("NFD", chr(c))
    return parts != chr(c) and reference(parts) == parts and reference(chr(c)) == chr(c)


def print_newer():
    ranges = []
    for c in (c for c in code_points if c not in HANGUL and (properties[c] & 255 or c in decompositions) and is_newer(c)):
        if ranges and ranges[-1][1] == c - 1:
            ranges[-1][1] = c
        else:
            ranges.append([c, c])
    print(HEAD)
    print("// Combining or decomposing code points that Unicode 9.0 did not have: ranges, both ends included.")
    print(f"const uint32_t ck_nfc_newer[{len(ranges)}][2] = {{")
    print(*packed(f"{{0x{a:X},0x{b:X}}}" for a, b in ranges), sep="\n")
    print("};")
    print("const size_t ck_nfc_newer_count = sizeof ck_nfc_newer / sizeof ck_nfc_newer[0];")


{"properties": print_properties, "pairs": print_pairs, "newer": print_newer}[sys.argv[1]]()
