#!/usr/bin/env python3
"""record.py: records what Hugging Face tokenizers (0.23.3) does, for TokensTests and TokenizationTests.

Writes beside itself: training.jsonl (the text), tokenizer.json (trained over it, Qwen2 pattern), characters.json (the same
over characters, with bytes to fall back on, as SentencePiece models are) and golden.json (for each pattern and text the
ids; for the first texts the pre-tokens too; and the ids with ignore_merges, with NFC, with tokens that strip white space,
and over characters).
"""
import json
import os
import random

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

HERE = os.path.dirname(os.path.abspath(__file__))
CONTRACTION = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|"
REST = r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
UPPER, LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
SPACES = r"|\s*[\r\n]+|\s+(?!\S)|\s+"


def cased(ending, numbers):
    prefix = r"[^\r\n\p{L}\p{N}]?"
    return (prefix + UPPER + "*" + LOWER + "+" + ending + "|" + prefix + UPPER + "+" + LOWER + "*" + ending + "|" + numbers
            + r"| ?[^\s\p{L}\p{N}]+[\r\n/]*" + SPACES)


DEEPSEEK = (r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*"""
            + SPACES)
# Expressions one after another; none: cut by the byte mapping itself.
PATTERNS = {
    "qwen2": [CONTRACTION + r"\p{N}" + REST], "cl100k": [CONTRACTION + r"\p{N}{1,3}" + REST], "gpt2": [],
    "o200k": [cased("(?i:'s|'t|'re|'ve|'m|'ll|'d)?", r"\p{N}{1,3}")], "tekken": [cased("", r"\p{N}")],
    "deepseek_v3": [r"\p{N}{1,3}", "[一-龥\u3040-\u309f\u30a0-\u30ff]+", DEEPSEEK],
    "qwen3.5": [CONTRACTION.replace(r"\p{L}+", r"[\p{L}\p{M}]+") + r"\p{N}" + REST.replace(r"\s\p{L}\p{N}", r"\s\p{L}\p{M}\p{N}")],
    "starcoder": None}

PROSE = [
    "It is a truth universally acknowledged, that a single man in possession of a good fortune, must be in want of a "
    "wife. However little known the feelings or views of such a man may be on his first entering a neighbourhood, "
    "this truth is so well fixed in the minds of the surrounding families, that he is considered as the rightful "
    "property of some one or other of their daughters. \"My dear Mr. Bennet,\" said his lady to him one day, \"have "
    "you heard that Netherfield Park is let at last?\" Mr. Bennet replied that he had not. \"But it is,\" returned "
    "she; \"for Mrs. Long has just been here, and she told me all about it.\" Don't you want to know who's taken it?",
    "道可道，非常道；名可名，非常名。无名天地之始，有名万物之母。故常无欲，以观其妙；常有欲，以观其徼。此两者同出而异名，"
    "同谓之玄，玄之又玄，众妙之门。天下皆知美之为美，斯恶已；皆知善之为善，斯不善已。故有无相生，难易相成，长短相形，高下相倾，"
    "音声相和，前后相随。是以圣人处无为之事，行不言之教。上善若水。水善利万物而不争，处众人之所恶，故几于道。",
    "子曰：学而时习之，不亦说乎？有朋自远方来，不亦乐乎？人不知而不愠，不亦君子乎？子曰：温故而知新，可以为师矣。",
    "int main(int argc, char **argv) {\n    for (int i = 0; i < 100; i++) {\n        printf(\"%d %s\\n\", i, argv[0]);\n"
    "    }\n    return 0;\n}\n\ndef add(a, b):\n    \"\"\"a + b\"\"\"\n    return a + b\n\nif __name__ == '__main__':\n"
    "    print(add(1, 2))\n",
    "| key | value |\n|-----|-------|\n| a   | 1     |\n==== ====== ======== aaaa aaaaaa aaaaaaaa 2024-11-21 3.14159\n",
]
TRICKY = [
    "", " ", "  ", "\n", "\r\n", "a", "'", "Hello world", "Hello  world", "trailing ", "trailing  ", "trailing\n",
    "a \n b", "a\r\nb\r\n\r\nc", " \n \n  x", "\t\tx", "x\n\n\n", "  \n  ", "a\u0085b", "a\u00a0b", "a\u3000\u3000b", "\u2028x",
    "it's IT'S it'S they'RE we'Ve I'lL I'D 'tis 'T", "it'\u017fa 'S'\u017f", "don't''s", "'re", "'r", "'l", "'lL", "x'",
    "0123456789", "12 345 6789", "x1y22z333", "\u0661\u0662\u0663\u0664", "\u00bd\u00b2 \u2167", "1'000,000.5e-7", "价格是100元",
    "中文没有空格，标点“引号”。", "中英文mixed混排text123", "日本語のテキスト、カタカナ", "한국어 텍스트", "𠮷野家 𪚥",
    "e\u0301 caf\u00e9 cafe\u0301", "नमस्ते दुनिया", "👨\u200d👩\u200d👧 ok\ufe0f", "🇨🇳", "\u200b\u200dx\ufeffy", "!!!???\n\n!!!", " !x", "(a)[b]{c}",
    "a_b-c.d@e.f/g?h=i&j#k", "def f(x):\n    return x\n", "\x00\x01\x7f", "<|endoftext|>", "a<|endoftext|>b <|reserved_1|>",
    "<|endoftext", "<<|endoftext|>|>", "<|reserved_|> <|reserved_10|>", " <|endoftext|> ", "aaaaaaaaaaaaaaaaa",
    "HelloWorld XMLHttpRequest camelCase iOS ABC", "don'tX DON'T's a'S'T", "x//\n/\n;\n// y", "!\n/!\n\n/x", "ǅA ʰb ა Ა éÉ",
    "\u0301a \u0301 a\u0301B", "カ・カ゛ー\u3040か123中a1 中", "(foo) ((foo \u0001\u0002a\u0001 \u0001", "国straße!straße“straße",
    "q\u0307\u0323 \u1ddd\u0c3c \u1100\u1161\u11a8 \u212b", "  1 12 1234 ٣٤٥٦ x  9", "\t\tfoo\t1\tbar", "a" * 61 + "'ll b", "word " * 40,
    "<l> x <l>  <r>  y<b> \u3000<b>\n<n> z  <n><r>  <l>", " <r> \t <l> ", "▁a ▁▁b▁ c <s>d</s>", "a  b   c    d", "\U0001f468\u200d\x00中𠮷",
    "=" * 70, "a" * 200, "道可道" * 30, "ab" * 40 + " " * 40 + "\n",
]
LETTERS = list("aAbsStTlLdDmrReEvV'' \n\r\t  019.,!-_=<|中道可。，") + [
    "\u017f", "\u0301", "\u0661", "\u00b2", "\u200d", "\u3000", "\u0085", "é", "か", "🙂", "𠮷", "'ll", "'S", "  ", "\r\n", "<|endoftext|>"]


def fuzz(count):
    source = random.Random(20_24)
    return ["".join(source.choice(LETTERS) for _ in range(source.randint(1, 20))) for _ in range(count)]


def pre_tokenizer(name):
    if PATTERNS[name] is None:
        return pre_tokenizers.Sequence([
            pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)])
    splits = [pre_tokenizers.Split(Regex(expression), "isolated") for expression in PATTERNS[name]]
    return pre_tokenizers.Sequence([*splits, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=not splits)])


def pieces(name, text):
    return [text[start:end] for _, (start, end) in pre_tokenizer(name).pre_tokenize_str(text)]


def over_characters(documents):
    """As Llama 2's: a mark for each space and before the text, bytes for what has no token."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("\u2581"), normalizers.Replace(" ", "\u2581")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="never")
    tokenizer.decoder = decoders.Sequence([
        decoders.Replace("\u2581", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    special = ["<unk>", "<s>", "</s>"]
    tokenizer.train_from_iterator(documents, trainers.BpeTrainer(
        vocab_size=800, limit_alphabet=150, show_progress=False,
        special_tokens=special + [f"<0x{byte:02X}>" for byte in range(256)]))
    whole = json.loads(tokenizer.to_str())
    whole["added_tokens"] = [token for token in whole["added_tokens"] if token["content"] in special]
    whole["pre_tokenizer"] = None
    return whole


def variants(base):
    """Tokenizers over characters that see spaces otherwise."""
    def metaspace(scheme, split):
        return {**base, "normalizer": None, "pre_tokenizer": {
            "type": "Metaspace", "replacement": "\u2581", "prepend_scheme": scheme, "split": split}}
    return {"characters": base, "metaspace_first": metaspace("first", False), "metaspace_always": metaspace("always", True),
            "metaspace_never": metaspace("never", True),
            "gemma": {**base, "normalizer": {"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"}}}


def stripping(base):
    """Tokens that take the white space around them, and one that is looked for behind the normalizer."""
    changed = Tokenizer.from_str(json.dumps(base))
    changed.add_tokens([
        AddedToken("<l>", lstrip=True, normalized=False), AddedToken("<r>", rstrip=True, normalized=False),
        AddedToken("<b>", lstrip=True, rstrip=True, normalized=False), AddedToken("<n>", lstrip=True, normalized=True)])
    return changed


def main():
    documents = PROSE + fuzz(60)
    with open(os.path.join(HERE, "training.jsonl"), "w", encoding="utf-8") as file:
        for text in documents:
            file.write(json.dumps({"text": text}) + "\n")
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizer("qwen2")
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=800, min_frequency=2, show_progress=False,
                                  initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator(documents, trainer)
    tokenizer.add_special_tokens([AddedToken(text, special=True, normalized=False) for text in
                                  ["<|endoftext|>", "<|reserved_0|>", "<|reserved_1|>", "<|reserved_10|>"]])
    tokenizer.save(os.path.join(HERE, "tokenizer.json"), pretty=False)
    characters = over_characters(documents)
    with open(os.path.join(HERE, "characters.json"), "w", encoding="utf-8") as file:
        json.dump(characters, file, ensure_ascii=False)
    base = json.loads(tokenizer.to_str())
    others = {name: Tokenizer.from_str(json.dumps(value)) for name, value in variants(characters).items()}
    others["nfc"] = Tokenizer.from_str(json.dumps({**base, "normalizer": {"type": "NFC"}}))
    others["strips"] = stripping(base)
    others["characters_strips"] = stripping(characters)
    golden = []
    whole = Tokenizer.from_str(json.dumps({**json.loads(tokenizer.to_str()), "model": {
        **json.loads(tokenizer.to_str())["model"], "ignore_merges": True}}))
    for index, text in enumerate(TRICKY + fuzz(260)[60:]):
        case = {"text": text, "ids": {}}
        if index < len(TRICKY):
            case["pieces"] = {name: pieces(name, text) for name in PATTERNS}
        for name in PATTERNS:
            tokenizer.pre_tokenizer = pre_tokenizer(name)
            case["ids"][name] = tokenizer.encode(text).ids
        case["ids"]["ignore_merges"] = whole.encode(text).ids
        for name, other in others.items():
            case["ids"][name] = other.encode(text, add_special_tokens=False).ids
        golden.append(case)
    with open(os.path.join(HERE, "golden.json"), "w", encoding="utf-8") as file:
        file.write("[\n" + ",\n".join(json.dumps(case, separators=(",", ":")) for case in golden) + "\n]\n")


main()
