"""What a resolver may reach: the reader, who asks, this request's batches, the seal of ids."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from strawberry.types import Info as StrawberryInfo

from graphsvc.access.principal import Principal
from graphsvc.api.hand import Hand
from graphsvc.api.loaders import Loaders
from graphsvc.api.seal import Seal
from graphsvc.investigate.pictures import PictureIndex
from graphsvc.store.reader import Reader
from ingest.fold.token import Tokeniser

if TYPE_CHECKING:
    from graphsvc.api.types.seller import Seller


@dataclass(frozen=True, slots=True)
class Context:
    """One request's own; `sellers` are those that it has met, as they are shown, by id.

    `tokens` reads the token key, for who names a secret value; raises KeyMissing, KeyRefused.
    """

    reader: Reader
    principal: Principal
    loaders: Loaders
    seal: Seal
    pictures: PictureIndex
    hand: Hand
    tokens: Callable[[], Tokeniser]
    sellers: dict[str, Seller] = field(default_factory=dict)


Info = StrawberryInfo[Context, None]
