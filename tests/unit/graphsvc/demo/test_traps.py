"""Traps: each is there, looks as it should, and catches innocents."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from graphsvc.demo import traps
from graphsvc.demo.gallery import Origin
from graphsvc.demo.market import Kind, Market, Seller

Planted = tuple[Market, list[list[Seller]]]


@pytest.mark.parametrize("trap", traps.TRAPS)
def test_every_trap_holds_innocents(planted: Planted, trap: str) -> None:
    market, _ = planted
    assert sum(trap in seller.traps for seller in market.innocents()) >= 2


@pytest.mark.parametrize(
    ("trap", "least", "most"),
    [("forwarder", 75, 90), ("mail_drop", 15, 60), ("apartment_block", 6, 18), ("family", 2, 4)],
)
def test_one_door_of_a_trap_has_so_many_sellers(
    planted: Planted, trap: str, least: int, most: int
) -> None:
    market, _ = planted
    doors: dict[tuple[object, ...], set[int]] = defaultdict(set)
    for use in market.uses[Kind.ADDRESS]:
        place = use.value
        doors[place.postcode, place.stem, place.number].add(use.seller)
    shared = [
        users
        for users in doors.values()
        if len(users) > 1 and any(trap in market.sellers[user].traps for user in users)
    ]
    assert shared
    assert all(least <= len(users) <= most for users in shared)


def test_some_tenants_lost_their_flat_number_and_some_did_not(planted: Planted) -> None:
    market, _ = planted
    tenants = {s.index for s in market.sellers if traps.APARTMENT_BLOCK in s.traps}
    lost = [not u.value.unit for u in market.uses[Kind.ADDRESS] if u.seller in tenants]
    assert sum(lost) > len(lost) / 2


def test_a_processor_collects_for_hundreds(planted: Planted) -> None:
    market, _ = planted
    users = Counter(u.value for u in market.uses[Kind.ACCOUNT] if u.value.kind == "merchant")
    assert [count for _, count in users.most_common()] == [3000 // 14] * 2


def test_stolen_photos_appear_with_the_thief_two_weeks_after_the_owner(planted: Planted) -> None:
    market, _ = planted
    owner = {offer.local_id: seller for seller in market.sellers for offer in seller.listings}
    shows = defaultdict(list)
    for shown in market.gallery.shown:
        if market.gallery.pictures[shown.picture].origin is Origin.STOLEN:
            shows[shown.picture].append((shown.day, owner[shown.listing]))
    assert shows
    for (first, honest), *copies in shows.values():
        assert not honest.ring
        assert copies
        assert all(thief.ring and day - first >= 14 for day, thief in copies)


def test_recycled_phones_change_hands_months_apart(planted: Planted) -> None:
    market, _ = planted
    users = defaultdict(list)
    for use in market.uses[Kind.PHONE]:
        users[use.value].append((use.day, market.sellers[use.seller]))
    recycled = [
        sorted(held, key=lambda pair: pair[0])
        for held in users.values()
        if any(traps.RECYCLED_PHONE in s.traps for _, s in held) and any(s.ring for _, s in held)
    ]
    assert len(recycled) >= 2
    for held in recycled:
        (before, honest), (after, crook) = held[0], held[-1]
        assert not honest.ring
        assert crook.ring
        assert after - before >= 90


def test_catalogue_photos_range_from_few_users_to_many(planted: Planted) -> None:
    market, _ = planted
    users = Counter(shown.picture for shown in market.gallery.shown)
    catalogue = [users[p.number] for p in market.gallery.pictures if p.origin is Origin.CATALOGUE]
    assert min(catalogue) <= 6
    assert max(catalogue) >= 60
