"""The verb `load` against a real Neo4j: what adds up, who wins a tie, what is refused and why."""

from __future__ import annotations

import hashlib
import json
import stat
from itertools import permutations
from pathlib import Path

import pytest
from PIL import Image

from graphsvc.settings import Settings
from tests.graph.driving import (
    KEY,
    OTHER_KEY,
    PLATFORM,
    Cli,
    Rows,
    cypher,
    digest_of,
    issues_of,
    kept,
    load_all,
    wipe,
    write_csv,
)

GOOD_IBAN, BAD_IBAN = "DE89370400440532013000", "DE89370400440532013001"
CARD = "4111111111111111"
# By kind: rows that load, rows that are refused, and how many stubs the good ones make.
FILES: dict[str, tuple[Rows, Rows, int]] = {
    "sellers": (
        [{"seller_id": f"s-{n}", "handle": f"shop {n}", "risk": "0.25"} for n in range(4)],
        [{"seller_id": "s-9", "handle": "x", "risk": "1.5"}, {"seller_id": "a:b"}],
        0,
    ),
    "listings": (
        [
            {"listing_id": "l-1", "seller_id": "s-1", "title": "Vase", "price": "9.99",
             "currency": "EUR"},
            {"listing_id": "l-2", "seller_id": "s-new", "title": "Ring"},
        ],
        [
            {"listing_id": "l-3", "seller_id": "s-1", "title": "Vase", "price": "-1",
             "currency": "EUR"},
            {"listing_id": "l-4", "seller_id": "s-1", "title": "Vase", "price": "1",
             "currency": "XXQ"},
            {"listing_id": "l-5", "seller_id": "s-1", "title": "Vase", "price": "1"},
        ],
        1,
    ),
    "addresses": (
        [{"seller_id": "s-1", "address": "Flat 4, 12 Main Street, Leeds LS1 4AP", "country": "GB"}],
        [{"seller_id": "s-1", "address": "12 Main Street, Leeds", "country": "Atlantis"}],
        0,
    ),
    "payment_accounts": (
        [
            {"seller_id": "s-1", "account": GOOD_IBAN, "account_kind": "iban"},
            {"seller_id": "s-77", "account": CARD, "account_kind": "card"},
        ],
        [{"seller_id": "s-1", "account": BAD_IBAN, "account_kind": "iban"}],
        1,
    ),
    "contacts": (
        [{"seller_id": "s-1", "phone": "+44 20 7946 0018", "email": "desk@tolva.example.com"}],
        [{"seller_id": "s-1", "phone": "", "email": "desk-at-nowhere"}],
        0,
    ),
    "devices": (
        [{"seller_id": "s-2", "device": "device-000017"}],
        [{"seller_id": "s-2", "device": ""}],
        0,
    ),
    "images": (
        [{"listing_id": "l-8", "sha256": "ab" * 32, "pdq": "cd" * 32, "position": "0"}],
        [{"listing_id": "l-8", "sha256": "ab", "pdq": "cd" * 32, "position": "0"}],
        1,
    ),
    "reports": (
        [
            {"report_id": "r-1", "seller_id": "s-1", "reporter": "desk", "at": "2024-03-09",
             "verdict": "confirmed_fake"},
        ],
        [
            {"report_id": "r-2", "seller_id": "s-1", "reporter": "desk", "at": "2024-02-30",
             "verdict": "confirmed_fake"},
            {"report_id": "r-3", "seller_id": "", "reporter": "desk", "at": "2024-03-09",
             "verdict": "genuine"},
        ],
        0,
    ),
}  # fmt: skip


@pytest.fixture
def graph(empty_graph: Settings) -> Settings:
    """An empty graph and a token key."""
    return empty_graph.model_copy(update={"token_key": Settings(GRAPHSVC_TOKEN_KEY=KEY).token_key})


@pytest.fixture
def cli(graph: Settings, tmp_path: Path) -> Cli:
    """The command line over that graph, in a folder of its own."""
    return Cli(graph, tmp_path)


