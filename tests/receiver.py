"""A small OTLP receiver in a process of its own: `python receiver.py FILE` prints its port.

What it is sent to /v1/traces it appends to the file, a line of base64 each.
"""

from __future__ import annotations

import sys
from base64 import b64encode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock

KIND = "application/x-protobuf"
FILE, LOCK = Path(sys.argv[-1]), Lock()


class Receives(BaseHTTPRequestHandler):
    """Answers as the protocol says: 200 with an empty message."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Keep a body."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        good = self.path == "/v1/traces" and self.headers["Content-Type"] == KIND
        if good:
            with LOCK, FILE.open("ab") as file:
                file.write(b64encode(body) + b"\n")
        self.send_response(200 if good else 400)
        self.send_header("Content-Type", KIND)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receives)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
