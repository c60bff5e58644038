"""How the report of a run is shown: its counts, and for what its rows were refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphsvc.cli.main import notes
from graphsvc.cli.output import rows, show
from graphsvc.loading.report import LoadReport

REFUSED = ("column", "reason", "count", "lines")


def tell(report: LoadReport, *, as_json: bool) -> None:
    """Print what became of a file, and on standard error where its run was gone on with."""
    if report.resumed:
        notes.print(f"· went on after row {report.resumed:,} of {report.run}", highlight=False)
    tell_run(report.as_json(), as_json=as_json, title=report.file)


def tell_run(told: Mapping[str, Any], *, as_json: bool, title: str) -> None:
    """Print a run: one object, or a table of its fields and one of its refusals."""
    if as_json:
        show(told, as_json=True)
        return
    fields = {name: value for name, value in told.items() if name != "refused"}
    show(fields, as_json=False, title=title)
    if told.get("refused"):
        rows(told["refused"], REFUSED, as_json=False, title="refused; lines: the first of them")
