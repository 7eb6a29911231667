"""Presets and sensors over HTTP: who may say where a preset looks, what follows, and the reference of each preset."""

import pytest
from sqlalchemy import update

from tests.builders.pictures import a_street, jpeg
from tests.builders.stored_cameras import store_device
from tests.builders.web import Web, put_camera
from vms.access.roles import Role
from vms.core.ids import CameraId
from vms.health.turning import Position, Preset, Stands
from vms.media.diagnosis.measure import measure_still
from vms.services.polling.judge_still import figures_of
from vms.services.poses.keep_heads import keep_heads
from vms.store import stills
from vms.store.heads import HeadSeen
from vms.store.schema import cameras as camera_table
from vms.store.stills import Still

GATE, ROAD = Position(pan=0.0, tilt=0.0, zoom=0.0), Position(pan=0.5, tilt=0.0, zoom=0.0)
PRESETS = (Preset(token="1", name="gate", at=GATE), Preset(token="a/b", name="road", at=ROAD))
PICTURE = jpeg(a_street(9))


def turning_camera(web: Web) -> CameraId:
    camera_id = put_camera(web)
    with web.database.writing() as tx:
        tx.execute(update(camera_table).where(camera_table.c.id == camera_id).values(ptz=True))
    return camera_id


def stands_at(web: Web, camera_id: CameraId, position: Position, presets: tuple[Preset, ...] | None = None) -> None:
    """As the poller keeps it: where the head is, and the still that was taken there."""
    stands = Stands(preset=next((one.token for one in PRESETS if one.at == position), ""))
    (web.rooms.stills_folder / f"{camera_id}.jpg").write_bytes(PICTURE)
    figures = figures_of(measure_still(PICTURE).statistics, 0)
    kept = Still(camera_id=camera_id, at=web.clock(), file=f"{camera_id}.jpg", statistics=figures, stands=stands)
    seen = HeadSeen(camera_id=camera_id, at=web.clock(), position=position, moving=False, presets=presets)
    with web.database.writing() as tx:
        keep_heads(tx, [seen], web.clock())
        stills.put_many(tx, [kept])


async def test_a_person_says_where_one_preset_looks_and_the_other_follows(web: Web) -> None:
    camera_id = turning_camera(web)
    keeper, looker = await web.signed_in(Role.MAINTAINER), await web.signed_in(Role.OPERATOR)
    at = f"/cameras/{camera_id}/presets"
    empty = (await looker.get(at)).json()
    assert (empty["can_turn"], empty["read_at"], empty["presets"], empty["may_tell"]) == (True, None, [], False)
    stands_at(web, camera_id, ROAD, PRESETS)
    head = (await looker.get(at)).json()
    assert [one["name"] for one in head["presets"]] == ["gate", "road"]
    assert (head["preset"], head["between"], head["aim"]) == ("a/b", False, None)

    asked = {"bearing_deg": 90.0, "h_fov_deg": 50.0}
    assert (await looker.put(f"{at}/1/view", json=asked)).status_code == 403
    told = await keeper.put(f"{at}/1/view", json=asked)
    assert told.status_code == 200, told.text
    gate, road = told.json()["presets"]
    assert (gate["aim"]["source"], gate["told"]["bearing_deg"], gate["told"]["who"]) == ("told", 90.0, "maintainer")
    assert (road["aim"]["source"], road["told"]) == ("assumed", None)
    assert road["aim"]["bearing_deg"] == pytest.approx(180.0)
    assert told.json()["aim"] == road["aim"]
    pose = (await looker.get(f"/cameras/{camera_id}/pose")).json()
    assert (pose["looks_deg"], pose["looks_source"], pose["confidence"]) == (180.0, "assumed", "declared")
    assert (await keeper.put(f"{at}/a/b/view", json={"bearing_deg": 200.0})).json()["aim"]["source"] == "told"
    assert (await keeper.put(f"{at}/9/view", json=asked)).status_code == 404
    assert (await keeper.put(f"{at}/1/view", json={"bearing_deg": 360.0})).status_code == 422
    gone = await keeper.request("DELETE", f"{at}/a/b/view")
    assert gone.json()["aim"]["source"] == "assumed"
    await keeper.request("DELETE", f"{at}/1/view")
    pose = (await looker.get(f"/cameras/{camera_id}/pose")).json()
    assert (pose["looks_deg"], pose["looks_source"]) == (None, "")


