"""The example that ends each verb's help runs as it stands, on a fresh machine.

The short form runs in this process what no shell has to read, for a start takes longer than most
verbs do; and it leaves out what stops the server and has a test of its own.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from graphsvc.settings import Settings
from graphsvc.store.process import free_port
from tests.conftest import CACHE, HEAP, JAVA, PAGECACHE
from tests.contract.test_docs import commands
from tests.graph.driving import called
from tests.plain_http import HTTP

# In the order of a first day; `serve` has a test of its own, because it does not end by itself.
ORDER = (
    *("tokens create", "neo4j start", "neo4j status", "migrate", "demo generate"),
    *("load-bulk", "load", "watch"),
    *(
        "link addresses",
        "link brands",
        "link images",
        "runs list",
        "runs show",
        "runs resume",
        "runs retry",
        "runs abort",
        "runs undo",
        "graph counts",
        "graph digest",
    ),
    "tokens rotate",
    *("judge", "judgements list"),
    *("hubs propose", "hubs list", "hubs reject", "hubs expire", "hubs confirm"),
    *("rings calibrate", "rings models"),
    *(
        "rings dry-run",
        "rings detect",
        "rings update",
        "hubs replay",
        "rings list",
        "rings show",
        "rings diff",
    ),
    *("rings export", "why"),
    *("cases create", "cases add", "cases show", "cases list"),
    *("grants create", "grants list", "grants show", "grants revoke"),
    *("keys create", "keys list", "keys revoke"),
    *("audit show", "audit verify", "audit prove", "audit export", "doctor", "backup", "restore"),
    *("serve", "neo4j stop"),
)
LONG = ("demo",)
APART = ("backup", "restore")  # tests/graph/test_backup.py
FOR_A_SHELL = re.compile(r"[|<>&;$`]")
EXAMPLES = {words: getattr(command, "epilog", "") or "" for words, command in commands()}
WAIT_SECONDS = 60


class Shell:
    """A shell in a folder, with the verbs on its path and a home of its own."""

    def __init__(self, home: Path, folder: Path) -> None:
        self.folder = folder
        self.always = True  # also for what no shell has to read
        self.environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}/usr/bin{os.pathsep}/bin",
            "GRAPHSVC_HOME": str(home),
            "GRAPHSVC_CACHE": str(CACHE),
            "GRAPHSVC_NEO4J_HEAP": HEAP,
            "GRAPHSVC_NEO4J_JAVA": JAVA,
            "GRAPHSVC_NEO4J_PAGECACHE": PAGECACHE,
        }

    def start(self, command: str) -> subprocess.Popen[str]:
        """Start a command line."""
        return subprocess.Popen(
            ["/bin/sh", "-c", command],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, command: str) -> str:
        """Run a command line to its end, which must be a good one; return what it printed."""
        if self.always or FOR_A_SHELL.search(command):
            process = self.start(command)
            out, err = process.communicate(timeout=280)
            done = subprocess.CompletedProcess(command, process.returncode, out, err)
        else:
            done = called(shlex.split(command), self.environment, self.folder)
        assert done.returncode == 0, f"{command}: {done.stderr}"
        return str(done.stdout)


def example(words: str) -> str:
    """Return the command that the help of a verb ends with."""
    return EXAMPLES[words].removeprefix("Example: `").removesuffix("`")


def arrive(shell: Shell) -> None:
    """Put files where they are taken in."""
    (shell.folder / "inbox").mkdir()
    [file] = (shell.folder / "market").glob("sellers.*")
    shutil.copy(file, shell.folder / "inbox")


def correct(shell: Shell) -> None:
    """Have a row refused, and correct it."""
    (shell.folder / "wrong.csv").write_text("seller_id,risk\ns-wrong,7\n", "utf-8")
    shell.run("graphsvc load sellers wrong.csv --platform shopnest --rejects refused.ndjson")
    text = (shell.folder / "refused.ndjson").read_text("utf-8")
    (shell.folder / "corrected.ndjson").write_text(text.replace('"7"', '"0.7"'), "utf-8")


def cut_off(shell: Shell, source: str) -> None:
    """Kill a load in its midst: something to go on with."""
    [file] = (shell.folder / "market").glob("listings.*")
    words = f"load listings {file} --platform shopnest --source {source}"
    process = shell.start(f"GRAPHSVC_BATCH_ROWS=1 exec graphsvc {words}")
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        run = json.loads(shell.run("graphsvc runs show latest --json"))
        if (run["source"], run["state"]) == (source, "running"):
            break
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline, "it never began"
    process.kill()
    process.communicate(timeout=WAIT_SECONDS)


def serve_and_ask(shell: Shell) -> str:
    """Start the example of `serve`, ask whether it is ready, and end it as a supervisor does.

    Its port is the one thing that changes: another program of this machine may hold 8000.
    """
    port = str(free_port())
    assert "--port 8000" in example("serve")
    process = shell.start(f"exec {example('serve').replace('8000', port)}")
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline, "it never answered"
        try:
            answer = HTTP.get(f"http://127.0.0.1:{port}/readyz", timeout=5)
            break
        except httpx.TransportError:
            time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=WAIT_SECONDS)
    assert answer.status_code == 200
    assert "Traceback" not in err
    return err


@pytest.fixture
def shell(own_server: Settings, tmp_path: Path) -> Shell:
    """A shell over a home in which nothing has been done yet."""
    folder = tmp_path / "desk"
    folder.mkdir()
    return Shell(own_server.home, folder)


def test_every_verb_is_in_the_order() -> None:
    assert sorted(EXAMPLES) == sorted((*ORDER, *LONG))


@pytest.mark.timeout(900)
@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_every_example_runs(shell: Shell, whole: bool) -> None:
    assert shutil.which("graphsvc", path=shell.environment["PATH"])
    shell.always = whole
    for words in ORDER if whole else [each for each in ORDER if each not in APART]:
        if words == "serve":
            assert "serving at http://127.0.0.1:" in serve_and_ask(shell)
            continue
        if words == "link brands":  # whose brands to look for, only the caller knows
            (shell.folder / "brands.csv").write_text("brand,alias\nQuenvera,QV Sports\n", "utf-8")
        if words == "rings dry-run":
            (shell.folder / "rows.csv").write_text("seller,kind,identifier\na,phone,1\n", "utf-8")
            (shell.folder / "sellers.csv").write_text("seller,risk\na,0.5\n", "utf-8")
        if words == "watch":
            arrive(shell)
        if words == "runs retry":
            correct(shell)
        if words == "rings diff":  # there must be a run before the last one
            shell.run(example("rings detect"))
        if words in ("runs resume", "runs abort"):
            cut_off(shell, words.replace(" ", "-"))
        command = example(words)
        printed = shell.run(command if whole else command.replace("sellers 1000", "sellers 300"))
        assert printed.strip() or "--out" in example(words), words
    assert "shopnest:" in (shell.folder / "top.graphml").read_text("utf-8")


@pytest.mark.slow
def test_the_example_of_demo_runs(shell: Shell) -> None:
    printed = shell.run(example("demo"))
    assert "evidence" in printed
