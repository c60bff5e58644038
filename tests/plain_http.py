"""One HTTP client for the tests: each `httpx.get` would read the world's certificates anew.

Every request has a connection of its own, for the server before may have been another.
"""

from __future__ import annotations

import httpx

HTTP = httpx.Client(limits=httpx.Limits(max_keepalive_connections=0))
