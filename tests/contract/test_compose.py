"""The container files say what the managed server is set to, and give no needless rights."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from graphsvc.settings import Settings
from graphsvc.store.assemble import committed_lock
from graphsvc.store.configure import HARDENING

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"])


def _variable(setting: str) -> str:
    """Return how the official image wants a setting named in its environment."""
    return "NEO4J_" + setting.replace("_", "__").replace(".", "_")


def test_the_container_is_hardened_like_the_managed_server(services: dict[str, Any]) -> None:
    environment = services["neo4j"]["environment"]
    wanted = {_variable(name): value for name, value in HARDENING.items()}
    assert {name: environment.get(name) for name in wanted} == wanted


def test_the_image_is_of_the_locked_release_line(services: dict[str, Any]) -> None:
    line = ".".join(committed_lock().version.split(".")[:2])
    assert services["neo4j"]["image"] == f"neo4j:{line}-community"


def test_every_published_port_is_on_the_loopback(services: dict[str, Any]) -> None:
    published = [port for service in services.values() for port in service["ports"]]
    assert len(published) == 2
    assert [port for port in published if not port.startswith("127.0.0.1:")] == []


def test_no_secret_has_a_default(services: dict[str, Any]) -> None:
    text = json.dumps(services)
    found = re.findall(r"(?<!\$)\$\{(\w+)([^}]*)\}", text)
    assert {name for name, _ in found} == {"NEO4J_PASSWORD", "GRAPHSVC_TOKEN_KEY"}
    assert [name for name, rest in found if not rest.startswith(":?")] == []


def test_the_service_waits_for_a_healthy_database(services: dict[str, Any]) -> None:
    assert services["graphsvc"]["depends_on"]["neo4j"]["condition"] == "service_healthy"
    assert "cypher-shell" in services["neo4j"]["healthcheck"]["test"][1]
    assert "/livez" in services["graphsvc"]["healthcheck"]["test"][-1]


def test_the_service_has_no_rights_it_does_not_need(services: dict[str, Any]) -> None:
    service = services["graphsvc"]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["user"].split(":")[0] not in ("0", "root")
    assert not any(service.get(name) for name in ("privileged", "cap_add", "network_mode"))
    assert all("no-new-privileges:true" in each["security_opt"] for each in services.values())


def test_every_variable_of_the_service_is_a_setting(services: dict[str, Any]) -> None:
    known = {str(field.validation_alias) for field in Settings.model_fields.values()}
    assert set(services["graphsvc"]["environment"]) <= known


def test_data_outlive_the_containers(services: dict[str, Any]) -> None:
    declared = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["volumes"]
    mounted = {mount.split(":")[0] for each in services.values() for mount in each["volumes"]}
    assert mounted == set(declared)
    home = re.search(r"GRAPHSVC_HOME=(\S+)", DOCKERFILE)
    assert home
    assert f"graphsvc-home:{home[1]}" in services["graphsvc"]["volumes"]


def test_the_image_installs_by_hash_and_does_not_run_as_root() -> None:
    installs = re.findall(r"pip install (.*?)(?: \\|&&|$)", DOCKERFILE, re.MULTILINE)
    assert installs
    assert [line for line in installs if not re.match(r"--require-hashes|--no-deps", line)] == []
    last_stage = DOCKERFILE.split("\nFROM ")[-1]
    user = re.search(r"^USER (\S+)$", last_stage, re.MULTILINE)
    assert user
    assert user[1] not in ("0", "root")
    assert "/livez" in last_stage


def test_every_copied_path_passes_the_ignore_file() -> None:
    allowed = {
        line[1:]
        for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines()
        if line.startswith("!")
    }
    copies = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    copied = {path for line in copies for path in line.split()}
    assert copied
    assert copied <= allowed
    assert ".env" not in allowed
