"""Corpora of addresses whose truth is known: real ones, their disguises, and their traps."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from benchmarks.address_disguises import (
    DISGUISES,
    Real,
    elsewhere,
    neighbour,
    other_street,
    other_unit,
    unnumbered,
)
from ingest.match.address_columns import Columns, Ids, Reading

STEPS = (2, -2, 10, -10)
# What leaves a trap a trap: without its town, the same street elsewhere is the same text.
PLACED = [name for name in DISGUISES if name.split()[0] not in ("city", "postcode", "rotating")]


@dataclass(slots=True)
class Corpus:
    """Texts, each with the number of its premise; `disguised` are pairs that ought to be found."""

    texts: list[str] = field(default_factory=list)
    premises: list[int] = field(default_factory=list)
    disguised: list[tuple[int, int]] = field(default_factory=list)
    next_premise: int = 0

    def place(self) -> int:
        """Return the number of a premise that is no other's."""
        self.next_premise += 1
        return self.next_premise

    def add(self, text: str, premise: int) -> int:
        """Add a text and return its place."""
        self.texts.append(text)
        self.premises.append(premise)
        return len(self.texts) - 1


def disguised(reals: Sequence[Real], name: str, seed: int, traps: int = 4) -> Corpus:
    """Return real addresses, each with one disguise where it can wear it, and its neighbours."""
    rng, corpus = random.Random(f"{seed} {name}"), Corpus()
    for real in reals:
        text = DISGUISES[name](real, rng)
        if text is not None and text != real.text:
            premise = corpus.place()
            first = corpus.add(real.text, premise)
            corpus.disguised.append((first, corpus.add(text, premise)))
            _trap(corpus, real, traps)
    return corpus


def _trap(corpus: Corpus, real: Real, traps: int) -> None:
    for step in STEPS[:traps]:
        trap = neighbour(real, step)
        if trap is not None:
            corpus.add(trap.text, corpus.place())


def mixed(reals: Sequence[Real], seed: int) -> Corpus:
    """Return what a model learns from: disguises, one upon another at times, and all traps."""
    rng, corpus = random.Random(seed), Corpus()
    names = list(DISGUISES)
    for real in reals:
        premise = corpus.place()
        corpus.add(real.text, premise)
        for name in rng.sample(names, 4):
            text = DISGUISES[name](real, rng)
            if text is not None:
                corpus.add(text, premise)
        others = rng.sample(list(reals), 2)
        _trapped(corpus, neighbour(real, rng.choice(STEPS)), rng, names)
        _trapped(corpus, elsewhere(real, others[0], rng), rng, PLACED)
        _trapped(corpus, other_street(real, others[1]), rng, names)
        _trapped(corpus, other_unit(real, rng), rng, PLACED)
        _trapped(corpus, unnumbered(real, rng), rng, PLACED)
    return corpus


def _trapped(corpus: Corpus, trap: Real | None, rng: random.Random, names: list[str]) -> None:
    if trap is None:
        return
    premise, disguised_trap = corpus.place(), DISGUISES[rng.choice(names)](trap, rng)
    corpus.add(trap.text, premise)
    if disguised_trap is not None:
        corpus.add(disguised_trap, premise)


@dataclass(frozen=True, slots=True)
class Read:
    """A corpus as columns: the record of each text, and the premises of each record."""

    columns: Columns
    records: Ids

    def same(self, premises: Sequence[int], left: Ids, right: Ids) -> np.ndarray:
        """Tell for pairs of records whether some text of both is of one premise."""
        held: dict[int, set[int]] = {}
        for record, premise in zip(self.records.tolist(), premises, strict=True):
            held.setdefault(record, set()).add(premise)
        pairs = zip(left.tolist(), right.tolist(), strict=True)
        return np.array([bool(held[i] & held[j]) for i, j in pairs], dtype=bool)


def read(corpus: Corpus) -> Read:
    """Return the texts of a corpus as columns."""
    reading = Reading()
    records = [reading.add(text) for text in corpus.texts]
    return Read(reading.columns(), np.array(records))
