"""`python -m benchmarks.rings_large FOLDER`: solve the market of a folder; seconds and memory."""

from __future__ import annotations

import gc
import json
import sys
import time
from pathlib import Path

import pyarrow as pa

from graphsvc.rings import room
from graphsvc.rings.coding import coded
from graphsvc.rings.dry import read
from graphsvc.rings.solve import solve

folder = Path(sys.argv[1])
told, _ = read(folder / "rows.parquet", folder / "sellers.parquet")
gc.collect()
pa.default_memory_pool().release_unused()
Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew: reading has its own
began, worked = time.perf_counter(), time.process_time()
solution = solve(coded(*told))
seconds, cpu = time.perf_counter() - began, time.process_time() - worked
sys.stdout.write(
    json.dumps(
        {"seconds": seconds, "cpu": cpu, "peak_mib": room.peak() >> 20, "links": solution.links}
    )
)
