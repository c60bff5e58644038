"""`python -m benchmarks.scoreboard`: engines on generated markets, written to docs/scoreboard.md.

The digests of the markets stand in docs/scoreboard-markets.json; a market that is not the one of
its digest ends the run.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean, stdev

from benchmarks import attack_table, leaks
from benchmarks.engines import ENGINES, Grouping
from benchmarks.gds_groups import gds_engines
from benchmarks.ground import ground
from benchmarks.market_draft import PRESETS
from benchmarks.markets import Market, market
from benchmarks.peer_server import with_gds
from benchmarks.plot import draw
from benchmarks.quality import Quality, agreement, innocents_at, labels, quality
from benchmarks.steady import versions
from graphsvc.rings.found import MemberColumns

DOCS = Path(__file__).resolve().parents[1] / "docs"
DIGESTS, PAGE, PLOT = (DOCS / f"scoreboard{end}" for end in ("-markets.json", ".md", ".svg"))
SEEDS, SIZES = (11, 12, 13, 14), (10_000, 100_000)
FIGURES = ("precision", "recall", "innocents", "recovered", "pair_f1", "ari")
HEAD = ("ban precision", "recall", "innocents per 1,000", "rings found", "pair F1", "ARI", "stable")
INTRODUCTION = Path(__file__).with_name("scoreboard.md")
ATTACKS = Path(__file__).with_name("attacks.md")
OTHER_SEED = 1000

BEST, PLAIN = "evidence", "components"
ONE_RECALL = (
    f"Innocents banned per 1,000 where `{BEST}` bans its surest members first, and stops at the "
    f"recall that `{PLAIN}` has in the same market. A bar that is set higher bans fewer of both: "
    "asked for are half as many innocents at no lower recall."
)

Results = dict[str, list[tuple[Quality, float]]]


def main() -> None:
    """Measure every engine on every market and write page and plot."""
    with ground() as place, with_gds(place) as gds:
        _write({**ENGINES, **gds_engines(gds)})


def _write(engines: Mapping[str, Grouping]) -> None:
    known = json.loads(DIGESTS.read_text()) if DIGESTS.exists() else {}
    told: dict[str, Results] = {}
    spared: dict[str, list[float]] = {}
    for name, preset in PRESETS.items():
        for size in SIZES:
            title = f"{name}, {size:,} sellers"
            told[title] = {engine: [] for engine in engines}
            for seed in SEEDS:
                made = market(size, seed, preset)
                _check(known, f"{name}-{size}-{seed}", made)
                found = _measure(made, seed, engines, told[title])
                recall = told[title][PLAIN][-1][0].recall
                spared.setdefault(title, []).append(innocents_at(made.truth, found[BEST], recall))
                sys.stderr.write(f"{title}, seed {seed}: done\n")
    DIGESTS.write_text(json.dumps(known, indent=1) + "\n")
    draw(PLOT, {title: _points(results) for title, results in told.items()})
    PAGE.write_text(page(told, beside(told, spared), leaks.table(market(SIZES[1], SEEDS[0]))))


def _check(known: dict[str, str], name: str, made: Market) -> None:
    digest = made.digest()
    if known.setdefault(name, digest) != digest:
        sys.exit(f"the market {name} is not the one of {DIGESTS.name}")


def _measure(
    made: Market, seed: int, engines: Mapping[str, Grouping], results: Results
) -> dict[str, MemberColumns]:
    """Add the figures of every engine and return what each found."""
    told = made.columns()
    groupings = {}
    for engine, grouping in engines.items():
        members = groupings[engine] = grouping(told, seed)
        first, second = (
            labels(len(told.sellers), found)
            for found in (members, grouping(told, seed + OTHER_SEED))
        )
        results[engine].append((quality(made.truth, members), agreement(first, second)))
    return groupings


def _points(results: Results) -> dict[str, tuple[float, float]]:
    return {
        engine: (mean(q.innocents for q, _ in each), mean(q.recall for q, _ in each))
        for engine, each in results.items()
    }


def page(told: Mapping[str, Results], at_one_recall: str, leaking: str) -> str:
    """Return docs/scoreboard.md."""
    parts = [
        INTRODUCTION.read_text().rstrip(),
        "![Recall and innocents of every engine](scoreboard.svg)",
    ]
    for title, results in told.items():
        parts += [f"## {title[0].upper()}{title[1:]}", _table(results), _swept(results)]
    parts += ["## At the recall of components", ONE_RECALL, at_one_recall]
    parts += ["## Attacks", ATTACKS.read_text().rstrip(), attack_table.table(SEEDS)]
    parts += ["## What the columns give away", leaking, f"Measured with {versions()}."]
    return "\n\n".join(parts) + "\n"


def beside(told: Mapping[str, Results], spared: Mapping[str, Sequence[float]]) -> str:
    """Return what the best engine bans where it bans as few of the guilty as the plain one."""
    rows: list[tuple[str, ...]] = [("market", "recall of both", PLAIN, BEST), ("---",) * 4]
    for title, results in told.items():
        plain = [q for q, _ in results[PLAIN]]
        figures = ([q.recall for q in plain], [q.innocents for q in plain], spared[title])
        rows.append((title, *map(_cell, figures)))
    return _markdown(rows)


def _table(results: Results) -> str:
    rows = [("engine", *HEAD), ("---",) * (len(HEAD) + 1)]
    for engine, each in results.items():
        cells = [_cell([getattr(q, name) for q, _ in each]) for name in FIGURES]
        rows.append((engine, *cells, _cell([stable for _, stable in each])))
    return _markdown(rows)


def _cell(values: Sequence[float]) -> str:
    return f"{mean(values):.3f} ± {stdev(values):.3f}"


def _swept(results: Results) -> str:
    """Return how many innocents of each trap were banned, over all seeds."""
    traps = sorted({trap for each in results.values() for q, _ in each for trap in q.swept})
    rows = [("innocents banned", *traps), ("---",) * (len(traps) + 1)]
    sizes = next(iter(results.values()))
    rows.append(("of so many", *(f"{_sum(sizes, trap, 1):,}" for trap in traps)))
    rows += [
        (engine, *(str(_sum(each, trap, 0)) for trap in traps)) for engine, each in results.items()
    ]
    return _markdown(rows)


def _sum(each: Sequence[tuple[Quality, float]], trap: str, place: int) -> int:
    return sum(q.swept.get(trap, (0, 0))[place] for q, _ in each)


def _markdown(rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


if __name__ == "__main__":
    main()
