"""A whole load of seller–account rows against LOAD CSV of the same rows, and its peak memory.

The peer gets the same file and the same MERGE of two nodes and one relation on the same unique
keys with the same properties, run, moment and line among them; it validates nothing, folds nothing
and keeps the numbers in clear.
"""

from __future__ import annotations

import csv
import functools
import http.server
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from statistics import median

from benchmarks.ground import Ground, Ran, table
from graphsvc import clock

ROWS, ROUNDS = 200_000, 3
HEADER = ("seller_id", "account", "account_kind", "holder", "processor", "asserted_by", "seen_at")


def accounts_csv(path: Path, rows: int) -> Path:
    """Write seller–account rows: IBANs with right check digits, 5 % of them used twice."""
    dice = Random(rows)
    once = [_iban(dice) for _ in range(int(rows * 0.95))]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for place in range(rows):
            account = once[place] if place < len(once) else dice.choice(once)
            day = f"2024-{1 + place % 12:02d}-{1 + place % 28:02d}"
            who = (f"s-{dice.randrange(rows)}", account, "iban", f"Holder {place % 5000}")
            writer.writerow([*who, f"pay-{place % 7}", "platform_verified", day])
    return path


def _iban(dice: Random) -> str:
    body = f"{dice.randrange(10**18):018d}"
    check = 98 - int(body + "131400") % 97  # ISO 13616: DE is 1314
    return f"DE{check:02d}{body}"


@contextmanager
def _over_http(folder: Path) -> Iterator[str]:
    """Serve a folder on loopback: the hardened server reads no file from its own disk."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def run(ground: Ground) -> str:
    """Return the figures of both, round by round, each into an empty graph."""
    file = accounts_csv(ground.folder / "accounts.csv", ROWS)
    tenth = accounts_csv(ground.folder / "tenth.csv", ROWS // 10)
    _ours(ground, tenth), _theirs(ground, tenth)  # both once, so that the server is warm
    ours, theirs, again = [], [], []
    for _ in range(ROUNDS):
        theirs.append(_theirs(ground, file))
        ours.append(_ours(ground, file, keep=True))
        again.append(_load(ground, file))
        ground.wipe()
    small = _ours(ground, tenth)
    rates = [ROWS / ran.answer["seconds"] for ran in ours]
    ratios = [seconds / ran.answer["seconds"] for seconds, ran in zip(theirs, ours, strict=True)]
    whole = [seconds / ran.seconds for seconds, ran in zip(theirs, ours, strict=True)]
    peak = int(median(ran.peak for ran in ours))
    return table(
        ("figure", "median", "rounds", "target"),
        [
            ("`graphsvc load`, rows/s", f"{median(rates):,.0f}", _listed(rates), ""),
            (
                "LOAD CSV, rows/s",
                f"{median(ROWS / s for s in theirs):,.0f}",
                _listed([ROWS / s for s in theirs]),
                "",
            ),
            ("ours : LOAD CSV", f"{median(ratios):.2f}", _shares(ratios), "≥ 1"),
            ("the same with the command's start", f"{median(whole):.2f}", _shares(whole), ""),
            (
                "loaded again (all unchanged), rows/s",
                f"{median(ROWS / ran.answer['seconds'] for ran in again):,.0f}",
                _listed([ROWS / ran.answer["seconds"] for ran in again]),
                "",
            ),
            (
                f"peak memory, {ROWS:,} : {ROWS // 10:,} rows",
                f"{peak / small.peak:.2f}",
                f"{peak >> 20} MiB : {small.peak >> 20} MiB",
                "≤ 1.3",
            ),
        ],
    )


def _ours(ground: Ground, file: Path, *, keep: bool = False) -> Ran:
    ran = _load(ground, file)
    assert ran.answer["loaded"] == ran.answer["in"], ran.answer
    if not keep:
        ground.wipe()
    return ran


def _load(ground: Ground, file: Path) -> Ran:
    return ground.graphsvc("load", "payment_accounts", file, "--platform", "shopnest")


def _theirs(ground: Ground, file: Path) -> float:
    with _over_http(file.parent) as address:
        began = time.perf_counter()
        # As long as ours; the file is named by so many digits of its digest.
        marks = {"run": clock.new_id("run"), "now": clock.stamp(), "file": "0" * 16}
        ground.run("load_csv", url=f"{address}/{file.name}", **marks)
        seconds = time.perf_counter() - began
    ground.wipe()
    return seconds


def _listed(values: list[float]) -> str:
    return ", ".join(f"{value:,.0f}" for value in values)


def _shares(values: list[float]) -> str:
    return ", ".join(f"{value:.2f}" for value in values)
