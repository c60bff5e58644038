"""`python -m benchmarks.rings_large FOLDER`: solve the market of a folder; seconds and memory."""

from __future__ import annotations

import gc
import json
import resource
import sys
import time
from pathlib import Path

import pyarrow as pa

from graphsvc.rings.coding import coded
from graphsvc.rings.dry import read
from graphsvc.rings.solve import solve

folder = Path(sys.argv[1])
told, _ = read(folder / "rows.parquet", folder / "sellers.parquet")
gc.collect()
pa.default_memory_pool().release_unused()
began = time.perf_counter()
solution = solve(coded(*told))
seconds = time.perf_counter() - began
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
sys.stdout.write(json.dumps({"seconds": seconds, "peak_mib": peak, "links": solution.links}))
