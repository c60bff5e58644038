import json
from dataclasses import fields

import pytest

from graphsvc.rings.columns import Kind
from graphsvc.rings.parameters import DEFAULT, Engine, Parameters


@pytest.mark.parametrize(
    "wrong",
    [
        {"cap": (20,) * 5},
        {"cap": (20, 20, 20, 20, 20, 0)},
        {"theta": 0.0},
        {"theta": 1.0},
        {"theta": float("nan")},
        {"prior": 1.0},
        {"max_link": 1.0},
        {"sweeps": 0},
        {"risk_bins": 0},
        {"resolution": 0.0},
        {"merge_gate": -0.1},
        {"flag_score": float("inf")},
        {"p_report": 0.001},
    ],
)
def test_impossible_numbers_are_refused(wrong):
    with pytest.raises(ValueError, match="|".join(wrong)):
        Parameters(**wrong)


def test_every_number_is_recorded_and_is_json():
    told = json.loads(json.dumps(DEFAULT.as_json()))
    assert set(told) == {f.name for f in fields(Parameters)}
    assert told["theta"] == 0.35
    assert told["cap"] == {kind.word: 20 for kind in Kind}


def test_engine_names_are_those_of_the_interface():
    assert [engine.value for engine in Engine] == ["evidence", "louvain", "components"]


def test_weights_that_were_learned_link_from_less_and_pictures_never_do():
    numbers = Parameters()
    assert numbers.weighed_by("prior") is numbers
    for source in ("self", "judged"):
        learned = numbers.weighed_by(source)
        assert learned.theta < numbers.theta == learned.picture_theta
        assert learned.weighed_by(source) == learned
