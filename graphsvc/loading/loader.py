"""Who loads: this process, so named that another can tell whether it still runs."""

from __future__ import annotations

import os
import socket

import psutil


def this_loader() -> str:
    """Return `host/pid/start` of this process: a pid alone is given to others after a crash."""
    return f"{socket.gethostname()}/{os.getpid()}/{psutil.Process().create_time():.2f}"


def runs_elsewhere(loader: str) -> bool:
    """Tell whether a loader other than this one may still run: on another host nobody can tell."""
    host, pid, started = loader.rsplit("/", 2)
    if loader == this_loader():
        return False
    if host != socket.gethostname():
        return True
    try:
        return f"{psutil.Process(int(pid)).create_time():.2f}" == started
    except (psutil.Error, ValueError):
        return False