def sellers(tmp_path: Path, name: str, *rows: tuple[str, str, str]) -> tuple[str, Path]:
    """A file of sellers from (seller_id, handle, seen_at)."""
    made = [{"seller_id": a, "handle": b, "seen_at": c} for a, b, c in rows]
    return "sellers", write_csv(tmp_path / name, made)


@pytest.mark.parametrize("kind", FILES)
def test_what_came_in_is_loaded_unchanged_or_rejected(cli: Cli, kind: str) -> None:
    good, bad, stubs = FILES[kind]
    write_csv(cli.folder / "rows.csv", [*good, *bad])
    words = ("load", kind, "rows.csv", "--platform", PLATFORM, "--rejects", "refused.ndjson")
    if kind == "listings" or kind not in ("sellers", "images"):
        write_csv(cli.folder / "s.csv", FILES["sellers"][0])
        cli.json("load", "sellers", "s.csv", "--platform", PLATFORM)

    first = cli.json(*words)
    second = cli.json(*words)

    def counts(told: dict[str, object]) -> tuple[object, ...]:
        return tuple(told[n] for n in ("in", "loaded", "unchanged", "rejected", "skipped", "stubs"))

    total = len(good) + len(bad)
    assert counts(first) == (total, len(good), 0, len(bad), 0, stubs)
    assert counts(second) == (total, 0, len(good), len(bad), 0, 0)
    assert {issue["line"] for issue in issues_of(cli.folder / "refused.ndjson")} == set(
        range(2 + len(good), 2 + total)
    )
    shown = cli.json("runs", "show", first["run"])
    assert (shown["rows_in"], shown["loaded"], shown["unchanged"], shown["rejected"]) == (
        total,
        len(good),
        0,
        len(bad),
    )
    assert (shown["state"], shown["stubs"], shown["kind"]) == ("finished", stubs, kind)
    digest = hashlib.sha256((cli.folder / "rows.csv").read_bytes()).hexdigest()
    assert shown["file_digest"] == digest
    listed = cli.json("runs", "list")["items"]
    assert {second["run"], first["run"]} <= {item["id"] for item in listed}
    assert all(
        run["rows_in"] == run["loaded"] + run["unchanged"] + run["rejected"] for run in listed
    )


def test_skipped_rows_are_counted_outside_in(cli: Cli) -> None:
    rows = [{"seller_id": f"s-{n}", "status": "closed" if n % 3 else "active"} for n in range(9)]
    write_csv(cli.folder / "s.csv", rows)
    (cli.folder / "m.yml").write_text(
        f"kind: sellers\nplatform: {PLATFORM}\nskip: {{status: closed}}\nignore: [status]\n"
        "columns: {seller_id: seller_id}\n",
        "utf-8",
    )
    told = cli.json("load", "sellers", "s.csv", "--mapping", "m.yml")
    assert (told["in"], told["loaded"], told["skipped"]) == (3, 3, 6)
    assert cli.json("runs", "show", told["run"])["skipped"] == 6


def test_several_files_give_a_line_each_and_a_header_alone_is_no_row(cli: Cli) -> None:
    write_csv(cli.folder / "a.csv", FILES["sellers"][0])
    (cli.folder / "b.csv").write_text("seller_id,handle\n", "utf-8")
    done = cli.call("load", "sellers", "a.csv", "b.csv", "--platform", PLATFORM, "--json")
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(line["file"], line["in"]) for line in told] == [("a.csv", 4), ("b.csv", 0)]
    assert len(cli.json("runs", "list")["items"]) == 2


