"""The verb `backup`: graph, journal and keys into one folder, whole or not at all."""

from __future__ import annotations

import os
import shutil
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from graphsvc import clock
from graphsvc.audit.checkpoint import KEY_FILE
from graphsvc.audit.ledger import FILE, Ledger
from graphsvc.cli.graph import digest_now
from graphsvc.cli.main import run, settings_of, tell
from graphsvc.cli.options import AsJson, example
from graphsvc.cli.output import show
from graphsvc.cli.recorded import Deed, recorded
from graphsvc.errors import Conflict, NotWritable, OutsideServer
from graphsvc.settings import Settings
from graphsvc.store import dump, manifest
from graphsvc.store.local import resolve
from graphsvc.store.place import check_room, folder


def register(root: typer.Typer) -> None:
    """Hang the verb on the root."""
    root.command("backup", epilog=example("graphsvc backup ../backup-of-today"))(backup)


def backup(
    context: typer.Context,
    place: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is not there yet.")],
    as_json: AsJson = False,
) -> None:
    """Write graph, journal and keys into a folder, with the SHA-256 of each file in a manifest.

    The managed server stops while its files are copied, and starts again. The folder holds the
    keys: whoever reads it can read everything. A token key that comes from GRAPHSVC_TOKEN_KEY is
    not in it.
    """
    settings = settings_of(context)
    if settings.neo4j_uri:
        raise OutsideServer("a backup is of the files of the managed server only")
    if place.exists():
        raise Conflict(f"{place} exists; a backup is a folder of its own")
    check_room(place.absolute().parent, settings.disk_floor)
    resolve(settings)
    with recorded(settings, Deed("backup")) as deed:
        made, deed.subject = _whole(settings, place)
    told = {"folder": str(place), "manifest": deed.subject, "files": len(made.files)}
    show({**told, "graph": made.graph, "entries": made.entries}, as_json=as_json, title="backup")


def _whole(settings: Settings, place: Path) -> tuple[manifest.Manifest, str]:
    draft = place.with_name(f"{place.name}.partial")
    try:
        made, digest = _fill(settings, folder(draft))
        draft.rename(place)
    except OSError as error:
        raise NotWritable(f"{error.filename}: {error.strerror}") from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return made, digest


def _fill(settings: Settings, draft: Path) -> tuple[manifest.Manifest, str]:
    graph = run(lambda: digest_now(settings))
    with dump.stopped(settings, tell):
        dump.dump(settings, draft.absolute(), tell).chmod(0o600)
    if run(lambda: digest_now(settings)) != graph:
        raise Conflict("somebody wrote to the graph meanwhile")
    # After the graph: so the journal tells of all that the graph holds.
    ledger = Ledger.readable(settings.journal_folder)
    try:
        entries, head = ledger.head()
        ledger.copy(folder(draft / "journal") / FILE)
    finally:
        ledger.close()
    shutil.copy2(settings.journal_folder / KEY_FILE, draft / "journal")
    if settings.keys_folder.is_dir():
        shutil.copytree(settings.keys_folder, draft / "keys")
    made = manifest.Manifest(
        made_at=clock.stamp(),
        version=version("graphsvc"),
        graph=graph,
        entries=entries,
        journal=head.hex(),
        files=manifest.digests(draft),
    )
    digest = manifest.save(draft, made)
    os.sync()
    return made, digest
