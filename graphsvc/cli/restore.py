"""The verb `restore`: a backup into a home, checked before, and again once it is there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from graphsvc import clock
from graphsvc.audit.ledger import in_use
from graphsvc.audit.verify import Verdict, verify
from graphsvc.cli.graph import digest_now
from graphsvc.cli.main import run, settings_of, tell
from graphsvc.cli.options import AsJson, example
from graphsvc.cli.output import show
from graphsvc.cli.recorded import Deed, recorded
from graphsvc.errors import CheckFailed, HomeNotEmpty, NotWritable, OutsideServer
from graphsvc.settings import Settings
from graphsvc.store import dump, local, manifest
from graphsvc.store.place import check_room, folder

PARTS = ("neo4j", "journal", "keys")


def register(root: typer.Typer) -> None:
    """Hang the verb on the root."""
    shown = "graphsvc restore ../backup-of-today --replace"
    root.command("restore", epilog=example(shown))(restore)


def restore(
    context: typer.Context,
    place: Annotated[Path, typer.Argument(metavar="DIR", help="What `graphsvc backup` made.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Move aside what GRAPHSVC_HOME holds.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Bring back graph, journal and keys, and prove that they are what was backed up.

    Every file is compared with the manifest before anything is touched. Then the graph's digest
    and the whole journal are checked; exit 1 where one differs. The managed server runs
    afterwards. With --replace what was there is kept in GRAPHSVC_HOME/replaced-TIME.
    """
    settings = settings_of(context)
    if settings.neo4j_uri:
        raise OutsideServer("a restore writes the files of the managed server only")
    known, digest = manifest.read(place)
    if wrong := manifest.changed(place, known):
        raise CheckFailed(f"{place}: not as it was backed up: {', '.join(wrong[:5])}")
    held = [name for name in PARTS if (settings.home / name).exists()]
    if held and not replace:
        raise HomeNotEmpty(f"{settings.home} holds {', '.join(held)}")
    check_room(settings.home, settings.disk_floor)
    aside = _put(settings, place)
    local.start(settings, tell)
    verdict = verify(settings.journal_folder)
    with recorded(settings, Deed("restore", digest)):
        _check(settings, known, verdict)
    told = {"graph": known.graph, "entries": known.entries, "made_at": known.made_at}
    show({**told, "aside": str(aside) if aside else None}, as_json=as_json, title="restore")


def _put(settings: Settings, place: Path) -> Path | None:
    """Put a backup in its place, and return where what was there is now."""
    with _draft(settings) as draft:
        dump.load(draft, place.absolute(), tell)
        for name in PARTS[1:]:
            if (place / name).is_dir():
                shutil.copytree(place / name, folder(draft.home) / name)
                (draft.home / name).chmod(0o700)
        folder(settings.journal_folder)
        with in_use(settings.journal_folder, alone=True):
            local.stop(settings)
            aside = settings.home / f"replaced-{clock.new_id('at')}"
            for name in PARTS:
                _switch(settings.home / name, draft.home / name, folder(aside) / name)
    empty = not any(path for part in PARTS for path in (aside / part).rglob("*"))
    if empty:
        shutil.rmtree(aside)
    return None if empty else aside


@contextmanager
def _draft(settings: Settings) -> Iterator[Settings]:
    """Yield settings of a home beside the one that is restored, gone at the end."""
    home = folder(settings.home.resolve()) / "restoring"
    shutil.rmtree(home, ignore_errors=True)
    try:
        yield settings.model_copy(update={"home": folder(home)})
    except OSError as error:
        raise NotWritable(f"{error.filename}: {error.strerror}") from None
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _switch(present: Path, new: Path, aside: Path) -> None:
    if present.exists():
        present.rename(aside)
    if new.exists():
        new.rename(present)


def _check(settings: Settings, known: manifest.Manifest, verdict: Verdict) -> None:
    """Raise CheckFailed unless graph and journal are those of the manifest."""
    if verdict.problem:
        raise CheckFailed(f"the journal: {verdict.problem}")
    if (verdict.entries, verdict.head.hex()) != (known.entries, known.journal):
        raise CheckFailed("the journal is not the one that was backed up")
    if (found := run(lambda: digest_now(settings))) != known.graph:
        raise CheckFailed(f"the graph's digest is {found}, and {known.graph} was backed up")
