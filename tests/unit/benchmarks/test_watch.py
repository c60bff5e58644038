"""What a command holds at most is seen from beside it, and nothing of who watches."""

from __future__ import annotations

import subprocess
import sys

import pytest

from benchmarks.watch import PROCESSES, Watch

HOLD = "import time; held = bytearray(b'x' * {}); time.sleep(0.5); del held; time.sleep(0.2)"
START = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1]])"

linux = pytest.mark.skipif(not PROCESSES.is_dir(), reason="only Linux tells of other processes")


def watched(*words: str) -> int:
    with subprocess.Popen([sys.executable, "-c", *words]) as process, Watch(process.pid) as watch:
        process.wait()
    return watch.peak


@linux
def test_the_greatest_of_a_process_and_its_children_is_told() -> None:
    ours = bytearray(b"x" * 300_000_000)
    small, large = watched(HOLD.format(0)), watched(HOLD.format(120_000_000))
    assert 0 < small < len(ours)
    assert small + 110_000_000 < large < len(ours)
    assert abs(watched(START, HOLD.format(120_000_000)) - large) < 20_000_000
