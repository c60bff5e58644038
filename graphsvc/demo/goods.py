"""Invented brands and listings: titles, prices, categories; no real brand is meant."""

from __future__ import annotations

from dataclasses import dataclass

from graphsvc.demo.days import LAST_DAY
from graphsvc.demo.dice import Dice
from graphsvc.demo.words import words

BRANDS = words("brands")
CURRENCIES = {"GB": "GBP", "DE": "EUR", "US": "USD", "NL": "EUR", "ES": "EUR"}
_THINGS: tuple[tuple[str, tuple[str, ...], int, int], ...] = (
    ("shoes", ("running shoes", "leather boots", "canvas sneakers", "sandals"), 25, 190),
    ("bags", ("tote bag", "backpack", "crossbody bag", "travel holdall"), 20, 320),
    ("watches", ("chronograph watch", "dress watch", "diver watch"), 40, 900),
    ("audio", ("wireless earbuds", "headphones", "portable speaker"), 18, 260),
    ("beauty", ("eau de parfum 50 ml", "face serum", "lipstick set"), 9, 140),
    ("toys", ("building blocks set", "plush bear", "puzzle 1000 pieces"), 8, 70),
    ("parts", ("brake pads", "oil filter", "wiper blades"), 7, 120),
)
_COLOURS = words("colours")
_EXTRAS = ("new in box", "free delivery", "limited edition", "original packaging", "2025 model", "")
_DISGUISES = str.maketrans({"o": "0", "i": "1", "e": "3", "a": "@", "s": "$"})


@dataclass(slots=True)
class Listing:
    """One offer; `price` is in minor units, days are counted from the market's first."""

    local_id: str
    title: str
    category: str
    brand: str
    price: int
    currency: str
    listed: int
    sold: int | None
    removed: int | None


def listing(dice: Dice, local_id: str, country: str, day: int) -> Listing:
    """Return an invented listing, offered from `day` on."""
    category, things, low, high = dice.pick(_THINGS)
    brand = dice.pick(BRANDS)
    words = (brand, dice.pick(things), dice.pick(_COLOURS), dice.pick(_EXTRAS))
    sold = day + dice.between(1, 60) if dice.chance(0.6) else None
    removed = day + dice.between(61, 300) if dice.chance(0.15) else None
    return Listing(
        local_id=local_id,
        title=" ".join(filter(None, words)),
        category=category,
        brand=brand,
        price=dice.between(low * 100, high * 100),
        currency=CURRENCIES[country],
        listed=day,
        sold=sold if sold is not None and sold <= LAST_DAY else None,
        removed=removed if removed is not None and removed <= LAST_DAY else None,
    )


def forge(dice: Dice, offer: Listing) -> None:
    """Make a listing look like a counterfeit: a third of the price, the brand in disguise."""
    offer.price = max(300, int(offer.price * (0.2 + 0.3 * dice.share())))
    if dice.chance(0.35):
        offer.title = offer.title.replace(offer.brand, disguise(dice, offer.brand), 1)
        offer.brand = ""


def disguise(dice: Dice, brand: str) -> str:
    """Return the brand written so that a plain search misses it."""
    form = dice.between(0, 3)
    if form == 0:
        return brand[0] + brand[1:].translate(_DISGUISES)
    if form == 1:
        return " ".join(brand.upper())
    if form == 2:
        return brand.replace("e", "е").replace("a", "а").replace("o", "о")  # Cyrillic look-alikes
    return f"{brand[:3]}-{brand[3:]}"
