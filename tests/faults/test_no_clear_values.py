"""Secret values stand nowhere in clear: database, logs, rejects, exports, spool, core files.

The values are in good rows, in bad ones, in repeated and contradicting ones, in columns where they
do not belong and in standard input. A loader that reads a row has it in its memory; so no core
file of it is ever made.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from graphsvc.settings import Settings, load_settings
from graphsvc.store import local
from tests.api.conftest import Api, new_key, serving
from tests.faults.test_load_faults import until
from tests.graph.driving import KEY, PLATFORM, Cli, cypher, kept, write_csv

IBAN, WRONG_IBAN = "BE68539007547034", "BE68539007547035"
CARD, PHONE, SHORT = "4929123123123120", "442079460327", "442079460"
MAIL, WRONG_MAIL = "velmora.quist", "velmora.zund"
DEVICE, TAX = "fp-9c41d77e20ab", "GB907415926"
CLEAR = (IBAN, WRONG_IBAN, CARD, PHONE, SHORT, MAIL, WRONG_MAIL, DEVICE, "9c41d77e20ab", TAX)
SPACED = ("BE68 5390 0754 7034", "4929 1231 2312 3120", "20 7946 0327", "907 4159 26")
LOADED = {
    "sellers": [
        {"seller_id": "s-1", "tax_number": "GB 907 4159 26", "seen_at": "2024-01-01"},
        {"seller_id": "s-1", "tax_number": TAX, "country": "GB", "seen_at": "2024-01-01"},
        {"seller_id": "", "tax_number": TAX},
        {"seller_id": "s-2", "tax_number": TAX * 20},
    ],
    "payment_accounts": [
        {"seller_id": "s-1", "account": SPACED[0], "holder": "A", "seen_at": "2024-01-01"},
        {"seller_id": "s-1", "account": IBAN, "holder": "B", "seen_at": "2024-01-01"},
        {"seller_id": "s-2", "account": IBAN, "holder": "B", "seen_at": "2024-01-01"},
        {"seller_id": "s-4", "account": IBAN},
        {"seller_id": "s-2", "account": WRONG_IBAN},
        {"seller_id": "s-2", "account": SPACED[1]},
        {"seller_id": "s-3", "account": CARD, "account_kind": IBAN},
        {"seller_id": "s-3", "account": CARD, "seen_at": "no day"},
        {"seller_id": "s-3", "account": CARD[:-1] + "1", "account_kind": "card"},
    ],
    "contacts": [
        {"seller_id": "s-1", "phone": "+44 20 7946 0327", "email": f"{MAIL}@tolva.example.com"},
        {"seller_id": "s-2", "phone": f"+{PHONE}", "email": f"{MAIL}+x@tolva.example.com"},
        {"seller_id": "s-4", "phone": "0044 20 7946 O327"},
        {"seller_id": "s-3", "phone": f"+{SHORT}"},
        {"seller_id": "s-3", "email": f"{WRONG_MAIL}@"},
        {"seller_id": "s-3", "phone": f"{MAIL}@tolva.example.com", "email": PHONE},
    ],
    "devices": [
        {"seller_id": "s-1", "device": DEVICE},
        {"seller_id": "s-4", "device": DEVICE},
        {"seller_id": "s-2", "device": DEVICE, "seen_at": "never"},
        {"seller_id": "a:b", "device": DEVICE},
    ],
}


def load_it_all(cli: Cli) -> None:
    """Load every kind from a file, then accounts from standard input, also in a broken form."""
    for kind, rows in LOADED.items():
        write_csv(cli.folder / f"{kind}.csv", rows)
        told = cli.json("load", kind, f"{kind}.csv", "--platform", PLATFORM)
        assert told["rejected"], kind
    whole = [json.dumps(row) for row in LOADED["payment_accounts"]]
    names = (IBAN, WRONG_IBAN, CARD, *SPACED[:2], f"+{PHONE}", f"{MAIL}@tolva.example.com")
    broken = [
        f'{{"seller_id": "s-1", "account": "{IBAN}"',
        f'["{IBAN}"]',
        f'{{"{IBAN}": 1, "{IBAN}": 2}}',
        *(
            json.dumps({"seller_id": "s-1", "account": "a-1", name: value})
            for name in names
            for value in ("x", [1], "\ud800")
        ),
    ]
    words = ["load", "payment_accounts", "-", "--source", "desk", "--platform", PLATFORM, "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "graphsvc", *words],
        env=cli.environment(GRAPHSVC_LOG_LEVEL="debug"),
        input="\n".join([*whole, *broken]),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["rejected"] >= len(broken)
    write_csv(cli.folder / "bare.csv", [{"s-1": "s-2", IBAN: CARD}])  # its first row is no header
    bare = cli.call("load", "payment_accounts", "bare.csv", "--platform", PLATFORM)
    assert bare.returncode == 3
    assert "the file has: s-1, ***" in bare.stderr
    (cli.settings.home / "load.log").write_text(done.stdout + done.stderr + bare.stderr)


def ask_for_it(cli: Cli) -> None:
    """Export what is found, and let the service log questions that hold the values."""
    fake = {"reporter": "desk", "at": "2024-01-01", "verdict": "confirmed_fake"}
    rows = [{"report_id": f"r-{n}", "seller_id": f"s-{n}", **fake} for n in (1, 2, 4)]
    write_csv(cli.folder / "reports.csv", rows)
    cli.json("load", "reports", "reports.csv", "--platform", PLATFORM)
    found = cli.json("rings", "detect", "--engine", "components")["run"]
    for form in ("graphml", "json"):
        out = cli.settings.home / f"rings.{form}"
        assert (
            cli.call("rings", "export", "--run", found, "--format", form, "--out", out).returncode
            == 0
        )
        assert "s-2" in out.read_text("utf-8")
    running = local.resolve(cli.settings)
    settings = load_settings(
        None,
        home=cli.settings.home,
        token_key=KEY,
        neo4j_uri=running.uri,
        neo4j_password=running.password,
    )
    key = new_key(settings)["key"]
    with serving(settings) as (url, process):
        api = Api(url, key, settings, process)
        for value in CLEAR:
            api.post({"query": f'{{ search(text: "{value}") {{ edges {{ node {{ id }} }} }} }}'})
            api.post({"query": f"{{ {value} "})
        process.send_signal(signal.SIGTERM)
        log = process.ended()
    assert "answered" in log
    (cli.settings.home / "serve.log").write_text(log)


def hits(folder: Path) -> list[str]:
    """Return which clear value stands in which file, as UTF-8 or UTF-16."""
    values = [*CLEAR, *SPACED]
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes().rstrip(b"\0")  # logs are made with room to grow
            found += [
                f"{path}: {value}"
                for value in values
                for coding in ("utf-8", "utf-16-le", "utf-16-be")
                if value.encode(coding) in data
            ]
    return found


@pytest.mark.timeout(900)
def test_no_file_of_ours_holds_a_secret_value(own_server: Settings, tmp_path: Path) -> None:
    local.start(own_server)
    cli = Cli(own_server, tmp_path)
    load_it_all(cli)
    ask_for_it(cli)
    # Short texts are packed by the database so that no search of its files could find them.
    rows = json.dumps(cypher(cli.settings, kept("everything")))
    assert "masked" in rows
    assert [value for value in (*CLEAR, *SPACED) if value in rows] == []
    local.stop(own_server)
    assert not list((own_server.home / "spool").iterdir())
    assert len(list((own_server.home / "rejects").iterdir())) == len(LOADED) + 1
    assert hits(own_server.home) == []
    (own_server.home / "left").write_text(f"by mistake: {IBAN}")
    assert len(hits(own_server.home)) == 1, "the search finds what is there"


def dumped(process: subprocess.Popen[str]) -> bool:
    """Abort a process and tell whether the system wrote its memory into a file."""
    process.send_signal(signal.SIGABRT)
    _, status = os.waitpid(process.pid, 0)
    process.returncode = status
    for stream in (process.stdout, process.stderr):
        if stream:
            stream.close()
    assert os.WTERMSIG(status) == signal.SIGABRT
    return os.WCOREDUMP(status)


@pytest.fixture
def _cores() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_CORE, (soft, hard))


@pytest.mark.usefixtures("_cores")
def test_a_loader_that_crashes_leaves_no_core_file(empty_graph: Settings, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", "input()"], cwd=tmp_path, stdin=subprocess.PIPE, text=True
    ) as plain:
        if not dumped(plain):
            pytest.skip("this machine makes no core files")
    cli = Cli(empty_graph, tmp_path)
    write_csv(tmp_path / "a.csv", [{"seller_id": f"s-{n}", "account": IBAN} for n in range(5_000)])
    words = ("load", "payment_accounts", "a.csv", "--platform", PLATFORM)
    loader = cli.start(*words, GRAPHSVC_BATCH_ROWS="1")
    until(lambda: bool(cypher(cli.settings, kept("runs_by_file"))), loader)
    assert not dumped(loader)
