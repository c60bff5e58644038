"""What solving a market takes is told before it is taken."""

from __future__ import annotations

import subprocess
import sys
import tracemalloc

import pytest

from graphsvc.rings import room
from graphsvc.rings.columns import Kind
from graphsvc.rings.parameters import DEFAULT
from graphsvc.rings.solve import solve
from tests.unit.graphsvc.rings.ring_worlds import Use, market


def crowds(count: int, size: int = 20):
    """Crowds of the greatest size that links: their ties are what takes the memory."""
    return market(
        [
            Use(f"s-{number:04}-{place}", Kind.DEVICE, f"d-{number}")
            for number in range(count)
            for place in range(size)
        ]
    )


@pytest.mark.parametrize("count", [100, 400])
def test_an_estimate_is_not_less_than_what_is_taken_and_not_much_more(count: int) -> None:
    made = crowds(count)
    solve(made)
    tracemalloc.start()
    try:
        solve(made)
        taken = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert taken <= room.needed(made, DEFAULT) <= 4 * taken


def test_what_links_nobody_takes_nothing_by_tie() -> None:
    assert room.needed(crowds(10, size=21), DEFAULT) == 210 * room.BYTES_PER_SELLER
    assert room.needed(market([]), DEFAULT) == 0


def test_too_little_room_is_refused_with_both_figures() -> None:
    made = crowds(400)
    room.check(made, DEFAULT, None)
    room.check(made, DEFAULT, room.needed(made, DEFAULT))
    with pytest.raises(room.MemoryShort, match=r"8,000 sellers takes about \d+ MiB, and 4 MiB"):
        room.check(made, DEFAULT, 5_000_000)


def test_a_peak_is_that_of_the_process_and_not_of_who_started_it() -> None:
    held = bytearray(b"x" * 400_000_000)
    script = "from graphsvc.rings import room; held = bytearray(b'x' * {}); print(room.peak())"

    def told(size: int) -> int:
        command = [sys.executable, "-c", script.format(size)]
        return int(subprocess.run(command, capture_output=True, check=True).stdout)

    least = told(0)
    assert room.peak() > len(held) > least
    assert told(100_000_000) >= least + 90_000_000
    assert room.peak_in("Name:\tended\n") == 0
