"""From a path to a stream of bytes: compression, digest, and what form the rows have."""

from __future__ import annotations

import gzip
import io
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from shutil import copyfileobj
from typing import IO

import zstandard

from ingest.errors import SourceUnreadable

BROKEN = (EOFError, gzip.BadGzipFile, zlib.error, zstandard.ZstdError)
_SUFFIXES = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
}


@dataclass(frozen=True, slots=True)
class Form:
    """How a file is packed ("", "gz", "zst") and what its rows are ("csv", "jsonl", "parquet")."""

    packed: str
    rows: str
    tabs: bool = False


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, read as a stream."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def form_of(path: Path) -> Form:
    """Return the form that the name tells, else the one that the first bytes show."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    packed = suffixes.pop()[1:] if suffixes and suffixes[-1] in (".gz", ".zst") else ""
    if suffixes and suffixes[-1] in _SUFFIXES:
        return Form(packed, _SUFFIXES[suffixes[-1]], suffixes[-1] == ".tsv")
    if not packed:
        packed = _packing(path)
    return Form(packed, _rows_of(path, packed))


def _packing(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(4)
    return "gz" if start[:2] == b"\x1f\x8b" else "zst" if start == b"\x28\xb5\x2f\xfd" else ""


def _rows_of(path: Path, packed: str) -> str:
    with opened(path, packed) as stream:
        start = stream.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"PAR1"):
        return "parquet"
    return "jsonl" if start.startswith(b"{") else "csv"


@contextmanager
def opened(path: Path, packed: str) -> Iterator[IO[bytes]]:
    """Yield the unpacked bytes of a file as a buffered stream."""
    with path.open("rb") as raw:
        if packed == "gz":
            with gzip.GzipFile(fileobj=raw) as unpacked:
                yield io.BufferedReader(unpacked, 1 << 20)  # type: ignore[type-var,unused-ignore]
        elif packed == "zst":
            reader = zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=True)
            with reader:
                yield io.BufferedReader(reader, 1 << 20)  # type: ignore[arg-type,type-var,unused-ignore]
        else:
            yield raw


@contextmanager
def whole_file(name: str, path: Path, packed: str) -> Iterator[IO[bytes]]:
    """Yield a seekable file with the unpacked bytes; raises SourceUnreadable."""
    if not packed:
        with path.open("rb") as raw:
            yield raw
        return
    with tempfile.TemporaryFile() as held:
        try:
            with opened(path, packed) as stream:
                copyfileobj(stream, held)
        except BROKEN as error:
            raise broken(name, 0, error) from None
        held.seek(0)
        yield held


def broken(name: str, line: int, error: Exception) -> SourceUnreadable:
    """Return the error of a file that cannot be unpacked any further than `line`."""
    remedy = "copy the file again: it is damaged or was cut off"
    return SourceUnreadable(name, f"cannot be unpacked: {error}", remedy, line=line)


def spooled(folder: Path) -> Path:
    """Copy standard input to a file named by its digest, and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as held:
        copyfileobj(sys.stdin.buffer, held)
    part = Path(held.name)
    return part.replace(folder / f"{digest_of(part)}.spool")
