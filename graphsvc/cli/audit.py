"""The verbs `audit …`: what was done, by whom, and the proof that nobody changed the record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from graphsvc.audit import proof
from graphsvc.audit.checkpoint import Checkpoint, read_checkpoint
from graphsvc.audit.verify import Verdict, verify
from graphsvc.cli.main import settings_of
from graphsvc.cli.options import AsJson, Page, example
from graphsvc.cli.output import lines, rows, show
from graphsvc.errors import CheckFailed, InputRefused

app = typer.Typer(help="The journal.", no_args_is_help=True)
COLUMNS = ("seq", "at", "principal", "action", "subject", "case", "intent", "outcome", "detail")
MOST_FILE = 1 << 20


@app.callback()
def root() -> None:
    """The journal: each change of the graph and each read by a partner, chained and signed."""


@app.command("verify", epilog=example("graphsvc audit verify"))
def verify_journal(
    context: typer.Context,
    against: Annotated[
        Path | None, typer.Option(help="A checkpoint that was kept elsewhere (JSON).")
    ] = None,
    proof_: Annotated[
        Path | None, typer.Option("--proof", help="Check this proof instead; needs no journal.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check every entry, every link between them and every signature; exit 1 where one is wrong.

    Who has the signing key can write the whole journal anew: --against a checkpoint that somebody
    else kept shows that. Keep one with `audit export | head -1`.
    """
    kept = _checkpoint(against) if against else None
    if proof_:
        _tell(_proof(proof_, kept), as_json=as_json)
    else:
        _tell(_verdict(verify(settings_of(context).journal_folder, kept)), as_json=as_json)


@app.command("show", epilog=example("graphsvc audit show --first 5"))
def show_entries(
    context: typer.Context,
    first: Page = 50,
    action: Annotated[str, typer.Option(help="Only this action.")] = "",
    principal: Annotated[str, typer.Option(help="Only what this principal did.")] = "",
    case: Annotated[str, typer.Option(help="Only of this case.")] = "",
    subject: Annotated[str, typer.Option(help="Only what was done to this id.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show entries, newest first."""
    given = {"action": action, "principal": principal, "case": case, "subject": subject}
    wanted = {name: value for name, value in given.items() if value}
    found = proof.newest(settings_of(context).journal_folder, wanted, first=first)
    if as_json:
        rows(found, COLUMNS, as_json=True)
    else:
        flat = [{"seq": entry["seq"], **entry["body"]} for entry in found]
        rows(flat, COLUMNS, as_json=False, title="journal")


@app.command("prove", epilog=example("graphsvc audit prove 1"))
def prove(
    context: typer.Context,
    seq: Annotated[int, typer.Argument(metavar="SEQ", min=1, help="The entry's number.")],
    as_json: AsJson = False,
) -> None:
    """Prove that an entry is in the journal: a path of hashes from it to a signed root (RFC 9162).

    `audit verify --proof FILE` checks it anywhere.
    """
    found = proof.prove(settings_of(context).journal_folder, seq)
    show(found, as_json=as_json, title=f"entry {seq}")


@app.command("export", epilog=example("graphsvc audit export"))
def export(
    context: typer.Context,
    after: Annotated[int, typer.Option(min=0, help="Only entries after this number.")] = 0,
) -> None:
    """Print the journal as JSON, a line each: the head with its signed checkpoint, then entries."""
    lines(proof.exported(settings_of(context).journal_folder, after=after))


def _tell(found: dict[str, Any], *, as_json: bool) -> None:
    show(found, as_json=as_json, title="audit verify")
    if found["problem"]:
        raise CheckFailed(found["problem"])


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "ok": verdict.problem is None,
        "entries": verdict.entries,
        "checkpoints": verdict.checkpoints,
        "hash": verdict.head.hex(),
        "root": verdict.root.hex(),
        "checkpoint": verdict.latest.as_json() if verdict.latest else None,
        "problem": verdict.problem,
    }


def _proof(file: Path, kept: Checkpoint | None) -> dict[str, Any]:
    value = _read(file)
    problem = proof.fault(value, str(file))
    signed = read_checkpoint(value["checkpoint"], str(file))
    if not problem and kept and kept.key != signed.key:
        problem = "the proof was signed with another key than the given checkpoint"
    return {"ok": problem is None, "seq": value["seq"], "problem": problem}


def _checkpoint(file: Path) -> Checkpoint:
    return read_checkpoint(_read(file), str(file))


def _read(file: Path) -> Any:
    try:
        if file.stat().st_size > MOST_FILE:
            raise InputRefused(f"{file}: too large for a checkpoint or a proof")
        return json.loads(file.read_bytes())
    except OSError as error:
        raise InputRefused(f"{file}: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise InputRefused(f"{file}: not JSON") from None
