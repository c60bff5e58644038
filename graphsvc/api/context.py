"""What a resolver may reach: the reader, who asks, this request's batches, the seal of ids."""

from __future__ import annotations

from dataclasses import dataclass

from strawberry.types import Info as StrawberryInfo

from graphsvc.access.principal import Principal
from graphsvc.api.hand import Hand
from graphsvc.api.loaders import Loaders
from graphsvc.api.seal import Seal
from graphsvc.investigate.pictures import PictureIndex
from graphsvc.store.reader import Reader


@dataclass(frozen=True, slots=True)
class Context:
    """One request's own."""

    reader: Reader
    principal: Principal
    loaders: Loaders
    seal: Seal
    pictures: PictureIndex
    hand: Hand


Info = StrawberryInfo[Context, None]
