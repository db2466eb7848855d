"""pretraind score --command etc/scorers/bert_scorer.py with a small BERT made here: the scores are the model's own on the
prose, in the order of the lines; code is not asked about. The same in the agent, by score.command.

usage: bert_scores.py PRETRAIND
"""

import json
import os
import subprocess
import sys
import tempfile

import torch
from tokenizers import BertWordPieceTokenizer
from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

PROSE = [
    "The tide came in slowly and covered the stones one after the other, as it had done for years.",
    "春天来了，河边的柳树发了芽，孩子们在岸上放风筝，老人们坐在石头上晒太阳，谈着往年的收成和今年的天气。",
    "Buy cheap watches now, the best watches, the cheapest watches of all, click here and buy now.",
]
FENCE = "\n\n```c\nint main(void) { return 0; }\n```\n\n"
CODE = "#include <stdio.h>\n\nint main(void) {\n  printf(\"hello\\n\");\n  return 0;\n}\n"


def small_bert(folder):
    torch.manual_seed(7)
    characters = sorted(set("".join(PROSE).lower()) - {" "})
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + characters + ["##" + c for c in characters]
    wordpiece = BertWordPieceTokenizer(vocab={piece: number for number, piece in enumerate(pieces)}, lowercase=True)
    names = {"unk_token": "[UNK]", "pad_token": "[PAD]", "cls_token": "[CLS]", "sep_token": "[SEP]", "mask_token": "[MASK]"}
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=wordpiece._tokenizer, **names)
    assert all(tokenizer.unk_token_id not in tokenizer(text)["input_ids"] for text in PROSE)
    shape = BertConfig(
        vocab_size=len(tokenizer), hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64,
        num_labels=3, initializer_range=0.5)
    model = BertForSequenceClassification(shape).eval()
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return tokenizer, model


def expected(tokenizer, model, text):
    with torch.inference_mode():
        logits = model(**tokenizer([text], truncation=True, max_length=128, return_tensors="pt")).logits
    return float(logits.softmax(dim=1)[0] @ torch.tensor([0.0, 1.0, 2.0]) / 2)


def agents(pretraind, command, rows, root):
    """The agent's records of the same documents, in their order."""
    spool = os.path.join(root, "spool")
    os.makedirs(os.path.join(spool, "incoming", "web"))
    with open(os.path.join(spool, "incoming", "web", "a.jsonl"), "w", encoding="utf-8") as file:
        file.writelines(json.dumps({"id": n, "text": text}) + "\n" for n, (text, _) in enumerate(rows))
    settings = [
        f"score.command={command}", "clean.enabled=false", "redact.enabled=false", "dedupe.enabled=false",
        "spool.high_water=1", "spool.low_water=1", "spool.reserve_mb=1"]
    words = [pretraind, "agent", "--until-idle", "--no-inotify", "--spool", spool]
    words += [word for setting in settings for word in ("--set", setting)]
    subprocess.run(words, check=True, stderr=subprocess.DEVNULL)
    lines = subprocess.run(f"zstd -dcq '{spool}'/corpus/*.jsonl.zst", shell=True, check=True, stdout=subprocess.PIPE).stdout
    return [json.loads(line) for line in lines.splitlines()]


def main():
    pretraind = sys.argv[1]
    scorer = os.path.join(os.path.dirname(__file__), "..", "..", "etc", "scorers", "bert_scorer.py")
    with tempfile.TemporaryDirectory() as folder:
        tokenizer, model = small_bert(folder)
        rows = []
        for number in range(200):
            prose = PROSE[number % 3]
            # Every third document holds code, every tenth is nothing else.
            rows.append((CODE, None) if number % 10 == 9 else (prose + FENCE * (number % 3), prose + "\n\n" * 2 * (number % 3)))
        lines = "".join(json.dumps({"n": n, "text": text}) + "\n" for n, (text, _) in enumerate(rows))
        command = f"{sys.executable} {scorer} {folder} --tokens 128 --batch 7"
        output = subprocess.run([pretraind, "score", "--command", command], input=lines.encode(), stdout=subprocess.PIPE, check=True)
        answers = [json.loads(line) for line in output.stdout.splitlines()]
        assert [answer["n"] for answer in answers] == list(range(200)), "lines are missing or moved"
        worst, seen = 0.0, set()
        for answer, (text, prose) in zip(answers, rows):
            assert answer["text"] == text
            want = 0.5 if prose is None else expected(tokenizer, model, prose)
            worst = max(worst, abs(answer["score"] - want))
            seen.add(round(answer["score"], 4))
        assert worst < 1e-3, f"a score is off by {worst}"
        assert len(seen) >= 4, "the model tells nothing apart"
        records = agents(pretraind, command, rows, folder)
        assert [record["user_id"] for record in records] == list(range(200)), "records are missing or moved"
        for record, answer, (_, prose) in zip(records, answers, rows):
            assert abs(record["score"] - answer["score"]) < 2e-4, (record["score"], answer["score"])
            assert record.get("scored_by") == (None if prose is None else os.path.basename(folder)), record.get("scored_by")
        print(f"{len(answers)} documents, largest difference {worst:.1e}; the agent's records have the same scores")


main()
