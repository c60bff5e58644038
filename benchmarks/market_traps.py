"""What honest sellers of a generated market share, with each other and with rings."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmarks.market_draft import LAST_DAY, Draft, Longs
from graphsvc.rings.columns import Kind, Level

FAMILY_KINDS = (Kind.PAYMENT_ACCOUNT, Kind.PHONE, Kind.EMAIL, Kind.DEVICE)


def lay(draft: Draft) -> None:
    """Lay every trap; those of a place or an agency take sellers that no other such trap has."""
    pool = _pool(draft)
    count = draft.count
    for clients in _groups(draft, pool, max(1, count // 20_000), (count // 60, count // 40)):
        _mark(draft, clients, "forwarder")
        draft.use(
            Kind.ADDRESS, clients, np.repeat(_place(draft), clients.size), _soon(draft, clients)
        )
    for clients in _groups(draft, pool, count // 2500, (15, 60)):
        _mark(draft, clients, "mail_drop")
        draft.use(
            Kind.ADDRESS, clients, np.repeat(_place(draft), clients.size), _soon(draft, clients)
        )
    for clients in _groups(draft, pool, count // 2500, (8, 40)):
        _mark(draft, clients, "agency")
        draft.share(Kind.PHONE, clients)
        draft.share(Kind.EMAIL, clients[draft.rng.random(clients.size) < 0.6])
    for tenants in _groups(draft, pool, count // 1500, (3, 18)):
        _mark(draft, tenants, "block")
        draft.share(Kind.ADDRESS, tenants, level=Level.BUILDING)
    for relatives in _groups(draft, pool, round(draft.preset.families * count / 3), (2, 4)):
        _family(draft, relatives)
    for strangers in _groups(draft, pool, round(draft.preset.coincidences * count / 4), (2, 6)):
        _mark(draft, strangers, "coincidence")
        kinds = (Kind.ADDRESS, Kind.PHONE, Kind.DEVICE, Kind.EMAIL)
        draft.share(kinds[draft.rng.choice(4, p=(0.4, 0.25, 0.25, 0.1))], strangers)
    _processors(draft)
    _catalogue(draft)
    _stolen_photos(draft)
    _recycled_phones(draft)


def _pool(draft: Draft) -> list[int]:
    """Return all honest sellers and some ring members, in random order: crooks have homes too."""
    guilty = draft.ring >= 0
    kept = ~guilty | (draft.rng.random(draft.count) < draft.preset.crooked)
    found: list[int] = draft.rng.permutation(np.flatnonzero(kept)).tolist()
    return found


def _groups(draft: Draft, pool: list[int], many: int, size: tuple[int, int]) -> Iterator[Longs]:
    """Take `many` groups of a size between two bounds out of the pool, at least one."""
    for _ in range(max(1, many)):
        taken = int(draft.rng.integers(size[0], size[1] + 1))
        group = np.array(pool[-taken:], dtype=np.int64)
        del pool[-taken:]
        yield group


def _mark(draft: Draft, sellers: Longs, trap: str) -> None:
    draft.trap[sellers[draft.trap[sellers] == ""]] = trap


def _place(draft: Draft) -> Longs:
    thing = draft.fresh()
    draft.level[int(thing[0])] = Level.BUILDING if draft.rng.random() < 0.5 else Level.UNIT
    return thing


def _soon(draft: Draft, sellers: Longs) -> Longs:
    return draft.joined[sellers] + draft.rng.integers(0, 40, sellers.size)


def _family(draft: Draft, relatives: Longs) -> None:
    """Relatives sell from one home; some share an account, a telephone, a mailbox, a computer."""
    _mark(draft, relatives, "family")
    draft.share(Kind.ADDRESS, relatives)
    for kind, share in zip(FAMILY_KINDS, draft.preset.family_shares, strict=True):
        if draft.rng.random() < share:
            # Who runs fakes keeps the family's things out of it more often than not.
            kept = (draft.ring[relatives] < 0) | (draft.rng.random(relatives.size) < 0.4)
            draft.share(kind, relatives[kept])


def _processors(draft: Draft) -> None:
    for _ in range(2):
        thing = draft.fresh()
        users = draft.rng.permutation(draft.count)[: draft.count // 4]
        draft.use(Kind.PAYMENT_ACCOUNT, users, np.repeat(thing, users.size), _soon(draft, users))


def _catalogue(draft: Draft) -> None:
    """Manufacturers' photos that sellers copy: a few very popular, many less so."""
    for rank in range(1, max(6, draft.count // 50) + 1):
        users = draft.rng.integers(0, draft.count, max(2, round(0.03 * draft.count / rank)))
        _show(draft, np.unique(users))
    for _ in range(max(6, draft.count // 25)):
        many = int(2 * 10 ** draft.rng.random())  # 2 to 19, small ones more often
        _show(draft, np.unique(draft.rng.integers(0, draft.count, many)))


def _show(draft: Draft, users: Longs) -> None:
    if users.size > 1:
        _mark(draft, users, "catalogue")
        draft.share(Kind.IMAGE, users)


def _stolen_photos(draft: Draft) -> None:
    """Ring members copy an honest seller's own photo some days after it appeared, or later."""
    honest = np.flatnonzero(draft.ring < 0)
    order = np.argsort(draft.ring, kind="stable")[honest.size :]
    rings = np.split(order, np.flatnonzero(np.diff(draft.ring[order])) + 1)
    for members in rings[::2]:
        thieves = draft.rng.permutation(members)[: int(draft.rng.integers(1, 5))]
        owner = draft.rng.choice(honest, 1)
        first = draft.joined[owner] + draft.rng.integers(0, 300)
        later = first + draft.rng.integers(3, 20, thieves.size)
        _mark(draft, owner, "stolen_photo")
        thing = draft.fresh()
        shown = np.maximum(later, draft.joined[thieves])
        draft.use(Kind.IMAGE, owner, thing, first)
        draft.use(Kind.IMAGE, thieves, np.repeat(thing, thieves.size), shown)


def _recycled_phones(draft: Draft) -> None:
    """A number that an honest seller gave back long ago is somebody else's now."""
    many = max(6, draft.count // 200)
    guilty, honest = np.flatnonzero(draft.ring >= 0), np.flatnonzero(draft.ring < 0)
    after = np.concatenate(
        [
            draft.rng.permutation(guilty)[: many // 3],
            draft.rng.permutation(honest)[: many - many // 3],
        ]
    )
    before = draft.rng.choice(honest, after.size)
    early = (draft.joined[before] + 120 < draft.joined[after]) & (draft.own[Kind.PHONE][before] < 0)
    before, first = np.unique(before[early], return_index=True)
    after = after[early][first]
    _mark(draft, before, "recycled_phone")
    things = draft.fresh(before.size)
    draft.own[Kind.PHONE][before] = things
    draft.use(Kind.PHONE, after, things, np.minimum(_soon(draft, after), LAST_DAY))
