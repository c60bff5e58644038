"""import-linter holds the layers, exhaustively: a planted breach and an unlisted folder fail."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contract.rules import PACKAGES, TOP


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in PACKAGES:
        ignore = shutil.ignore_patterns("__pycache__", "*.json", "*.toml")
        shutil.copytree(TOP / name, tmp_path / name, ignore=ignore)
    shutil.copy(TOP / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_tree_keeps_its_layers(copy: Path) -> None:
    done = lint(copy)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("queries/breach.py", "import ingest.errors\n"),
        ("graphsvc/rings/breach.py", "import graphsvc.loading.run\n"),
        ("graphsvc/store/breach.py", "import graphsvc.access.tokens\n"),
        ("graphsvc/unlisted/__init__.py", ""),
    ],
)
def test_a_planted_breach_fails(copy: Path, place: str, text: str) -> None:
    target = copy / place
    target.parent.mkdir(exist_ok=True)
    target.write_text(text)
    done = lint(copy)
    assert done.returncode != 0, done.stdout
    assert "BROKEN" in done.stdout or "Missing layer" in done.stdout or "unlisted" in done.stdout
