"""UNWIND texts, derived from the declarations: how a batch of records is merged into the graph.

Parameters travel as columns (one list a property), rows are addressed by their place `i`. A batch
is merged in up to three steps: `held_text` says which keys the graph holds, `create_text` makes
the others (of a relation the missing ends too, as stubs), `merge_text` brings the held ones up to
date. It answers `changed` (places whose record
changed the graph) and, where a value can be contradicted, `contested` (place, fate, and what the
graph held): a newer row has replaced it; two rows seen at the same time that disagree (fate `tie`)
are settled by the caller, who alone can compare canonical rows. The caller holds the writers'
lease from the first step to the last; the unique constraints refuse whoever does not.
"""

from __future__ import annotations

from queries.schema import EDGES, NODES, EdgeSpec, Keep, NodeSpec, Property

Spec = NodeSpec | EdgeSpec
# The first plan is kept: every text names or needs its index, whatever Neo4j has counted. A graph
# grows while it is loaded, and planning anew for that took a twelfth of the server's time.
_ONCE = "CYPHER replan=skip"
SEEN = "coalesce($seen_at[i], '')"


def named(spec: Spec, *keeps: Keep) -> tuple[str, ...]:
    """Return the names of the properties kept in one of these ways, in declared order."""
    return tuple(mark.name for mark in spec.properties if mark.keep in keeps)


def key_name(spec: Spec) -> str:
    """Return the name of the property that is the record's unique key."""
    return spec.key if isinstance(spec, NodeSpec) else "key"


def columns(spec: Spec) -> tuple[str, ...]:
    """Return the names of the list parameters of `merge_text(spec)`, `source` and keys included."""
    ends = () if isinstance(spec, NodeSpec) else ("start", "end")
    key = key_name(spec)
    inner = named(spec, Keep.DERIVED, Keep.WINNER, Keep.LEAST, Keep.GREATEST)
    settled = ("seen_at", "digest") if named(spec, Keep.WINNER) else ()
    return (key, *ends, *(name for name in inner if name != key), *settled, "source")


def held_text(spec: Spec) -> str:
    """Return the text that answers the `places` of the keys that the graph holds; $key: list."""
    found = match_text(spec, "$key[i]")
    return f"{_ONCE} UNWIND range(0, size($key) - 1) AS i {found} RETURN collect(i) AS places"


def create_text(spec: Spec) -> str:
    """Return the text that makes records whose keys the graph does not hold; as `merge_text`.

    A relation is given its ends once each, $starts and $ends, and $start and $end are places in
    those lists: a key is looked up once however many relations it has.
    """
    key = key_name(spec)
    names = (*_first_names(spec), *named(spec, Keep.LEAST, Keep.GREATEST))
    inner = ", ".join(f"{name}: ${name}[i]" for name in (key, *names))
    properties = f"{{{inner}, run: $run, recorded_from: $now}}"
    rows = f"UNWIND range(0, size(${key}) - 1) AS i"
    if isinstance(spec, NodeSpec):
        return f"{_ONCE}\n{rows}\nCREATE (:{spec.label} {properties})"
    return "\n".join(
        [
            _ONCE,
            *_end(NODES[spec.start], "a", "starts"),
            "WITH i, a ORDER BY i WITH collect(a) AS starts",
            *_end(NODES[spec.end], "b", "ends"),
            "WITH starts, i, b ORDER BY i WITH starts, collect(b) AS ends",
            rows,
            "WITH i, starts[$start[i]] AS a, ends[$end[i]] AS b",
            f"CREATE (a)-[:{spec.relation} {properties}]->(b)",
        ]
    )


