"""Where pictures were loaded from, as the runs that loaded them tell."""

from __future__ import annotations

import json
from pathlib import Path

from graphsvc.loading.prepare import Wish
from graphsvc.store.reader import Reader
from ingest.jobs.images import JOB
from queries.images import PICTURE_LOADS


async def picture_folders(reader: Reader) -> list[Path]:
    """Return the folders that image loads were given, as far as they are on this machine.

    A folder that merely holds a table of pictures is not among them: it may hold anything else.
    """
    rows = await reader.rows(PICTURE_LOADS, kind=JOB.kind)
    named = (Wish.of_text(row.wish).pictures or Path(json.loads(row.place)) for row in rows)
    return sorted({folder for folder in named if folder.is_dir()})
