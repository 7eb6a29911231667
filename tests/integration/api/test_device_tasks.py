"""Tasks over HTTP: preview, start, steps, steering, undo, and who may."""

import asyncio

import pytest

from tests.builders.polled_city import store_city
from tests.builders.tasks import QUICK, a_plan
from tests.builders.web import Web
from vms.access.roles import Role
from vms.services.device_tasks.desk import TaskDesk
from vms.services.device_tasks.run_tasks import run_tasks
from vms.sim.city import running_city
from vms.sim.personality import PLAIN

NTP = {"kind": "set_ntp", "parameters": {"servers": "10.0.0.1"}}


async def test_a_task_is_previewed_started_followed_and_undone(web: Web) -> None:
    keeper = await web.signed_in(Role.MAINTAINER)
    plan = a_plan("127.47.70.1", PLAIN, PLAIN)
    ids = [found[0] for found in store_city(web.database, plan, web.rooms.box)[0].values()]
    desk, stop = TaskDesk(database=web.database, box=web.rooms.box, timing=QUICK), asyncio.Event()
    async with running_city(plan) as city:
        preview = (await keeper.post("/device-tasks/preview", json={**NTP, "camera_ids": ids})).json()
        assert (preview["devices"], preview["left_out"]) == (2, {})
        assert preview["items"][0]["before"] == {"from_dhcp": False, "servers": ["127.0.0.1"]}
        assert preview["items"][0]["wanted"]["servers"] == ["10.0.0.1"]
        started = await keeper.post("/device-tasks", json={**NTP, "filter": "tier=government", "why": "new server"})
        assert started.status_code == 201, started.text
        task = started.json()
        assert (task["state"], task["counts"], task["who"]) == ("waiting", {"waiting": 2}, "maintainer")
        paused = await keeper.post(f"/device-tasks/{task['id']}/pause")
        assert paused.json()["state"] == "paused"
        assert (await keeper.post(f"/device-tasks/{task['id']}/resume")).json()["state"] == "running"
        working = asyncio.create_task(run_tasks(desk, stop))
        await _over(keeper, task["id"])
        steps = (await keeper.get(f"/device-tasks/{task['id']}/steps", params={"state": "done"})).json()
        assert steps["total"] == 2
        assert steps["items"][0]["after"]["servers"] == ["10.0.0.1"]
        assert steps["items"][0]["sent_at"] < steps["items"][0]["finished_at"]
        undone = await keeper.post(f"/device-tasks/{task['id']}/undo", json={})
        assert (undone.status_code, undone.json()["undo_of"]) == (201, task["id"])
        await _over(keeper, undone.json()["id"])
        assert {city.device(one.address).settings.ntp_servers for one in plan.devices} == {("127.0.0.1",)}
        assert (await keeper.post(f"/device-tasks/{task['id']}/cancel")).status_code == 409
        listed = (await keeper.get("/device-tasks")).json()
        assert [one["id"] for one in listed["items"]] == [undone.json()["id"], task["id"]]
        stop.set()
        await working


async def _over(client, task_id: int) -> None:
    async with asyncio.timeout(15):
        while (await client.get(f"/device-tasks/{task_id}")).json()["state"] != "done":  # noqa: ASYNC110 - asked over HTTP
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.REVIEWER, Role.PLANNER])
async def test_only_those_who_keep_the_archive_may_start_a_task(web: Web, role: Role) -> None:
    client = await web.signed_in(role)
    assert (await client.get("/device-tasks")).status_code == 403
    assert (await client.post("/device-tasks", json={**NTP, "camera_ids": [1], "why": "x y z"})).status_code == 403


async def test_passwords_are_the_administrators_and_wrong_requests_say_what_is_wrong(web: Web) -> None:
    keeper = await web.signed_in(Role.MAINTAINER)
    refused = await keeper.post(
        "/device-tasks", json={"kind": "change_password", "camera_ids": [1], "why": "once a year"}
    )
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "role")
    for body, status, words in (
        ({**NTP, "camera_ids": [99], "why": "a try"}, 404, "no camera 99"),
        ({**NTP, "why": "a try"}, 400, "either cameras or a filter"),
        ({**NTP, "filter": "tier=", "why": "a try"}, 400, ""),
        ({**NTP, "filter": "tier=household", "why": "a try"}, 400, "no device is left"),
        ({"kind": "reboot", "parameters": {"x": 1}, "camera_ids": [1], "why": "a try"}, 400, "parameters.x"),
        ({"kind": "dance", "camera_ids": [1], "why": "a try"}, 422, "kind"),
    ):
        answer = await keeper.post("/device-tasks", json=body)
        assert answer.status_code == status, answer.text
        assert words in answer.text
    assert (await keeper.get("/device-tasks/99")).status_code == 404
    assert (await keeper.get("/device-tasks/99/steps")).status_code == 404
