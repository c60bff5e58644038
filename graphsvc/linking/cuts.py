"""Cut what joins two addresses: an analyst's finding that no later run of `link` writes anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from graphsvc import clock
from graphsvc.errors import NotFound
from graphsvc.store.writer import Transaction, Writer
from queries.addresses import CUT_LIKENESS
from queries.runs import LEASE

HOLDER = "cut-addresses"


@dataclass(frozen=True, slots=True)
class Cut:
    """Which two addresses are not one place (ids or texts as shown), who says so, and why."""

    left: str
    right: str
    by: str
    because: str


async def cut_addresses(writer: Writer, cut: Cut) -> dict[str, Any]:
    """Cut every joint of two addresses and return `{joints, cut}`: there, and cut just now.

    A joint that was cut before keeps who cut it and why. Raises NotFound where nothing joins them,
    DatabaseAway, Conflict.
    """

    async def whole(transaction: Transaction) -> dict[str, Any]:
        await transaction.run(LEASE, run=HOLDER)
        (told,) = await transaction.run(
            CUT_LIKENESS,
            left=cut.left,
            right=cut.right,
            at=clock.stamp(),
            by=cut.by,
            because=cut.because,
        )
        return told

    told = await writer.within(whole)
    if not told["joints"]:
        raise NotFound(f"nothing joins {cut.left} and {cut.right}")
    return told
