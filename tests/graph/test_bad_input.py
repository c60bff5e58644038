"""Bad input, case by case, through the command line into a real Neo4j.

A row that cannot be used is a reject that says where, why and what would do, costs nobody else
anything and leaves no trace in the graph; a file that cannot be used is refused as a whole. What
befalls a load from outside (Neo4j goes, Ctrl-C, two at once) is in tests/faults.
"""

from __future__ import annotations

import gzip
import io
import os
import socket
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from graphsvc.settings import Settings
from graphsvc.store import local
from graphsvc.store.assemble import committed_lock
from tests.conftest import CACHE
from tests.graph.driving import PLATFORM, Cli, cypher, issues_of, kept

GOOD_IBAN, BAD_IBAN = "GB82WEST12345698765432", "GB82WEST12345698765433"


@dataclass(frozen=True, slots=True)
class Desk:
    """The command line over a graph, in a folder of its own, and how files are fed to it."""

    cli: Cli

    def file(self, name: str, data: str | bytes) -> Path:
        """Write a file into the folder."""
        path = self.cli.folder / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    def load(self, kind: str, *words: str) -> dict[str, Any]:
        """Load, and return what was told, whose counts add up."""
        told = self.cli.json("load", kind, *words, "--platform", PLATFORM, "--rejects", "r.ndjson")
        assert told["in"] == told["loaded"] + told["unchanged"] + told["rejected"]
        return told

    def rejects(
        self, kind: str, good: str, bad: str | bytes, *words: str, name: str = "bad.csv"
    ) -> list[dict[str, Any]]:
        """Load `good`, then both; return the rejects: the good rows and the graph stay as is."""
        self.file("good.csv", good)
        rows = self.load(kind, "good.csv")["loaded"]
        before = self.cli.digest()
        self.file(name, good.encode() + (bad.encode() if isinstance(bad, str) else bad))
        told = self.load(kind, name, *words)
        issues = issues_of(self.cli.folder / "r.ndjson")
        assert (told["loaded"], told["unchanged"]) == (0, rows)
        assert told["rejected"] == len(issues)
        assert self.cli.digest() == before
        for issue in issues:
            assert list(issue) == ["file", "line", "column", "reason", "remedy", "row"]
            assert issue["file"] == name
            assert issue["remedy"]
        return issues

    def refused(self, code: int, *words: str, **extra: str) -> str:
        """Run a verb that is refused, and return the message; nothing was loaded, no run begun."""
        done = self.cli.call(*words, **extra)
        message = done.stderr
        assert done.returncode == code, message
        assert done.stdout == ""
        assert message.startswith("error: ")
        assert "\n  do: " in message
        assert "Traceback" not in message
        assert cypher(self.cli.settings, kept("provenance")) == []
        assert cypher(self.cli.settings, kept("runs_by_file")) == []
        return message


@pytest.fixture
def desk(empty_graph: Settings, tmp_path: Path) -> Desk:
    """An empty graph and an empty folder."""
    return Desk(Cli(empty_graph, tmp_path))


SELLERS = "seller_id,handle,registered_at,risk\ns-1,Amber Lane,2024-01-05,0.5\n"
LISTINGS = "listing_id,seller_id,title,price,currency\nl-1,s-1,Vase,9.99,EUR\n"
LOAD_SELLERS = ("load", "sellers", "bad.csv", "--platform", PLATFORM)


def test_missing_file(desk: Desk) -> None:
    message = desk.refused(3, "load", "sellers", "gone.csv", "--platform", PLATFORM)
    assert "gone.csv: no such file" in message
    assert "check the path" in message


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_empty_file(desk: Desk, data: bytes) -> None:
    desk.file("bad.csv", data)
    message = desk.refused(3, *LOAD_SELLERS)
    assert "bad.csv: the file is empty" in message
    assert "header" in message


def test_header_only(desk: Desk) -> None:
    desk.file("bad.csv", "seller_id,handle\n")
    told = desk.load("sellers", "bad.csv")
    assert (told["in"], told["rejects"]) == (0, None)
    assert not (desk.cli.folder / "r.ndjson").exists()


