"""The console's map asks for all cameras once, and after that for those alone that the news name."""

import gzip
import json
from collections.abc import Sequence
from typing import Any

import httpx

from tests.builders.web import Web, put_camera
from vms.access.roles import Role
from vms.core.ids import CameraId
from vms.health.fault import LAYER_OF, Fault, FaultKind, Severity
from vms.inventory.camera import LifeCycle
from vms.inventory.tier import Tier
from vms.services.map_points import MapPoints
from vms.store import cameras, events, faults, owners
from vms.store.camera_changes import Author
from vms.store.faults import OpenedFault
from vms.store.schema import watches
from vms.store.watch_sessions import start_session

Row = list[Any]


def rows_of(answer: httpx.Response) -> list[Row]:
    assert answer.status_code == 200, answer.text
    rows: list[Row] = answer.json()["rows"]
    return rows


def names_of(answer: httpx.Response) -> list[str]:
    return [row[3] for row in rows_of(answer)]


async def test_the_points_are_kept_up_by_the_news(web: Web) -> None:
    first, second = put_camera(web, name="一"), put_camera(web, name="二", tier=Tier.UNIT)
    admin = await web.signed_in()
    [row, _] = rows_of(await admin.get("/map/cameras"))
    assert row == [first, 113.62, 34.75, "一", "government", "unknown", "", "", 0]
    third = put_camera(web, name="三")
    with web.database.writing() as tx:
        session_id = start_session(tx, 3_600.0, web.clock())
        told = {"session_id": session_id, "since": web.clock(), "because": "", "layers": {}, "updated_at": web.clock()}
        tx.execute(watches.insert(), [{"camera_id": one, "status": "up", **told} for one in (first, second, third)])
        events.append(tx, "task.added", None, {}, web.clock())
    assert [row[5] for row in rows_of(await admin.get("/map/cameras"))] == ["up", "up", "up"]
    with web.database.writing() as tx:
        tx.execute(watches.update().where(watches.c.camera_id == second).values(status="down"))
        events.append(tx, "camera.flip", second, {"to_status": "down"}, web.clock())
        covered = Fault(kind=FaultKind.OCCLUSION, layer=LAYER_OF[FaultKind.OCCLUSION], severity=Severity.MAJOR)
        faults.open_faults(tx, [OpenedFault(first, covered, web.clock())], web.clock())
        cameras.set_life_cycle(
            tx, third, LifeCycle.RETIRED, web.clock(), author=Author(who="test", why="gone", edit_id=None)
        )
    now = {row[0]: row[5:] for row in rows_of(await admin.get("/map/cameras"))}
    assert now == {first: ["up", "", "occlusion", 1], second: ["down", "", "", 0], third: ["up", "", "", 0]}
    operator = await web.signed_in(Role.OPERATOR)
    assert {row[0] for row in rows_of(await operator.get("/map/cameras"))} == {first, second}


async def test_points_kept_up_are_those_that_would_be_read_anew(web: Web) -> None:
    kept = MapPoints(web.database, web.clock)
    ids: list[CameraId] = []

    def says_what_is_there() -> Sequence[Row]:
        anew, fresh = MapPoints(web.database, web.clock), list[Row]()
        for in_service_only in (False, True):
            ours, fresh = (
                json.loads(_unpacked(points, in_service_only=in_service_only))["rows"] for points in (kept, anew)
            )
            assert sorted(ours) == fresh
        return fresh

    says_what_is_there()
    for number in range(4):
        ids.append(put_camera(web, name=f"路口 {number}", life_cycle=LifeCycle.PENDING))
        says_what_is_there()
    author = Author(who="test", why="", edit_id=None)
    for state, shown in ((LifeCycle.APPROVED, 1), (LifeCycle.RETIRED, 0)):
        with web.database.writing() as tx:
            cameras.set_life_cycle(tx, ids[2], state, web.clock(), author=author)
        assert len(says_what_is_there()) == shown
    with web.database.writing() as tx:
        cameras.change_columns(tx, ids[0], {"name": "改名"}, web.clock(), author=author)
        events.append(tx, "identity.changed", None, {}, web.clock())
    says_what_is_there()


async def test_who_asks_for_some_gets_those_alone_that_may_be_known(web: Web) -> None:
    with web.database.writing() as tx:
        shop = owners.ensure(tx, "街角小店", Tier.UNIT, web.clock())
    mine = put_camera(web, name="小店门口", tier=Tier.UNIT, owner_id=shop)
    other, pending = put_camera(web, name="路口"), put_camera(web, name="未审核", life_cycle=LifeCycle.PENDING)
    operator, owner = await web.signed_in(Role.OPERATOR), await web.signed_in(Role.OWNER, owner_id=shop)
    asked = {"id": [mine, other, pending, 999_999]}
    assert names_of(await operator.get("/map/cameras", params=asked)) == ["小店门口", "路口"]
    assert names_of(await owner.get("/map/cameras", params=asked)) == ["小店门口"]
    assert names_of(await owner.get("/map/cameras")) == ["小店门口"]
    too_many = await operator.get("/map/cameras", params={"id": list(range(201))})
    assert too_many.status_code == 422


async def test_points_that_have_not_changed_are_not_sent_again(web: Web) -> None:
    put_camera(web, name="一")
    admin = await web.signed_in()
    tag = (await admin.get("/map/cameras")).headers["etag"]
    with web.database.writing() as tx:
        events.append(tx, "order.opened", 1, {}, web.clock())
    again = await admin.get("/map/cameras", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    put_camera(web, name="二")
    assert names_of(await admin.get("/map/cameras", headers={"If-None-Match": tag})) == ["一", "二"]
    plain = await admin.get("/map/cameras", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers and len(rows_of(plain)) == 2


def _unpacked(points: MapPoints, *, in_service_only: bool) -> bytes:
    return gzip.decompress(points.every(in_service_only=in_service_only).content)
