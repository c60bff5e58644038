"""Whether there is memory for a market: told before it is taken, not by who kills for it."""

from __future__ import annotations

import numpy as np
import psutil

from graphsvc.errors import InputRefused
from graphsvc.rings.columns import Market
from graphsvc.rings.parameters import Parameters

# Measured by tracemalloc on a market of 100,000: 80 bytes a tie, a fifth more is told.
BYTES_PER_TIE, BYTES_PER_SELLER = 100, 120


class MemoryShort(InputRefused):
    """What was asked for would take more memory than there is."""

    code = "MEMORY_SHORT"
    advice = "Run it where more memory is free, or set GRAPHSVC_MEMORY_LIMIT higher."


def needed(market: Market, parameters: Parameters) -> int:
    """Return about how many bytes solving a market takes beside its columns.

    An identifier of u sellers gives u(u-1)/2 ties.
    """
    users = market.users()[market.linkable(parameters.cap)].astype(np.float64)
    ties = float((users * (users - 1) / 2).sum())
    return int(ties * BYTES_PER_TIE + len(market.sellers) * BYTES_PER_SELLER)


def check(market: Market, parameters: Parameters, limit: int | None) -> None:
    """Raise MemoryShort where solving would take more than `limit` bytes (None: what is free)."""
    wanted = needed(market, parameters)
    room = psutil.virtual_memory().available if limit is None else limit
    if wanted > room:
        raise MemoryShort(
            f"solving {len(market.sellers):,} sellers takes about {wanted >> 20:,} MiB,"
            f" and {room >> 20:,} MiB are free"
        )
