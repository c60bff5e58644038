"""Physical lines of a CSV: bytes to text, counted, and given back where a record went wrong.

Nothing here knows columns. Memory stays bounded whatever the bytes are: a record may hold so many
lines and so many bytes, and a quote that never closes costs its own line only.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from io import BufferedReader

LONGEST_FIELD = 1_000_000  # characters; a longer one is a broken quote or not a table
LONGEST_RECORD = 4 * LONGEST_FIELD  # bytes
MOST_LINES = 10_000  # in one quoted field
# After a quote that never closed its lines are read again: short records only, or a file full of
# such quotes would be read once more for each of its lines.
MOST_LINES_AGAIN = 25
BLOCK = 1 << 16  # bytes
SPOILT = "\ufffd"


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a record cannot be used; `place` counts its fields from 0, -1 where none is at fault."""

    reason: str
    remedy: str
    place: int = -1


class RecordTooLong(Exception):
    """The record being read passes the limits on lines or bytes."""


@dataclass(slots=True)
class Lines:
    """Lines as text for a CSV reader; `number` is that of the line read last, from 1.

    `record` holds the lines of the record being read, `spoilt` what is wrong with their bytes.
    """

    stream: BufferedReader
    encoding: str
    number: int = 0
    record: list[bytes] = field(default_factory=list)
    spoilt: Refused | None = None
    again: deque[bytes] = field(default_factory=deque)
    _rest: bytes = b""
    _size: int = 0
    _most: int = MOST_LINES
    _given_back: int = 0

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        line = self.again.popleft() if self.again else self.fresh()
        if not line:
            raise StopIteration
        self.number += 1
        self.record.append(line)
        self._size += len(line)
        if self._size > LONGEST_RECORD or len(self.record) > self._most:
            raise RecordTooLong
        return self._text(line)

    def begin(self) -> int:
        """Start a new record and return the number of its first line."""
        self.record.clear()
        self.spoilt = None
        self._size = 0
        self._most = MOST_LINES_AGAIN if self.number < self._given_back else MOST_LINES
        return self.number + 1

    def give_back(self) -> None:
        """Let every line of the record but its first be read again as records of their own."""
        later = self.record[1:]
        self._given_back = max(self._given_back, self.number)
        self.again.extendleft(reversed(later))
        self.number -= len(later)

    def block(self) -> bytes:
        """Return whole lines of some 64 KiB, b"" at the end; the caller counts them.

        All that is readable is returned before an error in the stream is raised.
        """
        part = self._rest + self.stream.read1(BLOCK)
        end = part.rfind(b"\n") + 1
        self._rest = part[end:]
        return part[:end] if end else self.fresh()

    def fresh(self) -> bytes:
        """Return the next line of the stream, b"" at the end; one past the limit is cut off."""
        head, self._rest = self._rest, b""
        line = head + self.stream.readline(LONGEST_RECORD + 1 - len(head))
        rest = line if len(line) > LONGEST_RECORD else b""
        while rest and not rest.endswith(b"\n"):
            rest = self.stream.readline(BLOCK)
        return line

    def _text(self, line: bytes) -> str:
        if b"\x00" in line:
            self._spoil(Refused("a NUL byte", "remove it; NUL bytes are no text"))
            line = line.replace(b"\x00", SPOILT.encode("utf-8"))
        try:
            return line.decode(self.encoding)
        except UnicodeError as error:
            place = f"byte {error.start + 1}" if isinstance(error, UnicodeDecodeError) else "a byte"
            reason = f"{place} of line {self.number} is not {self.encoding}"
            remedy = "save as UTF-8, or name the file's own in the mapping, as `encoding: cp1252`"
            self._spoil(Refused(reason, remedy))
            return line.decode("utf-8" if self.encoding == "utf-8" else "ascii", "replace")

    def _spoil(self, refused: Refused) -> None:
        self.spoilt = self.spoilt or refused
