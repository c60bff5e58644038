"""The server's settings and command lines."""

from __future__ import annotations

from pathlib import Path

from graphsvc.store import configure


def test_the_settings_bind_one_port_of_the_loopback_and_carry_the_hardening() -> None:
    text = configure.config_text(port=7001, pagecache="128m")
    values = dict(line.split("=", 1) for line in text.splitlines())
    assert values["server.bolt.listen_address"] == "127.0.0.1:7001"
    assert values["server.memory.pagecache.size"] == "128m"
    assert configure.HARDENING.items() <= values.items()
    assert values["server.http.enabled"] == values["dbms.usage_report.enabled"] == "false"


def test_one_start_may_have_settings_of_its_own() -> None:
    more = {"db.transaction.timeout": "60s", "server.directories.plugins": "/plugins"}
    lines = configure.config_text(port=7001, pagecache="128m", more=more).splitlines()
    assert len(lines) == len(configure.config_text(port=7001, pagecache="128m").splitlines()) + 1
    assert {"db.transaction.timeout=60s", "server.directories.plugins=/plugins"} < set(lines)


def test_a_home_with_spaces_stays_one_argument(tmp_path: Path) -> None:
    place, jars = tmp_path / "home of mine", tmp_path / "jars of mine"
    jars.mkdir()
    (jars / "a.jar").touch()
    command = configure.server_command(place, jars=jars, heap="512m")
    assert command[1:3] == ["-cp", f"{jars}/a.jar"]
    assert configure.home_argument(place) in command
    assert "-Xmx512m" in command
    assert command.index(configure.MAIN) < command.index(configure.home_argument(place))


def test_the_first_password_is_named_by_its_file_only(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("not-to-be-shown")
    command = configure.password_command(tmp_path, jars=tmp_path, arguments=file)
    assert command[-1] == f"@{file}"
    assert "not-to-be-shown" not in " ".join(command)


def test_the_server_gets_no_variable_of_ours(tmp_path: Path) -> None:
    assert sorted(configure.server_environment(tmp_path)) == ["LANG", "NEO4J_CONF", "NEO4J_HOME"]
