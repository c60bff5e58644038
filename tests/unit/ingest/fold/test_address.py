"""Addresses: writings of one door meet, different doors stay apart, weak ones never link."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import ValueRefused
from ingest.fold.address import FOLD_VERSION, fold, fold_parts

REAL = Path(__file__).resolve().parents[5] / "shared" / "data" / "addresses_uk"

SAME = [
    (
        "GB",
        "Flat 4, 12 MAIN STREET, Leeds",
        "12 Main St., Apt 4, LEEDS",
        "12 main str; flat no. 4; leeds",
        "Leeds | 12 Main Street | Apartment #4",
        "12, Main Street, Flat 04, Leeds, West Yorkshire, United Kingdom",
        "c/o J Doe, Flat 4, 12 Main Street, Leeds",
        "Flat 4\n12 Main Street\nLeeds",
        "Flat 4, I2 Main Street, Leeds",
        "Flat 4, 12 M\u0430in Str\u0435et, Leeds",
        "Flat 4, 12 Ma\u200bin Street, Leeds",
        "Flat 4, 12 M a i n Street, Leeds",
        "Flat four, twelve Main Street, Leeds",
    ),
    (
        "GB",
        "12 Main Street, Leeds, LS1 4AB",
        "12 MAIN STREET LEEDS LS14AB",
        "12 Main St Leeds West Yorkshire, LS1 4AB",
        "Acorn House, 12 Main Street, Headingley, Leeds LS1 4AB UK",
        "ACORN HOUSE 12 MAIN STREET LEEDS, LS1 4AB",
    ),
    ("GB", "1 Second Avenue, Leeds LS1 4AB", "1 2nd Ave, Leeds, LS1 4AB"),
    ("GB", "22 -24 Market Place, Leeds", "22/24 Market Pl, Leeds", "22-24 MARKET PLACE, LEEDS"),
    ("GB", "11 A Friars Street, Leeds", "11A Friars St, Leeds", "11-a Friars Street, Leeds"),
    ("GB", "First Floor, 3 High Road, Leeds", "3 High Rd, 1st floor, Leeds"),
    ("GB", "Units 24 & 25 Dale Estate, LS1 4AB", "UNITS 24/25 Dale Est, LS1 4AB"),
    ("GB", "Shop 12 High Street, Leeds", "12 High Street, Leeds"),
    ("GB", "1 Main Street, Leeds, CO9 1ET", "1 Main St Leeds, CO91ET"),
    ("GB", "27 The St, Oakham, LS1 4AB", "27 The Street, Oakham, LS1 4AB"),
    ("IE", "123 Main Street, Cork, T12 AC34", "123 Main St, Cork T12AC34"),
    ("GB", "PO Box 123, London", "P.O. Box 123, LONDON", "p o box 123, london"),
    (
        "US",
        "500 W Main St Apt #12B, Austin TX 78701",
        "500 West Main Street, Unit 12-b, Austin, TX 78701-1234, USA",
        "500 W. Main St #12B, Austin, Texas 78701",
    ),
    ("US", "350 5th Ave, New York, NY 10118", "350 Fifth Avenue, New York NY 10118"),
    (
        "DE",
        "Hauptstraße 12, 10115 Berlin",
        "Hauptstr. 12, D-10115 Berlin, Germany",
        "Haupt Strasse 12, Berlin 10115",
        "HAUPTSTR 12 10115 BERLIN",
    ),
    ("NL", "Kerkstraat 5, 1017 GB Amsterdam", "Kerkstr. 5, 1017GB Amsterdam"),
    ("SE", "Storgatan 12 B, 111 43 Stockholm", "Stor gatan 12B, 11143 Stockholm"),
    (
        "ES",
        "Calle Mayor 5, 28013 Madrid",
        "C/ Mayor, 5, 28013 Madrid",
        "C. Mayor nº 5, 28013 Madrid",
    ),
    ("RU", "ул. Ленина 5, кв. 12, Москва", "Ul. Lenina, d. 5, kv. 12, Moskva"),
    ("AU", "4/12 Main St, Sydney NSW 2000", "Flat 4, 12 Main Street, Sydney NSW 2000"),
    ("PL", "ul. Polna 12/5, 00-950 Warszawa", "Polna ul. 12 lok. 5, 00-950 Warszawa"),
    ("CO", "Calle 74 No. 53-30, Barranquilla", "Calle 74 # 53-30, Barranquilla"),
    ("IR", "No. 39, Azar St., Tehran", "39 Azar Street, Tehran", "Azar St., No 39, Tehran, Iran"),
]
APART = [
    ("GB", "Flat 4, 12 Main Street, Leeds", "Flat 5, 12 Main Street, Leeds"),
    ("GB", "Flat 4, 12 Main Street, Leeds", "12 Main Street, Leeds"),
    ("SG", "1 Hill Road, #22-06 High Centre, 179094", "1 Hill Road, #24-05 High Centre, 179094"),
    ("RU", "Ul. Polevaya D. 1, Pom. XXIV, Moscow", "Ul. Polevaya D. 1, Pom. XX, Moscow"),
    ("MX", "Av. Encina 47, Loc. 15, Zapopan", "Av. Encina 47, Loc. 5, Zapopan"),
    ("GB", "12 Main Street, Leeds", "14 Main Street, Leeds"),
    ("GB", "12 Main Street, Leeds", "12 Main Street, York"),
    ("GB", "12 Main Street, Leeds", "12 Mill Street, Leeds"),
    ("GB", "12 Main Street, Leeds", "12 Main Road, Leeds"),
    ("GB", "12 Main Street, Leeds", "12a Main Street, Leeds"),
    ("GB", "12 Main St, LS1 4AB", "12 Main St, LS1 4AD"),
    ("GB", "1 Second Avenue, Leeds", "2 First Avenue, Leeds"),
    ("US", "12 North Main St, Austin", "12 South Main St, Austin"),
    ("GB", "Flat 4, 2 Main Street, Leeds", "Flat 2, 4 Main Street, Leeds"),
    ("RU", "Ul. Polevaya D. 10, Kabinet 12, Moscow", "Ul. Polevaya D. 10, Komnata 7, Moscow"),
    ("RU", "Ul. Polevaya, D. 32, Str. 1, Moscow", "Ul. Polevaya, D. 33, Str. 1, Moscow"),
]
LEVELS = [
    ("GB", "Flat 4, 12 Main Street, Leeds", "unit"),
    ("GB", "12 Main Street, Leeds", "building"),
    ("GB", "Unit 7A Radford Crescent, LS1 4AB", "unit"),
    ("GB", "5 The Street, Leeds", "building"),
    ("GB", "Office 209 Lake Innovation Centre Lake Rd., LS1 4AB", "unit"),
    ("GB", "Main Street, Leeds", "street"),
    ("GB", "12 Main Street", "street"),
    ("DE", "Wohnung 3, Hauptstrasse, 10115 Berlin", "street"),
    ("IR", "14th Street, Tehran", "street"),
    ("CO", "Calle 74, Barranquilla", "street"),
    ("LB", "Block 3, Beirut", "street"),
    ("CU", "Havana", "city"),
    ("CH", "Zurich CH-8022", "city"),
    ("SG", "12 Orchard Road, Singapore", "building"),
    ("AR", "Corrientes 1545, Buenos Aires", "building"),
    ("AE", "PO Box 54321, Dubai", "building"),
]


@pytest.mark.parametrize("case", SAME, ids=lambda case: case[1])
def test_writings_of_one_door_have_one_key(case: tuple[str, ...]) -> None:
    country, *texts = case
    assert len({fold(text, country=country).key for text in texts}) == 1
    assert fold(texts[0], country=country).level in ("unit", "building")


@pytest.mark.parametrize(("country", "one", "other"), APART)
def test_different_doors_have_different_keys(country: str, one: str, other: str) -> None:
    assert fold(one, country=country).key != fold(other, country=country).key


@pytest.mark.parametrize(("country", "text", "level"), LEVELS)
def test_the_level_says_whether_it_may_link(country: str, text: str, level: str) -> None:
    assert fold(text, country=country).level == level


def test_the_parts_of_a_fold() -> None:
    found = fold("Flat 4,\n 12 Main Street, Leeds LS1 4AB, UK")
    assert (found.country, found.postcode, found.city) == ("GB", "LS14AB", "leeds")
    assert (found.numbers, found.words, found.unit) == (("12",), ("main", "street"), "4")
    assert found.display == "Flat 4, 12 Main Street, Leeds LS1 4AB, UK"
    assert found.key == f"{FOLD_VERSION}|GB|ls14ab|12|main street|4|unit"


@pytest.mark.parametrize(
    ("country", "fields", "text"),
    [
        (
            "GB",
            {"street": "12 Main Street", "unit": "4", "city": "Leeds", "postcode": "LS1 4AB"},
            "Flat 4, 12 Main St, Leeds LS14AB",
        ),
        ("GB", {"street": "12 Main Street Flat 4", "city": "LEEDS"}, "Flat 4, 12 Main St, Leeds"),
        ("DE", {"street": "Hauptstr. 12", "city": "10115 Berlin"}, "Hauptstraße 12, 10115 Berlin"),
        (
            "US",
            {"street": "500 W Main St", "unit": "#12B", "city": "Austin", "region": "TX"}
            | {"postcode": "78701-1234"},
            "500 West Main Street Apt 12b, Austin TX 78701",
        ),
    ],
)
def test_fields_and_free_text_have_one_key(country: str, fields: dict[str, str], text: str) -> None:
    assert fold_parts(country=country, **fields).key == fold(text, country=country).key


def test_a_town_with_its_postcode_is_a_city() -> None:
    found = fold_parts(country="BR", city="sao paulo", region="SP", postcode="04726")
    assert (found.level, found.postcode, found.city) == ("city", "04726", "sao paulo")


@pytest.mark.parametrize("text", ["", "  ", ",;|", "12", "-", "#"])
def test_what_names_no_place_is_refused(text: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        fold(text)
    assert refused.value.remedy


_VOCABULARY = (
    "12 4b Main Street St High Road Flat Apt 4 # floor 2nd Leeds LS1 4AB 10115 Berlin Haupt str. "
    "strasse , ; / - & Unit PO Box c/o TX no. d. Nº 3º B The 1O O2 block \n o5 units k"
)
WORDS = st.sampled_from(_VOCABULARY.split(" "))


@given(
    st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=10).map(" ".join)),
    st.sampled_from([None, "GB", "US", "DE", "ES", "RU", "CO", "PL", "SG", "AE", "ZZ"]),
)
def test_any_text_is_folded_the_same_again_or_refused(text: str, country: str | None) -> None:
    try:
        once = fold(text, country=country)
    except ValueRefused:
        return
    assert fold(once.display, country=country) == once
    assert fold(f"  {text}\n", country=country).key == once.key
    assert once.level in ("unit", "building", "street", "city")
    assert once.key.count("|") == 6


@given(st.lists(WORDS, max_size=6).map(" ".join), st.lists(WORDS, max_size=4).map(" ".join))
def test_any_fields_are_folded_or_refused(street: str, city: str) -> None:
    try:
        found = fold_parts(country="GB", street=street, city=city, unit=city, postcode="LS1 4AB")
    except ValueRefused:
        return
    assert found.postcode == "LS14AB"


def _rewritten(text: str, postcode: str) -> list[str]:
    """Return writings of one place: case, short words, punctuation, where the unit stands."""
    short = f" {text} "
    for word, brief in (("STREET", "ST"), ("ROAD", "RD."), ("AVENUE", "AVE"), ("LANE", "LN")):
        short = short.replace(f" {word} ", f" {brief} ")
    found = [
        f"{text.title()}, {postcode.lower()}",
        f"{short.strip()}; {postcode.replace(' ', '')}",
        f"{text},, {postcode}, UK",
    ]
    words = text.split()
    if words[0] in ("FLAT", "UNIT", "SUITE") and len(words) > 3 and words[1].isdigit():
        found.append(f"{' '.join(words[2:])}, Apt. {words[1]}, {postcode}")
    return found


@pytest.mark.skipif(not REAL.is_dir(), reason="no real data beside the repository")
def test_real_addresses_keep_their_key_however_they_are_written() -> None:
    import pyarrow.parquet as pq

    rows = pq.read_table(REAL / "uk_companies_house_addresses.parquet").to_pylist()[::5]
    kept = tried = 0
    for row in rows:
        text, postcode = " ".join(row["address_concat"].split()), row["postcode"]
        if not (text and postcode):
            continue
        key = fold(f"{text}, {postcode}", country="GB").key
        writings = [fold(other, country="GB").key for other in _rewritten(text, postcode)]
        kept += writings.count(key)
        tried += len(writings)
    assert tried > 10_000
    assert kept >= 0.95 * tried
