"""The list of faults over HTTP: of cameras that the reader may know of, and open no longer than the camera is used."""

from tests.builders.web import Web, put_camera
from vms.access.roles import Role
from vms.core.ids import CameraId
from vms.health.fault import Fault, FaultKind, Severity
from vms.health.layer import Layer
from vms.inventory.camera import LifeCycle
from vms.store import cameras, faults
from vms.store.faults import OpenedFault


def put_fault(web: Web, camera_id: CameraId) -> None:
    dark = Fault(kind=FaultKind.UNREACHABLE, layer=Layer.NETWORK, severity=Severity.MAJOR, because="no answer")
    with web.database.writing() as tx:
        faults.open_faults(tx, [OpenedFault(camera_id, dark, web.clock())], web.clock())


async def test_faults_of_cameras_that_nobody_approved_do_not_exist_for_an_operator(web: Web) -> None:
    seen, pending = put_camera(web, name="路口"), put_camera(web, name="未审核", life_cycle=LifeCycle.PENDING)
    for camera_id in (seen, pending):
        put_fault(web, camera_id)
    for role, known in ((Role.OPERATOR, [seen]), (Role.PLANNER, [seen]), (Role.MAINTAINER, [seen, pending])):
        client = await web.signed_in(role)
        page = (await client.get("/faults", params={"sort": "opened_at"})).json()
        assert (page["total"], [row["camera_id"] for row in page["items"]]) == (len(known), known), role
        asked = (await client.get("/faults", params={"camera_id": pending})).json()
        assert asked["total"] == (pending in known), role


async def test_the_faults_of_a_camera_end_when_it_is_retired(web: Web) -> None:
    camera_id = put_camera(web)
    put_fault(web, camera_id)
    with web.database.writing() as tx:
        cameras.set_life_cycle(tx, camera_id, LifeCycle.RETIRED, web.clock())
    maintainer, operator = await web.signed_in(Role.MAINTAINER), await web.signed_in(Role.OPERATOR)
    assert (await maintainer.get("/faults")).json()["total"] == 0
    (closed,) = (await maintainer.get("/faults", params={"state": "closed"})).json()["items"]
    assert (closed["camera_id"], closed["closed_at"] is None) == (camera_id, False)
    assert (await operator.get("/faults", params={"state": "all"})).json()["total"] == 0
