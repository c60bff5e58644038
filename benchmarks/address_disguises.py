"""Real addresses under seeded disguises, and traps that look like them and are other places.

Nothing of the data is kept here: addresses are read from the folder beside the repository.
"""

from __future__ import annotations

import csv
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

import pyarrow.parquet as pq
from rapidfuzz import fuzz

from ingest.fold.address_words import BRITISH_COUNTIES, COUNTS
from ingest.match.address_text import read_place

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@dataclass(frozen=True, slots=True)
class Real:
    """A real address in the parts that its source gives; `town` is empty where it is unknown."""

    street: str
    town: str
    postcode: str
    country: str

    @property
    def text(self) -> str:
        """Return it as one line."""
        named = " ".join(part for part in (self.town, self.postcode) if part)
        return ", ".join(part for part in (self.street, named, self.country) if part)

    @property
    def half(self) -> int:
        """Return 0 or 1: what is trained on, and what is measured on."""
        return blake2b(self.text.encode(), digest_size=1).digest()[0] % 2


Disguise = Callable[[Real, random.Random], str | None]

_BEHIND_UNIT = (
    r"(?:unit|units|flat|suite|room|rooms|floor|apt|office|shop|studio|no|km|box|kiosk|plot|block)"
)
_HOUSE = re.compile(r"(?<![\w/.-])(\d{1,5})(?![\w/.-])")
_UNIT = re.compile(rf"(?i)\b{_BEHIND_UNIT}\.?\s*#?\s*$")
_APARTMENT = re.compile(
    r"(?i)\b(?:rm|kom|komnata|pom|pomeshch|kv|et|etazh|kat|daire|piso|planta|of|ofc|ofic|oficina|apto"
    r"|depto|int|interior|local|level|lot|manzana|apartment|house of)[\s.:]*(?:no[\s.:]*)?\W*$"
)
_UNIT_AT = re.compile(r"(?i)\b(unit|flat|suite|room|apt|office)\.?\s*(\d+\w?)\b")
_POSTCODE = re.compile(
    r"\s*\b([A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]{2}-\d{4}|\d{4} ?[A-Z]{2}|\d{4,6})$"
)
_LETTER = {
    **dict(zip("ABCEHIKMOPTXaceiopxy", "АВСЕНІКМОРТХасеіорху", strict=True)),
    **dict(zip("NZ", "ΝΖ", strict=True)),
}
_HIDDEN = "\u200b\u200c\u200d\ufeff\u00ad\u2060"
_COUNTS = list(COUNTS)
_SHORT = {
    "street": "St", "road": "Rd.", "avenue": "Ave", "lane": "Ln", "drive": "Dr", "court": "Ct",
    "place": "Pl", "square": "Sq", "close": "Cl", "crescent": "Cres", "gardens": "Gdns",
    "terrace": "Ter", "house": "Hse", "building": "Bldg", "centre": "Ctr", "industrial": "Ind",
    "estate": "Est", "park": "Pk", "business": "Bus", "north": "N", "south": "S", "east": "E",
    "west": "W", "market": "Mkt", "station": "Stn", "boulevard": "Blvd", "district": "Dist",
    "highway": "Hwy", "calle": "C.", "carrera": "Cra", "avenida": "Av.", "ulitsa": "ul.",
    "st": "Street", "st.": "Street", "rd.": "Road", "ave.": "Avenue", "blvd.": "Boulevard",
    "ul.": "Ulitsa", "ulitsa.": "ul", "av.": "Avenida", "bldg.": "Building", "sokak": "Sk.",
    "no.": "Nr", "caddesi": "Cad.", "mahallesi": "Mah.", "alley": "Aly", "county": "Cnty",
}  # fmt: skip
_FORENAMES = ("Ada", "Bruno", "Carla", "Dario", "Elif", "Farid", "Greta", "Hana")
_FIRMS = ("Bluebrook Trading", "Nordlicht Handel", "Quillon Imports", "Tavira Stores", "Orvane Ltd")
_TOWNS = ("Kestleford", "Marwick Bay", "Ostrava Nova", "Thornaby Cross", "Villanora", "Quenby")


