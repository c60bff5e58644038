"""Valid documents that hypothesis-graphql makes of the schema: answered or refused, never a 500."""

from __future__ import annotations

import pytest
from graphql import print_schema
from graphql.language import IntValueNode
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from hypothesis_graphql import queries

from graphsvc.api.schema import EXECUTABLE
from tests.api.conftest import Api
from tests.api.test_malformed_http import check_alive, workers

LONG = st.integers(0, 2**40).map(lambda number: IntValueNode(value=str(number)))
DOCUMENTS = queries(print_schema(EXECUTABLE), custom_scalars={"Long": LONG})


@pytest.mark.parametrize("count", [60, pytest.param(2_000, marks=pytest.mark.slow)])
@pytest.mark.timeout(3600)
def test_a_generated_document_is_answered_or_refused(quiet: Api, count: int) -> None:
    before, answered = workers(quiet), set[int]()

    @examples(
        max_examples=count, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(DOCUMENTS)
    def ask(document: str) -> None:
        response = quiet.post({"query": document})
        told = response.json()
        answered.add(response.status_code)
        assert response.status_code < 500, (document, told)
        codes = {error["extensions"]["code"] for error in told.get("errors", ())}
        assert not codes & {"INTERNAL", "GRAPHQL_SYNTAX", "GRAPHQL_INVALID"}, (document, told)
        if response.status_code == 200:
            assert "Cost" in response.headers

    ask()
    check_alive(quiet, before)
    assert {200, 400} <= answered, "some are answered and some refused"
