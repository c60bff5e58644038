"""Likeness of addresses on real ones that no model was fitted to: quality, cost, growth.

`python -m benchmarks addresses` needs no database. Half 1 of the real addresses under each
disguise, beside their neighbours, in the same run as the raw scorers of rapidfuzz over all pairs.
The rules were written with the errors of half 1 in sight, so it is no untouched test.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process, utils

from benchmarks.address_corpus import Corpus, Read, disguised, read
from benchmarks.address_disguises import DATA, DISGUISES, Real, neighbour, real_addresses
from benchmarks.ground import table
from graphsvc.rings import room
from ingest.match.address_columns import Reading
from ingest.match.addresses import Alike, alike
from ingest.match.likeness import shipped

SEED = 7
TRAPS = 4  # neighbours 2 and 10 numbers on and back
RAW: dict[str, Callable[..., float]] = {
    "ratio": fuzz.ratio,
    "token_sort": fuzz.token_sort_ratio,
    "token_set": fuzz.token_set_ratio,
    "WRatio": fuzz.WRatio,
}
RAW_SIZE = 3_000
LARGE = 10_000
SIZES = (10_000, 100_000, 1_000_000)


@dataclass(frozen=True, slots=True)
class Counted:
    """Pairs that ought to be found and were, others that were found, and those missed."""

    hits: int
    false: int
    missed: int

    @property
    def recall(self) -> float:
        """Return the share of what ought to be found."""
        return self.hits / max(self.hits + self.missed, 1)

    @property
    def precision(self) -> float:
        """Return the share of true ones among what was found."""
        return self.hits / max(self.hits + self.false, 1)

    @property
    def f1(self) -> float:
        """Return the harmonic mean of both."""
        return 2 * self.hits / max(2 * self.hits + self.false + self.missed, 1)


def run() -> str:
    """Return the tables of quality, of the raw scorers and of growth."""
    if not DATA.is_dir():
        return "No sample data beside the repository: nothing was run."
    reals = [real for real in real_addresses() if real.half == 1]
    quality = [_of_disguise(reals, name) for name in DISGUISES]
    header = ("disguise", "pairs", "recall", "precision", "F1", "confirmed: recall", "precision")
    return "\n\n".join(
        [
            table(header, quality),
            _beside_raw(reals),
            _all_pairs(reals),
            _growth(reals),
        ]
    )


def _of_disguise(reals: Sequence[Real], name: str) -> Sequence[object]:
    corpus = disguised(reals, name, SEED, TRAPS)
    held = read(corpus)
    found = alike(held.columns, shipped())
    review = counted(corpus, held, found, shipped().review)
    sure = counted(corpus, held, found, shipped().confirmed(held.columns.size))
    shares = (review.recall, review.precision, review.f1, sure.recall, sure.precision)
    return name, len(corpus.disguised), *(f"{share:.3f}" for share in shares)


def counted(corpus: Corpus, held: Read, found: Alike, cut: float) -> Counted:
    """Count pairs from a score up; two texts that became one record are found by that alone."""
    good = found.scores >= cut
    left, right = found.left[good], found.right[good]
    width = held.columns.size
    codes = set((left * width + right).tolist())
    wanted = [sorted((int(held.records[a]), int(held.records[b]))) for a, b in corpus.disguised]
    hits = sum(a == b or a * width + b in codes for a, b in wanted)
    false = int((~held.same(corpus.premises, left, right)).sum())
    return Counted(hits, false, len(wanted) - hits)


def _mixture(reals: Sequence[Real], size: int) -> Corpus:
    """Return originals, a disguise of each in turn, and a neighbour of each."""
    rng, corpus, names = random.Random(SEED), Corpus(), list(DISGUISES)
    for at, real in enumerate(reals):
        if len(corpus.texts) >= size:
            break
        text = DISGUISES[names[at % len(names)]](real, rng)
        trap = neighbour(real, rng.choice((2, -2, 10, -10)))
        if text is None or text == real.text:
            continue
        premise = corpus.place()
        first = corpus.add(real.text, premise)
        corpus.disguised.append((first, corpus.add(text, premise)))
        if trap is not None:
            corpus.add(trap.text, corpus.place())
    return corpus


def _beside_raw(reals: Sequence[Real]) -> str:
    corpus = _mixture(reals, RAW_SIZE)
    held = read(corpus)
    ours = counted(corpus, held, alike(held.columns, shipped()), shipped().review)
    rows: list[Sequence[object]] = [("ours", 0.5, f"{ours.f1:.4f}", "")]
    for name, scorer in RAW.items():
        best, cut = _best_raw(corpus, scorer)
        share = f"{(1 - ours.f1) / max(1 - best, 1e-9):.3f}"
        rows.append((f"rapidfuzz {name}", cut, f"{best:.4f}", share))
    said = f"{len(corpus.texts):,} addresses, each disguise in turn, a neighbour of each:"
    return said + "\n\n" + table(("scorer", "best cut", "F1", "1-F1, ours : its"), rows)


def _best_raw(corpus: Corpus, scorer: Callable[..., float]) -> tuple[float, int]:
    """Return the best F1 of a scorer over all pairs, and the cut that gives it."""
    texts = [utils.default_process(text) for text in corpus.texts]
    scores = process.cdist(texts, texts, scorer=scorer, dtype=np.uint8)
    upper = np.triu_indices(len(texts), 1)
    every = np.bincount(scores[upper], minlength=101)
    true = np.bincount([scores[a, b] for a, b in corpus.disguised], minlength=101)
    found, hits = every[::-1].cumsum()[::-1], true[::-1].cumsum()[::-1]
    f1 = 2 * hits / (found + len(corpus.disguised))
    return float(f1.max()), int(f1.argmax())


def _all_pairs(reals: Sequence[Real]) -> str:
    texts = _mixture(reals, LARGE).texts
    texts += [f"{text}, {at}" for at, text in enumerate(texts)][: LARGE - len(texts)]
    start = time.process_time()
    process.cdist(texts, texts, scorer=fuzz.token_set_ratio, dtype=np.uint8, workers=1)
    theirs = time.process_time() - start
    start = time.process_time()
    _matched(texts)
    ours = time.process_time() - start
    rows = [("all pairs, cdist token_set", f"{theirs:.1f}", ""), ("ours", f"{ours:.2f}", "")]
    rows.append(("ours : all pairs", f"{ours / theirs:.3f}", "<= 0.05"))
    return table((f"{len(texts):,} addresses", "CPU seconds", "target"), rows)


def _matched(texts: Sequence[str]) -> Alike:
    reading = Reading()
    for text in texts:
        reading.add(text)
    return alike(reading.columns(), shipped())


def _growth(reals: Sequence[Real], sizes: Sequence[int] = SIZES) -> str:
    rows = []
    for size in sizes:
        texts = grown(reals, size)
        start, used = time.perf_counter(), time.process_time()
        found = _matched(texts)
        wall, cpu = time.perf_counter() - start, time.process_time() - used
        peak = room.peak() >> 20
        rows.append((f"{size:,}", f"{wall:.1f}", f"{cpu:.1f}", f"{peak:,}", f"{found.compared:,}"))
    return table(("addresses", "seconds", "CPU seconds", "peak MiB so far", "compared"), rows)


def grown(reals: Sequence[Real], size: int) -> list[str]:
    """Return so many addresses: real streets and towns, paired anew, with numbers of their own."""
    rng = random.Random(SEED)
    numbered = [real for real in reals if neighbour(real, 2)]
    found: list[str] = []
    while len(found) < size:
        street, town = rng.choice(numbered), rng.choice(numbered)
        moved = neighbour(street, rng.randint(1, 400)) or street
        found.append(f"{moved.street}, {town.town} {_drawn(rng)}")
        if rng.random() < 0.1:
            found.append(found[-1].replace("e", "", 1))
    return found[:size]


def _drawn(rng: random.Random) -> str:
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    area = rng.choice(("MK", "CO", "CM", "IP", "NR", "SS"))
    return (
        f"{area}{rng.randint(1, 99)} {rng.randint(0, 9)}{rng.choice(letters)}{rng.choice(letters)}"
    )