def _end(spec: NodeSpec, held: str, keys: str) -> list[str]:
    """Return the lines that find nodes by their keys; one that no row brought yet is a stub."""
    made = f"ON CREATE SET {held}.stub = true, {held}.run = $run, {held}.recorded_from = $now"
    platform = f", {held}.platform = split(${keys}[i], ':')[0]" if _has(spec, "platform") else ""
    return [
        f"UNWIND range(0, size(${keys}) - 1) AS i",
        f"MERGE ({held}:{spec.label} {{{spec.key}: ${keys}[i]}})",
        f"{made}{platform}",
    ]


def merge_text(spec: Spec) -> str:
    """Return the text that merges records whose keys are held; parameters: `columns`, run, now.

    A closed assertion that is seen again is opened: by a date after it was closed, or by any row
    of a whole feed ($snapshot).
    """
    return "\n".join([*_matched(spec), *_judged(spec), *_written(spec), *_answered(spec)])


def settle_text(spec: Spec) -> str:
    """Return the text that overwrites what `merge_text` found tied; same parameters."""
    variable = _variable(spec)
    return "\n".join(
        [
            *_matched(spec),
            f"SET {_assignments(variable, _winner_names(spec))}, {variable}.run = $run",
        ]
    )


def canonical_texts() -> dict[str, str]:
    """Return, by label or relation, the text that streams its canonical rows in key order.

    Each answers one column `row`: a list whose first entry is the name. Provenance is left out.
    """
    keeps = (Keep.DERIVED, Keep.WINNER, Keep.LEAST, Keep.GREATEST)
    found = {}
    for node in sorted((s for s in NODES.values() if s.domain), key=lambda s: s.label):
        names = ", ".join(f"n.{name}" for name in (node.key, *named(node, *keeps), "stub"))
        found[node.label] = (
            f"MATCH (n:{node.label}) WHERE n.{node.key} IS NOT NULL "
            f"RETURN ['{node.label}', {names}] AS row ORDER BY n.{node.key}"
        )
    for edge in sorted((s for s in EDGES.values() if s.domain), key=lambda s: s.name):
        names = ", ".join(f"r.{name}" for name in named(edge, *keeps))
        ends = f"a.{NODES[edge.start].key}, b.{NODES[edge.end].key}"
        found[edge.name] = (
            f"MATCH (a:{NODES[edge.start].label})-[r:{edge.relation}]->"
            f"(b:{NODES[edge.end].label}) WHERE r.key IS NOT NULL "
            f"RETURN ['{edge.name}', {ends}, {names}] AS row ORDER BY r.key"
        )
    return found


def _variable(spec: Spec) -> str:
    return "n" if isinstance(spec, NodeSpec) else "r"


def _has(spec: Spec, name: str) -> bool:
    return any(mark.name == name for mark in spec.properties)


def match_text(spec: Spec, value: str) -> str:
    """Return the line that finds a node, or a relation whatever its ends, by its key.

    It names the index to look in. A plan that is made while Neo4j has counted no relation of a type
    yet, as in the first batches of a first load, would otherwise go through all of them for each.
    """
    key = key_name(spec)
    if isinstance(spec, NodeSpec):
        return f"MATCH (n:{spec.label} {{{key}: {value}}}) USING INDEX SEEK n:{spec.label}({key})"
    relation = spec.relation
    return f"MATCH ()-[r:{relation} {{{key}: {value}}}]->() USING INDEX SEEK r:{relation}({key})"


def _matched(spec: Spec) -> list[str]:
    key = key_name(spec)
    return [_ONCE, f"UNWIND range(0, size(${key}) - 1) AS i", match_text(spec, f"${key}[i]")]


