"""Files beside a server: private, whole, and one process at a time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from graphsvc.errors import NotWritable
from graphsvc.store.place import folder, held, write

HOLD = """
import sys
from pathlib import Path
from graphsvc.store.place import held
with held(Path(sys.argv[1]), lambda: None):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_file_is_private_and_replaced_whole(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    (tmp_path / "secret.new").write_text("left by a killed process")
    write(file, "first")
    write(file, "second")
    assert file.read_text() == "second"
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


def test_a_folder_is_private(tmp_path: Path) -> None:
    assert folder(tmp_path / "deep" / "er").stat().st_mode & 0o777 == 0o700


def test_what_cannot_be_written_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    for attempt in (
        lambda: folder(blocked / "x"),
        lambda: write(blocked / "x", ""),
        lambda: held(blocked / "x", lambda: None).__enter__(),
    ):
        with pytest.raises(NotWritable, match="file"):
            attempt()


def test_a_lock_is_let_go_when_its_holder_is_killed(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    command = [sys.executable, "-c", HOLD, str(file)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        waited: list[bool] = []

        def end_the_holder() -> None:
            waited.append(True)
            holder.kill()

        with held(file, end_the_holder):
            assert waited == [True]
    with held(file, lambda: waited.append(False)):
        assert waited == [True]
