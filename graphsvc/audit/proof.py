"""Entries as they are shown and handed out, and the proof that one is under a signed root.

A proof is checked with its own text alone: whoever holds one needs no access to the journal.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from graphsvc.audit.chain import Entry
from graphsvc.audit.checkpoint import read_checkpoint
from graphsvc.audit.events import canonical
from graphsvc.audit.journal import Journal
from graphsvc.audit.ledger import Ledger
from graphsvc.audit.merkle import leaf, root_by, root_of, siblings
from graphsvc.errors import InputRefused, JournalCorrupt, NotFound


def told(entry: Entry) -> dict[str, Any]:
    """Return an entry as JSON; its body's canonical form is what was hashed.

    Raises JournalCorrupt where the body is no JSON.
    """
    try:
        body = json.loads(entry.body)
    except ValueError:
        raise JournalCorrupt(f"entry {entry.seq} is not what was recorded") from None
    return {"seq": entry.seq, "body": body, "prev": entry.prev.hex(), "hash": entry.hash.hex()}


def newest(folder: Path, wanted: Mapping[str, str], *, first: int) -> list[dict[str, Any]]:
    """Return the last `first` entries whose bodies have these values, newest first.

    Raises NotFound where there is no journal, JournalAway.
    """
    found: list[dict[str, Any]] = []
    ledger = Ledger.readable(folder)
    try:
        for entry in ledger.backwards():
            if len(found) == first:
                break
            row = told(entry)
            if wanted.items() <= row["body"].items():
                found.append(row)
    finally:
        ledger.close()
    return found


def exported(folder: Path, *, after: int = 0) -> Iterator[dict[str, Any]]:
    """Yield the head (entries, last hash, latest checkpoint), then every entry after a number.

    Raises NotFound where there is no journal, JournalAway.
    """
    ledger = Ledger.readable(folder)
    try:
        (size, last), signed = ledger.head(), ledger.latest()
        checkpoint = signed[0].as_json() if signed else None
        yield {"head": {"entries": size, "hash": last.hex(), "checkpoint": checkpoint}}
        yield from map(told, ledger.entries(after + 1))
    finally:
        ledger.close()


def prove(folder: Path, seq: int) -> dict[str, Any]:
    """Return the proof that an entry is under the latest checkpoint, which is made if need be.

    An RFC 9162 inclusion proof: `index` counts from 0, `path` goes from the leaf upwards. Raises
    NotFound, JournalAway.
    """
    ledger = Ledger.readable(folder)
    try:
        signed = ledger.latest()
        if 1 <= seq <= ledger.head()[0] and (not signed or signed[0].size < seq):
            ledger.close()
            Journal.open(folder).close()  # which signs what is not signed yet
            ledger = Ledger.readable(folder)
            signed = ledger.latest()
        entry = next(ledger.entries(seq, seq), None)
        if entry is None or signed is None:
            raise NotFound(f"the journal has no entry {seq}")
        size = signed[0].size
        ranges = siblings(seq - 1, size)
        path = [root_of(ledger.hashes(low + 1, high)).hex() for low, high in ranges]
    finally:
        ledger.close()
    return {**told(entry), "index": seq - 1, "path": path, "checkpoint": signed[0].as_json()}


def fault(proof: object, where: str) -> str | None:
    """Return why a proof does not hold, None where it does; raises InputRefused for no proof."""
    try:
        return _fault(proof, where)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise InputRefused(f"{where}: no proof of an entry") from None


def _fault(proof: Any, where: str) -> str | None:
    signed = read_checkpoint(proof["checkpoint"], where)
    path = [bytes.fromhex(each) for each in proof["path"]]
    hashed = leaf(bytes.fromhex(proof["prev"]) + canonical(proof["body"]))
    if hashed.hex() != proof["hash"]:
        return "the entry is not what was hashed"
    if proof["index"] != proof["seq"] - 1:
        return "the proof is of another entry"
    if root_by(hashed, proof["index"], signed.size, path) != signed.root:
        return "the entry is not under the checkpoint's root"
    return None if signed.is_signed() else "the checkpoint does not bear a good signature"
