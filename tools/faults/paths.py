"""The paths that are swept: what lies in the spool before, which process works, with which settings.

Everything is there before the start and found by scanning, so that every run claims in the same order.
"""

import json
import os
import random
import shutil
import subprocess

WORDS = """the of and to in is that it was for on as with his they be at one have this from or had by hot word but what
some we can out other were all there when up use your how said an each she which do their time if will way about many
river mountain market window engine letter history teacher garden morning evening winter summer village""".split()

BASE = [
    "clean.enabled=false", "redact.enabled=false", "tokenize.vocab_size=384", "tokenize.reserved_ids=16",
    "compose.block_tokens=1000000000", "compose.lookahead_blocks=1000", "spool.quiet_ms=0", "spool.rescan_s=0.1",
    "spool.batch_documents=12", "spool.threads=1", "spool.high_water=1", "spool.low_water=1", "model.layers=1",
    "model.hidden=16", "model.heads=2", "model.kv_heads=1", "model.intermediate=32", "train.seq_len=32",
    "train.batch_tokens=512", "train.threads=1", "train.save_s=0", "train.peak_gflops=100", "evaluate.threads=1",
    "evaluate.rescan_s=0.05", "evaluate.max_items=3", "evaluate.nice=0",
]
BLOCKS = ["compose.block_tokens=1200"]
AGENT = ["agent", "--until-idle", "--no-inotify"]
COMPOSE = AGENT + ["--flush"]
TRAINER = ["trainer", "--until-idle"]
EVALUATOR = ["evaluator", "--until-idle"]


class Path:
    """One process alone: `words` with `settings`, in a copy of `template`, `runs` times until it has nothing to do."""

    def __init__(self, name, words, settings, template, runs=1):
        self.name, self.words, self.settings, self.template, self.runs = name, words, settings, template, runs


