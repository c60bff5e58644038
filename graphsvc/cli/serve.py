"""The verb `serve`: the API's workers on one port, until Ctrl-C or SIGTERM."""

from __future__ import annotations

import errno
import ipaddress
import resource
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.log import LogLevels

from graphsvc.access.oidc import load_issuer
from graphsvc.api.seal import load_seal
from graphsvc.cli.database import writing
from graphsvc.cli.main import notes, run, settings_of
from graphsvc.cli.options import example
from graphsvc.cli.recorded import Deed
from graphsvc.errors import PortInUse, UsageError
from graphsvc.settings import Settings, publish

APPLICATION = "graphsvc.app:worker"
# Connections that one worker holds, idle ones too: granian counts these, and no requests, which
# have a bound of their own (api/room.py). Those beyond wait, a supervisor's probes among them.
CONNECTIONS = 4_000
OTHER_FILES = 500  # what a worker opens besides
# What is being answered may take so long once a stop is asked for.
STOP_SECONDS = 10


def register(app: typer.Typer) -> None:
    """Hang the verb on the root."""
    app.command(epilog=example("graphsvc serve --port 8000"))(serve)


def serve(
    context: typer.Context,
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="0: any free port.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="How many processes.")] = None,
) -> None:
    """Serve the GraphQL API at /graphql, with /livez and /readyz, until Ctrl-C or SIGTERM.

    Migrates first. Every request needs a key: `graphsvc keys create`.
    """
    wanted = {"host": host, "port": port, "workers": workers}
    given = {name: value for name, value in wanted.items() if value is not None}
    settings = settings_of(context).model_copy(update=given)
    settings = settings.model_copy(update={"port": _bindable(settings)})
    _check_tls(settings)
    load_seal(settings)
    load_issuer(settings)
    run(lambda: _migrate(settings))
    scheme = "https" if settings.tls_certificate else "http"
    with _measured(settings) as measured:
        publish(measured)
        notes.print(f"serving at {scheme}://{settings.host}:{settings.port}/graphql; Ctrl-C stops")
        _serve(measured)


@contextmanager
def _measured(settings: Settings) -> Iterator[Settings]:
    """Yield settings under which workers count into files, where figures are wanted."""
    if settings.metrics_port is None:
        yield settings
        return
    with TemporaryDirectory(prefix="metrics-", dir=settings.home) as place:
        folder = Path(place)
        counting = settings.model_copy(update={"prometheus_multiproc_dir": folder})
        publish(counting)
        # Not before: the library looks once, when it is imported, whether there is a folder.
        from graphsvc.cli.exposed import exposed

        with exposed(folder, settings.metrics_port):
            yield counting


def _serve(settings: Settings) -> None:
    # Here, so that no worker has to import it, nor one that is started in the place of another.
    import graphsvc.app  # noqa: F401

    _allow_files(CONNECTIONS + OTHER_FILES)
    Granian(
        APPLICATION,
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=settings.workers,
        http=HTTPModes.http1,
        loop=Loops.uvloop,
        websockets=False,
        backpressure=CONNECTIONS,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
        ssl_cert=settings.tls_certificate,
        ssl_key=settings.tls_key,
        log_level=LogLevels.warning,
    ).serve()


def _allow_files(wanted: int) -> None:
    """Let this process and its workers open so many files, or as many as the system allows."""
    soft, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, most))


def _check_tls(settings: Settings) -> None:
    """Refuse half a pair, or a file that is not there; raises UsageError."""
    pair = (settings.tls_certificate, settings.tls_key)
    if (pair[0] is None) != (pair[1] is None):
        raise UsageError("TLS wants both GRAPHSVC_TLS_CERTIFICATE and GRAPHSVC_TLS_KEY")
    for file in pair:
        if file and not file.is_file():
            raise UsageError(f"{file}: no such file")


def _bindable(settings: Settings) -> int:
    """Return the port, or a free one for 0; raises PortInUse, UsageError.

    The server binds it again a moment later; this is how its user learns of a taken port at once.
    """
    place = f"{settings.host}:{settings.port}"
    try:
        with socket.socket(_family(settings.host)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((settings.host, settings.port))
            return int(probe.getsockname()[1])
    except OSError as error:
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            raise PortInUse(f"{place}: {error.strerror}") from None
        raise UsageError(f"--host {settings.host}: {error.strerror}") from None


def _family(host: str) -> socket.AddressFamily:
    try:
        known = ipaddress.ip_address(host)
    except ValueError:
        raise UsageError(f"--host {host}: give an IP address") from None
    return socket.AF_INET6 if known.version == 6 else socket.AF_INET


async def _migrate(settings: Settings) -> None:
    async with writing(settings, Deed("serve")):
        return