def real_addresses() -> list[Real]:
    """Return real addresses no two of which can be one place, in the order of the sources."""
    found: list[Real] = []
    seen: set[object] = set()
    numbered: dict[str, list[str]] = {}
    for real in (*_british(), *_sanctioned()):
        place = read_place(real.text)
        words = " ".join(sorted(place.words))
        marks = (place.postcode if real.country == "" else real.text, words)
        rivals = {other for number in place.numbers for other in numbered.get(number, ())}
        alike = any(fuzz.token_set_ratio(words, other) > 70 for other in rivals)
        if len(place.words) > 1 and not seen.intersection(marks) and not alike:
            seen.update(marks)
            found.append(real)
            for number in place.numbers:
                numbered.setdefault(number, []).append(words)
    return found


def _british() -> Iterator[Real]:
    rows = [
        row
        for name in ("uk_companies_house_addresses", "uk_fhrs_addresses")
        for row in pq.read_table(DATA / "addresses_uk" / f"{name}.parquet").to_pylist()
    ]
    pairs = [(" ".join(row["address_concat"].split()), row["postcode"]) for row in rows]
    towns = Counter(_without_county(text).rpartition(" ")[2] for text, _ in pairs)
    for text, postcode in pairs:
        bare = _without_county(text)
        street, _, town = bare.rpartition(" ")
        known = towns[town] >= 20 and len(street.split()) > 1
        yield Real(
            street if known else text, text[len(street) + 1 :] if known else "", postcode, ""
        )


def _without_county(text: str) -> str:
    head, _, tail = text.rpartition(" ")
    return head if head and tail.lower() in BRITISH_COUNTIES else text


