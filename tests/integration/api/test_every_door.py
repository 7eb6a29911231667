"""Every route has a guard, refuses who is not signed in and keeps out the roles it is not for; the contract is true."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, APIWebSocketRoute, RouteContext, iter_route_contexts
from starlette.routing import Mount, Route

from tests.builders.web import Web
from vms.access.roles import Role
from vms.api.guards import Guard, OpenDoor, OwnerKey, SignsInLater
from vms.inventory.tier import Tier
from vms.store import maintainers, owners, users

OPEN = {"POST /api/v1/session", "POST /api/v1/registrations", "GET /healthz", "GET /metrics"}
SIGNS_IN_LATER = {"/api/v1/live/{camera_id}"}
OF_THE_FRAMEWORK = {"/openapi.json", "/"}
GUARDS = (Guard, OpenDoor, OwnerKey, SignsInLater)


def guards_of(dependant: Dependant) -> Iterator[Any]:
    if isinstance(dependant.call, GUARDS):
        yield dependant.call
    for inner in dependant.dependencies:
        yield from guards_of(inner)


def doors(web: Web) -> list[RouteContext]:
    """Our endpoints, with their whole paths."""
    return [
        route
        for route in iter_route_contexts(web.app.routes)
        if isinstance(route.original_route, APIRoute | APIWebSocketRoute)
    ]


def paths(web: Web) -> Iterator[tuple[RouteContext, str, str]]:
    """Route, method and whole path, of HTTP only."""
    for route in doors(web):
        for method in sorted(route.methods or ()):
            yield route, method, (route.path or "").replace(":path}", "}")


async def test_every_route_has_exactly_one_guard(web: Web) -> None:
    found = doors(web)
    assert len(found) > 35
    for route in found:
        guards = list(guards_of(route.dependant))
        assert len(guards) == 1, f"{route.path} has {len(guards)} guards"
        assert (route.path in SIGNS_IN_LATER) == isinstance(guards[0], SignsInLater)
    for route, method, path in paths(web):
        is_open = isinstance(next(guards_of(route.dependant)), OpenDoor)
        assert (f"{method} {path}" in OPEN) == is_open, f"{method} {path}"


async def test_nothing_else_is_served(web: Web) -> None:
    for route in iter_route_contexts(web.app.routes):
        if not isinstance(route.original_route, APIRoute | APIWebSocketRoute):
            assert isinstance(route.original_route, Route | Mount), route
            assert (route.path or "/") in OF_THE_FRAMEWORK


async def test_who_is_not_signed_in_gets_401_everywhere(web: Web) -> None:
    client = web.client()
    for route, method, path in paths(web):
        if f"{method} {path}" in OPEN:
            continue
        address = web.url + re.sub(r"{[^}]+}", "1", path)
        answer = await client.request(method, address, json={})
        expected = 404 if isinstance(next(guards_of(route.dependant)), OwnerKey) else 401
        assert answer.status_code == expected, f"{method} {path}: {answer.status_code} {answer.text}"


MAY = {
    "GET /users": {Role.ADMIN},
    "GET /registrations": {Role.ADMIN, Role.REVIEWER},
    "GET /faults": set(Role) - {Role.OWNER},
    "GET /incidents": set(Role) - {Role.OWNER},
    "GET /map/search?q=x": set(Role) - {Role.OWNER},
    "GET /incidents/99/feeds": {Role.ADMIN, Role.OPERATOR},
    "GET /cameras": set(Role),
    "GET /cameras/99/looks": {Role.ADMIN},
    "GET /system": set(Role),
}


@pytest.mark.parametrize("role", list(Role))
async def test_each_role_opens_its_own_doors(web: Web, role: Role) -> None:
    with web.database.writing() as tx:
        shop = owners.ensure(tx, "街角小店", Tier.UNIT, web.clock())
    client = await web.signed_in(role, owner_id=shop if role is Role.OWNER else None)
    for door, roles in MAY.items():
        method, path = door.split(" ")
        answer = await client.request(method, path)
        assert (answer.status_code == 403) == (role not in roles), f"{role} {door}: {answer.status_code}"


NO_CREWS = (
    *("/coverage/gaps", "/coverage/gaps/1", "/coverage/gaps/1/photographs/1", "/coverage/rates", "/coverage/report"),
    *("/coverage/redundancy", "/coverage/plans", "/coverage/plans/1", "/coverage/plans/1/compare?other=2"),
    *("/coverage/plans/1/export", "/coverage/camera-types", "/coverage/private-areas", "/rings", "/rings/1"),
    *("/coverage/ring?lon=1&lat=1", "/coverage/at?lon=1&lat=1", "/coverage/squares?bbox=1,1,2,2", "/coverage/needs"),
)


async def test_what_is_not_seen_and_what_is_to_be_built_is_no_business_of_a_firms_crew(web: Web) -> None:
    crew, office = await web.signed_in(Role.MAINTAINER), await web.signed_in(Role.REVIEWER)
    with web.database.writing() as tx:
        firm = maintainers.put(tx, "城东维保", web.clock(), contact="", contract="", calendar_id=None, retired=False)
        one = next(user for user in users.every(tx) if user.role is Role.MAINTAINER)
        users.set_maintainer(tx, one.user_id, firm.maintainer_id)
    for door in NO_CREWS:
        refused = await crew.get(door)
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "role"), door
        assert (await office.get(door)).status_code != 403, door
    assert (await crew.get("/faults")).status_code == 200


async def test_a_query_name_that_an_endpoint_does_not_know_is_refused_everywhere(web: Web) -> None:
    client = web.client()
    for _, method, path in paths(web):
        if not path.startswith("/api/v1"):
            continue
        address = f"{web.url}{re.sub(r'{[^}]+}', '1', path)}?no_such_name=1"
        refused = await client.request(method, address, json={})
        told = refused.json()["error"]
        assert (refused.status_code, told["code"], told["where"]) == (422, "bad_input", "no_such_name"), (
            f"{method} {path}"
        )


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("/faults?state=all&severty=major", "did you mean severity?"),
        ("/cameras?Region=410105", "did you mean region?"),
        ("/coverage/rates?fromm=2026-01-01", "did you mean from?"),
        ("/coverage/gaps?klass=street", "did you mean class?"),
        ("/exports?format=csv&headngs=zh", "did you mean headings?"),
        ("/health/trend?unlike_any=1", "it knows region"),
        ("/system?a=1", "this address takes no query parameters"),
    ],
)
async def test_a_mistyped_name_is_told_which_one_comes_near(web: Web, address: str, meant: str) -> None:
    client = await web.signed_in(Role.ADMIN)
    refused = await client.get(address)
    assert refused.status_code == 422
    assert refused.json()["error"]["message"].endswith(meant)


async def test_a_probe_of_another_program_may_add_what_it_likes(web: Web) -> None:
    assert (await web.client().get(f"{web.url}/healthz?probe=1")).status_code in (200, 503)


async def test_the_contract_names_every_endpoint_and_its_errors(web: Web) -> None:
    contract = (await web.client().get(f"{web.url}/openapi.json")).json()
    for _, method, path in paths(web):
        assert method.lower() in contract["paths"][path], f"{method} {path}"
    for path, methods in contract["paths"].items():
        for method, operation in methods.items():
            if path.startswith("/api/v1"):
                schema = operation["responses"]["422"]["content"]["application/json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/ErrorAnswer"}, f"{method} {path}"
    assert "HTTPValidationError" not in contract["components"]["schemas"]


async def test_the_overview_document_lists_every_endpoint(web: Web, request: pytest.FixtureRequest) -> None:
    text = (request.config.rootpath / "docs" / "api.md").read_text(encoding="utf-8")
    for route in doors(web):
        path = (route.path or "").removeprefix("/api/v1").removeprefix("/").replace(":path}", "}")
        known = path.replace("{camera_id}", "{id}", 1).replace("{registration_id}", "{id}").replace("{user_id}", "{id}")
        known = known.replace("{incident_id}", "{id}").replace("live/{id}", "live/{camera_id}")
        part = known if known in text else "…/" + known.split("/", 2)[-1]
        assert part in text, f"docs/api.md does not know {known}"
