"""Settings: overrides, then the environment, then the file, then the defaults; no secret shown."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from graphsvc.errors import InputRefused, UsageError
from graphsvc.settings import Settings, child_environment, load_settings, publish

SECRET = "5e" * 32


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of settings."""
    path = tmp_path / "graphsvc.yml"
    path.write_text(f"port: 8100\nhome: {tmp_path}\ntoken_key: {'a7' * 32}\n", "utf-8")
    return path


def refused(tmp_path: Path, text: str | bytes) -> str:
    """Return the message with which a file of this text is refused."""
    path = tmp_path / "bad.yml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(InputRefused) as caught:
        load_settings(path)
    return str(caught.value)


def test_the_defaults_reach_no_further_than_this_machine() -> None:
    found = load_settings()
    assert (found.host, found.port, found.workers) == ("127.0.0.1", 8000, 1)
    assert (found.neo4j_uri, found.neo4j_password, found.token_key) == (None, None, None)
    assert found.keys_folder == found.home / "keys"


def test_folders_follow_the_custom_of_the_platform(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    found = load_settings()
    assert found.home == tmp_path / "data" / "graphsvc"
    assert found.cache == tmp_path / "cache" / "graphsvc"


def test_the_order_of_precedence(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().port == 8000
    assert load_settings(file).port == 8100
    monkeypatch.setenv("GRAPHSVC_PORT", "8200")
    assert load_settings(file).port == 8200
    assert load_settings(file, port=8300).port == 8300
    monkeypatch.setenv("GRAPHSVC_PORT", "")
    assert load_settings(file).port == 8100, "an empty variable is none"


def test_a_file_may_use_the_names_of_the_environment(tmp_path: Path) -> None:
    path = tmp_path / "c.yml"
    path.write_text("\ufeffGRAPHSVC_PORT: 8100\nneo4j_user: reader\n", "utf-8")
    found = load_settings(path)
    assert (found.port, found.neo4j_user) == (8100, "reader")
    path.write_text("", "utf-8")
    assert load_settings(path).port == 8000


def test_settings_are_frozen_and_hide_their_secrets(file: Path) -> None:
    found = load_settings(file, neo4j_password=SECRET)
    with pytest.raises(ValidationError):
        found.port = 1
    assert SECRET not in repr(found)
    assert "a7" * 32 not in repr(found)


def test_variables_of_other_programs_are_none_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = load_settings()
    for name in ("HOME", "HOST", "PORT", "CACHE", "WORKERS", "LOG_LEVEL", "TOKEN_KEY"):
        monkeypatch.setenv(name, "9")
    monkeypatch.setenv("HOME", str(tmp_path))
    found = load_settings()
    assert found.home not in (tmp_path, Path("9"))
    assert found.model_copy(update={"home": before.home, "cache": before.cache}) == before


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GRAPHSVC_PORT", "65536"),
        ("GRAPHSVC_PORT", "http"),
        ("GRAPHSVC_WORKERS", "0"),
        ("GRAPHSVC_BATCH_ROWS", "0"),
        ("GRAPHSVC_NEO4J_HEAP", "much"),
        ("GRAPHSVC_NEO4J_JAVA", "-XX:'unended"),
        ("GRAPHSVC_LOG_LEVEL", "loud"),
        ("GRAPHSVC_QUERY_SECONDS", "-1"),
    ],
)
def test_a_bad_variable_is_named(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(InputRefused, match=f"setting {name}: "):
        load_settings()


def test_a_bad_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"gone\.yml: no such file"):
        load_settings(tmp_path / "gone.yml")
    with pytest.raises(UsageError, match="no such file"):
        load_settings(tmp_path)
    assert "setting hmoe" in refused(tmp_path, "hmoe: /tmp\n")
    assert "a mapping of setting names" in refused(tmp_path, "- port\n")
    assert "setting GRAPHSVC_TOKEN_KEY" in refused(tmp_path, "token_key: 12345678\n")
    assert "not YAML" in refused(tmp_path, b"home: \xff\n")
    assert "not YAML" in refused(tmp_path, "home: 2024-13-45\n")
    assert "not YAML" in refused(tmp_path, "[" * 100_000)
    assert "bad.yml:1: not YAML" in refused(tmp_path, "home: !!python/name:os.system\n")


@pytest.mark.skipif(not Path("/proc/self/mem").is_file(), reason="a file that opens and fails")
def test_a_file_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(InputRefused, match="/proc/self/mem: Input/output error"):
        load_settings(Path("/proc/self/mem"))


def test_no_message_shows_the_line_that_holds_a_secret(tmp_path: Path) -> None:
    for text in (f'token_key: "{SECRET}\n', f"token_key: [{SECRET}\n", f"token_key: {SECRET}: x\n"):
        message = refused(tmp_path, text)
        assert SECRET not in message
        assert "not YAML" in message


def test_a_child_gets_these_settings_and_no_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRAPHSVC_PORT", "9999")
    monkeypatch.setenv("NEO4J_URI", "bolt://127.0.0.1:1")
    monkeypatch.setenv("LLAMA", "kept")
    given = load_settings(home=tmp_path, port=8123, token_key=SECRET, neo4j_uri=None)
    made = child_environment(given)
    assert made["LLAMA"] == "kept"
    assert made["GRAPHSVC_PORT"] == "8123"
    assert made["GRAPHSVC_TOKEN_KEY"] == SECRET
    assert "NEO4J_URI" not in made, "what is unset is unset for the child too"
    for name in list(os.environ):
        monkeypatch.delenv(name)
    for name, value in made.items():
        monkeypatch.setenv(name, value)
    assert load_settings() == given


def test_published_settings_are_those_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    before = dict(os.environ)
    given = load_settings(port=8124, neo4j_password=SECRET)
    try:
        publish(given)
        assert load_settings() == given
        assert os.environ["PATH"] == before["PATH"]
    finally:
        os.environ.clear()
        os.environ.update(before)


def test_every_setting_has_a_variable_of_ours() -> None:
    for name, field in Settings.model_fields.items():
        alias = str(field.validation_alias)
        assert alias in (f"GRAPHSVC_{name.upper()}", name.upper())
