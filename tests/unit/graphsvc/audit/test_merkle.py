"""The tree against pymerkle's, an implementation of RFC 9162 that is not ours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from graphsvc.audit.merkle import Frontier, leaf, root_by, root_of, siblings

MOST = 70
DATA = [number.to_bytes(2, "big") for number in range(MOST)]
HASHES = [leaf(each) for each in DATA]


def referee(size: int) -> InmemoryTree:
    tree = InmemoryTree(algorithm="sha256")
    for each in DATA[:size]:
        tree.append_entry(each)
    return tree


def path(index: int, size: int) -> list[bytes]:
    return [root_of(HASHES[low:high]) for low, high in siblings(index, size)]


@pytest.mark.parametrize("size", range(1, MOST))
def test_roots_are_the_referees(size: int) -> None:
    assert root_of(HASHES[:size]) == referee(size).get_root()


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 21, 64, 69])
def test_proofs_are_the_referees_and_lead_to_the_root(size: int) -> None:
    tree = referee(size)
    for index in range(size):
        # The referee's path begins with the leaf itself, and counts from 1.
        told = [bytes.fromhex(each) for each in tree.prove_inclusion(index + 1).serialize()["path"]]
        assert [HASHES[index], *path(index, size)] == told
        assert root_by(HASHES[index], index, size, path(index, size)) == tree.get_root()


def test_the_root_of_nothing_is_the_hash_of_nothing() -> None:
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert root_of([]).hex() == empty


@given(st.integers(1, MOST - 1), st.data())
def test_a_proof_of_another_place_or_with_another_hash_leads_elsewhere(
    size: int, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, size - 1))
    good, root = path(index, size), root_of(HASHES[:size])
    other = data.draw(st.integers(0, MOST - 1).filter(lambda place: place != index))
    assert root_by(HASHES[other], index, size, good) != root
    assert root_by(HASHES[index], index, size, [*good, HASHES[0]]) != root
    if good:
        assert root_by(HASHES[index], index, size, good[:-1]) != root
    assert root_by(HASHES[index], size, size, good) is None


@given(st.integers(0, MOST - 1), st.integers(0, MOST - 1))
def test_a_tree_goes_on_from_what_was_packed(first: int, more: int) -> None:
    tree = Frontier.empty()
    for each in HASHES[:first]:
        tree.add(each)
    again = Frontier.unpacked(first, tree.packed())
    for each in HASHES[first : first + more]:
        again.add(each)
    assert again.root() == root_of(HASHES[: first + more])


def test_a_frontier_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="one hash for each bit"):
        Frontier.unpacked(3, bytes(32))
