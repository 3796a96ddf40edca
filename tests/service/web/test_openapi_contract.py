"""What the server answers to generated requests, held against its own OpenAPI document."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import Case
from schemathesis.generation import GenerationMode
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests.servers import Server

SEARCH = {("POST", "/api/search"), ("GET", "/api/search")}
NO_INPUT = {("GET", path) for path in ("/api/reports", "/healthz", "/readyz", "/metrics")}
BY_ID = {("GET", "/api/reports/{report_id}"), ("GET", "/api/sources/{source_id}")}


def conforms(operation: APIOperation, mode: GenerationMode) -> int:
    """Send generated requests, every schemathesis check on; return how many were sent.

    A court that the index does not hold is valid by the schema and refused, so acceptance is not checked.
    """
    sent = 0

    @settings(max_examples=60, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def send(case: Case) -> None:
        nonlocal sent
        sent += 1
        case.call_and_validate(excluded_checks=[positive_data_acceptance])

    send()
    return sent


@pytest.fixture(scope="module")
def operations(server: Server) -> dict[tuple[str, str], APIOperation]:
    """Every operation that the server describes, by method and path."""
    described = schemathesis.openapi.from_url(f"{server.url}/openapi.json")
    found = [result.ok() for result in described.get_all_operations()]
    return {(operation.method.upper(), operation.path): operation for operation in found}


def test_invalid_requests_are_refused_as_described(
    operations: dict[tuple[str, str], APIOperation],
) -> None:
    choosy = {name: operation for name, operation in operations.items() if operation.body or operation.query}
    assert set(choosy) >= SEARCH
    for operation in choosy.values():
        assert conforms(operation, GenerationMode.NEGATIVE) >= 50


def test_valid_requests_are_answered_as_described(operations: dict[tuple[str, str], APIOperation]) -> None:
    assert set(operations) >= SEARCH | NO_INPUT | BY_ID
    for name, operation in operations.items():
        least = 1 if name in NO_INPUT else 50
        assert conforms(operation, GenerationMode.POSITIVE) >= least, name
