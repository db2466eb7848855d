"""What a spool holds, read by its formats alone, and what must be true of any spool at rest (docs/SPOOL.md)."""

import hashlib
import json
import os
import re
import struct

STATE_AT, STATE_BYTES, HEADER = 59, 5, 32


def files(spool, top=""):
    """Every file and link below a folder, by path."""
    found = {}
    for folder, _, names in os.walk(os.path.join(spool, top)):
        for name in names:
            path = os.path.join(folder, name)
            found[os.path.relpath(path, spool)] = path
    return found


def digest(path):
    if os.path.islink(path):
        return "-> " + os.readlink(path)
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def read_json(path):
    with open(path, "rb") as file:
        return json.loads(file.read())


def log(path):
    """Records of a journal or ledger: JSON, tab, checksum."""
    with open(path, "rb") as file:
        return [json.loads(line.rsplit(b"\t", 1)[0]) for line in file.read().split(b"\n") if b"\t" in line]


def journal(spool):
    folder = os.path.join(spool, "state/journal")
    names = sorted(name for name in os.listdir(folder) if name.endswith(".jsonl"))
    return [record for name in names for record in log(os.path.join(folder, name))]


def plain(name):
    """A request's number may differ (a death between numbering and taking leaves a gap): save-0000120-3 is
    save-0000120."""
    return re.sub(r"(save-\d+)-\d+", r"\1", name)


def documents(spool):
    """Id and state of every document, in order."""
    ids, states = [], []
    corpus = os.path.join(spool, "corpus")
    for name in sorted(n for n in os.listdir(corpus) if re.fullmatch(r"\d{8}\.json", n)):
        manifest = read_json(os.path.join(corpus, name))
        with open(os.path.join(corpus, name[:8] + ".meta"), "rb") as file:
            records = file.read()
        count = manifest["count"]
        size = (len(records) - HEADER) // count if count else 0
        for index in range(count):
            record = records[HEADER + index * size:HEADER + (index + 1) * size]
            ids.append(record[16:32].hex())
            states.append(record[STATE_AT:STATE_AT + STATE_BYTES])
        for ordinal, state, other in manifest["changes"]:
            states[ordinal] = bytes([state]) + other.to_bytes(4, "little")
    return [i + " " + s.hex() for i, s in zip(ids, states)]


def answers(spool):
    """The newest answer to every request, without its number and times."""
    found = {}
    folder = os.path.join(spool, "control/ack")
    for name in sorted(n for n in os.listdir(folder) if re.match(r"\d+-", n)):
        answer = read_json(os.path.join(folder, name))
        checkpoint = plain(answer.get("checkpoint") or "")
        found.setdefault(answer["name"], []).append((answer["state"], checkpoint))
    return found


def outcome(spool):
    """What must come out alike, however the processes died on the way, given the order in which files were claimed."""
    result = {"documents": documents(spool), "answers": answers(spool), "files": {}, "sources": {}, "head": ""}
    status = os.path.join(spool, "status/agent.json")
    if os.path.exists(status):
        result["sources"] = read_json(status)["sources"]
    for top in ["blocks", "tokenizer", "rejected", "eval/results", "eval/trends"]:
        for name, path in files(spool, top).items():
            if not os.path.basename(name).startswith("README"):
                result["files"][plain(name)] = plain(digest(path))
    for name, path in files(spool, "checkpoints").items():
        # Checkpoints made by the clock are where time put them.
        if name.endswith(".safetensors") and "/auto-" not in name:
            result["files"][plain(name)] = digest(path)
    head = os.path.join(spool, "runs/main/HEAD.json")
    if os.path.exists(head):
        result["head"] = plain(read_json(head)["checkpoint"])
    return result


def claim_order(spool):
    return [record.get("path") for record in journal(spool) if record["ev"] == "claim"]


def unreadable(spool):
    """Files that were rejected, or lines that were told, because the disk gave an error."""
    told = []
    for name, path in files(spool, "rejected").items():
        if name.endswith((".reason.json", ".bad.jsonl")):
            with open(path, "rb") as file:
                if b"Input/output error" in file.read():
                    told.append(name)
    return told


