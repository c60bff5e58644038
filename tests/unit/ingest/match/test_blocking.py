"""Which addresses are compared: those that share a rare key, each pair once."""

from __future__ import annotations

from ingest.match.address_columns import Reading
from ingest.match.blocking import Candidates, candidates


def found(*texts: str, cap: int = 30) -> Candidates:
    reading = Reading()
    assert [reading.add(text) for text in texts] == list(range(len(texts)))
    return candidates(reading.columns(), cap=cap)


def pairs(*texts: str) -> set[tuple[int, int]]:
    held = found(*texts)
    return set(zip(held.left.tolist(), held.right.tolist(), strict=True))


def test_a_typing_error_in_any_word_is_survived() -> None:
    assert pairs(
        "12 Marwick Street, Kestleford",
        "12 Marwikc Street, Kestleford",
        "12 Marwick Street, Kesleford",
        "98 Thornaby Lane, Villanora",
    ) == {(0, 1), (0, 2), (1, 2)}


def test_postcode_and_number_are_enough() -> None:
    assert pairs("12 Alpha Road, MK40 1LR", "12 Beta Lane, MK40 1LR") == {(0, 1)}


def test_too_large_a_block_is_dropped_and_counted() -> None:
    streets = ("Marwick Road", "Thornaby Row", "Orvane Way", "Ada Lane")
    held = found(*(f"12 {street}, MK40 1LR" for street in streets), cap=3)
    assert (held.left.size, held.dropped_blocks, held.largest_block) == (0, 1, 4)
    assert found(*(f"12 {street}, MK40 1LR" for street in streets), cap=4).left.size == 6


def test_nothing_is_compared_where_nothing_is_shared() -> None:
    held = found("12 Marwick Street, Kestleford", "98 Thornaby Lane, Villanora")
    assert (held.left.size, held.dropped_blocks, held.largest_block) == (0, 0, 0)
    assert candidates(Reading().columns()).left.size == 0
