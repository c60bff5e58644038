"""What each attack reaches, by engine: whom it bans that it should not, or saves from a ban."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from benchmarks.attacks import HARMING, HIDING
from benchmarks.markets import Market, market
from graphsvc.rings.belief import Tier
from graphsvc.rings.parameters import Engine
from graphsvc.rings.solve import solve

SIZE = 10_000
JUDGED = (Engine.EVIDENCE, Engine.COMPONENTS)
HEAD = ("attack", "sellers it is about", *(f"banned by {e}: before → after" for e in JUDGED))


def table(seeds: Sequence[int]) -> str:
    """Return a Markdown table: of victims nobody should be banned, of hiding rings everybody."""
    rows = [HEAD, ("---",) * len(HEAD)]
    for attack in (*HARMING, *HIDING):
        about, before, after = 0, dict.fromkeys(JUDGED, 0), dict.fromkeys(JUDGED, 0)
        for seed in seeds:
            made = market(SIZE, seed)
            attacked = attack(made, np.random.default_rng(seed))
            about += attacked.about.size
            for engine in JUDGED:
                before[engine] += banned(made, engine, attacked.about)
                after[engine] += banned(attacked.market, engine, attacked.about)
        told = (f"{before[engine]} → {after[engine]}" for engine in JUDGED)
        rows.append((attack.__name__.replace("_", " "), str(about), *told))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def banned(made: Market, engine: Engine, about: np.ndarray) -> int:
    """Count those of the sellers that an engine puts up for a ban."""
    members = solve(made.columns(), engine=engine).members
    return int(np.isin(about, members.seller[members.tier == Tier.BAN]).sum())
