"""HTTP/1.1 over kept connections, by hand: a client library would cost more than the server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it came; status 0 where the connection broke before it was whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body as JSON."""
        return json.loads(self.body)


BROKEN = Answer(0, {}, b"")


def post(path: str, body: Mapping[str, object], headers: Mapping[str, str]) -> bytes:
    """Return a whole POST of a JSON body as bytes."""
    return post_bytes(path, json.dumps(body).encode(), headers)


def post_bytes(path: str, content: bytes, headers: Mapping[str, str]) -> bytes:
    """Return a whole POST of a body as it is as bytes."""
    told = {
        "Host": "bench",
        "Content-Type": "application/json",
        "Content-Length": str(len(content)),
        **headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + content


class Wire:
    """As many connections to one server as are wanted at once; each is used again when idle."""

    def __init__(self, url: str) -> None:
        self._at = urlsplit(url)
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def send(self, request: bytes) -> Answer:
        """Send a request and return its answer, BROKEN where there is none."""
        try:
            pipe = self._kept() or await self._opened()
        except OSError:
            return BROKEN
        stays = False
        try:
            pipe[1].write(request)
            answer, stays = await _answer(pipe[0])
        except (OSError, EOFError):
            return BROKEN
        finally:
            if not stays:
                pipe[1].close()
        if stays:
            self._idle.append(pipe)
        return answer

    def close(self) -> None:
        """Close what is idle."""
        for _, writer in self._idle:
            writer.close()
        self._idle.clear()

    def _kept(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        """Return an idle connection that the server has not closed meanwhile, None without one."""
        while self._idle:
            pipe = self._idle.pop()
            if not pipe[0].at_eof():
                return pipe
            pipe[1].close()
        return None

    async def _opened(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(self._at.hostname, self._at.port)


async def _answer(reader: asyncio.StreamReader) -> tuple[Answer, bool]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in head[1:] if line)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    body = await reader.readexactly(int(headers["content-length"]))
    stays = headers.get("connection", "").lower() != "close"
    return Answer(int(head[0].split(" ", 2)[1]), headers, body), stays
