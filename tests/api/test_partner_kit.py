"""What docs/partners.md hands to partners works, against the real server, as it is written."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from graphsvc.api.trusted import documents
from graphsvc.audit.events import digest
from tests.api.conftest import Api, in_process
from tests.contract.rules import TOP
from tests.graph.driving import Cli

SCRIPT = TOP / "docs" / "examples" / "partner_case.py"
PAGE = (TOP / "docs" / "partners.md").read_text("utf-8")
PURPOSE = "customs_enforcement"


@pytest.fixture(scope="module")
def office(api: Api) -> tuple[Cli, dict[str, str]]:
    """A case with seller b of the small market, open to an officer within one hop."""
    cli = in_process(api.settings)
    case = cli.json("cases", "create", "--title", "vases", "--handling", "amber", "--by", "desk")
    cli.json("cases", "add", case["id"], "--seller", "p:b", "--by", "desk")
    standing = ("--agency", "customs-north", "--officer", "officer-7")
    cli.json(
        *("grants", "create", "--case", case["id"], *standing, "--purpose", PURPOSE),
        *("--basis", "a formal request", "--field", "identifiers", "--hops", "1"),
        *("--days", "2", "--by", "desk"),
    )
    key = cli.json("keys", "create", "--role", "partner", *standing, "--name", "desk")["key"]
    return cli, {"key": key, "case": case["id"]}


def run(
    api: Api, office: dict[str, str], seller: str, **more: str
) -> subprocess.CompletedProcess[str]:
    """Run the example script as the page says."""
    held = {"key": office["key"], "case": office["case"], "purpose": PURPOSE, **more}
    return subprocess.run(
        [
            sys.executable,
            "-W",
            "error",
            str(SCRIPT),
            api.url,
            held["case"],
            held["purpose"],
            seller,
        ],
        env={**os.environ, "GRAPHSVC_KEY": held["key"]},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_script_walks_from_a_seller_to_those_it_hangs_together_with(
    api: Api, office: tuple[Cli, dict[str, str]]
) -> None:
    done = run(api, office[1], "p:b")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("p:b  identity-")
    assert "uses payment_account " in done.stdout
    assert "uses phone " in done.stdout
    assert done.stdout.count("hangs together with") == 2, "a over account and flat, c over a phone"
    assert "Amber Lane" not in done.stdout, "identities are not in the grant"


@pytest.mark.parametrize(
    ("seller", "more", "said"),
    [
        ("p:e", {}, "not there, or not open"),
        ("p:nobody", {}, "not there, or not open"),
        ("p:b", {"purpose": "curiosity"}, "PURPOSE_MISSING"),
        ("p:b", {"case": "case-of-others"}, "GRANT_MISSING"),
        ("p:b", {"key": "gs_00000000_" + "0" * 64}, "UNAUTHENTICATED"),
    ],
)
def test_what_is_not_open_is_said_and_nothing_else(
    api: Api, office: tuple[Cli, dict[str, str]], seller: str, more: dict[str, str], said: str
) -> None:
    done = run(api, office[1], seller, **more)
    assert said in done.stdout + done.stderr
    assert "identity-" not in done.stdout
    assert "Traceback" not in done.stderr


def test_every_read_of_the_script_is_in_the_journal(
    api: Api, office: tuple[Cli, dict[str, str]]
) -> None:
    cli, held = office
    before = reads(cli, held["case"])
    run(api, held, "p:b")
    assert reads(cli, held["case"]) - before == 4, "a seller, its neighbourhood, two chains"
    assert cli.json("audit", "verify")["ok"] is True


def test_the_checkpoint_of_an_answer_is_one_to_verify_against(
    api: Api, office: tuple[Cli, dict[str, str]], tmp_path: Path
) -> None:
    cli, held = office
    cli.json("audit", "verify")
    headers = {"Case-Id": held["case"], "Purpose": PURPOSE}
    text = documents()["seller"]
    asked = {"documentId": digest(text), "variables": {"platform": "p", "sellerId": "b"}}
    answer = api.post(asked, key=held["key"], headers=headers)
    kept = tmp_path / "checkpoint.json"
    kept.write_text(answer.headers["Checkpoint"], "ascii")
    assert cli.json("audit", "verify", "--against", str(kept))["ok"] is True
    changed = json.loads(kept.read_text("ascii"))
    kept.write_text(json.dumps({**changed, "root": "00" * 32}), "ascii")
    assert cli.call("audit", "verify", "--against", str(kept)).returncode == 1
    assert "Checkpoint" not in api.post({"query": "{ __typename }"}).headers, "for outsiders alone"


def reads(cli: Cli, case: str) -> int:
    """Count the journal's reads of a case."""
    words = ("audit", "show", "--action", "read", "--case", case, "--first", "1000")
    return len(cli.json(*words)["items"])


def test_the_ids_of_page_and_script_are_those_of_the_documents() -> None:
    known = {digest(text) for text in documents().values()}
    used = set(re.findall(r"sha256:[0-9a-f]{64}", PAGE + SCRIPT.read_text("utf-8")))
    assert used
    assert used <= known


def test_the_first_question_of_the_page_is_answered(
    api: Api, office: tuple[Cli, dict[str, str]]
) -> None:
    (body,) = re.findall(r"-d '(\{.*?\})'\n", PAGE, re.DOTALL)
    names = re.findall(r'-H "([\w-]+): ', PAGE)
    assert names == ["Authorization", "Content-Type", "Case-Id", "Purpose"]
    headers = {"Case-Id": office[1]["case"], "Purpose": PURPOSE}
    found = api.post(json.loads(body), key=office[1]["key"], headers=headers)
    assert found.json() == {"data": {"seller": None}}, "s-204 of shopnest is not in this market"


def test_every_error_of_the_page_is_documented() -> None:
    told = dict(re.findall(r"^\| `(\w+)`.* \| (\d{3}) \|", PAGE, re.MULTILINE))
    table = (TOP / "docs" / "api.md").read_text("utf-8")
    assert len(told) > 5
    assert [code for code, status in told.items() if f"| `{code}` | {status} |" not in table] == []


def test_the_script_says_how_it_is_used() -> None:
    words = [sys.executable, str(SCRIPT)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert "GRAPHSVC_KEY" in done.stderr
    assert Path(SCRIPT).name in done.stderr
