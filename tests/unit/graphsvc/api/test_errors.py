"""What is told of an error that speaks of this server's own disk."""

from __future__ import annotations

import pytest

from graphsvc.api.errors import as_json
from graphsvc.errors import JournalAway, JournalBusy, JournalFull, JournalNotWritable


@pytest.mark.parametrize("kind", [JournalAway, JournalBusy, JournalFull, JournalNotWritable])
def test_where_the_journal_is_does_not_leave(kind: type[JournalAway]) -> None:
    told = as_json(kind("/home/desk/journal/journal.db: no room"))
    assert told["extensions"]["code"] == kind.code
    assert "journal.db" not in str(told)
    assert "GRAPHSVC_HOME" not in str(told)
