"""How a ring is cited."""

from __future__ import annotations

import pytest

from graphsvc.errors import UsageError
from graphsvc.investigate.citing import cited


def test_a_ring_with_and_without_version() -> None:
    assert cited("ring-1") == ("ring-1", None)
    assert cited("ring-1@12") == ("ring-1", 12)


@pytest.mark.parametrize("text", ["r@", "r@x", "r@-1", "r@1@2", "r@٣", "r@" + "9" * 30])
def test_a_version_is_a_number(text: str) -> None:
    with pytest.raises(UsageError):
        cited(text)
