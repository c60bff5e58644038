"""Traps: each is there, looks as it should, and catches innocents."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from graphsvc.demo import traps
from graphsvc.demo.gallery import Origin
from graphsvc.demo.market import Kind, Market, Seller
from graphsvc.demo.rings import plant

Planted = tuple[Market, list[list[Seller]]]


@pytest.mark.parametrize("trap", traps.TRAPS)
def test_every_trap_holds_innocents(planted: Planted, trap: str) -> None:
    market, _ = planted
    assert sum(trap in seller.traps for seller in market.innocents()) >= 2


def test_ring_members_stand_in_traps_too_a_third_as_often() -> None:
    settled = set(traps.TRAPS[:4]) | {traps.APARTMENT_BLOCK}
    caught: Counter[tuple[bool, str]] = Counter()
    people: Counter[bool] = Counter()
    for seed in range(6):
        market = Market(3000, seed)
        traps.lay(market, plant(market))
        people.update(bool(seller.ring) for seller in market.sellers)
        caught.update((bool(s.ring), t) for s in market.sellers for t in s.traps if t in settled)
    assert all(caught[True, trap] for trap in settled)
    crooks, honest = (
        sum(caught[ring, trap] for trap in settled) / people[ring] for ring in (True, False)
    )
    assert 0.2 < crooks / honest < 0.5


def test_small_doors_join_ring_members_and_innocents() -> None:
    mixed = 0
    for seed in range(6):
        market = Market(3000, seed)
        traps.lay(market, plant(market))
        market.complete()
        doors: dict[tuple[object, ...], set[bool]] = defaultdict(set)
        for use in market.uses[Kind.ADDRESS]:
            seller, place = market.sellers[use.seller], use.value
            if set(seller.traps) & {traps.FAMILY, traps.MAIL_DROP, traps.APARTMENT_BLOCK}:
                doors[place.postcode, place.stem, place.number].add(bool(seller.ring))
        mixed += sum(len(kinds) == 2 for kinds in doors.values())
    assert mixed >= 6


@pytest.mark.parametrize(
    ("trap", "least", "most"),
    [("forwarder", 75, 75), ("mail_drop", 15, 60), ("apartment_block", 6, 18), ("family", 2, 4)],
)
def test_one_door_of_a_trap_has_so_many_sellers(
    planted: Planted, trap: str, least: int, most: int
) -> None:
    market, _ = planted
    doors: dict[tuple[object, ...], set[int]] = defaultdict(set)
    for use in market.uses[Kind.ADDRESS]:
        place = use.value
        doors[place.postcode, place.stem, place.number].add(use.seller)
    shared = [users for users in doors.values() if len(users) > 1 and _in_trap(market, users, trap)]
    assert shared
    assert all(least <= len(users) <= most for users in shared)


def _in_trap(market: Market, users: set[int], trap: str) -> bool:
    """Tell whether a shared door is that of the trap: most of its users stand in it, some honest.

    A ring member may have a door in common with its ring beside the trap's own.
    """
    marked = [user for user in users if trap in market.sellers[user].traps]
    honest = any(not market.sellers[user].ring for user in marked)
    return honest and len(marked) == len(users)


def test_some_tenants_lost_their_flat_number_and_some_did_not(planted: Planted) -> None:
    market, _ = planted
    tenants = {s.index for s in market.sellers if traps.APARTMENT_BLOCK in s.traps}
    lost = [not u.value.unit for u in market.uses[Kind.ADDRESS] if u.seller in tenants]
    assert sum(lost) > len(lost) / 2


def test_a_processor_collects_for_hundreds(planted: Planted) -> None:
    market, _ = planted
    users = Counter(u.value for u in market.uses[Kind.ACCOUNT] if u.value.kind == "merchant")
    assert [count for _, count in users.most_common()] == [3000 // 4] * 2


def test_stolen_photos_appear_with_the_thief_days_after_the_owner() -> None:
    market = Market(10_000, 3)
    traps.lay(market, plant(market))
    owner = {offer.local_id: seller for seller in market.sellers for offer in seller.listings}
    shows = defaultdict(list)
    for shown in market.gallery.shown:
        if market.gallery.pictures[shown.picture].origin is Origin.STOLEN:
            shows[shown.picture].append((shown.day, owner[shown.listing]))
    assert shows
    for (first, honest), *copies in shows.values():
        assert not honest.ring
        assert copies
        assert all(thief.ring and day - first >= 3 for day, thief in copies)
    soonest = [min(day for day, _ in copies) - first for (first, _), *copies in shows.values()]
    assert any(gap < 14 for gap in soonest)
    assert any(gap >= 14 for gap in soonest)


def test_recycled_phones_change_hands_months_apart(planted: Planted) -> None:
    market, _ = planted
    users = defaultdict(list)
    for use in market.uses[Kind.PHONE]:
        users[use.value].append((use.day, market.sellers[use.seller]))
    recycled = [
        sorted(held, key=lambda pair: pair[0])
        for held in users.values()
        if any(traps.RECYCLED_PHONE in s.traps for _, s in held) and len(held) == 2
    ]
    assert len(recycled) >= 10
    for held in recycled:
        (before, honest), (after, _) = held[0], held[-1]
        assert not honest.ring
        assert after - before >= 90
    takers = {bool(held[-1][1].ring) for held in recycled}
    assert takers == {True, False}


def test_catalogue_photos_range_from_few_users_to_many(planted: Planted) -> None:
    market, _ = planted
    users = Counter(shown.picture for shown in market.gallery.shown)
    catalogue = [users[p.number] for p in market.gallery.pictures if p.origin is Origin.CATALOGUE]
    assert min(catalogue) <= 6
    assert max(catalogue) >= 60
