"""Real files for the tests of sources."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingest.sources import Source, open_source

Opening = Callable[..., Source]


@pytest.fixture
def opening(tmp_path: Path) -> Opening:
    """A function that writes bytes to a file of that name and opens it."""

    def made(name: str, data: bytes, **dialect: Any) -> Source:
        path = tmp_path / name
        path.write_bytes(data)
        return open_source(path, **dialect)

    return made
