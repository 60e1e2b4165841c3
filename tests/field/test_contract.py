"""The OpenAPI document is sound, and whatever is sent to a door that it names is answered as it says, never by a fault of the server."""

import warnings
from collections.abc import Callable

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from field_api import entry

PROMISES = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
QUIETLY = settings(deadline=None, database=None, suppress_health_check=list(HealthCheck),
                   phases=[Phase.explicit, Phase.generate])  # fmt: skip


@pytest.fixture
def operations(phone, monkeypatch) -> list[APIOperation]:
    """Every door of the document, asked by an enrolled phone that may ask as often as it likes."""
    monkeypatch.setattr(entry, "RATE", "1000000 per minute")
    schema = schemathesis.openapi.from_wsgi("/v1/openapi.json", phone.application)
    schema.config.update(base_url="http://localhost/")  # alone, not where a whole Fieldlot has it
    schema.validate()
    return [found.ok() for found in schema.get_all_operations()]


def asks(operation: APIOperation, phone, known: dict[str, str], seen: set[int]) -> Callable[[], None]:
    """Ask one door with what fits its description and what does not, half of the time about things that exist."""
    good, bad = (
        operation.as_strategy(generation_mode=mode) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    )

    @given(case=st.one_of(good, bad), real=st.booleans())
    def ask(case, real: bool) -> None:
        if real and isinstance(case.path_parameters, dict):
            case.path_parameters |= {name: known[name] for name in case.path_parameters if name in known}
        answer = case.call(session=phone)
        seen.add(answer.status_code)
        case.validate_response(answer, checks=PROMISES)

    return ask


@pytest.mark.parametrize("examples", [10, pytest.param(300, marks=pytest.mark.long)])
def test_no_request_makes_the_server_fail_or_break_its_own_document(operations, phone, task, examples):
    known, seen = {"task_id": str(task.id), "tour_id": str(task.tour_id)}, set()
    assert len(operations) >= 20
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for operation in operations:
            settings(QUIETLY, max_examples=examples)(asks(operation, phone, known, seen))()
    assert {200, 404, 422} <= seen  # doors were opened, not only knocked at
