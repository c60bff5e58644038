"""What attackers do to a market: harm the innocent by claims of their own, or hide a ring.

Each takes a generated market and returns another with the attackers in it, and whom it is about.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from benchmarks.market_draft import EASY, Longs
from benchmarks.markets import EPOCH_DAY, Market, Truth
from graphsvc.rings.columns import Kind

VICTIMS = 60
SHOPS = 4  # of an attacker, for each victim
PROVEN = 0.5  # share of an attacker's shops that are reported: it wants them to be
LATE = EPOCH_DAY + 1400
RISKY, HARMLESS = EASY.risk_guilty, EASY.risk_honest


@dataclass(frozen=True, slots=True, eq=False)
class Attacked:
    """A market with attackers, and the sellers that the attack is about."""

    market: Market
    about: Longs


@dataclass(frozen=True, slots=True)
class Claim:
    """Columns of rows to add: who claims to use what, since when, and who stands behind it."""

    seller: Longs
    kind: Kind
    identifier: Longs
    day: Longs
    by: str


def plant_contacts(market: Market, rng: np.random.Generator) -> Attacked:
    """Shops that are soon proven fake name a victim's telephone and address as their own."""
    victims, shops = _shops(market, rng)
    claims = [
        Claim(
            shops,
            kind,
            np.repeat(_own(market, victims, kind), SHOPS),
            _late(shops),
            "self_declared",
        )
        for kind in (Kind.PHONE, Kind.ADDRESS)
    ]
    return Attacked(_with_shops(market, rng, shops, [*claims, _till(market, shops)]), victims)


def steal_photos(market: Market, rng: np.random.Generator, *, days: int = 20) -> Attacked:
    """Such shops show three of a victim's photographs, `days` after it did."""
    victims, shops = _shops(market, rng)
    claims = [_till(market, shops)]
    for _ in range(3):
        picture, day = _photos(market, rng, victims)
        shown = np.repeat(day, SHOPS) + days
        claims.append(Claim(shops, Kind.IMAGE, np.repeat(picture, SHOPS), shown, "observed"))
    return Attacked(_with_shops(market, rng, shops, claims), victims)


def steal_photos_at_once(market: Market, rng: np.random.Generator) -> Attacked:
    """The same within three days, when nobody can tell who was first."""
    return steal_photos(market, rng, days=3)


def plant_all(market: Market, rng: np.random.Generator) -> Attacked:
    """Telephone, address and, within three days, photographs of one victim on the same shops."""
    victims, shops = _shops(market, rng)
    claims = [_named(market, victims, shops, kind) for kind in (Kind.PHONE, Kind.ADDRESS)]
    claims.append(_till(market, shops))
    picture, day = _photos(market, rng, victims)
    shown = np.repeat(day, SHOPS) + 3
    claims.append(Claim(shops, Kind.IMAGE, np.repeat(picture, SHOPS), shown, "observed"))
    return Attacked(_with_shops(market, rng, shops, claims), victims)


def bomb_with_reports(market: Market, rng: np.random.Generator) -> Attacked:
    """A competitor reports innocent sellers, those of families and agencies first."""
    honest = np.flatnonzero((market.truth.ring < 0) & (market.truth.trap != ""))
    victims = np.sort(rng.choice(honest, VICTIMS, replace=False))
    reported = market.sellers.column("reported").to_numpy().copy()
    reported[victims] = 1
    place = market.sellers.schema.get_field_index("reported")
    sellers = market.sellers.set_column(place, "reported", pa.array(reported))
    return Attacked(replace(market, sellers=sellers), victims)


def flood_the_cap(market: Market, rng: np.random.Generator) -> Attacked:
    """Every third ring opens 25 empty shops on each thing that it shares, to make a hub of it."""
    members = np.flatnonzero((market.truth.ring >= 0) & (market.truth.ring % 3 == 0))
    seller = market.rows.column("seller").to_numpy()
    identifier = market.rows.column("identifier").to_numpy()
    kind = market.rows.column("kind").combine_chunks().indices.to_numpy()
    mine = np.isin(seller, members)
    things, users = np.unique(identifier[mine], return_counts=True)
    shared = things[users > 1]
    first = len(market.truth.ring)
    kinds = dict(zip(identifier[mine].tolist(), kind[mine].tolist(), strict=True))
    claims = [
        Claim(
            np.arange(first + 25 * place, first + 25 * (place + 1)),
            Kind(kinds[thing]),
            np.full(25, thing),
            np.full(25, LATE),
            "observed",
        )
        for place, thing in enumerate(shared.tolist())
    ]
    empty = np.arange(first, first + 25 * shared.size)
    return Attacked(_with_shops(market, rng, empty, claims, proven=0.0), members)


def hide_among_hubs(market: Market, rng: np.random.Generator) -> Attacked:
    """Every third ring ships from a forwarder and collects through a processor as well."""
    members = np.flatnonzero((market.truth.ring >= 0) & (market.truth.ring % 3 == 0))
    claims = []
    for kind in (Kind.ADDRESS, Kind.PAYMENT_ACCOUNT, Kind.IMAGE):
        hub = _commonest(market, kind)
        claims.append(Claim(members, kind, np.full(members.size, hub), _late(members), "observed"))
    return Attacked(_with_shops(market, rng, np.empty(0, np.int64), claims), members)


