"""Texts derived from the declarations: assertions closed and opened, records taken back.

As in `queries.merge`, parameters travel as columns and rows are addressed by their place `i`.
"""

from __future__ import annotations

from queries.merge import Spec, columns, key_name, match_text, named
from queries.schema import EDGES, NODES, EdgeSpec, Keep, NodeSpec

CHUNK = 10_000  # keys a record: a record a key is slow


def open_text(spec: EdgeSpec) -> str:
    """Return the text that answers the open assertions of a source, by columns `keys`, `starts`.

    $source: the source system; $prefix: how the ids of those they start from begin; $until: only
    what was not seen after that.
    """
    start, key = NODES[spec.start], NODES[spec.start].key
    return "\n".join(
        [
            f"MATCH (a:{start.label})-[r:{spec.relation}]->(:{NODES[spec.end].label})",
            f"WHERE a.{key} STARTS WITH $prefix AND r.source_system = $source",
            "AND r.valid_to IS NULL AND coalesce(r.last_seen, '') <= $until",
            f"WITH collect(r.key) AS keys, collect(a.{key}) AS starts",
            f"UNWIND range(0, size(keys) - 1, {CHUNK}) AS first",
            f"WITH keys, starts, first, first + {CHUNK} AS end",
            "RETURN keys[first..end] AS keys, starts[first..end] AS starts",
        ]
    )


def close_text(spec: EdgeSpec) -> str:
    """Return the text that ends open assertions and answers how many it `closed`.

    $keys: which; $until: when they ended; $run: the run that lists them no more.
    """
    return "\n".join(
        [
            "UNWIND $keys AS key",
            match_text(spec, "key"),
            "WHERE r.valid_to IS NULL AND coalesce(r.last_seen, '') <= $until",
            "SET r.valid_to = $until, r.closed_by = $run",
            "RETURN count(*) AS closed",
        ]
    )


def closed_text(spec: EdgeSpec) -> str:
    """Return the text that answers the `keys` of the assertions that a run closed; $run."""
    ends = f"(:{NODES[spec.start].label})-[r:{spec.relation}]->(:{NODES[spec.end].label})"
    return "\n".join(
        [
            f"MATCH {ends}",
            "WHERE r.closed_by = $run",
            "WITH collect(r.key) AS keys",
            f"UNWIND range(0, size(keys) - 1, {CHUNK}) AS first",
            f"RETURN keys[first..first + {CHUNK}] AS keys",
        ]
    )


def restore_text(spec: Spec) -> str:
    """Return the text that makes records what other runs say; parameters: `restored_columns`.

    It answers `before`: what each record was whose contested values change, by place.
    """
    held, key = ("n" if isinstance(spec, NodeSpec) else "r"), key_name(spec)
    names = [name for name in restored_columns(spec) if name not in (key, "start", "end")]
    values = [f"{held}.{name} = ${name}[i]" for name in names]
    values += [f"{held}.stub = null"] if isinstance(spec, NodeSpec) else []
    differs = f"{held}.digest <> $digest[i]" if named(spec, Keep.WINNER) else "false"
    before = f"CASE WHEN {differs} THEN {{i: i, held: properties({held})}} END"
    return "\n".join(
        [
            f"UNWIND range(0, size(${key}) - 1) AS i",
            match_text(spec, f"${key}[i]"),
            f"WITH i, {held}, {before} AS before",
            f"SET {', '.join(values)}",
            "RETURN collect(before) AS before",
        ]
    )


def restored_columns(spec: Spec) -> tuple[str, ...]:
    """Return the names of the list parameters of `restore_text`."""
    extra = ("valid_to", "closed_by") if isinstance(spec, EdgeSpec) else ()
    return (*columns(spec), "run", *extra)


def remove_text(spec: EdgeSpec) -> str:
    """Return the text that deletes assertions and answers their `number`; $keys."""
    return "\n".join(
        [
            "UNWIND $keys AS key",
            match_text(spec, "key"),
            "DELETE r",
            "RETURN count(*) AS number",
        ]
    )


def strip_text(spec: NodeSpec) -> str:
    """Return the text that makes stubs of nodes of which no row is left, and answers
    their `number`; $keys, $run.

    What commands booked on them stays.
    """
    keeps = (Keep.DERIVED, Keep.WINNER, Keep.LEAST, Keep.GREATEST)
    names = (*named(spec, *keeps), "seen_at", "digest", "source")
    platform = ", n.platform = split(key, ':')[0]" if "platform" in names else ""
    nothing = ", ".join(f"n.{name} = null" for name in names if name != "platform")
    return "\n".join(
        [
            "UNWIND $keys AS key",
            f"MATCH (n:{spec.label} {{{spec.key}: key}})",
            f"SET n.stub = true, n.run = $run, {nothing}{platform}",
            "RETURN count(*) AS number",
        ]
    )


def sweep_text(spec: NodeSpec) -> str:
    """Return the text that deletes the stubs that nothing names any more, and answers their
    `number`.

    $keys: which to look at. Likeness alone holds nobody: `graphsvc link` made it, and can again.
    """
    kept = "|".join(sorted({e.relation for e in EDGES.values() if not e.derived}))
    return "\n".join(
        [
            "UNWIND $keys AS key",
            f"MATCH (n:{spec.label} {{{spec.key}: key}})",
            f"WHERE n.stub AND NOT EXISTS {{ (n)-[:{kept}]-() }}",
            "DETACH DELETE n",
            "RETURN count(*) AS number",
        ]
    )
