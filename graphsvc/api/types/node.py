"""What every node has: an id that stands for it in the API; and where its row came from."""

from __future__ import annotations

from enum import StrEnum
from typing import NewType, Protocol

import strawberry

from graphsvc.api.context import Info
from graphsvc.investigate.kinds import IdentifierKind

Long = NewType("Long", int)
LONG = strawberry.scalar(name="Long", description="A whole number of up to 64 bits.")


class NodeKind(StrEnum):
    """The kinds that a node id can stand for."""

    SELLER = "seller"
    LISTING = "listing"
    REPORT = "report"
    ADDRESS = IdentifierKind.ADDRESS.value
    PAYMENT_ACCOUNT = IdentifierKind.PAYMENT_ACCOUNT.value
    PHONE = IdentifierKind.PHONE.value
    EMAIL = IdentifierKind.EMAIL.value
    DEVICE = IdentifierKind.DEVICE.value
    IMAGE = IdentifierKind.IMAGE.value
    RING = "ring"
    INGEST_RUN = "ingest_run"
    DETECTION_RUN = "detection_run"
    JUDGEMENT = "judgement"
    HUB_MARK = "hub_mark"


@strawberry.interface
class Node:
    """Anything that node(id) finds again; the id is opaque and never changes."""

    id: strawberry.ID


class Traced(Protocol):
    """A row that knows where it came from."""

    @property
    def source(self) -> str | None: ...
    @property
    def run(self) -> str | None: ...
    @property
    def recorded_from(self) -> str | None: ...


@strawberry.type
class Trace:
    """Where a record came from: `source` is file digest and line, `run` the ingest run."""

    source: str | None
    run: str | None
    recorded_from: str | None


def trace(row: Traced) -> Trace:
    """Return where a row came from."""
    return Trace(source=row.source, run=row.run, recorded_from=row.recorded_from)


def node_id(info: Info, kind: str, identifier: str) -> strawberry.ID:
    """Return the node id of a thing by its kind and its id in the graph."""
    return strawberry.ID(info.context.seal.node(kind, identifier))


def local(identifier: str) -> str:
    """Return the part of a graph id behind the platform."""
    return identifier.partition(":")[2]
