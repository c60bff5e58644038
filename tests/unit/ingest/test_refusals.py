"""What a rejects file comes to: grouped by column and reason, counted, the first lines named."""

from __future__ import annotations

import json
from pathlib import Path

from ingest.refusals import SHOWN_LINES, refusals


def test_reasons_that_differ_in_a_value_are_one_and_other_files_are_left_out(
    tmp_path: Path,
) -> None:
    issues = [
        {"file": "a.csv", "line": n, "column": "risk", "reason": f"{n}.5 is not from 0 to 1"}
        for n in range(2, 12)
    ]
    issues += [
        {"file": "a.csv", "line": 20, "column": "risk", "reason": "'high' is not a number"},
        {"file": "a.csv", "line": 21, "column": "country", "reason": "unknown country 'Atlantis'"},
        {"file": "a.csv", "line": 22, "column": "country", "reason": 'unknown country "O\'Neill"'},
        {"file": "b.csv", "line": 2, "column": "risk", "reason": "9 is not from 0 to 1"},
    ]
    path = tmp_path / "r.ndjson"
    path.write_text("".join(json.dumps(issue) + "\n" for issue in issues), "utf-8")
    found = refusals(path, file="a.csv", size=path.stat().st_size)
    assert [(each.column, each.reason, each.count) for each in found] == [
        ("risk", "2.5 is not from 0 to 1", 10),
        ("country", "unknown country 'Atlantis'", 2),
        ("risk", "'high' is not a number", 1),
    ]
    assert found[0].lines == [2, 3, 4, 5, 6][:SHOWN_LINES]


def test_what_counts_no_more_and_what_is_gone_is_not_told(tmp_path: Path) -> None:
    path = tmp_path / "r.ndjson"
    line = json.dumps({"file": "a.csv", "line": 2, "column": "x", "reason": "empty"}) + "\n"
    path.write_text(line * 3 + "half a li", "utf-8")
    assert refusals(path, file="a.csv", size=2 * len(line))[0].count == 2
    assert refusals(path, file="a.csv", size=path.stat().st_size)[0].count == 3
    assert refusals(tmp_path / "none", file="a.csv", size=9) == []
