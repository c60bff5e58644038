"""The root fields about what people decided: judgements of sellers, marks on identifiers."""

from __future__ import annotations

import strawberry

from graphsvc.api.context import Info
from graphsvc.api.types import lookup
from graphsvc.api.types.decision import HubMark, HubState, Judgement, hub_mark, judgement
from graphsvc.api.types.paging import (
    DEFAULT_FIRST,
    After,
    Connection,
    First,
    checked_first,
    connection,
)
from graphsvc.investigate import decisions
from graphsvc.investigate.page import Page


@strawberry.type
class Decided:
    """What can be asked of decisions."""

    @strawberry.field
    async def judgements(
        self,
        info: Info,
        seller: strawberry.ID | None = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
    ) -> Connection[Judgement]:
        """What was judged of sellers, newest first, superseded judgements too.

        `seller` is a node id or platform:seller_id: only what was judged of that one.
        """
        size, place = checked_first(first), info.context.seal.place("judgements", after)
        key = "" if seller is None else lookup.seller_of(info, seller)
        # The service takes no seller for all of them; who names one means that one.
        known = seller is None or key
        page = (
            await decisions.judgements(
                info.context.reader, seller=key or "", first=size, after=place
            )
            if known
            else Page()
        )
        return connection(
            info, "judgements", page, after=after, make=lambda row: judgement(info, row)
        )

    @strawberry.field
    async def hubs(
        self,
        info: Info,
        state: HubState | None = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
    ) -> Connection[HubMark]:
        """Marks on identifiers that many share, newest first: proposals, decisions, ended ones."""
        page = await decisions.hubs(
            info.context.reader,
            state=state.value if state else "",
            first=checked_first(first),
            after=info.context.seal.place("hubs", after),
        )
        return connection(info, "hubs", page, after=after, make=lambda row: hub_mark(info, row))
