"""Which identifiers link, and how one is named without its token."""

from __future__ import annotations

import pytest

from graphsvc.errors import BadRequest
from graphsvc.investigate.kinds import CAP, IdentifierKind, labels_of, links
from graphsvc.rings.groups import label


@pytest.mark.parametrize(
    ("kind", "level", "degree", "expected"),
    [
        ("phone", None, 1, False),
        ("phone", None, 2, True),
        ("phone", None, CAP, True),
        ("phone", None, CAP + 1, False),
        ("address", "unit", 2, True),
        ("address", "building", 2, True),
        ("address", "street", 2, False),
        ("address", "city", 2, False),
        ("address", None, 2, False),
    ],
)
def test_links(kind: str, level: str | None, degree: int, expected: bool) -> None:
    assert links(kind, level, degree) is expected


def test_a_label_is_stable_and_tells_no_token() -> None:
    token = "0badc0de:" + "7" * 64
    assert label("phone", token) == label("phone", token)
    assert label("phone", token) != label("phone", token[:-1] + "8")
    assert "7777" not in label("phone", token)


def test_labels_of_kinds() -> None:
    assert labels_of(None) == ["Address", "Device", "Email", "PaymentAccount", "Phone"]
    assert labels_of(["image"]) == []
    assert labels_of(["image", "phone"], pictures=True) == ["Image", "Phone"]
    assert len(labels_of(list(IdentifierKind), pictures=True)) == len(IdentifierKind)
    with pytest.raises(BadRequest, match="passport"):
        labels_of(["phone", "passport"])
