"""A graph as text, piece by piece: NDJSON or GraphML; a text that was cut short looks cut short.

The last line of NDJSON is a record of its own, and GraphML is well-formed only when it is whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol
from xml.sax.saxutils import escape, quoteattr

Value = str | int | float | bool | list[str] | None
_UNWRITABLE = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE = "http://graphml.graphdrawing.org/xmlns"
_BREAKS = {"\r": "&#13;"}  # a reader would make a line feed of it
# What a node or an edge may tell, with the type that GraphML has for it.
NODE: Mapping[str, str] = {
    **dict.fromkeys(("kind", "platform", "sellerId", "text", "level"), "string"),
    **dict.fromkeys(("distance", "degree"), "int"),
    "hub": "boolean",
    **dict.fromkeys(("ringId", "tier", "status", "engine", "run", "country"), "string"),
    **dict.fromkeys(("version", "size"), "int"),
    "score": "double",
}
EDGE: Mapping[str, str] = {
    **dict.fromkeys(("kind", "shown", "firstSeen", "lastSeen", "sources", "assertedBy"), "string"),
    "tier": "string",
    **dict.fromkeys(("posterior", "confidence", "weight", "banWeight"), "double"),
    **dict.fromkeys(("ties", "members"), "int"),
    **dict.fromkeys(("counts", "cut", "standing"), "boolean"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A node (`target` is empty), or an edge from one node to another, and what is told of it."""

    id: str
    target: str = ""
    told: Mapping[str, Value] = field(default_factory=dict)


@dataclass(slots=True)
class Counts:
    """How many nodes and edges have been written."""

    nodes: int = 0
    edges: int = 0

    def add(self, part: Part) -> None:
        """Count a part."""
        self.nodes += not part.target
        self.edges += bool(part.target)


class Written(Protocol):
    """How a graph is written: what comes before, each part, and what comes after."""

    media: str

    def opening(self) -> str: ...
    def part(self, part: Part) -> str: ...
    def closing(self, counts: Counts, error: Mapping[str, str] | None) -> str: ...


class Ndjson:
    """A line of JSON for each node and edge, and a last one that tells whether that was all."""

    media = "application/x-ndjson"

    def opening(self) -> str:
        """Return nothing: the first line is the first part."""
        return ""

    def part(self, part: Part) -> str:
        """Return a part's line; what is not known is left out."""
        if part.target:
            return _line({"record": "edge", "source": part.id, "target": part.target, **part.told})
        return _line({"record": "node", "id": part.id, **part.told})

    def closing(self, counts: Counts, error: Mapping[str, str] | None) -> str:
        """Return the last line: the counts, and the error that cut the graph short."""
        told = {"record": "end", "whole": error is None}
        return _line({**told, "nodes": counts.nodes, "edges": counts.edges, **(error or {})})


class Graphml:
    """GraphML 1.0 that is not directed; the keys are declared before the first node."""

    media = "application/graphml+xml"

    def opening(self) -> str:
        """Return the text before the first part."""
        keys = [
            f'<key id="{of[0]}_{name}" for="{of}" attr.name="{name}" attr.type="{kind}"/>\n'
            for of, names in (("node", NODE), ("edge", EDGE))
            for name, kind in names.items()
        ]
        return (
            f'{_XML}<graphml xmlns="{_SPACE}">\n{"".join(keys)}<graph edgedefault="undirected">\n'
        )

    def part(self, part: Part) -> str:
        """Return a part's element."""
        if part.target:
            ends = f"source={_attribute(part.id)} target={_attribute(part.target)}"
            return f"<edge {ends}>{_data('e', part.told)}</edge>\n"
        return f"<node id={_attribute(part.id)}>{_data('n', part.told)}</node>\n"

    def closing(self, counts: Counts, error: Mapping[str, str] | None) -> str:
        """Return the end tags, none for a graph that was cut short."""
        del counts
        return "" if error else "</graph>\n</graphml>\n"


class Form(StrEnum):
    """How a graph can be asked for; the word is the suffix."""

    NDJSON = "ndjson"
    GRAPHML = "graphml"


FORMS: Mapping[Form, Written] = {Form.NDJSON: Ndjson(), Form.GRAPHML: Graphml()}


def writable(text: str) -> str:
    """Return a text with what XML cannot hold replaced."""
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def _line(told: Mapping[str, object]) -> str:
    known = {name: value for name, value in told.items() if value is not None}
    return json.dumps(known, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n"


def _data(of: str, told: Mapping[str, Value]) -> str:
    return "".join(
        f'<data key="{of}_{name}">{escape(writable(_text(value)), _BREAKS)}</data>'
        for name, value in told.items()
        if value is not None
    )


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(value) if isinstance(value, list) else str(value)


def _attribute(text: str) -> str:
    return quoteattr(writable(text), _BREAKS)