def differences(found, right):
    """In words, at most a few of each."""
    told = []
    if found["documents"] != right["documents"]:
        told.append(f"{len(found['documents'])} documents, not {len(right['documents'])}, or other states")
    for part in ["files", "answers", "sources"]:
        names = sorted(n for n in set(found[part]) | set(right[part]) if found[part].get(n) != right[part].get(n))
        for name in names[:4]:
            what = ("is missing" if name not in found[part] else "is too much" if name not in right[part] else
                    "differs" if part == "files" else f"{found[part][name]} not {right[part][name]}")
            told.append(f"{part}: {name} {what}")
    if found["head"] != right["head"]:
        told.append(f"HEAD {found['head']} not {right['head']}")
    return told


def violations(spool):
    """What must never be true of a spool at rest after its processes have ended well."""
    told = []
    for name in files(spool):
        base = os.path.basename(name)
        if base.startswith(".") and base.endswith(".tmp"):
            told.append(f"temporary left: {name}")
    for folder in [f for f, _, _ in os.walk(spool) if re.fullmatch(r"\..*\.tmp", os.path.basename(f))]:
        told.append(f"temporary left: {os.path.relpath(folder, spool)}/")
    # What a sender has not given its name yet is left alone.
    told += [f"not taken: {n}" for n in files(spool, "incoming") if not os.path.basename(n).startswith(("README", "."))]
    told += [f"claimed and left: {n}" for n in files(spool, "state/claimed")]
    taken = os.listdir(os.path.join(spool, "control/.taken"))
    told += [f"taken and left: {n}" for n in taken if not n.startswith((".seq-", ".stopped-")) and not waits(spool, n)]
    told += unverified_batches(spool) + unverified_blocks(spool) + unverified_checkpoints(spool)
    for source, counts in outcome_sources(spool).items():
        if counts["in"] != sum(value for name, value in counts.items() if name != "in"):
            told.append(f"counts of {source} do not add up: {counts}")
    return told


def outcome_sources(spool):
    status = os.path.join(spool, "status/agent.json")
    return read_json(status)["sources"] if os.path.exists(status) else {}


def waits(spool, taken):
    """A taken request may stay while its answer is not final."""
    path = os.path.join(spool, "control/ack", taken + ".json")
    return os.path.exists(path) and read_json(path)["state"] in ("accepted", "running")


def dense(numbers, what):
    return [] if sorted(numbers) == list(range(len(numbers))) else [f"{what} are not dense: {sorted(numbers)}"]


def unverified_batches(spool):
    folder = os.path.join(spool, "corpus")
    told, numbers = [], []
    for name in os.listdir(folder):
        if re.fullmatch(r"\d{8}\.json", name):
            numbers.append(int(name[:8]))
            wanted = read_json(os.path.join(folder, name))["files"]
            for suffix, key in [(".jsonl.zst", "text_sha256"), (".meta", "records_sha256")]:
                if digest(os.path.join(folder, name[:8] + suffix)) != wanted[key]:
                    told.append(f"corpus/{name[:8]}{suffix} is not what its manifest says")
        elif re.match(r"\d{8}\.(jsonl\.zst|meta)$", name) and not os.path.exists(
                os.path.join(folder, name[:8] + ".json")):
            told.append(f"corpus/{name} has no manifest")
    claims = [record["seq"] for record in journal(spool) if record["ev"] == "claim"]
    return told + dense(numbers, "batches") + dense([c - min(claims) for c in claims], "claims")


