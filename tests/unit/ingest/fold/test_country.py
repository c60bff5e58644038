"""Countries: codes, names and the many other names."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import ValueRefused
from ingest.fold import country

REAL = Path(__file__).resolve().parents[5] / "shared" / "data" / "sanctions" / "addresses.csv"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("gb", "GB"),
        ("GBR", "GB"),
        (" United Kingdom ", "GB"),
        ("UK", "GB"),
        ("England", "GB"),
        ("U.S.A.", "US"),
        ("United States of America", "US"),
        ("Korea, North", "KP"),
        ("Korea, Republic of", "KR"),
        ("Iran, Islamic Republic of", "IR"),
        ("Peru, Republic of", "PE"),
        ("The Kingdom of Belgium", "BE"),
        ("North Macedonia, The Republic of", "MK"),
        ("Congo, Democratic Republic of the", "CD"),
        ("Congo, Republic of the", "CG"),
        ("CÔTE D'IVOIRE", "CI"),
        ("Türkiye", "TR"),
        ("Viet Nam", "VN"),
        ("Burma", "MM"),
        ("Hong Kong", "HK"),
        ("Bahamas, The", "BS"),
        ("ABW", "AW"),
        ("XK", "XK"),
        ("Niger", "NE"),
        ("Nigeria", "NG"),
    ],
)
def test_names_and_codes(text: str, code: str) -> None:
    assert country.fold(text) == code


@pytest.mark.parametrize(
    "text", ["", "ZZ", "ZZZ", "Atlantis", "undetermined", "Republic of", "Kingdom"]
)
def test_unknown_countries_are_refused(text: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        country.fold(text)
    assert "ISO 3166" in refused.value.remedy


def test_a_part_of_an_address_is_no_formal_name() -> None:
    assert country.find("State of Georgia") is None
    assert country.find("Georgia") == "GE"


def test_no_name_holds_a_number() -> None:
    assert not [name for name in country.names() if any(map(str.isdigit, name))]
    assert country.find("12 Georgia") is None


@given(st.text(max_size=60))
def test_any_text_is_a_code_or_refused(text: str) -> None:
    try:
        found = country.fold(text)
    except ValueRefused:
        return
    assert found in country.codes()
    assert country.fold(found) == found


@pytest.mark.skipif(not REAL.is_file(), reason="no real data beside the repository")
def test_nearly_every_country_of_a_real_list_is_known() -> None:
    with REAL.open(encoding="utf-8", newline="") as file:
        names = [row["Country"].strip() for row in csv.DictReader(file)]
    named = [name for name in names if name not in ("", "-0-")]
    unknown = [name for name in named if not _known(name)]
    assert len(named) > 10_000
    assert len(unknown) <= 0.005 * len(named)


def _known(name: str) -> bool:
    try:
        return bool(country.fold(name))
    except ValueRefused:
        return False
