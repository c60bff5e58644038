"""What a row becomes: records of the schema, stamped with where they came from; no I/O."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from json.encoder import encode_basestring as _quoted
from operator import attrgetter
from typing import Any

from queries.merge import Spec, columns, named
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

    `settled` says whether rows can contradict each other about it; an assertion's `key` is a digest
    of its ends and marks. `least` and `greatest` name what is taken over all rows.
    """

    spec: Spec
    names: tuple[str, ...]
    columns: tuple[str, ...]
    key: Callable[[Any], str]
    values: Callable[[Any], tuple[Any, ...]]
    winner: Callable[[Any], tuple[Any, ...]]
    least: tuple[str, ...]
    greatest: tuple[str, ...]
    settled: bool

    def record(self, values: Mapping[str, Any]) -> Any:
        """Return the record of these values by name; others may stand among them."""
        return self.spec.row(**{name: values[name] for name in self.names})

    def digest(self, record: Any) -> str:
        """Return 16 hex digits that tell what contested values a record has."""
        return content_digest(canonical(self.winner(record)))


def _shape(spec: Spec) -> Shape:
    keeps = (Keep.DERIVED, Keep.WINNER, Keep.LEAST, Keep.GREATEST)
    ends = ("start", "end") if isinstance(spec, EdgeSpec) else (spec.key,)
    names = (*ends, *(n for n in named(spec, *keeps) if n != "key"))
    winner = named(spec, Keep.WINNER)
    return Shape(
        spec=spec,
        names=names,
        columns=columns(spec),
        key=_assertion_key(spec) if isinstance(spec, EdgeSpec) else attrgetter(spec.key),
        values=attrgetter(*names),
        winner=_getter(winner),
        least=named(spec, Keep.LEAST),
        greatest=named(spec, Keep.GREATEST),
        settled=bool(winner),
    )


def _getter(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """Return a getter that gives a tuple whatever the number of names."""
    if len(names) == 1:
        only = attrgetter(names[0])
        return lambda record: (only(record),)
    return attrgetter(*names) if names else lambda record: ()


def _assertion_key(spec: EdgeSpec) -> Callable[[Any], str]:
    """Return what makes the key of (relation, start, end, role, source system, asserted by)."""
    name, marks = spec.name, attrgetter("start", "end", "role", "source_system", "asserted_by")

    def key(record: Any) -> str:
        start, end, role, system, by = marks(record)
        return relation_key(name, start, end, role or "", system, by)

    return key


def relation_key(*parts: str) -> str:
    """Return 32 hex digits that name the relation which these parts make."""
    return blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()


_SPECS: list[Spec] = [*NODES.values(), *EDGES.values()]
SHAPES: dict[type, Shape] = {spec.row: _shape(spec) for spec in _SPECS if spec.domain}
_encoded = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def canonical(values: tuple[Any, ...]) -> str:
    """Return the canonical text of a record's contested values; texts compare as rows do."""
    return f"[{','.join([_quoted(v) if type(v) is str else _encoded(v) for v in values])}]"


def content_digest(text: str) -> str:
    """Return 16 hex digits that tell one canonical text from another."""
    return blake2b(text.encode(), digest_size=8).hexdigest()


def held_canonical(spec: Spec, held: Mapping[str, Any]) -> str:
    """Return the canonical text of what the graph holds for a key."""
    return canonical(tuple(held.get(name) for name in named(spec, Keep.WINNER)))
