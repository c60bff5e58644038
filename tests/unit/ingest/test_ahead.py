"""Work ahead: on several threads, answers in order, never much more than asked for."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from ingest import ahead as module
from ingest.ahead import EACH, ahead, cores


def test_answers_come_in_order_from_several_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "cores", lambda: 2)
    together = threading.Barrier(2, timeout=30)  # broken unless two work at once

    def work(item: int) -> int:
        together.wait()
        return item * 2

    assert list(ahead(work, range(40))) == [item * 2 for item in range(40)]


def test_no_more_is_taken_in_than_is_in_hand() -> None:
    taken = []

    def items() -> Iterator[int]:
        for item in range(10_000):
            taken.append(item)
            yield item

    answers = ahead(str, items())
    assert [next(answers) for _ in range(3)] == ["0", "1", "2"]
    assert len(taken) <= cores() * EACH + 3
    answers.close()  # type: ignore[attr-defined]


def test_an_error_comes_in_the_place_of_its_answer() -> None:
    answers = ahead(lambda item: 1 // item, [1, 0, 1])
    assert next(answers) == 1
    with pytest.raises(ZeroDivisionError):
        next(answers)


def test_nothing_gives_nothing() -> None:
    assert list(ahead(str, [])) == []


def test_what_would_not_gain_is_done_in_its_turn_by_who_asks() -> None:
    by: dict[int, int] = {}

    def work(item: int) -> int:
        by[item] = threading.get_ident()
        return item

    assert list(ahead(work, range(9), pays=lambda item: item % 3 == 0)) == list(range(9))
    here = {item for item, thread in by.items() if thread == threading.get_ident()}
    assert here == {1, 2, 4, 5, 7, 8}
