"""Addresses: however a place is spelt, one key; what names no place links nobody."""

from __future__ import annotations

from ingest.errors import ValueRefused
from ingest.fold import address, country, value
from ingest.jobs.job import (
    Context,
    FieldRefused,
    Job,
    Row,
    claim,
    facts,
    key_of,
    maybe,
    need,
)
from ingest.records import Facts
from queries.schema.identifiers import Address
from queries.schema.links import AddressRole, UsesAddress

PARTS = ("street", "unit", "city", "region", "postcode")


def transform(row: Row, context: Context) -> Facts:
    """Return the address and that the seller uses it in a role."""
    where = maybe(row, "country", country.fold)
    role = maybe(row, "role", value.choice, AddressRole)
    if row.get("address"):
        written = need(row, "address", value.text, 1000)
        folded = need(row, "address", address.fold, country=where)
    else:
        parts = {name: maybe(row, name, value.text, 300) or "" for name in PARTS}
        written = ", ".join(part for part in parts.values() if part)
        folded = _of_parts(parts, where)
    place = Address(
        id=folded.key,
        country=folded.country,
        postcode=folded.postcode,
        unit=folded.unit,
        level=folded.level,
        city=folded.city,
        display=folded.display,
    )
    used = UsesAddress(
        start=key_of(row, "seller_id"),
        end=place.id,
        written=written,
        **claim(row, context, role=role.value if role else None),
    )
    return facts(row, context, place, used)


def _of_parts(parts: dict[str, str], where: str | None) -> address.FoldedAddress:
    if not any(parts.values()):
        raise FieldRefused("address", ValueRefused("empty", "fill in address, or street and city"))
    try:
        return address.fold_parts(country=where, **parts)
    except ValueRefused as refused:
        raise FieldRefused("street", refused) from None


JOB = Job(
    kind="addresses",
    version="2",
    required=("seller_id",),
    optional=("address", *PARTS, "country", "role", "asserted_by"),
    transform=transform,
    either=(("address",), ("street", "city"), ("city", "postcode")),
    asserts=(UsesAddress,),
)
