"""Places for requests: as many as there are, and free again however a request ends."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from graphsvc.api.errors import Overloaded
from graphsvc.api.room import Room


def test_who_comes_to_a_full_house_is_told_so() -> None:
    room = Room(2)
    with ExitStack() as inside:
        inside.enter_context(room.taken())
        with room.taken(), pytest.raises(Overloaded):
            inside.enter_context(room.taken())
        inside.enter_context(room.taken())
        with pytest.raises(Overloaded):
            inside.enter_context(room.taken())


def test_a_request_that_fails_leaves_its_place() -> None:
    room = Room(1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), room.taken():
            raise ZeroDivisionError
