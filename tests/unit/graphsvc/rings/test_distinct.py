"""Distinct numbers: counted or sorted, the same."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.rings.distinct import changes, distinct, rising
from graphsvc.rings.project import least_member

numbers = st.lists(st.integers(0, 50), max_size=30)


@given(numbers, st.sampled_from([51, 10_000]))
def test_they_are_found_as_a_set_is_and_each_has_its_place(told, bound):
    found, place = distinct(np.array(told, dtype=np.int64), bound)
    assert found.tolist() == sorted(set(told))
    assert found[place].tolist() == told
    assert rising(np.array(told, dtype=np.int64)).tolist() == sorted(set(told))


@given(st.lists(st.integers(-1, 3), max_size=30))
def test_a_column_changes_where_the_place_before_holds_another_number(told):
    found = changes(np.array(told, dtype=np.int32)).tolist()
    assert found == [not n or told[n] != told[n - 1] for n in range(len(told))]


@given(numbers)
def test_a_group_is_called_by_its_least_member(told):
    found = least_member(np.array(told, dtype=np.int32))
    assert found.tolist() == [told.index(label) for label in told]
