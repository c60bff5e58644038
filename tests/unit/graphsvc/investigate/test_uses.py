"""What a run weighed is shown as it was, whatever the graph says today."""

from __future__ import annotations

from typing import Any

from graphsvc.investigate.kinds import Ref
from graphsvc.investigate.uses import uses_now, uses_then
from graphsvc.investigate.why import shared_by_seller, weights_of
from graphsvc.rings.recorded import Use
from queries.rings.views import SharedRow

AT = "2024-06-01T00:00:00Z"
PHONE = Ref("phone", "t")


def claim(seller: str, since: str = "2024-01-01", ended: str | None = None) -> dict[str, Any]:
    return {
        "seller": seller, "role": None, "source_system": "s", "source": f"f:{since}",
        "asserted_by": "observed", "first_seen": "2023-12-01", "last_seen": None,
        "written": None, "recorded_from": since, "valid_to": ended,
    }  # fmt: skip


def row(*claims: dict[str, Any], name: str = "t", degree: int = 2) -> SharedRow:
    return SharedRow("g", "Phone", name, "…1", None, 1.0, degree, list(claims))


def use(degree: int = 2, **other: Any) -> Use:
    told = {"confidence": 1.0, "first_seen": -1, "self_declared": False, "links": True}
    return Use(kind="phone", identifier="t", degree=degree, level="none", place="", **told | other)


def test_degrees_and_links_are_the_recorded_ones() -> None:
    recorded = {"a": [use(21)], "b": [use(21)]}  # more than may link, but somebody decided so
    uses = uses_then([row(claim("a"), claim("b"), degree=2)], recorded, AT)
    (shared,) = shared_by_seller(uses, weights_of(None))["a"].reasons
    assert (shared.sellers, shared.members, shared.counts, shared.shown) == (21, 1, True, "…1")
    assert shared.weight > 0
    left_out = {"a": [use(links=False)], "b": [use(links=False)]}
    uses = uses_then([row(claim("a"), claim("b"))], left_out, AT)
    (shared,) = shared_by_seller(uses, weights_of(None))["a"].reasons
    assert (shared.counts, shared.weight) == (False, 0)


def test_only_claims_that_were_there_are_told_and_ended_ones_if_none_stands() -> None:
    recorded = {"a": [use()], "b": [use()]}
    rows = [row(claim("a", ended="2025"), claim("a", "2024-07-01"), claim("b"), claim("b", "2024"))]
    uses = uses_then(rows, recorded, AT)
    mine, other = uses["a"][PHONE], uses["b"][PHONE]
    assert ([c.source for c in mine.claims], mine.standing) == (["f:2024-01-01"], False)
    assert ([c.source for c in other.claims], other.standing) == (["f:2024-01-01", "f:2024"], True)


def test_what_nobody_tells_any_more_is_still_weighed() -> None:
    uses = uses_then([], {"a": [use(confidence=0.9)], "b": [use(confidence=0.9)]}, AT)
    kept = uses["a"][PHONE]
    assert (kept.shown, kept.claims, kept.standing) == (None, (), False)
    assert (kept.fact.sellers, round(kept.fact.confidence, 6)) == (2, 0.81)
    assert shared_by_seller(uses, weights_of(None))["a"].cut


def test_today_adds_what_links_nobody_and_nothing_else() -> None:
    recorded = {"a": [use()], "b": [use()]}
    hub = row(claim("a"), claim("b"), name="hub", degree=90)
    fresh = row(claim("a"), claim("b"), name="fresh")
    uses = uses_then([row(claim("a"), claim("b")), hub, fresh], recorded, AT)
    assert {ref.id for ref in uses["a"]} == {"t", "hub"}
    ended = row(claim("a"), claim("b", ended="2025"), name="hub", degree=90)
    assert {ref.id for ref in uses_then([ended], recorded, AT)["a"]} == {"t"}


def test_today_only_claims_that_stand_count_and_two_are_needed() -> None:
    assert uses_now([row(claim("a"), claim("b", ended="2025"))]) == {}
    uses = uses_now([row(claim("a"), claim("b", ended="2025"), claim("c"))])
    assert sorted(uses) == ["a", "c"]
    assert uses["a"][PHONE].fact.shared_with == 1
