"""Random JSON to every address that takes a body: whatever it is, the service stands."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.routing import ROUTES
from models.vocabulary import Role
from tests.api.support import address_of, assert_problem, right_body, stage
from tests.conftest import Service, ServiceMaker

TAKING = [route for route in ROUTES.table if route.body is not None]
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
async def test_no_json_at_all_brings_any_address_down(shared: tuple[Service, dict[str, str]], data: st.DataObject) -> None:
    service, ids = shared
    token = await service.token(Role.ADMIN)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    for route in TAKING:
        right = right_body(route.body) if route.body else {}
        names = st.sampled_from(sorted(right))
        body = data.draw(
            ANY_JSON | st.dictionaries(names, ANY_JSON).map(lambda wrong, right=right: right | wrong), label=route.path
        )
        async with service.client.request(
            route.method, address_of(route, ids), data=json.dumps(body), headers=headers
        ) as response:
            assert response.status < 500, (route.method, route.path, body, await response.text())
            if response.status >= 400:
                await assert_problem(response)


@pytest.fixture
async def shared(make_service: ServiceMaker) -> tuple[Service, dict[str, str]]:
    service = await make_service(login_attempts=10_000)
    return service, await stage(service)
