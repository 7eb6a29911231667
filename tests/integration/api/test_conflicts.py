"""Two devices that claim one identity are shown to a person, who says what was found."""

from tests.builders.web import Web
from vms.access.roles import Role
from vms.core.ids import DeviceId
from vms.inventory.identity.reason import ReasonCode, because
from vms.store import conflicts
from vms.store.conflicts import NewConflict


async def test_an_open_conflict_is_shown_until_somebody_resolves_it(web: Web) -> None:
    with web.database.writing() as tx:
        conflicts.record(
            tx,
            NewConflict(
                address="10.0.0.7",
                port=80,
                device_ids=(DeviceId(3), DeviceId(1)),
                evidence=(because(ReasonCode.OTHER_KEY, key="mac", device=1),),
            ),
            web.clock(),
        )
    maintainer = await web.signed_in(Role.MAINTAINER)
    (shown,) = (await maintainer.get("/conflicts")).json()["items"]
    assert shown["device_ids"] == [1, 3]
    assert shown["reasons"] == ["its MAC is another than that of device 1"]
    assert shown["evidence"][0]["code"] == "other_key"
    assert shown["evidence"][0]["values"] == {"key": "mac", "device": 1}
    said = {"kind": "new_device", "why": "two cameras, checked"}
    answer = await maintainer.post(f"/conflicts/{shown['id']}/resolution", json=said)
    assert answer.json() == {"conflict_id": shown["id"], "open": False, "action_ids": []}
    assert (await maintainer.get("/conflicts")).json()["items"] == []
    again = await maintainer.post(f"/conflicts/{shown['id']}/resolution", json=said)
    assert again.status_code == 409


async def test_a_planner_does_not_resolve_conflicts(web: Web) -> None:
    planner = await web.signed_in(Role.PLANNER)
    assert (await planner.get("/conflicts")).status_code == 403


async def test_an_operator_reads_of_a_conflict_but_not_where_the_devices_are(web: Web) -> None:
    with web.database.writing() as tx:
        conflicts.record(
            tx, NewConflict(address="10.0.0.7", port=80, device_ids=(DeviceId(1),), evidence=()), web.clock()
        )
    operator = await web.signed_in(Role.OPERATOR)
    (shown,) = (await operator.get("/conflicts")).json()["items"]
    assert (shown["address"], shown["port"]) == (None, None)