def test_a_reject_says_where_why_and_what_to_do_and_hides_secrets(cli: Cli) -> None:
    rows = [*FILES["payment_accounts"][0], *FILES["payment_accounts"][1]]
    write_csv(cli.folder / "p.csv", rows)
    told = cli.json(
        "load", "payment_accounts", "p.csv", "--platform", PLATFORM, "--rejects", "out/r.ndjson"
    )
    [issue] = issues_of(cli.folder / "out" / "r.ndjson")
    assert list(issue) == ["file", "line", "column", "reason", "remedy", "row"]
    assert (issue["file"], issue["line"], issue["column"]) == ("p.csv", 4, "account")
    assert issue["reason"]
    assert issue["remedy"]
    assert issue["row"]["seller_id"] == "s-1"
    assert issue["row"]["account"] == "***"
    assert told["rejects"] == "out/r.ndjson"


def test_strict_gives_3_after_everything_else_is_done(cli: Cli) -> None:
    good, bad, _ = FILES["sellers"]
    write_csv(cli.folder / "s.csv", [*good, *bad])
    done = cli.call("load", "sellers", "s.csv", "--platform", PLATFORM, "--strict", "--json")
    told = json.loads(done.stdout)
    assert done.returncode == 3
    assert "--strict" in done.stderr
    assert (told["loaded"], told["rejected"]) == (len(good), len(bad))
    write_csv(cli.folder / "s.csv", good)
    assert cli.call("load", "sellers", "s.csv", "--platform", PLATFORM, "--strict").returncode == 0


def test_a_dry_run_needs_neither_key_nor_database(cli: Cli) -> None:
    good, bad, _ = FILES["payment_accounts"]
    write_csv(cli.folder / "p.csv", [*good, *bad])
    words = ("load", "payment_accounts", "p.csv", "--platform", PLATFORM, "--dry-run")
    away = {"GRAPHSVC_TOKEN_KEY": "", "NEO4J_URI": "bolt://127.0.0.1:1"}
    told = cli.json(*words, "--rejects", "r.ndjson", **away)
    assert (told["run"], told["in"], told["rejected"]) == ("dry-run", 3, 1)
    assert len(issues_of(cli.folder / "r.ndjson")) == 1
    assert cypher(cli.settings, kept("count_all"))[0]["number"] == 0


def test_a_rejects_file_is_never_the_input(cli: Cli) -> None:
    good, bad, _ = FILES["sellers"]
    path = write_csv(cli.folder / "s.csv", [*good, *bad])
    before = path.read_bytes()
    done = cli.call("load", "sellers", "s.csv", "--platform", PLATFORM, "--rejects", "./s.csv")
    assert done.returncode == 2
    assert "s.csv" in done.stderr
    assert path.read_bytes() == before


