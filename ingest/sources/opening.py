"""From a path to a stream of bytes: compression, digest, and what form the rows have."""

from __future__ import annotations

import gzip
import io
import re
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from shutil import copyfileobj
from typing import IO, TYPE_CHECKING, Literal, Protocol

import zstandard

from ingest.errors import SourceUnreadable

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

BROKEN = (EOFError, OSError, zlib.error, zstandard.ZstdError)
_PART = 1 << 16  # bytes
_HEAD = 1 << 20  # bytes of a stream that may be read more than once: form, header, first rows
# A zstd block of 128 KiB may be 4 bytes long: what goes in at once bounds what comes out at once.
_ZST_PART = 1 << 8
_SUFFIXES = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
}


_JSON = re.compile(rb"\{|\[\s*[\[{]")  # a list is no JSON Lines, and is told so there


@dataclass(frozen=True, slots=True)
class Form:
    """How a file is packed ("", "gz", "zst") and what its rows are ("csv", "jsonl", "parquet")."""

    packed: str
    rows: str
    tabs: bool = False


class Opens(Protocol):
    """What can be opened for its bytes: a path, or a stream whose beginning is held."""

    def open(self, mode: Literal["rb"], /) -> io.BufferedReader:
        """Return the bytes from the beginning."""
        ...


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, read as a stream."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def form_of(path: Path) -> Form:
    """Return the form that the name tells, else the one that the first bytes show."""
    packed, suffix = _suffixes(path)
    if suffix in _SUFFIXES:
        return Form(packed, _SUFFIXES[suffix], suffix == ".tsv")
    return _shown(path, packed)


def tells_form(path: Path) -> bool:
    """Tell whether a file's name says what its rows are."""
    return _suffixes(path)[1] in _SUFFIXES


def _suffixes(path: Path) -> tuple[str, str]:
    """Return how a file's name says that it is packed, and the suffix before that."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    packed = suffixes.pop()[1:] if suffixes and suffixes[-1] in (".gz", ".zst") else ""
    return packed, suffixes[-1] if suffixes else ""


def form_shown(opens: Opens) -> Form:
    """Return the form that the first bytes show."""
    return _shown(opens, "")


def _shown(path: Opens, packed: str) -> Form:
    packed = packed or _packing(path)
    return Form(packed, _rows_of(path, packed))


def _packing(path: Opens) -> str:
    with path.open("rb") as file:
        start = file.read(4)
    return "gz" if start[:2] == b"\x1f\x8b" else "zst" if start == b"\x28\xb5\x2f\xfd" else ""


def _rows_of(path: Opens, packed: str) -> str:
    try:
        with opened(path, packed) as stream:
            start = stream.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip()
    except BROKEN:
        return "csv"  # where it is read, it says what is wrong
    if start.startswith(b"PAR1"):
        return "parquet"
    return "jsonl" if _JSON.match(start) else "csv"


class _Parts(io.RawIOBase):
    """Parts of bytes as a stream; what was good before an error is read before it is raised."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts = parts
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, into: WriteableBuffer, /) -> int:
        room = memoryview(into)
        while not self._rest:
            part = next(self._parts, None)
            if part is None:
                return 0
            self._rest = memoryview(part)
        size = min(len(room), len(self._rest))
        room[:size], self._rest = self._rest[:size], self._rest[size:]
        return size


def stream_of(parts: Iterator[bytes]) -> io.BufferedReader:
    """Return a buffered stream of the parts, which are read as they are needed."""
    return io.BufferedReader(_Parts(parts), _PART)


class Metered:
    """A file that is opened as its path is; `done` counts the bytes read since it last was."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._size = path.stat().st_size
        self.done = 0

    def open(self, mode: Literal["rb"], /) -> io.BufferedReader:
        """Return the bytes from the beginning."""
        del mode
        self.done = 0
        return io.BufferedReader(_Counted(self, self._path), _PART)

    def share(self) -> float:
        """Return how much of the bytes is read, 0 to 1; of a packed file its packed bytes."""
        return min(1.0, self.done / self._size) if self._size else 1.0


class _Counted(io.FileIO):
    def __init__(self, meter: Metered, path: Path) -> None:
        super().__init__(path, "rb")
        self._meter = meter

    def readinto(self, into: WriteableBuffer, /) -> int:
        size = super().readinto(into) or 0
        self._meter.done += size
        return size


class Piped:
    """A stream that is read once, and its beginning as often as wanted; nothing is kept of it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._head = stream.read(_HEAD)
        self._stream = stream
        self._spent = False

    def open(self, mode: Literal["rb"], /) -> io.BufferedReader:
        """Return the bytes from the beginning; reading past it a second time raises OSError."""
        del mode
        return stream_of(self._parts())

    def _parts(self) -> Iterator[bytes]:
        yield self._head
        if self._spent:
            raise OSError(f"no row ends in its first {_HEAD:,} bytes")
        while part := self._stream.read(_PART):
            self._spent = True
            yield part


@contextmanager
def opened(path: Opens, packed: str) -> Iterator[io.BufferedReader]:
    """Yield the unpacked bytes of a file as a buffered stream; reading it raises one of BROKEN."""
    with path.open("rb") as raw:
        unpack = {"gz": _gunzipped, "zst": _unzstd}.get(packed)
        yield stream_of(unpack(raw)) if unpack else raw


def _gunzipped(raw: IO[bytes]) -> Iterator[bytes]:
    with gzip.GzipFile(fileobj=raw) as unpacked:
        while part := unpacked.read1(_PART):
            yield part


def _unzstd(raw: IO[bytes]) -> Iterator[bytes]:
    """Yield what the frames hold; the library's own reader is silent where one is cut off."""
    frame, begun = zstandard.ZstdDecompressor().decompressobj(), False
    while part := raw.read(_ZST_PART):
        while part:
            begun = True
            yield frame.decompress(part)
            part = frame.unused_data if frame.eof else b""
            if frame.eof:
                frame, begun = zstandard.ZstdDecompressor().decompressobj(), False
    if begun:
        raise EOFError("the last zstd frame is cut off")


@contextmanager
def whole_file(name: str, path: Opens, packed: str) -> Iterator[IO[bytes]]:
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
    """Return the error of a file that cannot be read any further than `line`."""
    remedy = "copy the file again: it is damaged or was cut off"
    return SourceUnreadable(name, f"cannot be read any further: {error}", remedy, line=line)


def spooled(folder: Path) -> Path:
    """Copy standard input to a file named by its digest, and return its path; raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as held:
        part = Path(held.name)
        try:
            copyfileobj(sys.stdin.buffer, held)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    return part.replace(folder / f"{digest_of(part)}.spool")
