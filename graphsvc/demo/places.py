"""Invented addresses in real cities, and the many ways in which people write one address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from graphsvc.demo.dice import Dice
from graphsvc.demo.words import words

COUNTRIES: tuple[tuple[str, float], ...] = (
    ("GB", 0.3),
    ("DE", 0.2),
    ("US", 0.25),
    ("NL", 0.1),
    ("ES", 0.15),
)
_CITIES: dict[str, tuple[tuple[str, str], ...]] = {
    "GB": (
        ("Leeds", "LS"),
        ("Bristol", "BS"),
        ("Norwich", "NR"),
        ("Cardiff", "CF"),
        ("York", "YO"),
    ),
    "DE": (
        ("Bremen", "28"),
        ("Leipzig", "04"),
        ("Kassel", "34"),
        ("Hannover", "30"),
        ("Ulm", "89"),
    ),
    "US": (
        ("Columbus, OH", "432"),
        ("Tucson, AZ", "857"),
        ("Omaha, NE", "681"),
        ("Albany, NY", "122"),
        ("Reno, NV", "895"),
    ),
    "NL": (("Utrecht", "35"), ("Breda", "48"), ("Zwolle", "80"), ("Arnhem", "68"), ("Delft", "26")),
    "ES": (
        ("Valencia", "46"),
        ("Zaragoza", "50"),
        ("Bilbao", "48"),
        ("Murcia", "30"),
        ("Granada", "18"),
    ),
}
_STEMS = words("street_stems")
_ROADS: dict[str, tuple[tuple[str, str], ...]] = {
    "GB": (("Road", "Rd"), ("Street", "St"), ("Avenue", "Ave"), ("Lane", "Ln"), ("Close", "Cl")),
    "US": (("Street", "St"), ("Avenue", "Ave"), ("Boulevard", "Blvd"), ("Drive", "Dr")),
    "DE": (("straße", "str."), ("weg", "weg"), ("allee", "allee"), ("platz", "pl.")),
    "NL": (("straat", "str."), ("laan", "ln"), ("weg", "weg"), ("plein", "pln")),
    "ES": (("Calle", "C/"), ("Avenida", "Avda."), ("Plaza", "Pza."), ("Paseo", "Pº")),
}
_UNITS: dict[str, tuple[str, ...]] = {
    "GB": ("Flat {}", "Unit {}", "Apartment {}", "Apt {}"),
    "US": ("Apt {}", "Apt. {}", "Unit {}", "#{}"),
    "DE": ("Wohnung {}", "App. {}", "Whg. {}"),
    "NL": ("Appartement {}", "App. {}", "Unit {}"),
    "ES": ("Apartamento {}", "Apto. {}", "Puerta {}"),
}
_SUFFIXED = frozenset({"DE", "NL"})  # one word: Alderweg


@dataclass(frozen=True, slots=True)
class Place:
    """One door: `unit` is empty for a whole house; `road` is the long and the short word."""

    country: str
    city: str
    postcode: str
    stem: str
    road: tuple[str, str]
    number: int
    unit: str = ""


def country(dice: Dice) -> str:
    """Return the country of an invented seller."""
    return dice.weighted(COUNTRIES)


def place(dice: Dice, where: str, *, unit_share: float = 0.35) -> Place:
    """Return an invented address in a country; `unit_share` of them (0–1) are flats."""
    city, prefix = dice.pick(_CITIES[where])
    return Place(
        country=where,
        city=city,
        postcode=_postcode(dice, where, prefix),
        stem=dice.pick(_STEMS),
        road=dice.pick(_ROADS[where]),
        number=dice.between(1, 240),
        unit=str(dice.between(1, 60)) if dice.chance(unit_share) else "",
    )


def neighbour(where: Place, unit: str) -> Place:
    """Return another door of the same house."""
    return replace(where, unit=unit)


def write(dice: Dice, where: Place) -> str:
    """Return the address as somebody may write it: short words, case, order, stray signs."""
    short = dice.chance(0.4)
    street = _street(where, short=short)
    unit = dice.pick(_UNITS[where.country]).format(where.unit) if where.unit else ""
    postcode = where.postcode
    if dice.chance(0.1):
        postcode = postcode.replace(" ", "")
    parts = _LAYOUTS[where.country](street, unit, postcode, where.city, dice.chance(0.5))
    text = ", ".join(part for part in parts if part)
    return _roughen(dice, text)


def misspell(dice: Dice, text: str) -> str:
    """Return the text with one letter pair of a word swapped; texts without a long word stay."""
    parts = text.split(" ")
    long = [at for at, word in enumerate(parts) if word.isalpha() and len(word) > 5]
    if not long:
        return text
    at = dice.pick(long)
    word = parts[at]
    spot = dice.between(2, len(word) - 3)
    parts[at] = word[:spot] + word[spot + 1] + word[spot] + word[spot + 2 :]
    return " ".join(parts)


def _postcode(dice: Dice, where: str, prefix: str) -> str:
    if where == "GB":
        inward = dice.letters(2, "ABDEFGHJLNPQRSTUWXYZ")
        return f"{prefix}{dice.between(1, 19)} {dice.between(1, 9)}{inward}"
    if where == "NL":
        return f"{prefix}{dice.digits(2)} {dice.letters(2, 'ABCDEGHJKLNPRTVWXZ')}"
    return prefix + dice.digits(5 - len(prefix))


def _street(where: Place, *, short: bool) -> str:
    road = where.road[short]
    if where.country in _SUFFIXED:
        return f"{where.stem}{road} {where.number}"
    if where.country == "ES":
        return f"{road} {where.stem} {where.number}"
    return f"{where.number} {where.stem} {road}"


def _roughen(dice: Dice, text: str) -> str:
    """Apply what careless typing does and an exact key must survive."""
    form = dice.share()
    if form < 0.12:
        return text.upper()
    if form < 0.24:
        return text.lower()
    if form < 0.30:
        return text.replace(", ", ",  ")
    if form < 0.36:
        return text.replace(", ", "; ")
    return text


Layout = Callable[[str, str, str, str, bool], tuple[str, ...]]


def _british(street: str, unit: str, postcode: str, city: str, early: bool) -> tuple[str, ...]:
    if early:
        return unit, street, f"{city} {postcode}"
    return street, unit, city, postcode


def _american(street: str, unit: str, postcode: str, city: str, early: bool) -> tuple[str, ...]:
    return (
        (f"{street} {unit}".strip() if early else street),
        ("" if early else unit),
        (f"{city} {postcode}"),
    )


def _continental(street: str, unit: str, postcode: str, city: str, early: bool) -> tuple[str, ...]:
    if early:
        return unit, street, f"{postcode} {city}"
    return street, unit, f"{postcode} {city}"


_LAYOUTS: dict[str, Layout] = {
    "GB": _british,
    "US": _american,
    "DE": _continental,
    "NL": _continental,
    "ES": _continental,
}
