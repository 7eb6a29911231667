"""Two devices that claim one identity are shown to a person, who says what was found."""

from tests.builders.web import Web
from vms.access.roles import Role
from vms.core.ids import DeviceId
from vms.store import conflicts


async def test_an_open_conflict_is_shown_until_somebody_resolves_it(web: Web) -> None:
    with web.database.writing() as tx:
        conflicts.record(
            tx,
            address="10.0.0.7",
            port=80,
            device_ids=[DeviceId(3), DeviceId(1)],
            reasons=["the same serial number, other MAC addresses"],
            now=web.clock(),
        )
    maintainer = await web.signed_in(Role.MAINTAINER)
    (shown,) = (await maintainer.get("/conflicts")).json()["items"]
    assert shown["device_ids"] == [1, 3]
    assert shown["reasons"] == ["the same serial number, other MAC addresses"]
    answer = await maintainer.post(f"/conflicts/{shown['id']}/resolution", json={"resolution": "two cameras, checked"})
    assert answer.status_code == 204
    assert (await maintainer.get("/conflicts")).json()["items"] == []
    again = await maintainer.post(f"/conflicts/{shown['id']}/resolution", json={"resolution": "once more"})
    assert again.status_code == 404


async def test_a_planner_does_not_resolve_conflicts(web: Web) -> None:
    planner = await web.signed_in(Role.PLANNER)
    assert (await planner.get("/conflicts")).status_code == 403


async def test_an_operator_reads_of_a_conflict_but_not_where_the_devices_are(web: Web) -> None:
    with web.database.writing() as tx:
        conflicts.record(
            tx, address="10.0.0.7", port=80, device_ids=[DeviceId(1)], reasons=["one MAC, two serials"], now=web.clock()
        )
    operator = await web.signed_in(Role.OPERATOR)
    (shown,) = (await operator.get("/conflicts")).json()["items"]
    assert (shown["address"], shown["port"]) == (None, None)