HARMING: Sequence[Callable[[Market, np.random.Generator], Attacked]] = (
    plant_contacts,
    steal_photos,
    steal_photos_at_once,
    plant_all,
    bomb_with_reports,
)
HIDING = (flood_the_cap, hide_among_hubs)


def _shops(market: Market, rng: np.random.Generator) -> tuple[Longs, Longs]:
    """Choose victims among those who stand in no trap, and number the attackers' shops."""
    honest = np.flatnonzero((market.truth.ring < 0) & (market.truth.trap == ""))
    victims = np.sort(rng.choice(honest, VICTIMS, replace=False))
    first = len(market.truth.ring)
    return victims, np.arange(first, first + SHOPS * VICTIMS)


def _named(market: Market, victims: Longs, shops: Longs, kind: Kind) -> Claim:
    """Let the shops name what is their victim's."""
    thing = np.repeat(_own(market, victims, kind), SHOPS)
    return Claim(shops, kind, thing, _late(shops), "self_declared")


def _till(market: Market, shops: Longs) -> Claim:
    """Give the shops of one victim an account together: they are a ring, and found as one."""
    first = int(market.rows.column("identifier").to_numpy().max()) + 1
    account = first + (np.arange(shops.size) // SHOPS)
    return Claim(shops, Kind.PAYMENT_ACCOUNT, account, _late(shops), "observed")


def _late(sellers: Longs) -> Longs:
    return np.full(sellers.size, LATE)


def _own(market: Market, victims: Longs, kind: Kind) -> Longs:
    """Return one thing of the kind of each victim."""
    seller, identifier, _ = _of(market, kind)
    order = np.argsort(seller, kind="stable")
    place = np.searchsorted(seller[order], victims)
    found: Longs = identifier[order][place]
    return found


def _photos(market: Market, rng: np.random.Generator, victims: Longs) -> tuple[Longs, Longs]:
    """Return a photograph of each victim, and the day that it was first shown."""
    seller, identifier, day = _of(market, Kind.IMAGE)
    order = rng.permutation(seller.size)
    order = order[np.argsort(seller[order], kind="stable")]
    place = order[np.searchsorted(seller[order], victims)]
    return identifier[place], np.where(np.isnan(day[place]), LATE, day[place]).astype(np.int64)


def _of(market: Market, kind: Kind) -> tuple[Longs, Longs, np.ndarray]:
    rows = market.rows
    mine = rows.column("kind").combine_chunks().indices.to_numpy() == kind
    day = rows.column("first_seen").to_numpy().astype(np.float64)
    return (
        rows.column("seller").to_numpy()[mine],
        rows.column("identifier").to_numpy()[mine],
        day[mine],
    )


def _commonest(market: Market, kind: Kind) -> int:
    _, identifier, _ = _of(market, kind)
    things, users = np.unique(identifier, return_counts=True)
    return int(things[users.argmax()])


def _with_shops(
    market: Market,
    rng: np.random.Generator,
    shops: Longs,
    claims: Sequence[Claim],
    *,
    proven: float = PROVEN,
) -> Market:
    """Return the market with shops, of which a share is reported and looks it, and with claims."""
    risk = rng.beta(*(RISKY if proven else HARMLESS), shops.size)
    added = pa.table(
        {
            "seller": shops,
            "risk": np.round(risk, 3),
            "reported": (rng.random(shops.size) < proven).astype(np.int8),
            "registered_at": np.full(shops.size, LATE, np.int32),
        }
    )
    ring = np.full(shops.size, market.truth.ring.max() + 1) + np.arange(shops.size) // SHOPS
    truth = Truth(
        np.concatenate([market.truth.ring, ring]),
        np.concatenate([market.truth.trap, np.full(shops.size, "", market.truth.trap.dtype)]),
    )
    plain = _plain(market.rows)
    rows = pa.concat_tables([plain, *(_rows(claim).cast(plain.schema) for claim in claims)])
    return Market(rows, pa.concat_tables([market.sellers, added]), truth)


def _plain(rows: pa.Table) -> pa.Table:
    """Return rows whose words are text: dictionaries of two tables do not fit together."""
    for name in ("kind", "level", "asserted_by"):
        place = rows.schema.get_field_index(name)
        rows = rows.set_column(place, name, rows.column(name).cast(pa.string()))
    return rows


def _rows(claim: Claim) -> pa.Table:
    size = claim.seller.size
    level = "unit" if claim.kind is Kind.ADDRESS else None
    return pa.table(
        {
            "seller": claim.seller,
            "kind": pa.array([claim.kind.word] * size),
            "identifier": claim.identifier,
            "level": pa.array([level] * size, pa.string()),
            "first_seen": claim.day.astype(np.int32),
            "asserted_by": pa.array([claim.by] * size),
        }
    )