def test_wrong_encoding_of_a_row(desk: Desk) -> None:
    [issue] = desk.rejects("sellers", SELLERS, "s-2,Möbel,,\n".encode("cp1252"))
    assert (issue["line"], issue["column"]) == (3, "handle")
    assert "is not utf-8" in issue["reason"]
    assert "`encoding: cp1252`" in issue["remedy"]
    desk.file("m.yml", "encoding: cp1252\n")
    assert desk.load("sellers", "bad.csv", "--mapping", "m.yml")["loaded"] == 1


def test_wrong_encoding_of_a_header(desk: Desk) -> None:
    desk.file("bad.csv", "seller_id,größe\ns-1,x\n".encode("cp1252"))
    message = desk.refused(3, *LOAD_SELLERS)
    assert "bad.csv:1: the header: byte 13 of line 1 is not utf-8" in message
    assert "encoding" in message


def test_wrong_encoding_of_a_file(desk: Desk) -> None:
    desk.file("bad.csv", SELLERS.encode("utf-16"))
    message = desk.refused(3, *LOAD_SELLERS)
    assert "the file is UTF-16 or UTF-32" in message
    desk.file("m.yml", "encoding: utf-16\n")
    assert desk.load("sellers", "bad.csv", "--mapping", "m.yml")["loaded"] == 1


@pytest.mark.parametrize("encoding", ["utf-7", "raw_unicode_escape", "rot13", "llama"])
def test_an_encoding_that_is_none_for_tables(desk: Desk, encoding: str) -> None:
    desk.file("bad.csv", b"listing_id,seller_id,title,description\nl,s,t,+2AA-\\ud800\n")
    desk.file("m.yml", f"encoding: {encoding}\n")
    words = ("load", "listings", "bad.csv", "--platform", PLATFORM, "--mapping", "m.yml")
    assert f"m.yml: encoding: '{encoding}' cannot be read" in desk.refused(3, *words)


@pytest.mark.parametrize("marks", [1, 2, 3])
def test_byte_order_mark(desk: Desk, marks: int) -> None:
    desk.file("good.csv", SELLERS)
    desk.load("sellers", "good.csv")
    desk.file("bad.csv", b"\xef\xbb\xbf" * marks + SELLERS.encode())
    told = desk.load("sellers", "bad.csv")
    assert (told["in"], told["unchanged"]) == (1, 1)


def test_nul_bytes(desk: Desk) -> None:
    issues = desk.rejects("sellers", SELLERS, b"s-2,a\x00b,,\n\x00\x00\x00\n")
    assert [(i["line"], i["column"], i["reason"]) for i in issues] == [
        (3, "handle", "a NUL byte"),
        (4, "seller_id", "a NUL byte"),
    ]
    assert issues[0]["row"] == {}


def test_ragged_rows(desk: Desk) -> None:
    issues = desk.rejects("sellers", SELLERS, "s-2,b\ns-3,c,,,,x\n")
    assert [(i["line"], i["column"]) for i in issues] == [(3, "registered_at"), (4, "")]
    assert "columns: 2 here, 4 in the header" in issues[0]["reason"]
    # Cells that may be out of place may be secrets.
    assert set(issues[0]["row"].values()) == {"***"}


@pytest.mark.parametrize("quote", [b"", b'"'])
def test_ten_megabyte_field(desk: Desk, quote: bytes) -> None:
    field = quote + b"x" * 10_000_000 + quote
    [issue] = desk.rejects("sellers", SELLERS, b"s-2," + field + b",,\n")
    assert (issue["line"], issue["column"]) == (3, "handle")
    assert "more than 1,000,000 characters" in issue["reason"]
    assert (desk.cli.folder / "r.ndjson").stat().st_size < 1_000


def test_duplicate_ids_that_agree(desk: Desk) -> None:
    desk.file("bad.csv", SELLERS + "s-1,Amber Lane,2024-01-05,0.5\n" * 2)
    told = desk.load("sellers", "bad.csv")
    assert (told["in"], told["loaded"], told["unchanged"], told["rejected"]) == (3, 1, 2, 0)
    digest = desk.cli.digest()
    desk.file("good.csv", SELLERS)
    assert desk.load("sellers", "good.csv")["unchanged"] == 1
    assert desk.cli.digest() == digest


