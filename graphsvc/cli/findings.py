"""What `doctor` looks at: each check gives one finding, and what to do where it is a bad one.

Reads only, and tells no secret; the one thing that it writes is its own entry in the journal.
"""

from __future__ import annotations

import ipaddress
import re
import shutil
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from graphsvc import clock
from graphsvc.access.tokens import load_tokeniser
from graphsvc.audit.verify import verify
from graphsvc.errors import GraphsvcError, NotFound
from graphsvc.settings import Settings
from graphsvc.store.configure import HARDENING
from graphsvc.store.migrate import drift
from graphsvc.store.reader import Reader
from queries.graph import SHOW_INDEXES
from queries.keys import API_KEYS
from queries.runs import TOKEN_KEYS
from queries.server import COMPONENTS, MOMENT, SETTINGS

VERSION = "5.26."
LEAST_KINDS_OF_BYTE = 16  # of the 32 of a random key; fewer in one of 10^9
SOON = timedelta(days=14)
MOST_SECONDS_APART = 5
MOST_KEYS = 10_000
_SIZE = re.compile(r"([\d.]+)\s*([kmg])(?:i?b)?", re.IGNORECASE)
_UNITS = {"k": 1 << 10, "m": 1 << 20, "g": 1 << 30}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: what was found, and what to do, None where all is well."""

    check: str
    found: str
    do: str | None = None

    @property
    def ok(self) -> bool:
        """Tell whether nothing is to be done."""
        return self.do is None


def of_the_home(settings: Settings) -> Iterator[Finding]:
    """Yield what needs no database: disk, files, token key, address, journal."""
    yield disk(settings)
    yield private(settings.home)
    yield token_key(settings)
    yield address(settings)
    yield journal(settings.journal_folder)


async def of_the_graph(reader: Reader, settings: Settings) -> list[Finding]:
    """Return what the database says: version, settings, schema, keys, clock."""
    return [
        await version(reader),
        await hardening(reader),
        await schema(reader),
        await loaded_under(reader, settings),
        await api_keys(reader),
        await time_of_day(reader),
    ]


def disk(settings: Settings) -> Finding:
    """Tell how much room there is."""
    there = next(path for path in (settings.home, *settings.home.parents) if path.exists())
    free = shutil.disk_usage(there).free
    enough = free >= settings.disk_floor
    return Finding("disk", f"{free:,} bytes free", None if enough else "Make room: verbs refuse.")


def private(home: Path) -> Finding:
    """Name secrets that other users can read."""
    places = [*home.glob("keys/*"), *home.glob("journal/*"), home / "neo4j" / "password"]
    there = [path for path in places if path.is_file()]
    wide = [path for path in there if stat.S_IMODE(path.stat().st_mode) & 0o077]
    if not wide:
        return Finding("files", f"{len(there)} private files")
    named = ", ".join(str(path.relative_to(home)) for path in wide)
    return Finding("files", f"others may read {named}", "Run `chmod 600` on them.")


def token_key(settings: Settings) -> Finding:
    """Tell whether there is a token key that was drawn by chance."""
    try:
        tokens = load_tokeniser(settings)
    except GraphsvcError as error:
        return Finding("token key", str(error), error.advice)
    if len(set(tokens.key)) < LEAST_KINDS_OF_BYTE:
        return Finding("token key", "not drawn by chance", "Run `graphsvc tokens rotate`.")
    return Finding("token key", tokens.key_id)


def address(settings: Settings) -> Finding:
    """Tell whether the API is to listen where others reach it in the clear."""
    host = settings.host
    try:
        own = ipaddress.ip_address(host).is_loopback
    except ValueError:
        return Finding("address", host, "Give GRAPHSVC_HOST an IP address.")
    if own or settings.tls:
        return Finding("address", f"{host}, {'this machine only' if own else 'with TLS'}")
    advice = "Set GRAPHSVC_TLS_CERTIFICATE and GRAPHSVC_TLS_KEY, or put a proxy with TLS before it."
    return Finding("address", f"{host}, in the clear", advice)


def journal(folder: Path) -> Finding:
    """Tell whether the journal is whole."""
    try:
        verdict = verify(folder)
    except NotFound:
        return Finding("journal", "none yet")
    except GraphsvcError as error:
        return Finding("journal", str(error), error.advice)
    last = verdict.latest.at if verdict.latest else ""
    if verdict.problem:
        advice = "Keep the file for examination and restore a backup; see docs/operations.md."
        return Finding("journal", verdict.problem, advice)
    if last > clock.stamp():
        return Finding("journal", f"signed at {last}, in the future", "Set this machine's clock.")
    return Finding("journal", f"{verdict.entries:,} entries, signed until {last}")


async def version(reader: Reader) -> Finding:
    """Tell whether the server is of the series that was tested."""
    found = await reader.one(COMPONENTS)
    told = f"Neo4j {found.version} {found.edition}" if found else "none"
    right = found is not None and found.version.startswith(VERSION)
    return Finding("version", told, None if right else f"Use Neo4j {VERSION}x.")


async def hardening(reader: Reader) -> Finding:
    """Name the settings of the server that are not those that ours have."""
    held = {row.name: row.value for row in await reader.rows(SETTINGS, names=[*HARDENING])}
    wrong = [
        f"{name}={held.get(name)} instead of {wanted}"
        for name, wanted in HARDENING.items()
        if plain(held.get(name) or "") != plain(wanted)
    ]
    if not wrong:
        return Finding("settings", f"{len(HARDENING)} as they should be")
    return Finding("settings", "; ".join(wrong), "Set them in neo4j.conf and start it again.")


def plain(value: str) -> str:
    """Return a value in one way of writing: 512m and 512.00MiB are the same number of bytes."""
    if match := _SIZE.fullmatch(value):
        return str(round(float(match[1]) * _UNITS[match[2].lower()]))
    return value.lower()


async def schema(reader: Reader) -> Finding:
    """Name constraints and indexes that are missing, on something else, or not online."""
    left, indexes = await drift(reader), await reader.rows(SHOW_INDEXES)
    asleep = [row.name for row in indexes if row.state != "ONLINE"]
    wrong = [*left.missing, *left.different, *asleep]
    if not wrong:
        return Finding("schema", f"as declared, {len(indexes)} indexes online")
    return Finding("schema", ", ".join(wrong), "Run `graphsvc migrate` and read what it reports.")


async def loaded_under(reader: Reader, settings: Settings) -> Finding:
    """Tell whether the graph's values were stored under the key that is configured."""
    known = [row.id for row in await reader.rows(TOKEN_KEYS)]
    try:
        own = load_tokeniser(settings).key_id
    except GraphsvcError:
        own = "none"
    told = f"loaded under {', '.join(known) or 'no key yet'}"
    if not known or known == [own]:
        return Finding("graph's key", told)
    return Finding("graph's key", f"{told}, configured: {own}", "Use the key of this graph.")


async def api_keys(reader: Reader) -> Finding:
    """Name the keys that end soon."""
    now, soon = clock.stamp(), (clock.now() + SOON).strftime(clock.FORMAT)
    rows = await reader.rows(API_KEYS, limit=MOST_KEYS)
    good = [row for row in rows if not row.revoked_at and row.expires_at > now]
    ending = [f"{row.id} ({row.expires_at})" for row in good if row.expires_at < soon]
    if not ending:
        return Finding("API keys", f"{len(good)} good")
    return Finding("API keys", f"end soon: {', '.join(ending)}", "Make new ones before they end.")


async def time_of_day(reader: Reader) -> Finding:
    """Tell how far the clocks of this machine and of the server are apart."""
    found = await reader.one(MOMENT)
    apart = abs(clock.now().timestamp() - (found.milliseconds / 1000 if found else 0))
    right = apart <= MOST_SECONDS_APART
    do = None if right else "Set both clocks by NTP: keys and grants end by them."
    return Finding("clock", f"{apart:.1f} s from the server's", do)


def bad(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings where something is to be done."""
    return [finding for finding in findings if not finding.ok]
