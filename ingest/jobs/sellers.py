"""Sellers: what a platform says of an account; never a verdict of ours."""

from __future__ import annotations

from ingest.fold import country, value
from ingest.fold.token import Tokeniser
from ingest.jobs.job import (
    Context,
    Job,
    Row,
    date_of,
    facts,
    key_of,
    maybe,
    platform_node,
    platform_of,
)
from ingest.records import Facts
from queries.schema.actors import Seller, SellerStatus


def transform(row: Row, context: Context) -> Facts:
    """Return the seller and its platform; the tax number becomes a token and a masked form."""
    platform = platform_of(row)
    status = maybe(row, "status", value.choice, SellerStatus)
    tax = maybe(row, "tax_number", tax_number)
    seller = Seller(
        id=key_of(row, "seller_id"),
        platform=platform,
        handle=maybe(row, "handle", value.text, 200),
        legal_name=maybe(row, "legal_name", value.text, 500),
        country=maybe(row, "country", country.fold),
        status=status.value if status else None,
        registered_at=date_of(row, "registered_at", context),
        risk=maybe(row, "risk", value.fraction),
        tax_number=_masked(tax),
        tax_token=tax_token(tax, context.tokens) if tax else None,
        verification_state=maybe(row, "verification_state", value.text, 100),
        verified_at=date_of(row, "verified_at", context),
    )
    return facts(row, context, platform_node(platform), seller)


def tax_number(text: str) -> str:
    """Return a tax number as it stands, on one line; raises ValueRefused."""
    return value.text(text, 100)


def tax_token(tax: str, tokens: Tokeniser) -> str:
    """Return the token of a tax number, however people write it."""
    return tokens.token("tax_number", _bare(tax))


def _bare(tax: str) -> str:
    """Return the number without what people put between its digits."""
    return "".join(letter for letter in tax.upper() if letter.isalnum())


def _masked(tax: str | None) -> str | None:
    return f"…{_bare(tax)[-2:]}" if tax else None


JOB = Job(
    kind="sellers",
    version="1",
    required=("seller_id",),
    optional=(
        "handle",
        "legal_name",
        "country",
        "status",
        "registered_at",
        "risk",
        "tax_number",
        "verification_state",
        "verified_at",
    ),
    transform=transform,
    secret=frozenset({"tax_number"}),
)