class Maker:
    """Makes the templates, each from the one before."""

    def __init__(self, binary, folder, scale):
        self.binary, self.folder, self.scale = binary, folder, scale
        self.random = random.Random(7)
        with open(os.path.join(folder, "sweep.json5"), "w", encoding="ascii") as file:
            file.write('{phases: [{name: "main", blocks: 1000, mix: {en: 1}}]}')

    def command(self, spool, words, settings):
        line = [self.binary] + words + ["--spool", spool, "--config", os.path.join(self.folder, "sweep.json5")]
        for setting in settings:
            line += ["--set", setting]
        return line

    def run(self, spool, words, settings):
        ran = subprocess.run(self.command(spool, words, settings), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        if ran.returncode != 0:
            raise SystemExit(f"{spool}: {words} ended with {ran.returncode}: {ran.stderr.decode(errors='replace')}")

    def copy(self, template, name):
        target = os.path.join(self.folder, name)
        shutil.copytree(template, target, symlinks=True)
        return target

    def text(self, words):
        return " ".join(self.random.choice(WORDS) for _ in range(words)).capitalize() + "."

    def line(self, text):
        return json.dumps({"text": text}) + "\n"

    def drop(self, spool, name, content):
        path = os.path.join(spool, "incoming", name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        # As if it had been there for a while.
        os.utime(path, (1_700_000_000, 1_700_000_000))

    def documents(self, spool, number):
        """Files of every fate: used, with bad lines, twice the same, unusable, of a name that needs escaping."""
        same = self.text(60)
        for index in range(number):
            lines = "".join(self.line(self.text(40)) for _ in range(6))
            self.drop(spool, f"web/{index:03}.jsonl", lines + (self.line(same) if index % 3 == 0 else ""))
            self.drop(spool, f"notes/{index:03}.txt", self.text(80))
            if index % 4 == 0:
                self.drop(spool, f"web/bad-{index:03}.jsonl", self.line(self.text(40)) + '{"text": a bad line\n')
            if index % 4 == 1:
                self.drop(spool, f"odd/{index:03}.bin", bytes([0, 1, 2, index]))
            if index % 4 == 2:
                self.drop(spool, f"odd/na\nme {index:03}.md", "# " + self.text(30))

    def sentinel(self, spool, name, content=""):
        path = os.path.join(spool, "control", name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(content)

    def paths(self):
        scale = self.scale
        seed = os.path.join(self.folder, "seed")
        self.documents(seed, 12)
        self.run(seed, COMPOSE, BASE)
        ingest = os.path.join(self.folder, "ingest")
        self.documents(ingest, 24 * scale)
        shutil.copytree(os.path.join(seed, "tokenizer"), os.path.join(ingest, "tokenizer"))
        compose = self.copy(ingest, "compose")
        self.run(compose, AGENT, BASE)
        trained = self.copy(compose, "checkpoint")
        self.run(trained, COMPOSE, BASE + BLOCKS)
        control = self.copy(trained, "control-trainer")
        flush = self.copy(compose, "control-agent")
        self.requests(control, flush)
        discard = self.copy(trained, "discard")
        self.discards(discard)
        evaluated = self.copy(trained, "evaluation")
        self.run(evaluated, TRAINER, BASE)
        for number in range(4):
            self.suite(evaluated, f"ppl/held-{number}", [self.line(self.text(30)) for _ in range(3)])
            self.suite(evaluated, f"probe/next-{number}", [
                json.dumps({"id": f"p{i}", "prompt": self.text(5), "target": " The"}) + "\n" for i in range(3)])
        asked = self.copy(evaluated, "control-evaluator")
        for number in range(8):
            self.sentinel(asked, f"eval.{number}", f"checkpoint=part-0000{number}\nsuite=held-{number % 4}\n")
        self.sentinel(asked, "eval.none", "suite=nonsense\n")
        return [
            Path("ingest", AGENT, BASE, ingest),
            Path("compose", COMPOSE, BASE + BLOCKS, compose),
            Path("checkpoint", TRAINER, BASE, trained),
            Path("control-trainer", TRAINER, BASE, control, runs=2),
            Path("control-agent", AGENT, BASE, flush),
            Path("discard", AGENT, BASE + BLOCKS, discard),
            Path("control-evaluator", EVALUATOR, BASE + ['evaluate.checkpoints=["save"]'], asked),
            Path("evaluation", EVALUATOR, BASE + ["evaluate.every=3"], evaluated),
        ]

    def requests(self, trainer, agent):
        """Once and level sentinels, with and without a moment, right and wrong ones."""
        for number in range(12):
            self.sentinel(trainer, f"save.{number}", f"at=step:{1 + number % 6}\n")
        self.sentinel(trainer, "rollback.one", "at=step:4\nto=part-00000\n")
        self.sentinel(trainer, "rollback.two", "at=step:6\n")
        self.sentinel(trainer, "rollback.never", "to=part-99999\n")
        self.sentinel(trainer, "stop", "at=step:8\n")
        self.sentinel(trainer, "stop.too", "at=step:8\n")
        self.sentinel(trainer, "pause", "at=step:1000000\n")
        self.sentinel(trainer, "skip.me", "block=part-00001\n")
        for number in range(6):
            self.sentinel(agent, f"flush.{number}")
            self.sentinel(agent, f"unknown-{number}")
        self.sentinel(agent, "flush.bad", "now please")
        self.sentinel(agent, "hold", "at=block:1000000\n")

    def discards(self, spool):
        """The newest, one in the middle, the same once more, one that is begun, one that is not there."""
        with open(os.path.join(spool, "status/trainer.json"), "w", encoding="ascii") as file:
            file.write('{"claimed_through": 0}')
        for name, content in [("newest", ""), ("middle", "block=2"), ("again", "block=part-00002"), ("begun", "block=0"),
                              ("absent", "block=777")]:
            self.sentinel(spool, f"discard.{name}", content)

    def suite(self, spool, name, lines):
        path = os.path.join(spool, "eval/suites", name + ".jsonl")
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write("".join(lines))
        os.utime(path, (1_700_000_000, 1_700_000_000))
