"""How a CSV is written: the character between fields, and the encoding; checked before use."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader

from ingest.errors import MappingRefused, SourceUnreadable
from ingest.sources.opening import stream_of

_WIDE_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_PROBE = 'a,"b\n'
# Half a surrogate pair, as utf-7 and as raw_unicode_escape spell it: no text, and no key either.
_HALVES = b"+2AA- \\ud800"


@dataclass(frozen=True, slots=True)
class Dialect:
    """One character between fields, and an encoding by the name that Python gives it."""

    delimiter: str
    encoding: str

    @property
    def wide(self) -> bool:
        """Return whether a line's end is more than one byte."""
        return self.encoding.startswith(("utf-16", "utf-32"))

    @property
    def line_encoding(self) -> str:
        """Return the encoding of the lines that `narrow` gives."""
        return "utf-8" if self.wide else self.encoding

    def narrow(self, stream: BufferedReader) -> BufferedReader:
        """Return a stream whose lines end in one byte: wide encodings become UTF-8."""
        return stream_of(_as_utf8(stream, self.encoding)) if self.wide else stream

    def check_mark(self, name: str, start: bytes) -> None:
        """Raise SourceUnreadable where the first bytes say UTF-16 or UTF-32, and we do not."""
        if not self.wide:
            refuse_wide(name, start, "save it as UTF-8, or set `encoding: utf-16` in the mapping")


def dialect_of(name: str, delimiter: str, encoding: str) -> Dialect:
    """Return a dialect; raises MappingRefused for a delimiter or an encoding that cannot be."""
    if len(delimiter) != 1 or delimiter in '"\r\n\x00':
        remedy = 'give one character; a tab is "\\t" in double quotes'
        raise MappingRefused(name, f"delimiter: {delimiter!r}", remedy)
    try:
        known = codecs.lookup(encoding).name.removesuffix("-sig")
        fits = _PROBE.encode(known).decode(known) == _PROBE
        _HALVES.decode(known, "replace").encode("utf-8")
    except (LookupError, UnicodeError, ValueError, TypeError):
        fits, known = False, encoding
    wide = known.startswith(("utf-16", "utf-32"))
    if not fits or not (wide or _PROBE.encode(known) == _PROBE.encode("ascii")):
        remedy = "use utf-8, utf-16, cp1252, latin-1 or another text encoding that Python knows"
        raise MappingRefused(name, f"encoding: {encoding[:40]!r} cannot be read", remedy)
    return Dialect(delimiter, known)


def refuse_wide(name: str, start: bytes, remedy: str) -> None:
    """Raise SourceUnreadable where the first bytes are the mark of UTF-16 or UTF-32."""
    if start.startswith(_WIDE_MARKS):
        raise SourceUnreadable(name, "the file is UTF-16 or UTF-32", remedy)


def _as_utf8(stream: BufferedReader, encoding: str) -> Iterator[bytes]:
    """Yield UTF-8; a lone surrogate stays one, so that only its own line is refused for it."""
    decoder = codecs.getincrementaldecoder(encoding)("surrogatepass")
    try:
        while part := stream.read1(1 << 16):
            yield decoder.decode(part).encode("utf-8", "surrogatepass")
        yield decoder.decode(b"", final=True).encode("utf-8", "surrogatepass")
    except UnicodeDecodeError as error:
        raise EOFError(f"{encoding} breaks off: {error.reason}") from None
