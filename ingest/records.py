"""What a row becomes: records of the schema, stamped with where they came from; no I/O."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from operator import attrgetter
from typing import Any

from queries.merge import Spec, named
from queries.schema import EDGES, NODES, EdgeSpec, Keep


@dataclass(frozen=True, slots=True)
class Stamp:
    """Where rows came from: the file's name and SHA-256, and the version of the job."""

    file: str
    digest: str
    job: str

    def source(self, line: int) -> str:
        """Return the provenance of one line: `file digest:line`."""
        return f"{self.digest[:16]}:{line}"


@dataclass(frozen=True, slots=True)
class Facts:
    """What one row says: when it was seen ("" = unknown, the oldest), and its records."""

    seen_at: str
    records: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """How a record class is read: its spec, and the getters of its key and of its values.

    `settled` says whether rows can contradict each other about it.
    """

    spec: Spec
    names: tuple[str, ...]
    values: Any
    winner: Any
    settled: bool

    def key(self, record: Any) -> str:
        """Return the record's unique key; an assertion's is a digest of its ends and marks."""
        if isinstance(self.spec, EdgeSpec):
            return assertion_key(self.spec, record)
        found: str = getattr(record, self.spec.key)
        return found


def _shape(spec: Spec) -> Shape:
    keeps = (Keep.DERIVED, Keep.WINNER, Keep.LEAST, Keep.GREATEST)
    ends = ("start", "end") if isinstance(spec, EdgeSpec) else (spec.key,)
    names = (*ends, *(n for n in named(spec, *keeps) if n != "key"))
    winner = named(spec, Keep.WINNER)
    return Shape(spec, names, attrgetter(*names), _getter(winner), bool(winner))


def _getter(names: tuple[str, ...]) -> Any:
    """Return a getter that gives a tuple whatever the number of names."""
    if len(names) == 1:
        only = attrgetter(names[0])
        return lambda record: (only(record),)
    return attrgetter(*names) if names else lambda record: ()


_SPECS: list[Spec] = [*NODES.values(), *EDGES.values()]
SHAPES: dict[type, Shape] = {spec.row: _shape(spec) for spec in _SPECS if spec.domain}


def assertion_key(spec: EdgeSpec, record: Any) -> str:
    """Return 32 hex digits for (relation, start, end, role, source system, asserted by)."""
    parts = (
        spec.name,
        record.start,
        record.end,
        record.role or "",
        record.source_system,
        record.asserted_by,
    )
    return relation_key(*parts)


def relation_key(*parts: str) -> str:
    """Return 32 hex digits that name the relation which these parts make."""
    return blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()


def canonical(values: tuple[Any, ...]) -> str:
    """Return the canonical text of a record's contested values; texts compare as rows do."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def content_digest(text: str) -> str:
    """Return 16 hex digits that tell one canonical text from another."""
    return blake2b(text.encode(), digest_size=8).hexdigest()


def held_canonical(spec: Spec, held: Mapping[str, Any]) -> str:
    """Return the canonical text of what the graph holds for a key."""
    return canonical(tuple(held.get(name) for name in named(spec, Keep.WINNER)))
