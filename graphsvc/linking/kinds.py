"""Propose what kind of place each address is: a forwarder, a mail drop, a home; never decide it."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any

import numpy as np

from graphsvc.store.reader import Reader
from graphsvc.store.writer import Transaction, Writer
from ingest.match.address_columns import Ids
from ingest.match.address_kinds import MODEL, Use, propose
from queries.addresses import ADDRESS_USES, SAVE_KINDS, UseColumns
from queries.runs import LEASE
from queries.schema.identifiers import AddressKind

CHUNK = 10_000
HOLDER = "link-addresses"
LEVELS = ("unit", "building")  # what names a place exactly enough to join somebody, or many


async def propose_kinds(reader: Reader, writer: Writer) -> dict[str, int]:
    """Write the kind of each address with its reason where either changed; return counts by kind.

    Addresses of which nothing is known are left out of the counts. Raises DatabaseAway, Conflict.
    """
    parts = [part async for part in reader.stream(ADDRESS_USES, chunk=CHUNK)]
    proposals = iter(propose(_columns(parts)))
    counts: Counter[str] = Counter()
    for part in parts:
        changed = []
        for name, kind, reason in zip(part.addresses, part.kinds, part.reasons, strict=True):
            found = next(proposals)
            # What is unknown and no crowd that wants explaining is not worth a word.
            told = (found.kind.value, found.reason) if found.reason else ("", "")
            counts[told[0]] += 1
            if told != (kind, reason):
                changed.append({"id": name, "kind": told[0] or None, "reason": told[1] or None})
        if changed:
            await writer.within(partial(_save, kinds=changed))
    return {kind.value: counts[kind.value] for kind in AddressKind}


def _columns(parts: list[UseColumns]) -> Use:
    """Return the addresses by columns; who is in the same town or street is no crowd."""

    exact = np.array([level in LEVELS for part in parts for level in part.levels], dtype=bool)

    def numbers(name: str) -> Ids:
        told = [number for part in parts for number in getattr(part, name)]
        return np.where(exact, np.array(told, dtype=np.int64), 0)

    marks = ("sellers", "names", "countries", "platforms", "shipping", "returns")
    return Use(
        [text for part in parts for text in part.texts],
        [
            _building(name, unit)
            for part in parts
            for name, unit in zip(part.addresses, part.units, strict=True)
        ],
        **{name: numbers(name) for name in marks},
    )


def _building(address: str, unit: str) -> str:
    """Return an address's key without its unit and its level, which end it."""
    return address.rpartition("|")[0].removesuffix(f"|{unit}")


async def _save(transaction: Transaction, kinds: list[dict[str, Any]]) -> None:
    await transaction.run(LEASE, run=HOLDER)
    await transaction.run(SAVE_KINDS, kinds=kinds, model=MODEL)
