"""Opening: digests, compression, forms by name or by content, standard input."""

from __future__ import annotations

import gzip
import io
import os
import sys
import tracemalloc
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import pytest
import zstandard

from ingest.errors import SourceEmpty, SourceMissing, SourceUnreadable
from ingest.sources import Source, open_source

Opening = Callable[..., Source]
TABLE = b"id,t\n" + b"".join(b"%d,text %d\n" % (i, i * 7919 % 10_007) for i in range(60_000))
PACKERS = {"gz": gzip.compress, "zst": zstandard.ZstdCompressor().compress}


def test_the_name_is_as_given_and_the_digest_that_of_the_bytes(
    opening: Opening, tmp_path: Path
) -> None:
    data = gzip.compress(TABLE)
    source = opening("s.csv.gz", data)

    assert source.name == str(tmp_path / "s.csv.gz")
    assert source.digest == sha256(data).hexdigest()


@pytest.mark.parametrize("packed", ["gz", "zst"])
@pytest.mark.parametrize("name", ["s.csv.{}", "s.CSV.{}", "s"])
def test_packed_files_are_read(opening: Opening, packed: str, name: str) -> None:
    found = list(opening(name.format(packed), PACKERS[packed](TABLE)).rows())

    assert len(found) == 60_000
    assert found[-1] == (60_001, {"id": "59999", "t": f"text {59_999 * 7919 % 10_007}"})


@pytest.mark.parametrize("packed", ["gz", "zst"])
def test_several_frames_are_one_file(opening: Opening, packed: str) -> None:
    data = PACKERS[packed](b"id\n1\n") + PACKERS[packed](b"2\n")

    assert list(opening(f"s.csv.{packed}", data).rows()) == [(2, {"id": "1"}), (3, {"id": "2"})]


@pytest.mark.parametrize("packed", ["gz", "zst"])
@pytest.mark.parametrize("share", [0.3, 0.9, 1.0])
def test_a_file_cut_off_names_the_line_reached(opening: Opening, packed: str, share: float) -> None:
    data = PACKERS[packed](TABLE)
    source = opening(f"s.csv.{packed}", data[: int(len(data) * share) - 1])
    lines = []
    with pytest.raises(SourceUnreadable) as caught:
        lines.extend(item[0] for item in _tapped(source, lines))

    assert caught.value.line == len(lines) + 1
    assert len(lines) > 60_000 * (share - 0.25), "what was good is read before the error"
    assert "again" in caught.value.remedy


def _tapped(source: Source, lines: list[int]) -> list[tuple[int]]:
    for item in source.rows():
        assert isinstance(item, tuple)
        lines.append(item[0])
    return []


@pytest.mark.parametrize("name", ["s.csv.gz", "s.csv.zst", "s.jsonl.gz", "s.parquet.zst"])
@pytest.mark.parametrize("data", [b"id\n1\n", b"\x1f\x8bxxxx", b"\x28\xb5\x2f\xfdxxxx"])
def test_what_is_not_packed_is_refused(opening: Opening, name: str, data: bytes) -> None:
    with pytest.raises(SourceUnreadable, match="cannot be read"):
        opening(name, data)


def test_a_flipped_bit_in_a_packed_file_is_told(opening: Opening) -> None:
    data = bytearray(gzip.compress(TABLE))
    data[-6] ^= 1  # the checksum
    with pytest.raises(SourceUnreadable, match="CRC"):
        list(opening("s.csv.gz", bytes(data)).rows())


def test_a_small_file_that_unpacks_to_much_is_read_in_little_memory(opening: Opening) -> None:
    data = PACKERS["zst"](b"id,t\n1," + b"y" * 300_000_000 + b"\n2,x\n")
    source = opening("s.csv.zst", data)
    tracemalloc.start()
    found = list(source.rows())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert found[1:] == [(3, {"id": "2", "t": "x"})]
    assert len(data) < 50_000
    assert peak < 50_000_000


@pytest.mark.parametrize(
    ("data", "header"),
    [
        (b'  \n{"a": 1}', ("a",)),
        (b'\xef\xbb\xbf{"a": 1}', ("a",)),
        (b"a,b\n1,2\n", ("a", "b")),
        (b"[id],b\n1,2\n", ("[id]", "b")),
    ],
)
def test_a_name_that_tells_nothing_lets_the_content_tell(
    opening: Opening, data: bytes, header: tuple[str, ...]
) -> None:
    assert opening("export.2024-01", data).header == header


def test_what_is_not_there_is_missing(tmp_path: Path) -> None:
    for name in ("gone.csv", "x" * 300 + ".csv", "a\x00b.csv", "gone/s.csv"):
        with pytest.raises(SourceMissing) as caught:
            open_source(tmp_path / name)
        assert caught.value.remedy
    with pytest.raises(SourceMissing, match="empty name"):
        open_source("")


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(SourceUnreadable, match="neither"):
        open_source(tmp_path / "pipe.csv")


def _type(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))


@pytest.mark.parametrize(
    "data", [b"a,b\n1,2\n", b'{"a": "1", "b": "2"}\n', gzip.compress(b"a,b\n1,2", mtime=0)]
)
def test_standard_input_is_spooled_and_can_be_read_twice(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, data: bytes
) -> None:
    _type(monkeypatch, data)
    source = open_source("-", spool=tmp_path / "spool")

    assert source.name == "-"
    assert source.digest == sha256(data).hexdigest()
    assert [row for _, row in source.rows()] == [{"a": "1", "b": "2"}]
    assert list(source.rows()) == list(source.rows())
    assert [path.read_bytes() for path in (tmp_path / "spool").iterdir()] == [data]


def test_standard_input_that_holds_nothing_or_cannot_be_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _type(monkeypatch, b"")
    with pytest.raises(SourceEmpty):
        open_source("-", spool=tmp_path)
    with pytest.raises(SourceMissing, match="spool"):
        open_source("-")
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(SourceMissing, match="cannot be spooled"):
        open_source("-", spool=blocked)


@pytest.mark.parametrize("packed", ["", "gz", "zst"])
def test_the_share_that_is_read_goes_by_the_bytes_of_the_file(
    opening: Opening, packed: str
) -> None:
    data = PACKERS[packed](TABLE) if packed else TABLE
    source = opening(f"s.csv.{packed}" if packed else "s.csv", data)
    shares = [source.share() or 0.0 for _ in source.rows()][::5_000]
    assert shares == sorted(shares)
    assert 0.0 < shares[0] < shares[6] < 1.0
    assert source.share() == 1.0
