"""Buckets of points: what is taken, what comes back, and who is forgotten."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.api import rates
from graphsvc.api.errors import RateLimited
from graphsvc.api.rates import Rates


class Clock:
    """Seconds that a test moves on."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_a_bucket_empties_and_fills_up_again() -> None:
    clock = Clock()
    held = Rates(600, clock)
    assert held.take("a", 400).left == 200
    with pytest.raises(RateLimited, match="400 points are needed, 200 are left") as refused:
        held.take("a", 400)
    assert refused.value.seconds == 20
    clock.seconds = 19.9
    with pytest.raises(RateLimited):
        held.take("a", 400)
    clock.seconds = 20
    assert held.take("a", 400).left == 0
    assert held.take("b", 100).left == 500, "clients are strangers"
    clock.seconds = 1_000
    assert held.take("a", 1).left == 599, "a bucket holds no more than its points"


def test_where_a_client_stands_is_told_in_headers() -> None:
    told = Rates(600, Clock()).take("a", 150).headers(150)
    assert told == {
        "Cost": "150",
        "RateLimit-Policy": '"cost";q=600;w=60',
        "RateLimit": '"cost";r=450;t=15',
    }


def test_what_costs_more_than_a_bucket_needs_a_full_one() -> None:
    clock = Clock()
    held = Rates(600, clock)
    assert held.take("a", 2_500).left == 0
    with pytest.raises(RateLimited) as refused:
        held.take("a", 2_500)
    assert refused.value.seconds == 60


@given(st.lists(st.tuples(st.floats(0, 30), st.integers(1, 700)), max_size=60))
def test_nobody_gets_more_than_a_bucket_and_what_came_back(asks: list[tuple[float, int]]) -> None:
    clock = Clock()
    held, given_out = Rates(600, clock), 0.0
    for pause, cost in asks:
        clock.seconds += pause
        try:
            held.take("a", cost)
        except RateLimited as refused:
            clock.seconds += refused.seconds
            held.take("a", cost)
        given_out += min(cost, 600)
        assert given_out <= 600 + clock.seconds * 10 + 1e-6


def test_of_many_clients_the_one_that_asked_least_lately_is_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rates, "MOST_CLIENTS", 2)
    held = Rates(600, Clock())
    for client in ("a", "b", "a", "c"):
        held.take(client, 100)
    assert held.take("a", 100).left == 300
    assert held.take("b", 100).left == 500
