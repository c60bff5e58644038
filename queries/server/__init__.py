"""The server itself: what it is; nothing of what it holds."""

from __future__ import annotations

from dataclasses import dataclass

from queries.catalogue import load


@dataclass(frozen=True, slots=True)
class ComponentRow:
    """The server's version, such as 5.26.30, and its edition."""

    version: str
    edition: str


COMPONENTS = load(__package__, "components", ComponentRow)
