"""The invented market while it is being made: sellers, what each uses, what each offers; no I/O."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from graphsvc.demo import money, people, places
from graphsvc.demo.days import LAST_DAY
from graphsvc.demo.dice import Dice
from graphsvc.demo.gallery import Gallery
from graphsvc.demo.goods import Listing, listing

PLATFORM = "shopnest"
LAST_JOIN = 1000  # nobody registers later, so that everybody has some history


class Kind(StrEnum):
    """What sellers can have in common."""

    ACCOUNT = "account"
    ADDRESS = "address"
    PHONE = "phone"
    EMAIL = "email"
    DEVICE = "device"
    IMAGE = "image"


# Who stands behind a claim, by kind: a platform tests accounts and sees devices for itself.
_ASSERTED: dict[Kind, tuple[tuple[str, float], ...]] = {
    Kind.ACCOUNT: (("platform_verified", 0.75), ("observed", 0.22), ("self_declared", 0.03)),
    Kind.ADDRESS: (("platform_verified", 0.45), ("observed", 0.45), ("self_declared", 0.10)),
    Kind.PHONE: (("platform_verified", 0.70), ("observed", 0.22), ("self_declared", 0.08)),
    Kind.EMAIL: (("platform_verified", 0.70), ("observed", 0.22), ("self_declared", 0.08)),
    Kind.DEVICE: (("observed", 1.0),),
}
# How many sellers have a second one that nobody shares: two of a kind are no sign of guilt.
_SECOND = (
    (Kind.ADDRESS, 0.15),
    (Kind.ACCOUNT, 0.1),
    (Kind.PHONE, 0.15),
    (Kind.EMAIL, 0.15),
    (Kind.DEVICE, 0.35),
)
OWN = (Kind.ADDRESS, Kind.ACCOUNT, Kind.PHONE, Kind.EMAIL, Kind.DEVICE)


@dataclass(frozen=True, slots=True)
class Use:
    """One claim: the seller uses the identifier; `day` is when it was first seen."""

    seller: int
    kind: Kind
    value: Any
    day: int
    by: str
    role: str = ""


@dataclass(slots=True)
class Seller:
    """One invented seller; `own` holds identifiers that a ring or a trap has already settled."""

    index: int
    country: str
    name: str
    handle: str
    joined: int
    ring: str = ""
    traps: list[str] = field(default_factory=list)
    own: dict[Kind, tuple[Any, int]] = field(default_factory=dict)
    listings: list[Listing] = field(default_factory=list)

    @property
    def local_id(self) -> str:
        """Return the id on the platform."""
        return f"s-{self.index + 1}"

    def mark(self, trap: str) -> None:
        """Note that the seller stands in a trap, once."""
        if trap not in self.traps:
            self.traps.append(trap)


class Market:
    """Everything that is being invented; each part draws from its own stream of the seed."""

    def __init__(self, sellers: int, seed: int) -> None:
        self.seed = seed
        self.gallery = Gallery(self.dice("pictures"))
        self.uses: dict[Kind, list[Use]] = defaultdict(list)
        self._taken: set[Hashable] = set()
        self._marks = self.dice("marks")
        self._fresh = self.dice("identifiers")
        dice = self.dice("sellers")
        self.sellers = [_seller(dice, index) for index in range(sellers)]
        self._stock(self.dice("listings"))

    def dice(self, name: str) -> Dice:
        """Return the stream of a name; asking twice gives the same stream from its start."""
        return Dice(self.seed, name)

    def use(
        self, seller: Seller, kind: Kind, value: Any, *, day: int | None = None, role: str = ""
    ) -> Use:
        """Note and return that a seller uses an identifier, from `day` or soon after it joined."""
        seen = seller.joined + self._marks.between(0, 40) if day is None else day
        by = self._marks.weighted(_ASSERTED[kind])
        made = Use(seller.index, kind, value, min(seen, LAST_DAY), by, role)
        self.uses[kind].append(made)
        return made

    def settle(self, seller: Seller, kind: Kind, value: Any) -> None:
        """Make the identifier the seller's own of its kind, or one more where it has one."""
        if kind in seller.own:
            self.use(seller, kind, value, role="ship_from" if kind is Kind.ADDRESS else "")
        else:
            seller.own[kind] = (value, seller.joined + self._marks.between(0, 20))

    def fresh(self, kind: Kind, seller: Seller) -> Any:
        """Return an identifier nobody has yet, such as this seller would have."""
        for _ in range(1000):
            made = _invent(self._fresh, kind, seller)
            if made not in self._taken:
                self._taken.add(made)
                return made
        raise RuntimeError(f"no fresh {kind} is left")  # the spaces are far larger than any market

    def complete(self) -> None:
        """Give every seller an identifier of its own where none is settled yet."""
        shared = {(use.seller, kind) for kind, uses in self.uses.items() for use in uses}
        for seller in self.sellers:
            for kind in OWN:
                if kind not in seller.own:
                    self.settle(seller, kind, self.fresh(kind, seller))
                value, day = seller.own[kind]
                made = self.use(seller, kind, value, day=day, role=_role(kind))
                if kind is Kind.EMAIL and self._marks.chance(0.6):
                    self._say_together(made)
            for kind, share in _SECOND:
                if (seller.index, kind) not in shared and self._marks.chance(share):
                    role = "ship_from" if kind is Kind.ADDRESS else ""
                    self.use(seller, kind, self.fresh(kind, seller), role=role)

    def _say_together(self, mailbox: Use) -> None:
        """Let the mailbox be given in one row with the telephone that was noted just before."""
        phone = self.uses[Kind.PHONE][-1]
        self.uses[Kind.EMAIL][-1] = replace(mailbox, day=phone.day, by=phone.by)

    def innocents(self) -> Iterator[Seller]:
        """Yield the sellers that are in no ring."""
        return (seller for seller in self.sellers if not seller.ring)

    def members(self) -> Iterator[Seller]:
        """Yield the sellers that are in a ring."""
        return (seller for seller in self.sellers if seller.ring)

    def _stock(self, dice: Dice) -> None:
        number = 0
        for seller in self.sellers:
            for _ in range(min(12, 1 + int(dice.numpy.geometric(0.42)))):
                number += 1
                day = min(seller.joined + dice.between(0, 300), LAST_DAY)
                seller.listings.append(listing(dice, f"l-{number}", seller.country, day))


def _seller(dice: Dice, index: int) -> Seller:
    where = places.country(dice)
    return Seller(index, where, people.person(dice), people.shop(dice), dice.between(0, LAST_JOIN))


def _role(kind: Kind) -> str:
    return "business" if kind is Kind.ADDRESS else ""


def _invent(dice: Dice, kind: Kind, seller: Seller) -> Any:
    if kind is Kind.ACCOUNT:
        return money.account(dice, seller.country)
    if kind is Kind.ADDRESS:
        return places.place(dice, seller.country)
    if kind is Kind.PHONE:
        return people.phone(dice, seller.country)
    if kind is Kind.EMAIL:
        return people.email(dice, seller.name)
    return people.device(dice)
