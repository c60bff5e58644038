"""Goods: prices, disguised brands, days in their order."""

from __future__ import annotations

from graphsvc.demo.days import LAST_DAY
from graphsvc.demo.dice import Dice
from graphsvc.demo.goods import BRANDS, disguise, forge, listing


def test_days_follow_each_other_and_end_with_the_market() -> None:
    dice = Dice(1, "goods")
    for number in range(300):
        offer = listing(dice, f"l-{number}", "GB", dice.between(0, LAST_DAY))
        for day in (offer.sold, offer.removed):
            assert day is None or offer.listed < day <= LAST_DAY
        assert offer.title.startswith(offer.brand)
        assert offer.currency == "GBP"


def test_a_forged_listing_is_cheap_and_sometimes_hides_its_brand() -> None:
    dice = Dice(2, "goods")
    hidden = 0
    for number in range(200):
        offer = listing(dice, f"l-{number}", "DE", 5)
        price = offer.price
        forge(dice, offer)
        assert 300 <= offer.price <= max(300, price // 2)
        hidden += offer.brand == ""
        assert (offer.brand == "") == (not any(brand in offer.title for brand in BRANDS))
    assert 40 < hidden < 100


def test_a_disguise_is_never_the_plain_brand() -> None:
    dice = Dice(3, "goods")
    assert all(disguise(dice, brand) != brand for brand in BRANDS for _ in range(10))
