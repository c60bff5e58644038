"""The figures of all workers at one address of this machine, for Prometheus to fetch.

Apart from the API: it needs no key and no database, and nobody outside reaches it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.multiprocess import MultiProcessCollector

from graphsvc.errors import PortInUse

LOOPBACK = "127.0.0.1"


@contextmanager
def exposed(folder: Path, port: int) -> Iterator[None]:
    """Serve what the workers count into files of a folder, those that have ended too.

    Raises PortInUse.
    """
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(folder))  # type: ignore[no-untyped-call]
    try:
        server, thread = start_http_server(port, LOOPBACK, registry)
    except OSError as error:
        raise PortInUse(f"GRAPHSVC_METRICS_PORT {port}: {error.strerror}") from None
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