def _sanctioned() -> Iterator[Real]:
    with (DATA / "sanctions" / "addresses.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            parts = {name: value.strip().removeprefix("-0-") for name, value in row.items()}
            street, town, country = parts["Address"], parts["City"], parts["Country"]
            if street and town and country and any(map(str.isdigit, street)):
                code = _POSTCODE.search(town)
                yield Real(
                    street, town[: code.start()] if code else town, code[1] if code else "", country
                )


def house(text: str) -> re.Match[str] | None:
    """Return the house number in a street's text: the first number that is no unit's."""
    found = (m for m in _HOUSE.finditer(text) if not _UNIT.search(text[: m.start()]))
    return next(found, None)


def _unit(real: Real, rng: random.Random) -> str | None:
    if not house(real.street):
        return None
    name = f"{rng.choice(('Flat', 'Unit', 'Apt', 'Suite', 'Room', 'Apt.'))} {rng.randint(1, 60)}"
    held = _UNIT_AT.search(real.street)
    if held:
        return replace(real, street=_put(real.street, held, name)).text
    street = f"{name}, {real.street}" if rng.random() < 0.6 else f"{real.street}, {name}"
    return replace(real, street=street).text


def _put(text: str, match: re.Match[str], new: str) -> str:
    return text[: match.start()] + new + text[match.end() :]


def _care_of(real: Real, rng: random.Random) -> str | None:
    who = rng.choice(_FIRMS) if rng.random() < 0.6 else f"{rng.choice(_FORENAMES)} {_FIRMS[0]}"
    return f"c/o {who}, {real.text}"


def _typo(real: Real, rng: random.Random) -> str | None:
    words = re.findall(r"[^\W\d_]{5,}", real.street)
    if not words:
        return None
    word = rng.choice(words)
    at = rng.randrange(1, len(word) - 1)
    letter = rng.choice("abcdefghiklmnoprstuvwyz")
    wrong = rng.choice(
        (
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + letter + word[at + 1 :],
        )
    )
    return replace(real, street=real.street.replace(word, wrong, 1)).text


def _abbreviation(real: Real, rng: random.Random) -> str | None:
    del rng
    words = [_SHORT.get(word.lower(), word) for word in real.street.split(" ")]
    street = " ".join(words)
    return replace(real, street=street).text if street != real.street else None


def _postcode(real: Real, rng: random.Random) -> str | None:
    if not real.postcode:
        return None
    if rng.random() < 0.5:
        return replace(real, postcode="").text
    changed = "".join(
        rng.choice("0123456789") if c.isdigit() else rng.choice("ABDEFGHJLNPQRSTUWXYZ")
        for c in real.postcode[-2:]
    )
    return replace(real, postcode=real.postcode[:-2] + changed).text


def _city(real: Real, rng: random.Random) -> str | None:
    del rng
    return replace(real, town="").text if real.town and house(real.street) else None


def _homoglyphs(real: Real, rng: random.Random) -> str | None:
    return "".join(_LETTER.get(c, c) if rng.random() < 0.3 else c for c in real.text)


def _zero_width(real: Real, rng: random.Random) -> str | None:
    return "".join(c + rng.choice(_HIDDEN) if rng.random() < 0.3 else c for c in real.text)


def _spaced(real: Real, rng: random.Random) -> str | None:
    words = [word for word in re.findall(r"[^\W\d_]+", real.street) if len(word) > 3]
    if not words:
        return None
    word = rng.choice(words)
    return replace(real, street=real.street.replace(word, " ".join(word), 1)).text


def _o_for_0(real: Real, rng: random.Random) -> str | None:
    """Write O for 0 and at times l for 1 in numbers that keep one digit at least."""

    def written(match: re.Match[str]) -> str:
        number = match[0].replace("0", "O")
        if rng.random() < 0.3:
            number = number.replace("1", "l")
        return number if any(map(str.isdigit, number)) else match[0]

    return re.sub(r"\d{2,}", written, real.text) if "0" in real.text else None


def _number_words(real: Real, rng: random.Random) -> str | None:
    del rng
    number = house(real.street)
    if not number or int(number[1]) >= len(_COUNTS):
        return None
    word = _COUNTS[int(number[1])].title()
    return replace(real, street=_put(real.street, number, word)).text


def _reordered(real: Real, rng: random.Random) -> str | None:
    parts = [part.strip() for part in real.text.split(",")]
    if len(parts) < 2:
        return None
    turned = rng.sample(parts, len(parts))
    return ", ".join(turned if turned != parts else parts[::-1])


DISGUISES: dict[str, Disguise] = {
    "rotating unit": _unit,
    "c/o": _care_of,
    "typo": _typo,
    "abbreviation": _abbreviation,
    "postcode dropped or changed": _postcode,
    "city dropped": _city,
    "homoglyphs": _homoglyphs,
    "zero width": _zero_width,
    "spaced letters": _spaced,
    "O for 0": _o_for_0,
    "number words": _number_words,
    "reordered": _reordered,
}


def neighbour(real: Real, step: int) -> Real | None:
    """Return the house some numbers on, or None where no number is surely the house's."""
    number = house(real.street)
    if not number or int(number[1]) + step < 1:
        return None
    found = replace(real, street=_put(real.street, number, str(int(number[1]) + step)))
    was, now = read_place(real.text), read_place(found.text)
    sure = was.units == now.units and was.postcode == now.postcode and was.numbers != now.numbers
    return (
        found
        if sure and now.numbers and not _APARTMENT.search(real.street[: number.start()])
        else None
    )


def elsewhere(real: Real, other: Real, rng: random.Random) -> Real | None:
    """Return the same street and number in another town, with that town's postcode."""
    if not real.town or not other.town:
        return None
    town = other.town if rng.random() < 0.7 else rng.choice(_TOWNS)
    held, moved = read_place(real.town).words, read_place(town).words
    if not moved or set(held) & set(moved):
        return None
    return replace(real, town=town, postcode=other.postcode if real.postcode else "")


def other_street(real: Real, other: Real) -> Real | None:
    """Return another street with the same number in the same town, without its postcode."""
    mine, theirs = house(real.street), house(other.street)
    if not mine or not theirs:
        return None
    return replace(real, street=_put(other.street, theirs, mine[1]), postcode="")


def other_unit(real: Real, rng: random.Random) -> Real | None:
    """Return another unit where the unit stands for the house number, as on a trading estate."""
    held = _UNIT_AT.search(real.street)
    if held is None or read_place(real.text).numbers:
        return None
    return replace(real, street=_put(real.street, held, f"{held[1]} {rng.randint(1, 60)}"))


def unnumbered(real: Real, rng: random.Random) -> Real | None:
    """Return another part of the street that gives no number, only another postcode."""
    number = house(real.street)
    if not number or len(real.postcode) < 4 or real.country:
        return None
    street = " ".join(_put(real.street, number, "").split()).strip(" ,")
    unit = f"Unit {rng.randint(1, 60)} " if rng.random() < 0.3 else ""
    return replace(real, street=unit + street, postcode=f"{real.postcode[:-2]}{_letters(rng)}")


def _letters(rng: random.Random) -> str:
    return "".join(rng.choice("ABDEFGHJLNPQRSTUWXYZ") for _ in "xx")