def unverified_blocks(spool):
    folder = os.path.join(spool, "blocks")
    told, numbers, known = [], [], set()
    for name in os.listdir(folder):
        if re.fullmatch(r"part-\d+\.json", name):
            manifest = read_json(os.path.join(folder, name))
            numbers.append(manifest["number"])
            known.add(name)
            for file in manifest["files"]:
                known.add(file["name"])
                path = os.path.join(folder, file["name"])
                if not os.path.exists(path) or digest(path) != file["sha256"]:
                    told.append(f"blocks/{file['name']} is not what its manifest says")
    known |= {f"part-{r['number']:05}.r{r['revision']}.withdrawn" for r in journal(spool) if r["ev"] == "withdrawn"}
    told += unbalanced(spool)
    told += [f"blocks/{n} belongs to no manifest" for n in os.listdir(folder)
             if n.startswith("part-") and n not in known]
    return told + dense(numbers, "blocks")


def unbalanced(spool):
    """Uses of documents by the blocks there are: each goes on where the one before it ended, or begins anew."""
    told, tails, lengths = [], {}, {}
    folder = os.path.join(spool, "blocks")
    for record in journal(spool):
        manifest = os.path.join(folder, f"part-{record['number']:05}.json") if record["ev"] == "block" else ""
        if not os.path.exists(manifest) or read_json(manifest)["revision"] != record["revision"]:
            continue
        draw = f"part-{record['number']:05}.r{record['revision']}.draw"
        with open(os.path.join(spool, "state/draws", draw), "rb") as file:
            data = file.read()
        at = 16 + int.from_bytes(data[8:12], "little")
        for ordinal, start, count in struct.iter_unpack("<III", data[at:-4]):
            if start != tails.get(ordinal, 0) and start != 0:
                told.append(f"{draw}: document {ordinal} goes on at token {start}, not {tails.get(ordinal, 0)}")
            if start == 0 and tails.get(ordinal, 0) != lengths.get(ordinal, tails.get(ordinal, 0)):
                told.append(f"{draw}: document {ordinal} begins anew before its end")
            tails[ordinal] = start + count
            lengths[ordinal] = max(lengths.get(ordinal, 0), start + count)
    return told


def unverified_checkpoints(spool):
    told = []
    for name, path in files(spool, "checkpoints").items():
        # A folder without its name yet is no checkpoint.
        if os.path.basename(name) == "COMMIT.json" and "/." not in name:
            for file in read_json(path)["files"]:
                part = os.path.join(os.path.dirname(path), file["name"])
                if not os.path.exists(part) or digest(part) != file["sha256"]:
                    told.append(f"{os.path.dirname(name)}/{file['name']} is not what COMMIT.json says")
    head = os.path.join(spool, "runs/main/HEAD.json")
    if os.path.exists(head):
        reference = read_json(head)["checkpoint"]
        if not os.path.exists(os.path.join(spool, "checkpoints", reference, "COMMIT.json")):
            told.append(f"HEAD names {reference}, which is not there")
    return told


# What a start that finds nothing to do may still change: who is there (leases, status), that it was there and left (one
# `open` record in the journal; `resume` and `stop` in the ledger; the mark of a clean stop) and the curves' new files.
ALLOWED = re.compile(
    r"(status/|state/leases/|runs/[^/]+/tb/|state/journal/|runs/[^/]+/ledger\.jsonl|control/\.taken/\.stopped-)")


def snapshot(spool):
    still = {n: digest(p) for n, p in files(spool).items() if not ALLOWED.match(n)}
    ledger = os.path.join(spool, "runs/main/ledger.jsonl")
    return still, len(journal(spool)), len(log(ledger)) if os.path.exists(ledger) else 0


def changes(spool, before):
    """What a second recovery did although there was nothing to do."""
    still, journal_length, ledger_length = before
    now, _, _ = snapshot(spool)
    told = [f"second recovery changed {n}" for n in set(still) | set(now) if still.get(n) != now.get(n)]
    told += [f"second recovery journalled {r['ev']}" for r in journal(spool)[journal_length:] if r["ev"] != "open"]
    ledger = os.path.join(spool, "runs/main/ledger.jsonl")
    if os.path.exists(ledger):
        told += [f"second recovery noted {r['kind']}" for r in log(ledger)[ledger_length:]
                 if r["kind"] not in ("resume", "stop")]
    return told[:5]