def test_duplicate_ids_that_contradict(desk: Desk) -> None:
    [issue] = desk.rejects("sellers", SELLERS, "s-1,Aardvark Lane,2024-01-05,0.5\n")
    assert (issue["line"], issue["column"]) == (3, "")
    assert issue["reason"].startswith("line 3 contradicts line 2")
    assert "seen_at" in issue["remedy"]
    assert issue["row"]["handle"] == "Aardvark Lane"


def test_negative_price(desk: Desk) -> None:
    [issue] = desk.rejects("listings", LISTINGS, "l-2,s-1,Vase,-0.01,EUR\n")
    assert (issue["line"], issue["column"], issue["reason"]) == (3, "price", "a negative price")
    assert issue["row"] == {
        "listing_id": "l-2",
        "seller_id": "s-1",
        "title": "Vase",
        "price": "-0.01",
        "currency": "EUR",
        "platform": PLATFORM,
    }


@pytest.mark.parametrize(
    "price", ["12345678901234567890", "NaN", "1e3", "1,5", "1.999", "١٢", "€1", "0x10", "9" * 400]
)
def test_price_that_is_none(desk: Desk, price: str) -> None:
    [issue] = desk.rejects("listings", LISTINGS, f'l-2,s-1,Vase,"{price}",EUR\n')
    assert (issue["line"], issue["column"]) == (3, "price")
    assert issue["row"]["price"] == price


@pytest.mark.parametrize(
    "date", ["2024-02-30", "0000-01-01", "9999-12-31", "09.03.2024", "1710000000", "２０２４-03-09"]
)
def test_impossible_date(desk: Desk, date: str) -> None:
    [issue] = desk.rejects("sellers", SELLERS, f"s-2,b,{date},0.5\n")
    assert (issue["line"], issue["column"]) == (3, "registered_at")
    assert issue["row"]["registered_at"] == date


@pytest.mark.parametrize("risk", ["NaN", "inf", "-0.1", "1.01", "１", '"0,5"', "high"])
def test_risk_that_is_none(desk: Desk, risk: str) -> None:
    [issue] = desk.rejects("sellers", SELLERS, f"s-2,b,2024-01-05,{risk}\n")
    assert (issue["line"], issue["column"]) == (3, "risk")
    assert "0 to 1" in issue["remedy"]


def test_unknown_currency(desk: Desk) -> None:
    issues = desk.rejects("listings", LISTINGS, "l-2,s-1,Vase,1,XXQ\nl-3,s-1,Vase,1,\n")
    assert [(i["line"], i["column"]) for i in issues] == [(3, "currency"), (4, "currency")]
    assert issues[0]["reason"] == "unknown currency 'XXQ'"
    assert issues[1]["reason"] == "a price without a currency"
    assert all("ISO 4217" in issue["remedy"] for issue in issues)


def test_iban_with_a_wrong_check_digit(desk: Desk) -> None:
    good = f"seller_id,account,account_kind\ns-1,{GOOD_IBAN},iban\n"
    issues = desk.rejects("payment_accounts", good, f"s-1,{BAD_IBAN},iban\ns-1,{BAD_IBAN},\n")
    for line, issue in enumerate(issues, start=3):
        assert (issue["line"], issue["column"]) == (line, "account")
        assert issue["reason"].startswith("not an IBAN")
        assert "check digits" in issue["remedy"]
        assert issue["row"]["account"] == "***"
    assert BAD_IBAN not in (desk.cli.folder / "r.ndjson").read_text("utf-8")


def test_a_number_in_the_column_of_its_kind(desk: Desk) -> None:
    good = f"seller_id,account,account_kind\ns-1,{GOOD_IBAN},iban\n"
    [issue] = desk.rejects("payment_accounts", good, f"s-2,iban,{GOOD_IBAN}\n")
    assert (issue["column"], issue["row"]["account_kind"]) == ("account_kind", "***")
    assert GOOD_IBAN not in (desk.cli.folder / "r.ndjson").read_text("utf-8")


