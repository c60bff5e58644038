"""What a batch says, packed into one text: the record from which the graph can be derived again.

A batch packs its settled columns and whom its refused rows name; what the others give is left
out, as digests do not compress. Pure, no I/O.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ingest.batch import Batch
from ingest.errors import MASK, RowIssue
from ingest.jobs.job import FieldRefused, Job, key_of
from ingest.records import SHAPES, Shape
from queries.merge import key_name
from queries.schema import EdgeSpec

_LEVEL = 1  # zlib's fastest: what it saves beyond that is not worth the loader's time
Packed = tuple[Batch, str]  # a batch, and what it says as one text
_Tables = Mapping[str, Mapping[str, list[Any]]]
_SHAPES = {shape.spec.row.__name__: shape for shape in SHAPES.values()}


@dataclass(frozen=True, slots=True)
class Observed:
    """What a batch said: by record class its columns, as `queries.merge.columns` names them.

    `spared` holds the ids of the sellers or listings that its refused rows name.
    """

    columns: Mapping[str, Mapping[str, list[Any]]]
    spared: frozenset[str]

    def classes(self) -> Iterator[tuple[Shape, list[str]]]:
        """Yield each class with the keys that the batch speaks of."""
        for name, columns in self.columns.items():
            shape = _SHAPES[name]
            yield shape, columns[key_name(shape.spec)]

    def records(
        self, wanted: Mapping[str, set[str]]
    ) -> Iterator[tuple[Shape, str, dict[str, Any]]]:
        """Yield class, key and properties of each record whose key is wanted of its class."""
        for shape, keys in self.classes():
            name = shape.spec.row.__name__
            columns, sought = self.columns[name], wanted.get(name, set())
            for place, key in enumerate(keys):
                if key in sought:
                    yield shape, key, {label: values[place] for label, values in columns.items()}


def pack(batch: Batch, job: Job) -> str:
    """Return what a batch says as one text; it holds tokens and personal data."""
    tables = {table.shape.spec.row.__name__: table.columns for table in batch.tables}
    told = {name: _told(_SHAPES[name], tables) for name in tables}
    named = {name for issue in batch.issues if (name := named_by(issue, job))}
    said = {"tables": told, "spared": sorted(named)}
    packed = zlib.compress(json.dumps(said, separators=(",", ":")).encode(), _LEVEL)
    return b64encode(packed).decode("ascii")


def unpack(text: str) -> Observed:
    """Return what `pack` packed, whole."""
    said = json.loads(zlib.decompress(b64decode(text)))
    whole = {name: _whole(_SHAPES[name], said["tables"]) for name in said["tables"]}
    return Observed(whole, frozenset(said["spared"]))


def _told(shape: Shape, tables: _Tables) -> dict[str, list[Any]]:
    """Return the columns that no other gives: an end in the batch is named by its place there."""
    columns = dict(tables[shape.spec.row.__name__])
    columns.pop("digest", None)
    if isinstance(shape.spec, EdgeSpec):
        del columns["key"]
        for end, cls in (("start", shape.spec.start), ("end", shape.spec.end)):
            places = {key: place for place, key in enumerate(_keys(cls, tables))}
            columns[end] = [places.get(key, key) for key in columns[end]]
    return columns


def _whole(shape: Shape, tables: _Tables) -> dict[str, list[Any]]:
    """Return every column of what `_told` left."""
    columns = dict(tables[shape.spec.row.__name__])
    if isinstance(shape.spec, EdgeSpec):
        for end, cls in (("start", shape.spec.start), ("end", shape.spec.end)):
            keys = _keys(cls, tables)
            columns[end] = [keys[key] if isinstance(key, int) else key for key in columns[end]]
    rows = zip(*(columns[name] for name in shape.names), strict=True)
    records = [shape.record(dict(zip(shape.names, row, strict=True))) for row in rows]
    columns[key_name(shape.spec)] = [shape.key(record) for record in records]
    if shape.settled:
        columns["digest"] = [shape.digest(record) for record in records]
    return {name: columns[name] for name in shape.columns}


def _keys(cls: type, tables: _Tables) -> list[str]:
    """Return the keys of the nodes of one class that the batch itself speaks of."""
    columns = tables.get(cls.__name__)
    return columns[key_name(SHAPES[cls].spec)] if columns else []


def named_by(issue: RowIssue, job: Job) -> str | None:
    """Return the id of the seller or listing that a refused row speaks of, if it says so."""
    if MASK in (issue.row.get(job.whose), issue.row.get("platform")):
        return None
    try:
        return key_of(issue.row, job.whose)
    except FieldRefused:
        return None
