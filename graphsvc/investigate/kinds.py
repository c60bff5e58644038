"""The words of the outside interface for what is in the graph, and how a thing is named."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from graphsvc.errors import BadRequest
from graphsvc.rings.columns import Kind, Level
from graphsvc.rings.parameters import DEFAULT
from graphsvc.rings.read import KINDS, LEVELS
from queries.schema.goods import Image

LABELS = {kind.word: label for label, kind in KINDS.items()}
IMAGE = Kind.IMAGE.word
WORDS = {label: kind.word for label, kind in KINDS.items()} | {Image.__name__: IMAGE}
CAP = max(DEFAULT.cap)
LINKING_LEVELS = {word for word, level in LEVELS.items() if level <= Level.BUILDING}


class IdentifierKind(StrEnum):
    """What sellers may share; the words are those of `rings dry-run` and of the API."""

    ADDRESS = Kind.ADDRESS.word
    PAYMENT_ACCOUNT = Kind.PAYMENT_ACCOUNT.word
    PHONE = Kind.PHONE.word
    EMAIL = Kind.EMAIL.word
    DEVICE = Kind.DEVICE.word
    IMAGE = Kind.IMAGE.word


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """A node by its kind (`seller` or a word of IdentifierKind) and its id in the graph."""

    kind: str
    id: str


SELLER = "seller"


@dataclass(frozen=True, slots=True)
class Claim:
    """One standing assertion behind a tie: who says it, from which row, since when.

    `written` is how this source spelt an address; None for everything else.
    """

    role: str | None
    source_system: str | None
    source: str | None
    asserted_by: str | None
    first_seen: str | None
    last_seen: str | None
    written: str | None = None


def claims_of(told: Collection[Mapping[str, Any]]) -> tuple[Claim, ...]:
    """Return the claims of a row's maps, in their order."""
    return tuple(Claim(**each) for each in told)


def labels_of(kinds: Collection[str] | None, *, pictures: bool = False) -> list[str]:
    """Return the labels of kinds of identifier (None: all five that a seller uses itself).

    Raises BadRequest for a word that is no kind. `image` has no label here unless `pictures`.
    """
    wanted = set(LABELS if kinds is None else kinds)
    unknown = wanted - set(IdentifierKind)
    if unknown:
        known = ", ".join(IdentifierKind)
        raise BadRequest(f"no kind of identifier: {', '.join(sorted(unknown))}; there is {known}")
    return sorted(
        [LABELS[word] for word in wanted - {IMAGE}]
        + ([Image.__name__] if pictures and IMAGE in wanted else [])
    )


def links(kind: str, level: str | None, degree: int) -> bool:
    """Tell whether an identifier links its sellers: shared, no hub, and no vague address."""
    vague = kind == Kind.ADDRESS.word and level not in LINKING_LEVELS
    return 2 <= degree <= CAP and not vague
