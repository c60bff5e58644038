"""Phones, e-mails and devices: one identity however it is written; nothing secret is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.errors import ValueRefused
from ingest.fold import device, email, phone


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("+44 20 7946 0018", None),
        ("0044 20 7946 0018", None),
        ("+44 (0)20 7946-0018", None),
        ("020 7946 0018", "GB"),
        ("O2O 7946 OOl8", "GB"),
        ("+44 20 7946 0018 ext. 5", None),
        ("\u200e+44\u00a020 7946 0018", None),
        ("＋４４ 20 7946 0018", None),
    ],
)
def test_one_number_however_it_is_written(text: str, region: str | None) -> None:
    found = phone.fold(text, region)
    assert found == phone.FoldedPhone("+442079460018", "+44…18", "GB")


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("020 7946 0018", None),
        ("+44 20 7946", None),
        ("+1 000 000 0000", None),
        ("0000000000", "GB"),
        ("+999 12345678", None),
        ("call me", "GB"),
        ("020 7946 0018", "ZZ"),
    ],
)
def test_what_nobody_can_call_is_refused(text: str, region: str | None) -> None:
    with pytest.raises(ValueRefused) as refused:
        phone.fold(text, region)
    assert text not in refused.value.reason + refused.value.remedy


@pytest.mark.parametrize(
    ("text", "canonical", "exact"),
    [
        ("Jo.Doe@Mail-Box.org", "jo.doe@mail-box.org", "jo.doe@mail-box.org"),
        ("jo.doe+shop2@mail-box.org", "jo.doe@mail-box.org", "jo.doe+shop2@mail-box.org"),
        ("J.o.Doe+x@GoogleMail.com", "jodoe@gmail.com", "j.o.doe+x@gmail.com"),
        (" ｊｏ@mail-box.org\u200b ", "jo@mail-box.org", "jo@mail-box.org"),
        ("jo@bücher.org", "jo@xn--bcher-kva.org", "jo@xn--bcher-kva.org"),
        ("jo@XN--BCHER-KVA.org", "jo@xn--bcher-kva.org", "jo@xn--bcher-kva.org"),
    ],
)
def test_one_mailbox_however_it_is_written(text: str, canonical: str, exact: str) -> None:
    found = email.fold(text)
    assert (found.canonical, found.exact) == (canonical, exact)
    assert found.domain == canonical.split("@")[1]
    assert found.masked == f"{canonical[0]}…@{found.domain}"


@pytest.mark.parametrize(
    "text", ["jo", "jo@", "@mail-box.org", "jo@mail-box", "jo doe@mail-box.org", "a@b@c.org", ""]
)
def test_what_is_no_mailbox_is_refused(text: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        email.fold(text)
    assert not text or text not in refused.value.reason


def test_dots_count_where_the_provider_counts_them() -> None:
    assert email.fold("a.b@mail-box.org").canonical != email.fold("ab@mail-box.org").canonical


def test_one_device_however_its_fingerprint_is_written() -> None:
    wanted = device.FoldedDevice("a1b2c3d4e5f60718", "…0718")
    assert {device.fold(t) for t in ("A1B2-C3D4-E5F6-0718", " a1b2c3d4 e5f60718")} == {wanted}
    assert device.fold("Fp_Zz98").canonical == "Fp_Zz98"


@pytest.mark.parametrize(
    "text",
    ["", "abc", "00000000-0000-0000-0000-000000000000", "unknown", "------", "q7" * 200],
)
def test_what_tells_no_devices_apart_is_refused(text: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        device.fold(text)
    assert not text or text not in refused.value.reason


@pytest.mark.parametrize(
    "folded",
    [phone.fold("+44 20 7946 0018"), email.fold("jo.doe@mail-box.org"), device.fold("a1b2c3d4e5")],
)
def test_what_is_shown_hides_the_value(folded: Any) -> None:
    assert folded.canonical not in repr(folded)
    assert folded.canonical not in folded.masked


@pytest.mark.parametrize("fold", [phone.fold, email.fold, device.fold])
@given(text=st.one_of(st.text(max_size=80), st.from_regex(r"[a-z+.]{1,9}@[a-zé-]{1,9}\.org")))
def test_any_text_folds_to_itself_or_is_refused(fold: Callable[[str], Any], text: str) -> None:
    try:
        once = fold(text)
    except ValueRefused:
        return
    assert fold(once.canonical).canonical == once.canonical


LETTERS = st.text("ab0.+-_@", max_size=20)
ENDS = st.sampled_from(
    ["a.org", "a..org", "-a.org", "a", "a.org.", "localhost", "xn--a.org", "é.org"]
)


@given(LETTERS, ENDS)
@example("a" * 200, "a.org")
@example("a" * 300, "a.org")
@example("a", "xn--bcher-kva.org")
def test_an_address_is_what_the_library_makes_of_it(name: str, domain: str) -> None:
    written = f"{name}@{domain}"
    try:
        found = validate_email(written, check_deliverability=False, allow_smtputf8=True)
    except EmailNotValidError:
        with pytest.raises(ValueRefused):
            email.fold(written)
    else:
        assert email.fold(written).exact == f"{found.local_part}@{found.ascii_domain.lower()}"