def test_half_a_surrogate_pair_is_a_reject_like_any_other(cli: Cli) -> None:
    lines = ['{"seller_id": "s-1", "handle": "a\\ud800b"}', '{"seller_id": "s-2"}']
    (cli.folder / "s.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    told = cli.json("load", "sellers", "s.jsonl", "--platform", PLATFORM, "--rejects", "r.ndjson")
    assert (told["loaded"], told["rejected"]) == (1, 1)
    assert len(issues_of(cli.folder / "r.ndjson")) == 1


@pytest.mark.parametrize("folder", ["home", "rejects"])
def test_where_nothing_can_be_written_nothing_is_loaded(cli: Cli, folder: str) -> None:
    (cli.folder / "wall").write_text("a file where a folder is wanted", "utf-8")
    good, bad, _ = FILES["sellers"]
    write_csv(cli.folder / "s.csv", [*good, *bad])
    words = ["load", "sellers", "s.csv", "--platform", PLATFORM]
    if folder == "rejects":
        done = cli.call(*words, "--rejects", "wall/r.ndjson")
    else:
        done = cli.call(*words, GRAPHSVC_HOME=str(cli.folder / "wall"))
    assert done.returncode == 3
    assert "wall" in done.stderr
    assert "Traceback" not in done.stderr
    assert cypher(cli.settings, kept("provenance")) == []
    runs = cypher(cli.settings, kept("runs_by_file"))
    if folder == "home":
        assert runs == [], "without a journal nothing is begun"
        return
    [run] = runs
    assert run["kept"]["state"] == "failed"
    assert run["kept"]["rows_in"] == 0


@pytest.mark.parametrize(
    ("key", "words"),
    [("", "tokens create"), ("12ab", "64"), ("zz" * 32, "64"), (OTHER_KEY, "another|loaded under")],
)
def test_a_key_that_will_not_do_writes_nothing(cli: Cli, key: str, words: str) -> None:
    write_csv(cli.folder / "d.csv", FILES["devices"][0])
    load = ("load", "devices", "d.csv", "--platform", PLATFORM)
    cli.json(*load)
    before = cypher(cli.settings, kept("count_all"))
    done = cli.call(*load, GRAPHSVC_TOKEN_KEY=key)
    assert done.returncode == 3
    assert any(word in done.stderr for word in words.split("|"))
    assert not key or key not in done.stderr
    assert cypher(cli.settings, kept("count_all")) == before


def test_created_keys_are_for_their_owner_alone_and_never_replaced(cli: Cli) -> None:
    made = cli.json("tokens", "create", GRAPHSVC_TOKEN_KEY="")
    path = Path(made["file"])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    before = path.read_text("ascii")
    again = cli.call("tokens", "create", GRAPHSVC_TOKEN_KEY="")
    assert again.returncode == 5
    assert path.read_text("ascii") == before
    write_csv(cli.folder / "d.csv", FILES["devices"][0])
    told = cli.json("load", "devices", "d.csv", "--platform", PLATFORM, GRAPHSVC_TOKEN_KEY="")
    assert told["loaded"] == 1


def test_tied_rows_give_one_winner_and_the_same_rejects_in_any_order(
    graph: Settings, tmp_path: Path
) -> None:
    tied = [("s-1", name, "2024-05-05") for name in ("amber", "birch", "cedar")]
    found = set()
    for place, order in enumerate(permutations(tied)):
        for batch_rows in (1, 2, 10_000):
            wipe(graph)
            file = sellers(tmp_path, f"s{place}-{batch_rows}.csv", *order)
            [report] = load_all(graph, [file], batch_rows=batch_rows)
            [winner] = cypher(graph, kept("provenance"))
            counts = report.counts
            found.add(
                (counts.rows_in, counts.loaded, counts.unchanged, counts.rejected, winner["handle"])
            )
            assert report.rejects is not None
            issues = issues_of(Path(report.rejects))
            line = 2 + [handle for _, handle, _ in order].index("cedar")
            assert {issue["line"] for issue in issues} == {2, 3, 4} - {line}
            assert winner["source"].endswith(f":{line}")
            for issue in issues:
                # A row of an earlier batch is at hand no more; its line is named all the same.
                own = issue["row"].get("handle")
                assert own in (order[issue["line"] - 2][1], None if batch_rows < 3 else "?")
                assert issue["reason"].count("line ") == 2
    assert found == {(3, 1, 0, 2, "cedar")}


@pytest.mark.parametrize(("first", "second"), [("amber", "birch"), ("birch", "amber")])
def test_a_tie_against_an_earlier_run(
    graph: Settings, tmp_path: Path, first: str, second: str
) -> None:
    old = sellers(tmp_path, "old.csv", ("s-0", "x", "2024-01-01"), ("s-1", first, "2024-01-01"))
    new = sellers(tmp_path, "new.csv", ("s-1", second, "2024-01-01"))
    [_, report] = load_all(graph, [old, new])
    held = {row["id"]: row for row in cypher(graph, kept("provenance"))}
    assert held["shopnest:s-1"]["handle"] == "birch"
    assert report.rejects is not None
    [issue] = issues_of(Path(report.rejects))
    assert "line 2" in issue["reason"]
    assert "line 3" in issue["reason"]
    counts = report.counts
    if second == "birch":
        # The row that lost is one of the earlier run: this run's row was written.
        assert (counts.rows_in, counts.loaded, counts.rejected) == (1, 1, 0)
        assert held["shopnest:s-1"]["run"] == report.run
    else:
        assert (counts.rows_in, counts.loaded, counts.rejected) == (1, 0, 1)
        assert held["shopnest:s-1"]["run"] != report.run


def test_the_winner_carries_its_own_provenance(graph: Settings, tmp_path: Path) -> None:
    newer = sellers(tmp_path, "n.csv", ("s-9", "z", ""), ("s-1", "later", "2024-06-01"))
    older = sellers(tmp_path, "o.csv", ("s-1", "early", "2024-01-01"))
    same = sellers(tmp_path, "t.csv", ("s-1", "later", "2024-07-01"))
    for files in permutations((newer, older, same)):
        wipe(graph)
        reports = {Path(r.file).name: r for r in load_all(graph, files)}
        held = {row["id"]: row for row in cypher(graph, kept("provenance"))}["shopnest:s-1"]
        assert (held["handle"], held["seen_at"]) == ("later", "2024-07-01T00:00:00Z")
        first = next(f for _, f in files if f.name in ("n.csv", "t.csv"))
        assert held["run"] == reports[first.name].run
        digest = hashlib.sha256(first.read_bytes()).hexdigest()[:16]
        assert held["source"] == f"{digest}:{3 if first.name == 'n.csv' else 2}"


def test_pictures_are_read_from_their_files_and_a_broken_one_is_a_reject(cli: Cli) -> None:
    pictures = cli.folder / "pictures"
    pictures.mkdir()
    for name in ("l-1", "l-2"):
        drawn = Image.effect_noise((96, 96), 80)
        drawn.save(pictures / f"{name}.png")
    (pictures / "l-3.png").write_bytes(b"no picture at all")
    told = cli.json("load", "images", "pictures", "--platform", PLATFORM, "--rejects", "r.ndjson")
    assert (told["in"], told["loaded"], told["rejected"], told["stubs"]) == (3, 2, 1, 2)
    (cli.folder / "outside.png").write_bytes((pictures / "l-1.png").read_bytes())
    write_csv(cli.folder / "i.csv", [{"listing_id": "l-1", "path": "../outside.png"}])
    told = cli.json("load", "images", "i.csv", "--platform", PLATFORM, "--pictures", "pictures",
                    "--rejects", "r.ndjson")  # fmt: skip
    assert (told["in"], told["rejected"]) == (1, 1)
    assert issues_of(cli.folder / "r.ndjson")[0]["column"] == "path"


def test_a_digest_does_not_tell_how_it_was_loaded(cli: Cli) -> None:
    write_csv(cli.folder / "s.csv", FILES["sellers"][0])
    cli.json("load", "sellers", "s.csv", "--platform", PLATFORM)
    told = cli.digest()
    assert told == digest_of(cli.settings)
    assert len(told) == 64
    counts = cli.json("graph", "counts")
    assert counts["nodes"]["Seller"] == 4
    assert counts["nodes"]["Platform"] == 1


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("load", "sellers", "gone.csv", "--platform", PLATFORM), 3, "gone.csv"),
        (("load", "sellers", "empty.csv", "--platform", PLATFORM), 3, "empty.csv"),
        (("load", "sellers", "s.csv"), 2, "platform"),
        (("load", "sellers", "s.csv", "--platform", "a:b"), 2, "colon"),
        (("load", "llamas", "s.csv"), 2, "llamas"),
        (("runs", "show", "run-none"), 1, "run-none"),
        (("--config", "none.yml", "graph", "digest"), 2, "none.yml"),
    ],
)
def test_refusals_have_their_exit_codes(
    cli: Cli, words: tuple[str, ...], code: int, says: str
) -> None:
    (cli.folder / "empty.csv").write_bytes(b"")
    write_csv(cli.folder / "s.csv", FILES["sellers"][0])
    done = cli.call(*words)
    assert done.returncode == code, done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr
