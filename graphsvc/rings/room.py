"""Whether there is memory for a market: told before it is taken, not by who kills for it."""

from __future__ import annotations

import re
import resource
import sys
from pathlib import Path

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


def peak() -> int:
    """Return the greatest memory that this process ever held, in bytes.

    What getrusage tells counts, on Linux, what the process that started this one held then.
    """
    status = Path("/proc/self/status")
    if status.exists():
        return peak_in(status.read_text())
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most * (1 if sys.platform == "darwin" else 1024)


def peak_in(status: str) -> int:
    """Return the bytes that a process held at most, by its /proc/PID/status; 0 once it ended."""
    found = re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0
