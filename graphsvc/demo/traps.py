"""Why innocents look guilty: what honest sellers share with each other and with ring members."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

from graphsvc.demo import money, places
from graphsvc.demo.days import LAST_DAY
from graphsvc.demo.dice import Dice
from graphsvc.demo.gallery import Origin
from graphsvc.demo.market import Kind, Market, Seller

FAMILY = "family"
FORWARDER = "forwarder"
MAIL_DROP = "mail_drop"
AGENCY = "agency"
PROCESSOR = "processor"
CATALOGUE = "catalogue"
STOLEN_PHOTO = "stolen_photo"
RECYCLED_PHONE = "recycled_phone"
APARTMENT_BLOCK = "apartment_block"
TRAPS = (
    FAMILY,
    FORWARDER,
    MAIL_DROP,
    AGENCY,
    PROCESSOR,
    CATALOGUE,
    STOLEN_PHOTO,
    RECYCLED_PHONE,
    APARTMENT_BLOCK,
)
COPY_GAP_DAYS = (3, 20)  # a thief is quick: some copies are too early to tell who was first
RECYCLED_GAP_DAYS = 120
PROCESSORS = ("Payrivo", "Settlane")
CROOKED = 3  # a ring member is this many times rarer in a trap than an innocent
Ring = Sequence[Seller]


def lay(market: Market, rings: Sequence[Ring]) -> None:
    """Lay every trap; those of a place or an agency take sellers that no other such trap has."""
    dice = market.dice("traps")
    pool = _pool(market, dice)
    total = len(market.sellers)
    _forwarder(market, dice, _take(pool, max(20, total // 40)))
    for _ in range(max(1, total // 2500)):
        _mail_drop(market, dice, _take(pool, dice.between(15, 60 if total >= 2500 else 20)))
    for _ in range(max(1, total // 2500)):
        _agency(market, dice, _take(pool, dice.between(10, 40 if total >= 2500 else 12)))
    for _ in range(max(1, total // 2000)):
        _block(market, dice, _take(pool, dice.between(6, 18)))
    for _ in range(max(3, total // 100)):
        _family(market, dice, _take(pool, dice.between(2, 4)))
    _processors(market, dice)
    _catalogue(market, dice)
    _stolen_photos(market, dice, rings)
    _recycled_phones(market, dice)


def _pool(market: Market, dice: Dice) -> list[Seller]:
    """Return in random order all innocents and every third ring member: crooks have homes too."""
    members = list(market.members())
    crooks = dice.sample(members, len(members) // CROOKED)
    people = [*market.innocents(), *crooks]
    return dice.sample(people, len(people))


def _take(pool: list[Seller], count: int) -> list[Seller]:
    """Remove sellers from the pool and return them."""
    taken = pool[-count:]
    del pool[-count:]
    return taken


def _marked(sellers: Sequence[Seller], trap: str) -> Sequence[Seller]:
    for seller in sellers:
        seller.mark(trap)
    return sellers


def _forwarder(market: Market, dice: Dice, clients: Sequence[Seller]) -> None:
    """Hundreds ship from one warehouse."""
    house = replace(market.fresh(Kind.ADDRESS, clients[0]), unit="")
    for seller in _marked(clients, FORWARDER):
        bay = str(dice.between(1, 900)) if dice.chance(0.3) else ""
        market.use(seller, Kind.ADDRESS, places.neighbour(house, bay), role="ship_from")


def _mail_drop(market: Market, dice: Dice, clients: Sequence[Seller]) -> None:
    """A letter-box firm: its address is all that these have in common."""
    house = replace(market.fresh(Kind.ADDRESS, clients[0]), unit="")
    for seller in _marked(clients, MAIL_DROP):
        box = str(dice.between(1, 200)) if dice.chance(0.5) else ""
        market.use(seller, Kind.ADDRESS, places.neighbour(house, box), role="return")


def _agency(market: Market, dice: Dice, clients: Sequence[Seller]) -> None:
    """An agency answers the telephone and the post of all its clients."""
    phone = market.fresh(Kind.PHONE, clients[0])
    mailbox = market.fresh(Kind.EMAIL, clients[0])
    for seller in _marked(clients, AGENCY):
        market.settle(seller, Kind.PHONE, phone)
        if dice.chance(0.6):
            market.settle(seller, Kind.EMAIL, mailbox)


def _block(market: Market, dice: Dice, tenants: Sequence[Seller]) -> None:
    """Neighbours whose flat numbers got lost on the way into the data."""
    house = replace(market.fresh(Kind.ADDRESS, tenants[0]), unit="")
    for flat, seller in enumerate(_marked(tenants, APARTMENT_BLOCK), start=1):
        unit = "" if dice.chance(0.8) else str(flat)
        market.settle(seller, Kind.ADDRESS, places.neighbour(house, unit))


def _family(market: Market, dice: Dice, relatives: Sequence[Seller]) -> None:
    """Relatives sell from one home; some share the account, the telephone or the computer."""
    home = market.fresh(Kind.ADDRESS, relatives[0])
    shared = [(Kind.ADDRESS, home)]
    for kind, share in ((Kind.ACCOUNT, 0.25), (Kind.PHONE, 0.15), (Kind.DEVICE, 0.1)):
        if dice.chance(share):
            shared.append((kind, market.fresh(kind, relatives[0])))
    for seller in _marked(relatives, FAMILY):
        for kind, value in shared:
            # Who runs fakes keeps the family's account out of it more often than not.
            if kind is Kind.ADDRESS or not seller.ring or dice.chance(0.4):
                market.settle(seller, kind, value)


def _processors(market: Market, dice: Dice) -> None:
    """Two payment firms collect for a quarter of all sellers each, through one account."""
    for name in PROCESSORS:
        collecting = money.merchant(dice, name)
        for seller in dice.sample(market.sellers, max(10, len(market.sellers) // 4)):
            seller.mark(PROCESSOR)
            market.use(seller, Kind.ACCOUNT, collecting)


def _catalogue(market: Market, dice: Dice) -> None:
    """Manufacturers' photos that everybody copies: a few very popular, most less so."""
    total = len(market.sellers)
    for rank in range(1, max(6, total // 50) + 1):
        users = max(2, round(0.03 * total / rank))
        picture = market.gallery.picture(Origin.CATALOGUE)
        for seller in dice.sample(market.sellers, users):
            seller.mark(CATALOGUE)
            offer = dice.pick(seller.listings)
            copied = dice.chance(0.3)
            market.gallery.show(offer.local_id, picture, day=offer.listed, copied=copied)


def _stolen_photos(market: Market, dice: Dice, rings: Sequence[Ring]) -> None:
    """Ring members copy an innocent's own photo some days after it appeared, or later."""
    shortest, longest = COPY_GAP_DAYS
    offers = [(offer, seller) for seller in market.innocents() for offer in seller.listings]
    offers.sort(key=lambda pair: pair[0].listed)
    days = [offer.listed for offer, _ in offers]
    for ring in rings[::2]:
        shown = sorted(
            (dice.pick(thief.listings) for thief in dice.sample(ring, dice.between(1, 4))),
            key=lambda offer: offer.listed,
        )
        first = shown[0].listed
        near = offers[bisect_left(days, first - longest) : bisect_right(days, first - shortest)]
        if not near:
            continue
        source, owner = dice.pick(near)
        owner.mark(STOLEN_PHOTO)
        picture = market.gallery.picture(Origin.STOLEN)
        market.gallery.show(source.local_id, picture, day=source.listed)
        for offer in shown:
            soonest = source.listed + dice.between(shortest, longest)
            day = min(LAST_DAY, max(offer.listed, soonest))
            market.gallery.show(offer.local_id, picture, day=day, copied=True)


def _recycled_phones(market: Market, dice: Dice) -> None:
    """An innocent gave its number back long ago; somebody has it now, a ring member or not."""
    honest = sorted(market.innocents(), key=lambda seller: seller.joined)
    joined = [seller.joined for seller in honest]
    count = max(6, len(market.sellers) // 200)
    takers = dice.sample(list(market.members()), count // 3)
    takers += dice.sample(honest, count - len(takers))
    for after in takers:
        early = honest[: bisect_left(joined, after.joined - RECYCLED_GAP_DAYS)]
        if not early:
            continue
        before = dice.pick(early)
        if Kind.PHONE in before.own:
            continue
        before.mark(RECYCLED_PHONE)
        number = market.fresh(Kind.PHONE, before)
        before.own[Kind.PHONE] = (number, before.joined + dice.between(0, 20))
        market.use(after, Kind.PHONE, number, day=after.joined + dice.between(0, 30))
