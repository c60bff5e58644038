"""What people decided, page by page, newest first: judgements of sellers, marks on identifiers."""

from __future__ import annotations

from collections.abc import Sequence

from graphsvc.investigate.page import Page, checked, page
from graphsvc.rings.judge import list_judgements
from graphsvc.rings.registry import list_marks
from graphsvc.store.reader import Reader
from queries.hubs import MarkRow
from queries.judgements import JudgementRow


async def judgements(
    reader: Reader, *, seller: str = "", first: int = 20, after: str = ""
) -> Page[JudgementRow]:
    """Return a page of judgements (about a seller, if one is named), superseded ones too."""
    rows = await list_judgements(reader, seller=seller, before=after, first=checked(first) + 1)
    return page(rows, first, lambda row: row.id)


async def judgements_by_id(reader: Reader, ids: Sequence[str]) -> dict[str, JudgementRow]:
    """Return the judgements that there are, by id."""
    rows = await list_judgements(reader, ids=ids, first=len(ids)) if ids else []
    return {row.id: row for row in rows}


async def hubs(
    reader: Reader, *, state: str = "", first: int = 20, after: str = ""
) -> Page[MarkRow]:
    """Return a page of marks on identifiers; a decision that has run out is shown as expired."""
    rows = await list_marks(reader, state=state, before=after, first=checked(first) + 1)
    return page(rows, first, lambda row: row.id)


async def hubs_by_id(reader: Reader, ids: Sequence[str]) -> dict[str, MarkRow]:
    """Return the marks that there are, by id."""
    rows = await list_marks(reader, ids=ids, first=len(ids)) if ids else []
    return {row.id: row for row in rows}
