"""Two runs side by side: what became of rings whose ids say who carries on whom."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from graphsvc.rings.compare import Listed, Moved, compare
from graphsvc.rings.identity import Event, Known, assign, lost


def listed(name: str, members: str, tier: str = "ban", version: int = 1) -> Listed:
    return Listed(name, version, tier, dict.fromkeys(members, tier))


def events(before: list[Listed], after: list[Listed]) -> dict[str, Event]:
    return {change.ring: change.event for change in compare(before, after)}


def test_each_thing_that_can_become_of_a_ring() -> None:
    before = [
        listed("alike", "abc"),
        listed("grown", "def"),
        listed("shrunk", "ghij"),
        listed("changed", "klmn"),
        listed("gone", "opq"),
    ]
    after = [
        listed("alike", "abc"),
        listed("grown", "defx"),
        listed("shrunk", "ghi"),
        listed("changed", "klmy"),
        listed("fresh", "rst"),
    ]
    assert events(before, after) == {
        "grown": Event.GROWN,
        "shrunk": Event.SHRUNK,
        "changed": Event.CHANGED,
        "gone": Event.VANISHED,
        "fresh": Event.NEW,
    }
    changed = next(c for c in compare(before, after) if c.ring == "changed")
    assert (changed.came, changed.went, changed.others) == (("y",), ("n",), ())
    gone = next(c for c in compare(before, after) if c.ring == "gone")
    assert (gone.before, gone.after, gone.tier_after, gone.went) == (1, None, None, tuple("opq"))


def test_a_ring_that_splits_and_one_that_merges_name_the_others() -> None:
    whole, parts = [listed("a", "abcdef")], [listed("a", "abcd", version=2), listed("b", "ef")]
    split = compare(whole, parts)
    assert [(c.ring, c.event, c.others) for c in split] == [
        ("a", Event.SPLIT, ()),
        ("b", Event.SPLIT, ("a",)),
    ]
    merged = compare(parts, whole)
    assert [(c.ring, c.event, c.others) for c in merged] == [
        ("a", Event.MERGED, ("b",)),
        ("b", Event.MERGED, ("a",)),
    ]


def test_tiers_alone_make_a_ring_rescored() -> None:
    tiers = {"a": "ban", "b": "ban", "c": "review"}
    before, after = listed("a", "abc"), Listed("a", 2, "ban", tiers)
    (change,) = compare([before], [after])
    assert (change.event, change.moved) == (Event.RESCORED, (Moved("c", "ban", "review"),))
    (lower,) = compare([before], [Listed("a", 2, "review", before.members)])
    assert (lower.event, lower.moved, lower.tier_after) == (Event.RESCORED, (), "review")


members = st.frozensets(st.sampled_from("abcdefghijkl"), min_size=2, max_size=6)


@st.composite
def partitions(draw: st.DrawFn) -> list[frozenset[str]]:
    """Rings of one run: no seller is in two."""
    taken: set[str] = set()
    found = []
    for each in draw(st.lists(members, max_size=4)):
        if len(rest := each - taken) >= 2:
            found.append(frozenset(rest))
            taken |= rest
    return found


@settings(deadline=None)
@given(partitions(), partitions())
def test_what_is_lost_agrees_with_the_definition(
    before: list[frozenset[str]], after: list[frozenset[str]]
) -> None:
    known = [Known(f"old-{i}", 3, ring) for i, ring in enumerate(before)]
    names = [named.id for named in assign(known, after)]
    found = lost(known, after, names)
    assert [each.id for each in found] == sorted({ring.id for ring in known} - set(names))
    for each in found:
        old = next(ring.members for ring in known if ring.id == each.id)
        whole = {n for n, new in zip(names, after, strict=True) if 2 * len(old & new) >= len(old)}
        parts = {
            n
            for n, new in zip(names, after, strict=True)
            if old & new and 2 * len(old & new) >= len(new)
        }
        assert set(each.went_to) == whole | parts
        expected = Event.MERGED if whole else Event.SPLIT if parts else Event.VANISHED
        assert (each.event, each.version) == (expected, 3)


@settings(deadline=None)
@given(partitions(), partitions())
def test_a_comparison_tells_every_member_that_came_and_went(
    before: list[frozenset[str]], after: list[frozenset[str]]
) -> None:
    known = [Known(f"old-{i}", 1, ring) for i, ring in enumerate(before)]
    named = assign(known, after)
    then = [listed(ring.id, "".join(sorted(ring.members))) for ring in known]
    now = [listed(n.id, "".join(sorted(ring))) for n, ring in zip(named, after, strict=True)]
    changes = {change.ring: change for change in compare(then, now)}
    held = {ring.id: set(ring.members) for ring in then}
    holds = {ring.id: set(ring.members) for ring in now}
    for name in held.keys() | holds.keys():
        old, new = held.get(name, set()), holds.get(name, set())
        assert (name in changes) == (old != new)
        if name in changes:
            assert set(changes[name].came) == new - old
            assert set(changes[name].went) == old - new
