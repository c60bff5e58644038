"""Questions about things by their ids, for many at once; what is not there is not in the answer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from graphsvc.investigate.kinds import LABELS, WORDS, Claim, Ref, claims_of
from graphsvc.investigate.page import Page, checked, pages
from graphsvc.investigate.seller import sellers_by_ids
from graphsvc.store.reader import Reader
from queries.addresses import LIKENESS_OF_ADDRESSES, LikenessRow
from queries.catalogue import Query
from queries.identifiers import (
    ACCOUNTS_BY_ID,
    ADDRESSES_BY_ID,
    DEVICES_BY_ID,
    EMAILS_BY_ID,
    PHONES_BY_ID,
    USERS_OF_IDENTIFIERS,
    AccountRow,
    AddressRow,
    ContactRow,
)
from queries.images.views import (
    COPIES_OF_IMAGES,
    IMAGES_BY_ID,
    IMAGES_OF_LISTINGS,
    CopyRow,
    ImageRow,
    ShownImage,
)
from queries.listings import (
    LISTINGS_BY_ID,
    LISTINGS_OF_SELLERS,
    LISTINGS_SHOWING,
    KeyedListing,
    ListingRow,
)
from queries.reports import REPORTS_ABOUT_SELLERS, REPORTS_BY_ID, KeyedReport, ReportRow
from queries.sellers import SellerRow


class _Named(Protocol):
    @property
    def id(self) -> str: ...


class _Keyed(_Named, Protocol):
    @property
    def key(self) -> str: ...


N = TypeVar("N", bound=_Named)
K = TypeVar("K", bound=_Keyed)


@dataclass(frozen=True, slots=True)
class User:
    """A seller who uses an identifier, with the claims that say so."""

    seller: SellerRow
    claims: tuple[Claim, ...]


async def listings(reader: Reader, ids: Sequence[str]) -> dict[str, ListingRow]:
    """Return listings by id."""
    return await _by_id(reader, LISTINGS_BY_ID, ids)


async def reports(reader: Reader, ids: Sequence[str]) -> dict[str, ReportRow]:
    """Return reports by id."""
    return await _by_id(reader, REPORTS_BY_ID, ids)


async def addresses(reader: Reader, ids: Sequence[str]) -> dict[str, AddressRow]:
    """Return addresses by id."""
    return await _by_id(reader, ADDRESSES_BY_ID, ids)


async def payment_accounts(reader: Reader, ids: Sequence[str]) -> dict[str, AccountRow]:
    """Return payment accounts by id."""
    return await _by_id(reader, ACCOUNTS_BY_ID, ids)


async def phones(reader: Reader, ids: Sequence[str]) -> dict[str, ContactRow]:
    """Return telephone numbers by id."""
    return await _by_id(reader, PHONES_BY_ID, ids)


async def emails(reader: Reader, ids: Sequence[str]) -> dict[str, ContactRow]:
    """Return e-mail addresses by id."""
    return await _by_id(reader, EMAILS_BY_ID, ids)


async def devices(reader: Reader, ids: Sequence[str]) -> dict[str, ContactRow]:
    """Return devices by id."""
    return await _by_id(reader, DEVICES_BY_ID, ids)


async def images(reader: Reader, ids: Sequence[str]) -> dict[str, ImageRow]:
    """Return pictures by the SHA-256 of their bytes."""
    return {row.sha256: row for row in await reader.rows(IMAGES_BY_ID, ids=list(ids))}


async def listings_of(
    reader: Reader, sellers: Sequence[str], *, first: int = 50, after: str = ""
) -> dict[str, Page[KeyedListing]]:
    """Return for each seller a page of what it offers, by listing id."""
    return await _paged(reader, LISTINGS_OF_SELLERS, sellers, first=first, after=after)


async def reports_about(
    reader: Reader, sellers: Sequence[str], *, first: int = 50, after: str = ""
) -> dict[str, Page[KeyedReport]]:
    """Return for each seller a page of the reports about it or a listing of its, by id."""
    return await _paged(reader, REPORTS_ABOUT_SELLERS, sellers, first=first, after=after)


async def listings_showing(
    reader: Reader, images: Sequence[str], *, first: int = 50, after: str = ""
) -> dict[str, Page[KeyedListing]]:
    """Return for each picture a page of the listings that show it, by listing id."""
    return await _paged(reader, LISTINGS_SHOWING, images, first=first, after=after)


async def images_of(
    reader: Reader, listings: Sequence[str], *, first: int = 50, after: str = ""
) -> dict[str, Page[ShownImage]]:
    """Return for each listing a page of the pictures that it shows, by digest."""
    rows = await _rows(reader, IMAGES_OF_LISTINGS, listings, first=first, after=after)
    return pages(
        listings, ((row.key, row) for row in rows), first=first, cursor=lambda row: row.sha256
    )


async def near_copies_of(
    reader: Reader, images: Sequence[str], *, first: int = 50, after: str = ""
) -> dict[str, Page[CopyRow]]:
    """Return for each picture a page of those that look like it, by digest."""
    rows = await _rows(reader, COPIES_OF_IMAGES, images, first=first, after=after)
    return pages(
        images, ((row.key, row) for row in rows), first=first, cursor=lambda row: row.sha256
    )


async def same_places_of(
    reader: Reader, addresses: Sequence[str], *, first: int = 50, after: str = ""
) -> dict[str, Page[LikenessRow]]:
    """Return for each address a page of those that are probably one place with it, by id."""
    return await _paged(reader, LIKENESS_OF_ADDRESSES, addresses, first=first, after=after)


async def users_of(
    reader: Reader,
    refs: Sequence[Ref],
    *,
    first: int = 50,
    after: str = "",
    claims: bool = True,
) -> dict[Ref, Page[User]]:
    """Return for each identifier (pictures apart) a page of the sellers who use it, by id.

    Without `claims` those stay empty.
    """
    keys = [{"label": LABELS[r.kind], "id": r.id} for r in dict.fromkeys(refs) if r.kind in LABELS]
    rows = await reader.rows(
        USERS_OF_IDENTIFIERS, keys=keys, after=after, limit=checked(first) + 1, claims=claims
    )
    # Users of one thing are often those of the next: a seller is read once.
    known = await sellers_by_ids(reader, sorted({row.id for row in rows}))
    found = (
        (Ref(WORDS[row.label], row.key), User(known[row.id], claims_of(row.claims)))
        for row in rows
        if row.id in known
    )
    return pages(refs, found, first=first, cursor=lambda user: user.seller.id)


async def _by_id(reader: Reader, query: Query[N], ids: Collection[str]) -> dict[str, N]:
    return {row.id: row for row in await reader.rows(query, ids=list(ids))}


async def _paged(
    reader: Reader, query: Query[K], keys: Sequence[str], *, first: int, after: str
) -> dict[str, Page[K]]:
    rows = await _rows(reader, query, keys, first=first, after=after)
    return pages(keys, ((row.key, row) for row in rows), first=first, cursor=lambda row: row.id)


R = TypeVar("R")


async def _rows(
    reader: Reader, query: Query[R], keys: Sequence[str], *, first: int, after: str
) -> list[R]:
    unique = list(dict.fromkeys(keys))
    return await reader.rows(query, keys=unique, after=after, limit=checked(first) + 1)
