#!/usr/bin/env python3
"""How fast the peers find personal data in a file of JSON Lines, MB of text a second of one process, on its first MB.
usage: bench-redaction.py FILE [MB]     with presidio-analyzer and datatrove (pip install) where they are"""
import json
import sys
import time

limit = float(sys.argv[2]) * 1e6 if len(sys.argv) > 2 else 4e6
texts, size = [], 0
for line in open(sys.argv[1], encoding="utf-8", newline="\n"):
    text = json.loads(line)["text"]
    texts.append(text)
    size += len(text.encode())
    if size >= limit:
        break


def measure(name, work):
    start = time.process_time()
    for text in texts:
        work(text)
    print(f"{name}: {size / 1e6 / (time.process_time() - start):.1f} MB/s of text ({size / 1e6:.0f} MB)", flush=True)


try:
    from presidio_analyzer.predefined_recognizers import CreditCardRecognizer, EmailRecognizer, IpRecognizer

    recognizers = [EmailRecognizer(), IpRecognizer(), CreditCardRecognizer()]
    measure(
        "presidio (e-mail, IP, card)", lambda text: [r.analyze(text, r.supported_entities, None) for r in recognizers]
    )
except ImportError:
    print("skipped: presidio-analyzer is not installed")
try:
    from datatrove.pipeline.formatters import PIIFormatter

    formatter = PIIFormatter()
    measure("datatrove PIIFormatter (e-mail, IPv4)", formatter.format)
except ImportError:
    print("skipped: datatrove is not installed")
