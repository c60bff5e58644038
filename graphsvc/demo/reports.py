"""What is said of invented sellers: the platform's noisy risk, and reports that may be wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from graphsvc.demo.days import LAST_DAY
from graphsvc.demo.dice import Dice
from graphsvc.demo.goods import BRANDS
from graphsvc.demo.market import Market, Seller

MEMBERS_REPORTED = 0.15
INNOCENTS_REPORTED = 0.003
INNOCENTS_CLEARED = 0.002
# Beta densities of the platform's risk: they overlap, as such scores do.
_RISKY, _HARMLESS = (5.0, 3.0), (2.0, 5.0)
_ACCUSING = (("confirmed_fake", 0.55), ("suspected", 0.45))
_CLEARING = (("genuine", 0.6), ("withdrawn", 0.4))
_BASES = ("test purchase", "notice", "customs", "complaint")


@dataclass(frozen=True, slots=True)
class Report:
    """One report, about a seller or about one of its listings; the other is empty."""

    local_id: str
    seller: str
    listing: str
    reporter: str
    day: int
    verdict: str
    basis: str


def risks(market: Market) -> list[float]:
    """Return the risk (0–1, three digits) that the platform gives to each seller."""
    rng = market.dice("risk").numpy
    count = len(market.sellers)
    low, high = rng.beta(*_HARMLESS, size=count), rng.beta(*_RISKY, size=count)
    return [
        round(float(high[seller.index] if seller.ring else low[seller.index]), 3)
        for seller in market.sellers
    ]


def reports(market: Market) -> list[Report]:
    """Return reports on 15 % of ring members and 0.3 % of others, and some that clear sellers."""
    dice = market.dice("reports")
    members, others = list(market.members()), list(market.innocents())
    accused = dice.sample(members, max(1, round(MEMBERS_REPORTED * len(members))))
    wrongly = max(1, round(INNOCENTS_REPORTED * len(others)))
    cleared = max(1, round(INNOCENTS_CLEARED * len(others)))
    unlucky = dice.sample(others, wrongly + cleared)
    accused += unlucky[:wrongly]
    made: list[Report] = []
    for seller in accused:
        for _ in range(2 if dice.chance(0.3) else 1):
            made.append(_report(dice, seller, _ACCUSING))
    made += [_report(dice, seller, _CLEARING) for seller in unlucky[wrongly:]]
    # Numbered in the order of a shuffle: an id must not tell whom a report is about.
    shuffled = dice.sample(made, len(made))
    return [replace(report, local_id=f"r-{at}") for at, report in enumerate(shuffled, start=1)]


def _report(dice: Dice, seller: Seller, verdicts: Sequence[tuple[str, float]]) -> Report:
    offer = dice.pick(seller.listings)
    about_listing = dice.chance(0.6)
    return Report(
        local_id="",
        seller="" if about_listing else seller.local_id,
        listing=offer.local_id if about_listing else "",
        reporter=_reporter(dice),
        day=min(LAST_DAY, offer.listed + dice.between(5, 120)),
        verdict=dice.weighted(verdicts),
        basis=dice.pick(_BASES),
    )


def _reporter(dice: Dice) -> str:
    if dice.chance(0.5):
        return f"{dice.pick(BRANDS)} brand protection"
    return dice.pick(("customs desk", "test buyer", "consumer office")) + f" {dice.between(1, 40)}"
