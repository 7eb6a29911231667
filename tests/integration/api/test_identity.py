"""Keepers merge, join and take back over HTTP; others may not."""

from datetime import timedelta

from tests.builders.inventory import a_channel, a_device
from tests.builders.web import Web
from vms.access.roles import Role
from vms.inventory.networks import NetworkPlan
from vms.services.record_device import Recorded, record_device


def see(web: Web, *addresses: str, serial: str = "DS0001") -> list[Recorded]:
    with web.database.writing() as tx:
        return [
            record_device(
                tx,
                a_device(address, serial_no=serial, macs=(f"44:19:b6:00:00:{at:02x}",), channels=(a_channel(),)),
                networks=NetworkPlan(()),
                now=web.clock() + timedelta(hours=at),
            )
            for at, address in enumerate(addresses)
        ]


async def test_a_question_is_answered_seen_among_the_actions_and_taken_back(web: Web) -> None:
    first, second = see(web, "127.45.3.1", "127.45.3.2")
    keeper = await web.signed_in(Role.MAINTAINER)
    (question,) = (await keeper.get("/conflicts")).json()["items"]
    assert question["answers"] == ["same_as", "new_device", "later"]
    assert [one["code"] for one in question["evidence"]] == ["same_keys", "other_key"]
    said = {"kind": "same_as", "device": first.device_id, "why": "its card was changed"}
    resolved = (await keeper.post(f"/conflicts/{question['id']}/resolution", json=said)).json()
    known = (await keeper.get(f"/devices/{first.device_id}/identity")).json()
    assert {key["kind"] for key in known["keys"]} == {"serial", "mac"}
    assert len(known["keys"]) == 3
    (action,) = (await keeper.get("/identity-actions")).json()["items"]
    assert (action["id"], action["kind"], action["who"]) == (resolved["action_ids"][0], "merge", "maintainer")
    undone = await keeper.post(f"/identity-actions/{action['id']}/undo", json={})
    assert undone.json()["undone_by"] == "maintainer"
    again = await keeper.post(f"/identity-actions/{action['id']}/undo", json={})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "conflict")
    assert (await keeper.get("/conflicts")).json()["total"] == 1
    hardware = (await keeper.get(f"/cameras/{second.camera_ids[0]}/hardware")).json()
    assert [(one["device_id"], one["until_at"]) for one in hardware["periods"]] == [(second.device_id, None)]


async def test_merge_split_join_and_replace_are_for_keepers_and_name_what_is_wrong(web: Web) -> None:
    (seen,) = see(web, "127.45.3.5", serial="DS0009")
    operator = await web.signed_in(Role.OPERATOR)
    merge = {"keep": seen.device_id, "merge": 999, "why": "the same"}
    assert (await operator.post("/devices/merge", json=merge)).status_code == 403
    keeper = await web.signed_in(Role.ADMIN)
    assert (await keeper.post("/devices/merge", json=merge)).status_code == 404
    split = {"cameras": [], "keys": [], "why": "two in one"}
    assert (await keeper.post(f"/devices/{seen.device_id}/split", json=split)).status_code == 400
    join = {"keep": seen.camera_ids[0], "join": seen.camera_ids[0], "why": "the same"}
    assert (await keeper.post("/cameras/join", json=join)).status_code == 409
    replace = {"device": seen.device_id, "why": "new one"}
    assert (await keeper.post(f"/cameras/{seen.camera_ids[0]}/replace-device", json=replace)).status_code == 409
