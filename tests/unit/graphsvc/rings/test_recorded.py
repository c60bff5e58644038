"""What ties a ring's members is kept as it was weighed, and comes back as it was kept."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from graphsvc.rings.columns import Kind, Level
from graphsvc.rings.parameters import DEFAULT, Parameters
from graphsvc.rings.recorded import Use, packed, unpacked, uses_of
from tests.unit.graphsvc.rings.ring_worlds import Use as Told
from tests.unit.graphsvc.rings.ring_worlds import World, market

told = st.lists(
    st.builds(
        Told,
        st.sampled_from("abcdef"),
        st.sampled_from(Kind),
        st.sampled_from("xyz"),
        st.sampled_from([-1, 18_000, 18_100]),
        st.booleans(),
    ),
    max_size=25,
)


@settings(deadline=None)
@given(told, st.lists(st.sampled_from("abcdef"), unique=True, max_size=6), st.integers(0, 6))
def test_uses_are_those_that_two_members_of_one_ring_have(
    rows: list[Told], order: list[str], border: int
) -> None:
    made = market(rows)
    code = {name: i for i, name in enumerate(made.sellers)}
    rings = [[code[s] for s in part if s in code] for part in (order[:border], order[border:])]
    found = uses_of(made, rings, DEFAULT)
    users = {(each.kind, each.identifier, each.seller) for each in rows}
    degree = Counter((kind, name) for kind, name, _ in users)
    expected = {}
    for ring in rings:
        names = [made.sellers[s] for s in ring]
        for name in names:
            mine = {
                (kind.word, x)
                for kind, x, s in users
                if s == name and any((kind, x, other) in users for other in names if other != name)
            }
            if mine:
                expected[name] = mine
    assert {
        made.sellers[s]: {(u.kind, u.identifier) for u in uses} for s, uses in found.items()
    } == expected
    for seller, uses in found.items():
        for use in uses:
            kind = Kind[use.kind.upper()]
            assert use.degree == degree[kind, use.identifier]
            claims = [
                each
                for each in rows
                if (each.seller, each.kind, each.identifier)
                == (made.sellers[seller], kind, use.identifier)
            ]
            assert use.self_declared == all(each.declared for each in claims)
            days = [each.day for each in claims if each.day >= 0]
            assert use.first_seen == min(days, default=-1)


def test_a_hub_and_a_street_are_kept_as_linking_nobody() -> None:
    world = World()
    world.share(Kind.PHONE, "few", "ab")
    world.share(Kind.DEVICE, "hub", "abcd")
    world.share(Kind.ADDRESS, "street", "ab", level=Level.STREET)
    found = uses_of(world.market(), [[0, 1]], Parameters(cap=(3,) * 6))
    assert {use.identifier: (use.links, use.degree) for use in found[0]} == {
        "street": (False, 2),
        "few": (True, 2),
        "hub": (False, 4),
    }


def test_the_text_comes_back_and_depends_on_nothing_else() -> None:
    use = Use("phone", 'to"ken:ä', 2, "none", 0.5, -1, True, True, "")
    assert unpacked(packed([use, use])) == (use, use)
    assert packed([use]).isascii()
    world, more = World(), World()
    for each in (world, more):
        each.share(Kind.PHONE, "x", "ab")
    more.share(Kind.PHONE, "another", "yz")  # other codes, the same uses
    one, two = (uses_of(w.market(), [[0, 1]], DEFAULT)[0] for w in (world, more))
    assert packed(one) == packed(two)
