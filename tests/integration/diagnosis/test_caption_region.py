"""A person shows where the caption stands; from then on a still without it is a fault."""

from tests.builders.pictures import a_street, jpeg, with_caption
from tests.builders.web import Web, put_camera
from vms.access.roles import Role
from vms.core.ids import CameraId
from vms.health.fault import FaultKind
from vms.services.polling.judge_still import judge_still
from vms.store.picture_knowledge import knowledge_of

REGION = {"left_share": 0.0, "top_share": 0.0, "width_share": 0.8, "height_share": 0.12}


def missing(web: Web, camera_id: CameraId, still: bytes) -> bool:
    with web.database.reading() as tx:
        known = knowledge_of(tx, [camera_id])[camera_id]
    judged = judge_still(still, camera_id, known, web.clock(), is_whole=True)
    return FaultKind.OSD_MISSING in {finding.kind for finding in judged.reading.findings}


async def test_where_a_caption_was_shown_a_still_without_it_is_a_fault(web: Web) -> None:
    camera_id = put_camera(web)
    keeper, operator = await web.signed_in(Role.MAINTAINER), await web.signed_in(Role.OPERATOR)
    place = f"/cameras/{camera_id}/caption-region"
    bare, written = jpeg(a_street(1) // 2 + 60), jpeg(with_caption(a_street(1)))
    assert (await operator.get(place)).json() is None
    assert not missing(web, camera_id, bare)
    assert (await operator.put(place, json=REGION)).status_code == 403
    outside = await keeper.put(place, json={**REGION, "left_share": 0.5})
    assert (outside.status_code, outside.json()["error"]["where"]) == (400, "caption_region")
    done = await keeper.put(place, json=REGION)
    assert (done.status_code, done.json()["set_by"], done.json()["width_share"]) == (200, "maintainer", 0.8)
    assert (await operator.get(place)).json() == done.json()
    assert missing(web, camera_id, bare)
    assert not missing(web, camera_id, written)
    assert (await keeper.delete(place)).status_code == 204
    assert not missing(web, camera_id, bare)
    assert (await keeper.put("/cameras/99999/caption-region", json=REGION)).status_code == 404
