"""A tap on the loopback before Neo4j: it counts queries, holds answers back, breaks commits off."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

RUN, COMMIT = 0x10, 0x12
MANIFEST = b"\x00\x00\x01\xff"
HELLO = 20  # bytes of the client's first handshake: a magic number and four offers


class Tap:
    """Passes Bolt on from the port `own`, 0 for a free one; `runs` counts the RUN messages.

    Those whose text holds `besides` are not counted. `texts` are the Cypher texts that went by, of
    all of them; `marked` counts the RUN messages that hold `mark`, in the text or a parameter.

    `breaks` says at which commits, counted from 1, a connection breaks: True after the server has
    heard of it, False before.
    """

    def __init__(self, host: str, port: int, *, own: int = 0) -> None:
        self._target = (host, port)
        self._listener = socket.create_server(("127.0.0.1", own))
        self._changed = threading.Condition()
        self.open = threading.Event()
        self.open.set()
        self.runs = 0
        self.besides: bytes | None = None
        self.texts: set[str] = set()
        self.mark: bytes | None = None
        self.marked = 0
        self.commits = 0
        self.breaks: dict[int, bool] = {}
        self.port: int = self._listener.getsockname()[1]
        _start(self._accept)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let nothing of the server's pass in the meantime."""
        self.open.clear()
        try:
            yield
        finally:
            self.open.set()

    def wait_for(self, runs: int, seconds: float = 30.0) -> bool:
        """Wait until so many queries went by in all; tell whether they did."""
        with self._changed:
            return self._changed.wait_for(lambda: self.runs >= runs, seconds)

    def count(self, message: bytes) -> None:
        """Note a message of a client's."""
        if message[1:2] != bytes([RUN]):
            return
        with self._changed:
            self.texts.add(text_of(message))
            self.marked += bool(self.mark and self.mark in message)
            self.runs += not (self.besides and self.besides in message)
            self._changed.notify_all()

    def breaks_at(self, message: bytes) -> bool | None:
        """Count a message if it is a commit; tell whether, and how, the connection breaks at it."""
        if message[1:2] != bytes([COMMIT]):
            return None
        with self._changed:
            self.commits += 1
            return self.breaks.get(self.commits)

    def close(self) -> None:
        """Listen no longer."""
        self.open.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            client, _ = self._listener.accept()
            wire = _Wire(self, client, socket.create_connection(self._target))
            _start(wire.whole)


class _Wire:
    """One connection: what the client says is read message by message, what it hears is not."""

    def __init__(self, tap: Tap, client: socket.socket, server: socket.socket) -> None:
        self._tap = tap
        self._client = client
        self._server = server
        self._asked_twice = False
        self._deaf = False

    def whole(self) -> None:
        """Pass on what both say, to the end of both."""
        with self._client, self._server:
            answering = _start(self.answers)
            with suppress(OSError):
                self.asks()
            answering.join()

    def answers(self) -> None:
        """Pass on what the server says, to its end."""
        data = self._server.recv(65536)
        self._asked_twice = data.startswith(MANIFEST)
        while data:
            self._tap.open.wait()
            if self._deaf:
                break
            self._client.sendall(data)
            data = self._server.recv(65536)
        self._client.shutdown(socket.SHUT_RDWR)

    def asks(self) -> None:
        """Pass on what the client says, to its end, and tell the tap of each message."""
        try:
            self._take(HELLO)
            size = int.from_bytes(self._take(2))
            if self._asked_twice:
                # A second handshake: the version chosen, then capabilities, seven bits a byte.
                self._take(2)
                while self._take(1)[0] & 0x80:
                    pass
                size = int.from_bytes(self._take(2))
            message = b""
            while True:
                message += self._take(size)
                # The server does not act on a message before its end, which is still to come.
                broken = self._tap.breaks_at(message) if size else None
                if broken is False:
                    raise ConnectionResetError
                self._deaf = self._deaf or bool(broken)
                if not size:
                    self._tap.count(message)
                    message = b""
                size = int.from_bytes(self._take(2))
        finally:
            with suppress(OSError):
                self._server.shutdown(socket.SHUT_RDWR)

    def _take(self, size: int) -> bytes:
        """Read so many bytes and pass them on."""
        data = b""
        while len(data) < size:
            part = self._client.recv(size - len(data))
            if not part:
                raise ConnectionResetError
            self._server.sendall(part)
            data += part
        return data


def text_of(message: bytes) -> str:
    """Return the Cypher text of a RUN message: its first field, a string of PackStream."""
    mark, begin = message[2], 3
    if mark & 0xF0 == 0x80:  # a short one: its size is in the mark
        size = mark & 0x0F
    else:
        begin += {0xD0: 1, 0xD1: 2, 0xD2: 4}[mark]
        size = int.from_bytes(message[3:begin])
    return message[begin : begin + size].decode("utf-8")


def _start(work: Callable[[], None]) -> threading.Thread:
    def whole() -> None:
        with suppress(OSError):
            work()

    thread = threading.Thread(target=whole, daemon=True)
    thread.start()
    return thread