async def test_each_preset_has_a_reference_of_its_own_and_none_is_taken_from_elsewhere(web: Web) -> None:
    web.clock.to_noon()
    camera_id = turning_camera(web)
    keeper = await web.signed_in(Role.MAINTAINER)
    at = f"/cameras/{camera_id}/reference-pictures"
    stands_at(web, camera_id, ROAD, PRESETS)
    chosen = await keeper.put(f"{at}/preset-a/b/day")
    assert chosen.status_code == 200, chosen.text
    assert chosen.json()["preset"] == "preset-a/b"
    elsewhere = await keeper.put(f"{at}/preset-1/day")
    assert (elsewhere.status_code, elsewhere.json()["error"]["code"]) == (409, "another_preset")
    listed = (await keeper.get(at)).json()
    assert [one["preset"] for one in listed["items"]] == ["preset-a/b"]
    assert (listed["latest_preset"], [one["name"] for one in listed["presets"]]) == ("preset-a/b", ["gate", "road"])
    operator = await web.signed_in(Role.OPERATOR)
    assert (await operator.get(f"{at}/preset-a/b/day", params={"purpose": "to compare"})).content == PICTURE
    assert (await keeper.get(f"{at}/gate/day")).status_code == 404
    stands_at(web, camera_id, Position(pan=0.2, tilt=0.0, zoom=0.0))
    between = (await keeper.get(at)).json()
    assert between["latest_preset"] == "between"
    assert (await keeper.put(f"{at}/preset-a/b/day")).status_code == 409
    moved = (Preset(token="1", name="gate", at=GATE),)
    stands_at(web, camera_id, GATE, moved)
    assert (await keeper.get(at)).json()["items"] == [], "the device has dropped that preset"


async def test_the_sensors_of_one_housing_are_told_all_together(web: Web) -> None:
    camera_id, turns = put_camera(web), turning_camera(web)
    keeper = await web.signed_in(Role.MAINTAINER)
    at = f"/cameras/{camera_id}/sensors"
    empty = (await keeper.get(at)).json()
    assert (empty["sensors"], empty["sources"], empty["may_change"]) == ([], [], True)
    dome = store_device(web.database, web.clock(), address="127.81.153.1", port=80, channels=2).camera_ids[0]
    offered = (await keeper.get(f"/cameras/{dome}/sensors")).json()["sources"]
    assert [one["channel"] for one in offered] == ["source1", "source2"]
    two = [{"name": "east", "bearing_deg": 90.0, "h_fov_deg": 80.0, "channel": "VS1"}, {"bearing_deg": 180.0}]
    kept = await keeper.put(at, json={"sensors": two})
    assert kept.status_code == 200, kept.text
    assert [(one["number"], one["name"], one["bearing_deg"]) for one in kept.json()["sensors"]] == [
        (1, "east", 90.0),
        (2, "", 180.0),
    ]
    assert (await keeper.put(at, json={"sensors": two[:1]})).status_code == 400
    twice = [two[0], two[0]]
    assert (await keeper.put(at, json={"sensors": twice})).status_code == 400
    assert (await keeper.put(f"/cameras/{turns}/sensors", json={"sensors": two})).status_code == 400
    changes = (await keeper.get(f"/cameras/{camera_id}/changes")).json()["items"]
    assert (changes[0]["field"], changes[0]["after"]) == ("sensors", "1 east: 90° / 80°; 2: 180°")
    assert (await keeper.put(at, json={"sensors": []})).json()["sensors"] == []
