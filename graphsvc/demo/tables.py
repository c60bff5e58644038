"""The market as rows of the product's own input files, before anybody writes them; no I/O."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from graphsvc.demo import money, people, places
from graphsvc.demo.days import LAST_DAY, date, moment
from graphsvc.demo.dice import Dice
from graphsvc.demo.market import PLATFORM, Kind, Market, Seller, Use
from graphsvc.demo.reports import reports, risks

_MISSPELT = 0.03
_CLAIM = ("asserted_by", "seen_at")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "sellers": (
        "platform",
        "seller_id",
        "handle",
        "legal_name",
        "country",
        "status",
        "registered_at",
        "risk",
        "tax_number",
        "verification_state",
        "verified_at",
        "seen_at",
    ),
    "listings": (
        "platform",
        "listing_id",
        "seller_id",
        "title",
        "price",
        "currency",
        "category",
        "brand",
        "url",
        "status",
        "listed_at",
        "first_sold_at",
        "removed_at",
        "seen_at",
    ),
    "addresses": ("platform", "seller_id", "address", "country", "role", *_CLAIM),
    "payment_accounts": (
        "platform",
        "seller_id",
        "account",
        "account_kind",
        "holder",
        "processor",
        *_CLAIM,
    ),
    "contacts": ("platform", "seller_id", "phone", "email", *_CLAIM),
    "devices": ("platform", "seller_id", "device", *_CLAIM),
    "images": ("platform", "listing_id", "path", "sha256", "pdq", "position", "seen_at"),
    "reports": (
        "platform",
        "report_id",
        "seller_id",
        "listing_id",
        "reporter",
        "at",
        "verdict",
        "basis",
    ),
}


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one kind; every value is a text, and empty where there is nothing to say."""

    kind: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]


def tables(market: Market) -> Iterator[Table]:
    """Yield the table of every kind in the order in which they are best loaded."""
    for kind, columns in COLUMNS.items():
        dice = market.dice(f"rows {kind}")
        rows = [(PLATFORM, *row) for row in _ROWS[kind](market, dice)]
        yield Table(kind, columns, rows)


def picture_path(number: int) -> str:
    """Return where the drawn file of a number lies, relative to the world's folder."""
    return f"pictures/p-{number:06d}.jpg"


Rows = Iterator[tuple[str, ...]]


def _sellers(market: Market, dice: Dice) -> Rows:
    for seller, risk in zip(market.sellers, risks(market), strict=True):
        verified = dice.chance(0.7)
        yield (
            seller.local_id,
            seller.handle,
            people.legal_name(dice, seller.name, seller.country),
            seller.country,
            "suspended" if dice.chance(0.01) else "active",
            date(seller.joined),
            f"{risk:.3f}",
            f"{seller.country}{dice.digits(9)}" if dice.chance(0.6) else "",
            "verified" if verified else "pending",
            date(min(LAST_DAY, seller.joined + dice.between(1, 30))) if verified else "",
            moment(dice, LAST_DAY),
        )


def _listings(market: Market, dice: Dice) -> Rows:
    for seller in market.sellers:
        for offer in seller.listings:
            yield (
                offer.local_id,
                seller.local_id,
                offer.title,
                f"{offer.price // 100}.{offer.price % 100:02d}",
                offer.currency,
                offer.category,
                offer.brand,
                f"https://{PLATFORM}.example/item/{offer.local_id}",
                "active" if offer.removed is None else "removed",
                date(offer.listed),
                _date(offer.sold),
                _date(offer.removed),
                moment(dice, LAST_DAY),
            )


def _addresses(market: Market, dice: Dice) -> Rows:
    for use in _sorted(market, dice, Kind.ADDRESS):
        text = places.write(dice, use.value)
        if dice.chance(_MISSPELT):
            text = places.misspell(dice, text)
        said = use.value.country if dice.chance(0.9) else ""
        yield _id(market, use), text, said, use.role, *_claim(dice, use)


def _payment_accounts(market: Market, dice: Dice) -> Rows:
    for use in _sorted(market, dice, Kind.ACCOUNT):
        paid: money.Account = use.value
        holder = market.sellers[use.seller].name if dice.chance(0.8) else ""
        written = money.write(dice, paid)
        yield _id(market, use), written, paid.kind, holder, paid.processor, *_claim(dice, use)


def _contacts(market: Market, dice: Dice) -> Rows:
    """Yield a row a claim; what a seller gave on the same day and the same word is one row."""
    mailboxes: dict[tuple[int, int, str], list[Use]] = defaultdict(list)
    for use in _sorted(market, dice, Kind.EMAIL):
        mailboxes[use.seller, use.day, use.by].append(use)
    for use in _sorted(market, dice, Kind.PHONE):
        phone = people.write_phone(dice, use.value)
        beside = mailboxes[use.seller, use.day, use.by]
        email = people.write_email(dice, beside.pop().value) if beside else ""
        yield _id(market, use), phone, email, *_claim(dice, use)
    for use in chain.from_iterable(mailboxes.values()):
        yield _id(market, use), "", people.write_email(dice, use.value), *_claim(dice, use)


def _devices(market: Market, dice: Dice) -> Rows:
    for use in _sorted(market, dice, Kind.DEVICE):
        yield _id(market, use), use.value, *_claim(dice, use)


def _images(market: Market, dice: Dice) -> Rows:
    hashed = {picture.number: known for picture, known in market.gallery.hashes()}
    shows = market.gallery.by_listing()
    for seller in market.sellers:
        for offer in seller.listings:
            for position, shown in enumerate(shows[offer.local_id]):
                place, seen = str(position), moment(dice, shown.day)
                if shown.picture in hashed:
                    known = hashed[shown.picture][shown.version]
                    yield offer.local_id, "", known.sha256, known.pdq, place, seen
                else:
                    path = picture_path(market.gallery.files[shown.picture, shown.version])
                    yield offer.local_id, path, "", "", place, seen


def _reports(market: Market, dice: Dice) -> Rows:
    for said in reports(market):
        yield (
            said.local_id,
            said.seller,
            said.listing,
            said.reporter,
            moment(dice, said.day),
            said.verdict,
            said.basis,
        )


def _sorted(market: Market, dice: Dice, kind: Kind) -> list[Use]:
    """Return the uses of a kind by seller; which of two stands first is chance."""
    uses = market.uses[kind]
    return sorted(dice.sample(uses, len(uses)), key=lambda use: use.seller)


def _id(market: Market, use: Use) -> str:
    seller: Seller = market.sellers[use.seller]
    return seller.local_id


def _claim(dice: Dice, use: Use) -> tuple[str, str]:
    return use.by, moment(dice, use.day)


def _date(day: int | None) -> str:
    return "" if day is None else date(day)


_ROWS: dict[str, Callable[[Market, Dice], Any]] = {
    "sellers": _sellers,
    "listings": _listings,
    "addresses": _addresses,
    "payment_accounts": _payment_accounts,
    "contacts": _contacts,
    "devices": _devices,
    "images": _images,
    "reports": _reports,
}
