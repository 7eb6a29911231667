"""Verdicts over HTTP: who may say what, what is shown afterwards, how good the diagnosis is by staff's words."""

from tests.builders.web import Web, put_camera
from vms.access.roles import Role
from vms.core.ids import CameraId
from vms.health.fault import LAYER_OF, Fault, FaultKind, Severity
from vms.inventory.camera import LifeCycle
from vms.store import faults
from vms.store.faults import OpenedFault
from vms.store.schema import faults as fault_table


def a_fault(web: Web, camera_id: CameraId, kind: FaultKind = FaultKind.BLUR, score: float = 0.7) -> int:
    fault = Fault(kind=kind, layer=LAYER_OF[kind], severity=Severity.MAJOR, because="soft", score=score)
    with web.database.writing() as tx:
        faults.open_faults(tx, [OpenedFault(camera_id, fault, web.clock())], web.clock())
        number: int = tx.execute(fault_table.select().order_by(fault_table.c.id.desc()).limit(1)).scalar_one()
    return number


async def test_a_verdict_is_said_shown_counted_and_taken_back(web: Web) -> None:
    camera_id = put_camera(web)
    keeper, operator = await web.signed_in(Role.MAINTAINER), await web.signed_in(Role.OPERATOR)
    blur, grey = a_fault(web, camera_id), a_fault(web, camera_id, FaultKind.MONO, 1.0)
    assert (await operator.post(f"/faults/{blur}/verdict", json={"verdict": "true"})).status_code == 403
    assert (await keeper.post("/faults/99/verdict", json={"verdict": "true"})).status_code == 404
    assert (await keeper.post(f"/faults/{blur}/verdict", json={"verdict": "maybe"})).status_code == 422
    said = await keeper.post(f"/faults/{blur}/verdict", json={"verdict": "false", "note": "sharp"})
    assert (said.status_code, said.json()["verdict"], said.json()["score"]) == (200, "false", 0.7)
    assert (await keeper.post(f"/faults/{blur}/verdict", json={"verdict": "false"})).json() == said.json()
    needs_reason = await keeper.post(f"/faults/{grey}/verdict", json={"verdict": "accepted"})
    assert (needs_reason.status_code, needs_reason.json()["error"]["where"]) == (400, "note")
    asked = {"verdict": "accepted", "note": "a camera without colour"}
    assert (await keeper.post(f"/faults/{grey}/verdict", json=asked)).status_code == 200
    assert (await keeper.get("/faults")).json()["total"] == 0

    shown = (await keeper.get(f"/cameras/{camera_id}/verdicts")).json()
    assert (shown["total"], shown["may_say"]) == (2, ["true", "false", "accepted"])
    assert [(row["kind"], row["score"], row["accepted_by"]) for row in shown["thresholds"]] == [
        ("blur", 0.75, ""),
        ("mono", 0.5, "maintainer"),
    ]
    assert (await operator.get(f"/cameras/{camera_id}/verdicts")).json()["may_say"] == []
    assert (await operator.delete(f"/cameras/{camera_id}/accepted/mono")).status_code == 403
    after = (await keeper.delete(f"/cameras/{camera_id}/accepted/mono")).json()
    assert [row["kind"] for row in after["thresholds"]] == ["blur"]
    assert (after["items"][0]["withdrawn_by"], after["items"][1]["withdrawn_by"]) == ("maintainer", None)
    assert (await keeper.delete(f"/cameras/{camera_id}/accepted/mono")).status_code == 404

    quality = (await operator.get("/diagnosis/quality")).json()
    by_kind = {row["kind"]: row for row in quality["kinds"]}
    assert (by_kind["blur"]["found"], by_kind["blur"]["false"], by_kind["blur"]["precision"]) == (1, 1, 0.0)
    assert (by_kind["snow"]["found"], by_kind["snow"]["precision"]) == (0, None)
    assert (quality["all"]["found"], quality["all"]["false"]) == (2, 1)
    wrong = {"from": "2026-02-01", "to": "2026-01-01"}
    assert (await operator.get("/diagnosis/quality", params=wrong)).status_code == 400
    assert (await operator.get("/diagnosis/quality", params={"to": "2020-01-31"})).json()["all"]["found"] == 0
    assert (await operator.get("/diagnosis/quality", params={"region": "99"})).status_code == 404


async def test_cameras_that_one_may_not_know_of_have_no_verdicts(web: Web) -> None:
    pending = put_camera(web, life_cycle=LifeCycle.PENDING)
    operator = await web.signed_in(Role.OPERATOR)
    for path in ("verdicts", "reference-pictures", "reference-pictures/home/day"):
        assert (await operator.get(f"/cameras/{pending}/{path}")).status_code == 404, path
