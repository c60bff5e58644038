"""The server itself: what it is; nothing of what it holds."""

from __future__ import annotations

from dataclasses import dataclass

from queries.catalogue import load


@dataclass(frozen=True, slots=True)
class ComponentRow:
    """The server's version, such as 5.26.30, and its edition."""

    version: str
    edition: str


@dataclass(frozen=True, slots=True)
class SettingRow:
    """A setting and its value, as the server writes it."""

    name: str
    value: str | None


@dataclass(frozen=True, slots=True)
class MomentRow:
    """The server's clock."""

    milliseconds: int


COMPONENTS = load(__package__, "components", ComponentRow)
SETTINGS = load(__package__, "settings", SettingRow)
MOMENT = load(__package__, "moment", MomentRow)
