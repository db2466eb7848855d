#!/usr/bin/env python3
"""tokenizer_texts.py COUNT SEED [TOKENIZER.json]: COUNT JSON lines {"text": ...} that tokenizers stumble over, the same for the
same seed: any scalars, marks in wrong order, joiners, line ends, digits, contractions in odd case, bytes that were repaired,
runs, and added tokens (of TOKENIZER.json) inside text, whole and torn."""
import json
import random
import sys

WORDS = ("the of and it's don't IT'LL we'Ve x'S HelloWorld XMLHttpRequest camelCase iPhone ABC abc é naïve straße Привет мир "
         "Ελλάδα नमस्ते ภาษาไทย 中文 价格 日本語 カタカナ 한국어 中华人民共和国 𠮷野家 العربية עברית").split()
PIECES = ["'s", "'S", "'\u017f", "'ll", "'lL", "'Re", "'d", "''", "'", "\u2019s", " ", "  ", "   ", "\t", "\n", "\r", "\r\n", "\n\n",
          " \n", "\n ", "\u00a0", "\u3000", "\u0085", "\u2028", "\u200b", "\u200c", "\u200d", "\ufeff", "\ufffd", "\u0000",
          "\u001f", "\u007f", "\u00ad", "0", "1", "12", "123", "1234", "12345678", "\u0661\u0662", "\u00bd", "\u2167", "\u00b2",
          "_", "-", "--", "...", "!", "?!", "/", "//", "/*", "*/", "(", ")", "[]", "{", "};", "#", "@", "$", "%", "^", "~", "`", "\\",
          "。", "，", "、", "“", "”", "—", "…", "・", "゛", "ー", "\u3040", "\u309a", "\u4dc0", "\u9fa6", "\ufa0e", "é", "e\u0301",
          "\u0301", "\u0323", "\u0334", "\u1ddd", "\u0c3c", "\u05b0", "\u3099", "\u1100\u1161\u11a8", "\uac00\u11a8", "\u212b",
          "\u0958", "\u01c5", "\u02b0", "\u10d0", "\u1c90", "\u2126", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f1e8\U0001f1f3",
          "\U0001f44d\U0001f3fd", "\u2764\ufe0f", "\u25b5", "\u2581", "\u2581\u2581", "<0x0A>", "=" * 20, "-" * 70, "a" * 40, "\n" * 9,
          " " * 17, "ab" * 33, "中" * 30]


def scalar(source):
    kind = source.random()
    if kind < 0.35:
        return source.randrange(0x20, 0x7F)
    if kind < 0.55:
        return source.randrange(0x80, 0x3000)
    if kind < 0.75:
        return source.randrange(0x3000, 0xD800)
    c = source.randrange(0xE000, 0x110000 if kind < 0.8 else 0x20000)
    return c


def repaired(source):
    """Random bytes, or good text with a byte changed or cut off, decoded with U+FFFD for what is broken."""
    if source.random() < 0.5:
        data = source.randbytes(source.randrange(1, 12))
    else:
        data = bytearray(source.choice(WORDS).encode() + source.choice(PIECES).encode() + source.choice(WORDS).encode())
        data[source.randrange(len(data))] = source.randrange(256)
        data = data[:source.randrange(1, len(data) + 1)]
    return bytes(data).decode("utf-8", "replace")


def part(source, added):
    kind = source.random()
    if kind < 0.25:
        return source.choice(WORDS)
    if kind < 0.65:
        return source.choice(PIECES)
    if kind < 0.82:
        return "".join(chr(scalar(source)) for _ in range(source.randrange(1, 5)))
    if kind < 0.90:
        return repaired(source)
    if kind < 0.95 or not added:
        return "".join(source.choice("aAbBsStTlLdD' 1.\n/é中") for _ in range(source.randrange(1, 12)))
    token = source.choice(added)
    return token if source.random() < 0.8 else token[:source.randrange(1, len(token) + 1)]


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    source = random.Random(int(sys.argv[2]))
    added = []
    if len(sys.argv) > 3:
        with open(sys.argv[3], encoding="utf-8") as file:
            added = [token["content"] for token in json.load(file)["added_tokens"]]
    for _ in range(int(sys.argv[1])):
        # Mostly a few parts, at times enough for whole blocks of 64 bytes.
        parts = source.randrange(1, 8) if source.random() < 0.8 else source.randrange(20, 60)
        text = "".join(part(source, added) for _ in range(parts))
        if source.random() < 0.15:
            text = " ".join(text.split(" ")) + " plain text around it, so that blocks are full of ASCII" + text
        sys.stdout.write(json.dumps({"text": text}) + "\n")


main()