@pytest.mark.parametrize("email", ["desk", "desk@", "@tolva.example.com", "desk@@x.example.com"])
def test_email_without_a_domain(desk: Desk, email: str) -> None:
    good = "seller_id,email\ns-1,desk@tolva.example.com\n"
    [issue] = desk.rejects("contacts", good, f"s-1,{email}\n")
    assert (issue["line"], issue["column"]) == (3, "email")
    assert issue["reason"] == "not an e-mail address"
    assert issue["remedy"] == "write name@domain"
    assert issue["row"]["email"] == "***"


@pytest.mark.parametrize("name", ["s\u200b2", "\u202es-2", "a:b", "x" * 201, "\u3000"])
def test_id_that_is_none(desk: Desk, name: str) -> None:
    [issue] = desk.rejects("sellers", SELLERS, f"{name},b,,\n")
    assert (issue["line"], issue["column"]) == (3, "seller_id")


def test_address_that_is_longer_than_any_key(desk: Desk) -> None:
    """Spelt out in ASCII one picture letter is forty, and an index takes 8 kB."""
    good = 'seller_id,address\ns-1,"Flat 4, 12 Main Street, Leeds LS1 4AP"\n'
    novel = " ".join(["\U0001faf0"] * 500)
    [issue] = desk.rejects("addresses", good, f"s-2,{novel}\n")
    assert (issue["line"], issue["column"]) == (3, "address")
    assert issue["reason"] == "too long to be an address"


def picture(size: tuple[int, int] = (200, 200)) -> bytes:
    """Return the bytes of a PNG that shows something."""
    held = io.BytesIO()
    Image.effect_noise(size, 90).save(held, "PNG")
    return held.getvalue()


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def bomb() -> bytes:
    """Return a small PNG that claims 100,000 x 100,000 pixels."""
    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 0, 0, 0, 0)
    data = zlib.compress(b"\0" * 1_000_000)
    parts = ((b"IHDR", head), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"no picture at all", "not a picture"),
        (b"", "not a picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a picture"),
        (picture()[:5_000], "a damaged picture"),
        (bomb(), "more than 64,000,000 pixels"),
    ],
    ids=["text", "nothing", "svg", "cut off", "decompression bomb"],
)
def test_picture_that_is_not_one(desk: Desk, data: bytes, reason: str) -> None:
    desk.file("good.png", picture())
    desk.file("l-2.png", data)
    good = "listing_id,path\nl-1,good.png\n"
    [issue] = desk.rejects("images", good, "l-2,l-2.png\n")
    assert (issue["line"], issue["column"]) == (3, "path")
    assert issue["reason"].startswith(reason)
    assert issue["row"] == {"listing_id": "l-2", "path": "l-2.png", "platform": PLATFORM}


@pytest.mark.parametrize("path", ["../secret.png", "leak.png", "up/secret.png", "{absolute}"])
def test_path_that_leaves_the_folder(desk: Desk, path: str) -> None:
    inside = desk.cli.folder / "pictures"
    inside.mkdir()
    (inside / "good.png").write_bytes(picture())
    secret = desk.file("secret.png", picture())
    (inside / "leak.png").symlink_to(secret)
    (inside / "up").symlink_to("..")
    good = "listing_id,path\nl-1,good.png\n"
    desk.file("good.csv", good)
    desk.load("images", "good.csv", "--pictures", "pictures")
    before = desk.cli.digest()
    desk.file("bad.csv", good + f"l-2,{path.format(absolute=secret)}\n")
    told = desk.load("images", "bad.csv", "--pictures", "pictures")
    assert (told["unchanged"], told["rejected"]) == (1, 1)
    [issue] = issues_of(desk.cli.folder / "r.ndjson")
    assert (issue["line"], issue["column"]) == (3, "path")
    assert issue["reason"] == "a path that leaves the folder"
    assert "--pictures" in issue["remedy"]
    assert desk.cli.digest() == before


