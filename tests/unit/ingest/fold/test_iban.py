"""IBANs are what schwifty says they are, whatever way it is found out."""

from __future__ import annotations

from collections.abc import Callable
from string import ascii_uppercase, digits

import pytest
from hypothesis import given
from hypothesis import strategies as st
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from ingest.fold import iban
from ingest.fold.iban import bank_of, shaped


def has_form(country: str) -> bool:
    try:
        return bool(IBAN(f"{country}00", allow_invalid=True).spec)
    except SchwiftyException:
        return False


COUNTRIES = [a + b for a in ascii_uppercase for b in ascii_uppercase if has_form(a + b)]


def answer(bank: Callable[[str], str | None], number: str) -> tuple[bool, str | None]:
    try:
        return True, bank(number)
    except SchwiftyException:
        return False, None


def theirs(number: str) -> str | None:
    return IBAN(number).bank_code or None


@st.composite
def numbers(draw: st.DrawFn) -> str:
    """Draw numbers of a country's form with any check digits, right ones as often as not."""
    country = draw(st.sampled_from(COUNTRIES))
    form = IBAN(f"{country}00", allow_invalid=True).spec.regex
    account = draw(st.from_regex(form, alphabet=ascii_uppercase + digits + "\n")).strip()
    right = "".join(IBAN.from_bban(country, account, allow_invalid=True))
    check = draw(st.sampled_from([right[2:4], f"{draw(st.integers(0, 99)):02}"]))
    return country + check + right[4:]


@given(numbers())
def test_a_number_of_a_form_is_what_schwifty_says(number: str) -> None:
    assert answer(bank_of, number) == answer(theirs, number)


@given(st.text(alphabet="0123456789ABCDEZ", min_size=0, max_size=36))
def test_any_text_is_what_schwifty_says(tail: str) -> None:
    for country in ("DE", "MT", "GB", "ZZ", ""):
        assert answer(bank_of, country + tail) == answer(theirs, country + tail)


@pytest.mark.parametrize("check", ["00", "01", "99"])
def test_check_digits_that_no_number_bears_are_refused(check: str) -> None:
    residue = {"00": 97, "01": 98, "99": 2}[check]  # what stands for it in mod 97
    account = next(
        f"{n:018}" for n in range(10**6) if IBAN.from_bban("DE", f"{n:018}")[2:4] == f"{residue:02}"
    )
    with pytest.raises(SchwiftyException):
        bank_of(f"DE{check}{account}")


def test_every_country_of_the_registry_is_known() -> None:
    for country in COUNTRIES:
        length = IBAN(f"{country}00", allow_invalid=True).spec.iban_length
        assert shaped(f"{country}00" + "0" * (length - 4))
        assert not shaped(f"{country}00" + "0" * (length - 3))


def test_a_right_number_takes_the_short_way(monkeypatch: pytest.MonkeyPatch) -> None:
    right = [str(IBAN.random(country, use_registry=False)) for country in ("DE", "GB", "MT")]
    known = [IBAN(number).bank_code for number in right]
    monkeypatch.setattr(iban, "IBAN", None)  # the long way is not there
    assert [bank_of(number) for number in right] == known
