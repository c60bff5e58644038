"""The verb: what it prints for programs, and that its help names an example."""

from __future__ import annotations

import json
from pathlib import Path

import typer
from typer.testing import CliRunner

from graphsvc.cli.demo_generate import EXAMPLE, register
from graphsvc.errors import InputRefused


def app() -> typer.Typer:
    """Return a command line that has this verb in a group."""
    made, demo = typer.Typer(), typer.Typer()
    demo.callback()(lambda: None)
    register(demo)
    made.add_typer(demo, name="demo")
    return made


def call(*words: str) -> tuple[int, str, BaseException | None]:
    """Return the exit code, standard output and exception of a call."""
    done = CliRunner().invoke(app(), ["demo", "generate", *words])
    return done.exit_code, done.stdout, done.exception


def test_json_is_one_object_and_a_second_call_reuses(tmp_path: Path) -> None:
    words = ("--sellers", "120", "--seed", "3", "--out", str(tmp_path / "w"), "--json")
    first, second = call(*words), call(*words)
    assert (first[0], second[0]) == (0, 0)
    made, held = json.loads(first[1]), json.loads(second[1])
    assert (made["sellers"], made["rows"]["sellers"], made["reused"]) == (120, 124, False)
    assert held == {**made, "reused": True}


def test_a_foreign_folder_is_an_error_of_input(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("x")
    code, _, error = call("--sellers", "120", "--out", str(tmp_path))
    assert code != 0
    assert isinstance(error, InputRefused)


def test_too_few_sellers_is_a_usage_error(tmp_path: Path) -> None:
    assert call("--sellers", "5", "--out", str(tmp_path / "w"))[0] == 2


def test_help_ends_with_the_example() -> None:
    code, text, _ = call("--help")
    assert code == 0
    assert EXAMPLE in " ".join(text.replace("│", " ").split())