def _judged(spec: Spec) -> list[str]:
    """Say, before anything is written, what each row would be to what the graph holds."""
    held = _variable(spec)
    wider = [_exceeds(spec, mark) for mark in spec.properties if mark.keep in _ORDERED]
    if not named(spec, Keep.WINNER):
        fate = f"CASE WHEN {held}.source IS NULL THEN 'new' ELSE 'same' END"
    else:
        fate = (
            f"CASE WHEN {held}.digest IS NULL THEN 'new' "
            f"WHEN {held}.digest = $digest[i] THEN 'same' "
            f"WHEN {SEEN} > coalesce({held}.seen_at, '') THEN 'newer' "
            f"WHEN {SEEN} < coalesce({held}.seen_at, '') THEN 'older' ELSE 'tie' END"
        )
    wider_text = " OR ".join(wider) or "false"
    judged = [
        f"WITH i, {held}, {fate} AS fate, {wider_text} AS wider, {_reopens(spec)} AS reopened"
    ]
    if named(spec, Keep.WINNER):
        before = f"CASE WHEN fate IN ['newer', 'tie'] THEN properties({held}) END"
        judged.append(f"WITH i, {held}, fate, wider, reopened, {before} AS before")
    return judged


def _reopens(spec: Spec) -> str:
    """Return whether a row opens an assertion that was closed; a node never is."""
    if isinstance(spec, NodeSpec):
        return "false"
    later = "coalesce($last_seen[i], '') > r.valid_to"
    return f"(r.valid_to IS NOT NULL AND ($snapshot OR {later}))"


_ORDERED = {Keep.LEAST: "<", Keep.GREATEST: ">"}


def _exceeds(spec: Spec, mark: Property) -> str:
    held = _variable(spec)
    sign = _ORDERED[mark.keep]
    value = f"${mark.name}[i]"
    return (
        f"({value} IS NOT NULL AND ({held}.{mark.name} IS NULL OR {value} {sign} "
        f"{held}.{mark.name}))"
    )


def _winner_names(spec: Spec) -> tuple[str, ...]:
    return (*named(spec, Keep.WINNER), "seen_at", "digest", "source")


def _assignments(held: str, names: tuple[str, ...]) -> str:
    return ", ".join(f"{held}.{name} = ${name}[i]" for name in names)


def _first_names(spec: Spec) -> tuple[str, ...]:
    """Return what a record sets once and for all, and what its row says while it is the winner."""
    key = key_name(spec)
    fixed = tuple(name for name in named(spec, Keep.DERIVED) if name != key)
    return (*fixed, *(_winner_names(spec) if named(spec, Keep.WINNER) else ("source",)))


def _written(spec: Spec) -> list[str]:
    held = _variable(spec)
    winner = _winner_names(spec)
    settled = bool(named(spec, Keep.WINNER))
    first = _assignments(held, _first_names(spec))
    lines = [
        _when("fate = 'new'", f"{first}, {held}.run = $run, {held}.recorded_from = $now"),
    ]
    if _has(spec, "stub"):
        lines.append(_when("fate = 'new'", f"{held}.stub = null"))
    if settled:
        lines.append(
            _when("fate = 'newer'", f"{_assignments(held, winner)}, {held}.run = $run"),
        )
        later = f"fate = 'same' AND {SEEN} > coalesce({held}.seen_at, '')"
        lines.append(_when(later, f"{held}.seen_at = $seen_at[i]"))
    if isinstance(spec, EdgeSpec):
        lines.append(_when("reopened", "r.valid_to = null, r.closed_by = null"))
    for mark in spec.properties:
        if mark.keep in _ORDERED:
            lines.append(_when(_exceeds(spec, mark), f"{held}.{mark.name} = ${mark.name}[i]"))
    return lines


def _when(condition: str, assignments: str) -> str:
    return f"FOREACH (_ IN CASE WHEN {condition} THEN [1] ELSE [] END | SET {assignments})"


def _answered(spec: Spec) -> list[str]:
    changing = "fate IN ['new', 'newer'] OR wider OR reopened"
    changed = f"collect(CASE WHEN {changing} THEN i END) AS changed"
    if not named(spec, Keep.WINNER):
        return [f"RETURN {changed}, [] AS contested"]
    contested = "CASE WHEN before IS NOT NULL THEN {i: i, fate: fate, held: before} END"
    return [f"RETURN {changed}, collect({contested}) AS contested"]
