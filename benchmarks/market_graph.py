"""A generated market as a graph: imported as `load-bulk` does it, without files to parse.

Every showing of a picture is a listing of its own. It replaces whatever the server held.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from benchmarks.ground import Ground
from benchmarks.markets import Market
from graphsvc.store.rebuild import drafting, replace
from graphsvc.store.sheets import Sheets
from queries.bulk import sheet_columns
from queries.schema import EDGES, NODES, EdgeSpec, NodeSpec
from queries.schema.actors import Seller
from queries.schema.findings import Report, Verdict
from queries.schema.goods import Image, Listing
from queries.schema.identifiers import Address, Device, Email, PaymentAccount, Phone
from queries.schema.links import (
    AboutSeller,
    Offers,
    Shows,
    UsesAccount,
    UsesAddress,
    UsesDevice,
    UsesEmail,
    UsesPhone,
)

USES = {
    "address": (Address, UsesAddress),
    "payment_account": (PaymentAccount, UsesAccount),
    "phone": (Phone, UsesPhone),
    "email": (Email, UsesEmail),
    "device": (Device, UsesDevice),
}
EPOCH = date(1970, 1, 1)

Row = Mapping[str, Any]


def import_market(ground: Ground, made: Market) -> None:
    """Put a market in the place of the graph; raises DatabaseAway."""
    with drafting(ground.settings, _silent) as sheets:
        _sellers(sheets, made.sellers.to_pylist())
        _uses(sheets, made.rows.to_pylist())
        replace(ground.settings, sheets, _silent)


def _silent(_: str) -> None:
    """Tell nobody."""


def _sellers(sheets: Sheets, rows: list[Row]) -> None:
    _add(sheets, NODES[Seller], ({"id": _seller(row), "risk": row["risk"]} for row in rows))
    accused = [_seller(row) for row in rows if row["reported"]]
    fake = Verdict.CONFIRMED_FAKE.value
    reports = [{"id": f"r-{name}", "verdict": fake, "reporter": "a guild"} for name in accused]
    _add(sheets, NODES[Report], reports)
    _add(sheets, EDGES[AboutSeller], (_edge(f"r-{name}", name, {}) for name in accused))


def _uses(sheets: Sheets, rows: list[Row]) -> None:
    for kind, (node, edge) in USES.items():
        mine = [row for row in rows if row["kind"] == kind]
        levels = {_token(row): row["level"] for row in mine}
        told = ({"id": token, "level": level} for token, level in levels.items())
        _add(sheets, NODES[node], told)
        _add(sheets, EDGES[edge], (_edge(_seller(row), _token(row), row) for row in mine))
    shown = [row for row in rows if row["kind"] == "image"]
    listings = [f"l-{number:09}" for number in range(len(shown))]
    both = list(zip(listings, shown, strict=True))
    _add(sheets, NODES[Image], ({"sha256": token} for token in {_token(row): 0 for row in shown}))
    _add(sheets, NODES[Listing], ({"id": name} for name in listings))
    _add(sheets, EDGES[Offers], (_edge(_seller(row), name, row) for name, row in both))
    _add(sheets, EDGES[Shows], (_edge(name, _token(row), row) for name, row in both))


def _add(sheets: Sheets, spec: NodeSpec | EdgeSpec, rows: Iterable[Row]) -> None:
    names = sheet_columns(spec)
    sheets.add(spec, ([row.get(name) for name in names] for row in rows))


def _edge(start: str, end: str, row: Row) -> Row:
    day = row.get("first_seen")
    return {
        "key": f"{start} {end}",
        "start": start,
        "end": end,
        "asserted_by": row.get("asserted_by"),
        "first_seen": None if day is None else (EPOCH + timedelta(days=day)).isoformat(),
    }


def _seller(row: Row) -> str:
    return f"shopnest:s-{row['seller']:07}"


def _token(row: Row) -> str:
    """Return what an identifier is called: as long as a keyed token or a digest is."""
    return f"{row['identifier']:064x}"
