"""What a field's selection asks for, so that what costs much is not read for nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    SelectionSetNode,
)

from graphsvc.api.context import Info


def asks_for(info: Info, *path: str) -> bool:
    """Tell whether the field's selection holds this path of fields; directives count for nothing.

    A field that a directive leaves out is read all the same.
    """
    raw = info._raw_info
    return any(_holds(node.selection_set, path, raw.fragments) for node in raw.field_nodes)


def _holds(
    selected: SelectionSetNode | None,
    path: Sequence[str],
    fragments: Mapping[str, FragmentDefinitionNode],
) -> bool:
    if not path:
        return True
    for each in selected.selections if selected else ():
        if isinstance(each, FieldNode):
            if each.name.value == path[0] and _holds(each.selection_set, path[1:], fragments):
                return True
        elif isinstance(each, InlineFragmentNode):
            if _holds(each.selection_set, path, fragments):
                return True
        elif isinstance(each, FragmentSpreadNode) and _holds(
            fragments[each.name.value].selection_set, path, fragments
        ):
            return True
    return False
