"""The tree of errors: what a program, a browser and a shell are told is set by the class alone."""

from __future__ import annotations

import re

import pytest

from graphsvc import errors
from graphsvc.errors import GraphsvcError

CLASSES = [
    cls for cls in vars(errors).values() if isinstance(cls, type) and issubclass(cls, GraphsvcError)
]


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_each_says_what_to_do_and_how_it_is_told(cls: type[GraphsvcError]) -> None:
    assert re.fullmatch("[A-Z][A-Z_]+", cls.code)
    assert cls.exit_code in (1, 2, 3, 4, 5)
    assert 400 <= cls.status < 600
    assert cls.advice[0].isupper()
    assert cls.advice.endswith(".")
    assert cls.__doc__
    assert str(cls("it failed")) == "it failed"


def test_codes_differ() -> None:
    assert len({cls.code for cls in CLASSES}) == len(CLASSES)


@pytest.mark.parametrize(
    ("parent", "code"),
    [
        (errors.UsageError, 2),
        (errors.InputRefused, 3),
        (errors.DatabaseAway, 4),
        (errors.Conflict, 5),
    ],
)
def test_a_branch_has_one_exit_code(parent: type[GraphsvcError], code: int) -> None:
    branch = [cls for cls in CLASSES if issubclass(cls, parent)]
    assert len(branch) > 1
    assert {cls.exit_code for cls in branch} == {code}