def test_pictures_of_no_folder(desk: Desk) -> None:
    desk.file("bad.csv", "listing_id,path\nl-1,a.png\n")
    words = ("load", "images", "bad.csv", "--platform", PLATFORM, "--pictures", "gone")
    assert "--pictures gone: no such folder" in desk.refused(2, *words)


def test_port_in_use(desk: Desk) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        message = desk.refused(3, "serve", "--port", port)
    assert f"127.0.0.1:{port}: Address already in use" in message
    assert "--port" in message


@pytest.mark.parametrize("wall", ["wall", "/proc"])
@pytest.mark.parametrize(
    "words",
    [
        ("tokens", "create"),
        ("neo4j", "start"),
        ("demo", "generate", "--sellers", "100", "--out", "{wall}/market"),
        ("load", "sellers", "bad.csv", "--platform", PLATFORM, "--dry-run"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_no_write_permission(desk: Desk, words: tuple[str, ...], wall: str) -> None:
    desk.file("wall", "a file where a folder is wanted")
    desk.file("bad.csv", SELLERS + "s-2,b,never,\n")
    place = desk.cli.folder / wall
    home = {"GRAPHSVC_HOME": str(place / "home"), "GRAPHSVC_TOKEN_KEY": "", "NEO4J_URI": ""}
    message = desk.refused(3, *(word.format(wall=place) for word in words), **home)
    assert str(place) in message
    assert "write permission" in message


def test_jar_that_does_not_match_the_lock(desk: Desk, neo4j_server: local.Server) -> None:
    del neo4j_server  # it fetched the jars
    lock = committed_lock()
    name = f"{lock.version}-{lock.digest[:12]}"
    jars = desk.cli.folder / "cache" / "neo4j" / name
    jars.mkdir(parents=True)
    for jar in (CACHE / "neo4j" / name).iterdir():
        (jars / jar.name).symlink_to(jar)
    spoilt = jars / lock.jars[0].name
    data = bytearray(spoilt.read_bytes())
    data[-1] ^= 1
    spoilt.unlink()
    spoilt.write_bytes(data)
    fresh = {"GRAPHSVC_HOME": str(desk.cli.folder / "fresh"), "NEO4J_URI": ""}
    message = desk.refused(
        3, "neo4j", "start", GRAPHSVC_CACHE=str(desk.cli.folder / "cache"), **fresh
    )
    assert f"{jars}: {spoilt.name} differs from the lock" in message
    assert "do not run it" in message
    assert desk.cli.call("neo4j", "status", **fresh).returncode == 4


def test_file_cut_off_in_its_compression(desk: Desk) -> None:
    rows = "".join(f"s-{n},shop {n * 7919},2024-01-05,0.5\n" for n in range(5_000))
    whole = gzip.compress(b"seller_id,handle,registered_at,risk\n" + rows.encode())
    desk.file("bad.csv.gz", whole[: len(whole) // 2])
    words = ("load", "sellers", "bad.csv.gz", "--platform", PLATFORM)
    done = desk.cli.call(*words, GRAPHSVC_BATCH_ROWS="100")
    assert done.returncode == 3
    assert "cannot be read any further" in done.stderr
    assert "copy the file again" in done.stderr
    [run] = [row["kept"] for row in cypher(desk.cli.settings, kept("runs_by_file"))]
    assert run["state"] == "failed"
    assert 0 < run["rows_in"] == run["loaded"] < 5_000
    assert run["rows_in"] % 100 == 0
    desk.file("bad.csv.gz", whole)
    told = desk.load("sellers", "bad.csv.gz")
    assert (told["loaded"], told["unchanged"]) == (5_000 - run["rows_in"], run["rows_in"])


def test_a_later_file_that_is_refused_hides_no_earlier_one(desk: Desk) -> None:
    desk.file("good.csv", SELLERS)
    words = ("load", "sellers", "good.csv", "gone.csv", "--platform", PLATFORM, "--json")
    done = desk.cli.call(*words)
    assert done.returncode == 3
    assert "gone.csv" in done.stderr
    [line] = done.stdout.splitlines()
    assert '"file": "good.csv"' in line
    assert '"loaded": 1' in line


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"x" * 3_000_000, "bad.csv:1: the header: a field of more than 1,000,000 characters"),
        (b"x" * 900_000, "the file has: xxx"),
        (b"a," * 1_000_000, "bad.csv:1: the header names a more than once"),
        (b",".join(b"c%d" % n for n in range(200_000)), "the file has: c0, c1, c2"),
        (b"seller_id;handle\ns-1;x\n", "set `delimiter` in a mapping"),
        (b"seller_id,handle,handle\ns,1,2\n", "the header names handle more than once"),
        (b"seller_id,shoe size\ns,1\n", "unknown columns: shoe size"),
        (b"Seller ID,handle\ns,1\n", "missing columns: seller_id"),
        (b"seller_id,hadnle\ns,1\n", "is handle meant?"),
        ("seller_id,\x1b[2J\u202ebad\ns,1\n".encode(), "unknown columns: \ufffd[2J\ufffdbad"),
    ],
    ids=lambda part: part[:30].decode("ascii", "replace") if isinstance(part, bytes) else "",
)
def test_header_that_will_not_do(desk: Desk, data: bytes, said: str) -> None:
    desk.file("bad.csv", data)
    message = desk.refused(3, *LOAD_SELLERS)
    assert said in message
    assert len(message) < 1_500


def test_line_ends_of_all_kinds(desk: Desk) -> None:
    data = b"s-1,Amber Lane,2024-01-05,0.5\r\ns-2,a\rb,,\ns-1,Amber Lane,2024-01-05,0.5"
    desk.file("good.csv", SELLERS)
    desk.load("sellers", "good.csv")
    desk.file("bad.csv", SELLERS.encode() + data)
    told = desk.load("sellers", "bad.csv")
    assert (told["in"], told["unchanged"], told["rejected"]) == (4, 3, 1)
    [issue] = issues_of(desk.cli.folder / "r.ndjson")
    assert (issue["line"], issue["reason"]) == (4, "a carriage return that ends no line")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--source", "a\udcffb"), "--source: holds a control character"),
        (("--source", "x" * 201), "--source: 201 characters"),
        (("--platform", "a b"), "a platform's id holds a blank"),
        (("--rejects", "bad.csv"), "is one of the files to read"),
        (("--rejects", "m.yml", "--mapping", "m.yml"), "is one of the files to read"),
    ],
)
def test_options_that_will_not_do(desk: Desk, words: tuple[str, ...], said: str) -> None:
    desk.file("bad.csv", SELLERS)
    desk.file("m.yml", "kind: sellers\n")
    assert said in desk.refused(2, "load", "sellers", "bad.csv", "--platform", PLATFORM, *words)


def test_rejects_into_a_circle_of_links(desk: Desk) -> None:
    (desk.cli.folder / "loop").symlink_to("loop")
    desk.file("bad.csv", SELLERS + "s-2,b,never,\n")
    done = desk.cli.call(*LOAD_SELLERS, "--rejects", "loop")
    assert done.returncode == 3
    assert "loop: Too many levels of symbolic links" in done.stderr
    assert cypher(desk.cli.settings, kept("provenance")) == []


def test_file_name_that_is_no_text(desk: Desk) -> None:
    name = os.fsdecode(b"bad\xff.csv")
    desk.file(name, SELLERS + "s-2,b,never,\n")
    refused = os.fsdecode(b"r\xff.ndjson")
    done = desk.cli.spawn(
        "load", "sellers", name, "--platform", PLATFORM, "--rejects", refused, "--json"
    )
    assert done.returncode == 0, done.stderr
    assert '"file": "bad?.csv"' in done.stdout
    assert '"rejects": "r?.ndjson"' in done.stdout
    [issue] = issues_of(desk.cli.folder / refused)
    assert issue["file"] == "bad?.csv"
    assert desk.cli.json("runs", "show", "latest")["file"] == "bad?.csv"
