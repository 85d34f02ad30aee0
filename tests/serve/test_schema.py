"""schemathesis reads the OpenAPI document and asks whatever it allows, and what it does not.

IMPRINT_SCHEMA_CASES sets how many cases are tried.
"""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks

from imprint.methods.base import Method
from tests.serve.servers import MODEL, TOLD, Server, add_key, said, serving

CASES = int(os.environ.get("IMPRINT_SCHEMA_CASES", "300"))
ROUND = 8
USER = "mira"
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]

REFUSED = [400, 401, 403, 404, 405, 413, 422]
CONFIG = SchemathesisConfig.from_dict({"checks": {"negative_data_rejection": {"expected-statuses": REFUSED}}})
SLOW = [
    HealthCheck.too_slow,
    HealthCheck.filter_too_much,
    HealthCheck.data_too_large,
    HealthCheck.large_base_example,
]

schemathesis.serializer.alias("application/zip", "application/octet-stream")


@dataclass
class Seen:
    """What the cases so far came to."""

    statuses: Counter[int] = field(default_factory=Counter)
    complaints: list[str] = field(default_factory=list)

    @property
    def cases(self) -> int:
        return self.statuses.total()


def try_out(operation: Any, mode: GenerationMode, key: str, number: int, seen: Seen) -> None:
    """A few cases of one operation. Half of the rounds ask about a user who told something."""
    headers = {"Authorization": f"Bearer {key}"}
    known = {"user": USER} if "{user}" in operation.path and number % 2 == 0 else None

    @seed(number)
    @settings(
        max_examples=ROUND,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=SLOW,
    )
    @given(case=operation.as_strategy(generation_mode=mode, headers=headers, path_parameters=known))
    def ask(case: schemathesis.Case) -> None:
        response = case.call(timeout=60)
        seen.statuses[response.status_code] += 1
        try:
            case.validate_response(response, checks=CHECKS)
        except FailureGroup as failures:
            command = case.as_curl_command()[:2000]
            seen.complaints += [f"{failure.title}\n{failure}\n{command}" for failure in failures.exceptions]

    with suppress(Unsatisfiable):  # an operation without input has nothing wrong to be asked
        ask()


@pytest.fixture
def keyed(method: Method, home: Path) -> Iterator[tuple[Server, str]]:
    """A server that asks for a key, as its document says, and the key."""
    key = add_key(home, "laptop")
    with serving(method, home) as server:
        yield server, key


@pytest.mark.filterwarnings("ignore:Do not use the `random` module")  # schemathesis does
def test_no_case_of_the_document_breaks_the_server(keyed: tuple[Server, str]) -> None:
    server, key = keyed
    with server.client(key) as client:  # somebody to be asked about
        client.chat.completions.create(model=MODEL, messages=said(TOLD), user=USER)
    headers = {"Authorization": f"Bearer {key}"}
    schema = schemathesis.openapi.from_url(f"{server.url}/openapi.json", headers=headers, config=CONFIG)
    found = list(schema.get_all_operations())
    operations = [each.ok() for each in found if isinstance(each, Ok)]
    assert len(operations) == len(found) >= 14
    seen = Seen()
    for number in count():
        for operation in operations:
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                if seen.cases < CASES:
                    try_out(operation, mode, key, number, seen)
        if seen.cases >= CASES:
            break
    assert seen.complaints == [], f"{len(seen.complaints)} complaints, the first:\n{seen.complaints[0]}"
    assert [status for status in seen.statuses if status >= 500] == []
    assert seen.statuses[200] > CASES / 20
    assert seen.statuses[400] > CASES / 20
