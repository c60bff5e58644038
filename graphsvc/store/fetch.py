"""The fetch of the server's files: all of them into a folder of their own, or none."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from jgo.maven import MavenContext
from requests import RequestException

from graphsvc.errors import AssemblyFailed, NotWritable
from graphsvc.store.assemble import Jar, Lock, Tell, verify

LANES = 8
TRIES = 3


def fetch_all(lock: Lock, root: Path, ready: Path, tell: Tell) -> None:
    """Fetch into a fresh folder and rename it, so that a half-fetched one is never found."""
    for left in root.glob("fetching-*"):
        shutil.rmtree(left, ignore_errors=True)
    work = Path(tempfile.mkdtemp(prefix="fetching-", dir=root))
    try:
        jars = work / "jars"
        jars.mkdir()
        _fetch(lock.jars, MavenContext(repo_cache=work / "repository", timeout=30), jars, tell)
        verify(jars, lock.jars)
        jars.rename(ready)
    except OSError as error:
        raise NotWritable(f"{root}: {error.strerror or error}") from None
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _fetch(jars: Sequence[Jar], maven: MavenContext, into: Path, tell: Tell) -> None:
    with ThreadPoolExecutor(LANES) as lanes:
        waiting = [lanes.submit(_fetch_one, jar, maven, into) for jar in jars]
        try:
            for number, done in enumerate(as_completed(waiting), start=1):
                done.result()
                if number % 40 == 0 or number == len(waiting):
                    tell(f"fetched {number} of {len(waiting)} files")
        except BaseException:
            lanes.shutdown(wait=False, cancel_futures=True)
            raise


def _fetch_one(jar: Jar, maven: MavenContext, into: Path) -> None:
    component = maven.project(jar.group, jar.artifact).at_version(jar.version)
    artifact = component.artifact(jar.classifier, jar.packaging)
    for attempt in range(1, TRIES + 1):
        try:
            shutil.move(artifact.resolve(), into / jar.name)
        except (RequestException, RuntimeError) as error:
            if artifact.cached_path:
                artifact.cached_path.unlink(missing_ok=True)
            if attempt == TRIES:
                raise AssemblyFailed(f"cannot fetch {jar.name}: {_plain(error)}") from None
        else:
            return


def _plain(error: Exception) -> str:
    """Return what kind of failure it was, without the address that was asked."""
    return "not offered" if isinstance(error, RuntimeError) else type(error).__name__
