"""Correcting a camera's view over HTTP: fitted from points, kept with its history, lost when the camera is moved."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.builders.clicked_points import TrueCamera, sights_of
from tests.builders.web import SQUARE, Web, put_camera
from vms.access.roles import Role
from vms.coverage.confidence import PoseConfidence
from vms.health.fault import LAYER_OF, Fault, FaultKind, Severity
from vms.inventory.camera import Pose
from vms.services.poses.confidence import camera_confidence
from vms.store import cameras, events, faults
from vms.store.faults import OpenedFault

CAMERA = TrueCamera(height_m=6.0, bearing_deg=100.0, tilt_deg=18.0, h_fov_deg=80.0)
SPREAD = [(12.0, 3.0), (14.0, -6.0), (25.0, 5.0), (30.0, -15.0), (45.0, 0.0)]
PICTURE = {"width_px": 1920, "height_px": 1080, "at": "2026-05-04T08:00:00Z"}


def points() -> list[dict[str, float]]:
    return [
        {"x_px": one.x_px, "y_px": one.y_px, "lon": one.position.lon, "lat": one.position.lat}
        for one in sights_of(CAMERA, SPREAD)
    ]


def here() -> dict[str, float]:
    return {"lon": CAMERA.position.lon, "lat": CAMERA.position.lat}


async def fitted(keeper, camera_id: int) -> dict:
    asked = {"picture": PICTURE, "points": points(), "held": here()}
    answer = await keeper.post(f"/cameras/{camera_id}/pose/fit", json=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_pose_is_fitted_kept_with_its_points_and_verified_until_the_record_is_moved(web: Web) -> None:
    camera_id = put_camera(web)
    keeper = await web.signed_in(Role.MAINTAINER)
    at = f"/cameras/{camera_id}/pose"
    before = (await keeper.get(at)).json()
    assert (before["checked"], before["lost"], before["corrections"], before["may_correct"]) == (None, None, [], True)

    found = await fitted(keeper, camera_id)
    assert found["pose"]["bearing_deg"] == pytest.approx(100.0, abs=0.05)
    assert found["rms_px"] < 0.5
    assert (len(found["points"]), found["disagrees"]) == (5, None)
    assert {"horizon", "distance", "direction"} >= {line["kind"] for line in found["lines"]} > {"distance"}
    assert (await keeper.get(at)).json() == before

    pose = {name: found["pose"][name] for name in ("bearing_deg", "tilt_deg", "h_fov_deg", "v_fov_deg")}
    wanted = {"how": "fitted", **here(), **pose, "mount_height_m": found["pose"]["mount_height_m"]}
    told = {**wanted, "picture": PICTURE, "points": points(), "revision": before["revision"]}
    with web.database.reading() as tx:
        latest = events.latest_id(tx)
    kept = await keeper.put(at, json=told)
    assert kept.status_code == 200, kept.text
    now = kept.json()
    assert (now["confidence"], now["lost"], now["doubt_deg"]) == ("verified", None, None)
    assert (now["checked"]["who"], now["checked"]["how"]) == ("maintainer", "fitted")
    assert now["checked"]["rms_px"] < 2.0
    assert [point["off_px"] is not None for point in now["checked"]["points"]] == [True] * 5
    assert now["declared"]["bearing_deg"] == pytest.approx(100.0, abs=0.05)
    with web.database.reading() as tx:
        news = events.after(tx, latest, 50)
        assert camera_confidence(cameras.get(tx, camera_id)) is PoseConfidence.VERIFIED
    assert "bearing_deg" in {f for one in news if one.kind == "camera.changed" for f in one.content["fields"]}
    stale = await keeper.put(at, json=told)
    assert (stale.status_code, stale.json()["error"]["code"]) == (409, "changed_meanwhile")

    history = (await keeper.get(f"/cameras/{camera_id}/changes")).json()["items"]
    assert {"pose_check", "bearing_deg", "lon"} <= {row["field"] for row in history}
    moved = await keeper.patch(f"/cameras/{camera_id}/record", json={"changes": {"bearing_deg": 200}})
    assert moved.status_code == 200, moved.text
    lost = (await keeper.get(at)).json()
    assert (lost["confidence"], lost["checked"]) == ("declared", None)
    assert (lost["lost"]["why"], lost["lost"]["fields"], lost["lost"]["who"]) == (
        "moved",
        ["bearing_deg"],
        "maintainer",
    )
    assert len(lost["corrections"]) == 1


async def test_a_confirmed_change_of_scene_ends_what_was_verified(web: Web) -> None:
    camera_id = put_camera(web)
    keeper = await web.signed_in(Role.MAINTAINER)
    at = f"/cameras/{camera_id}/pose"
    kept = await keeper.put(at, json={"how": "dragged", "bearing_deg": 33.5, "h_fov_deg": 60})
    assert kept.json()["confidence"] == "verified"
    kind = FaultKind.SCENE_CHANGE
    fault = Fault(kind=kind, layer=LAYER_OF[kind], severity=Severity.MINOR, because="another view", score=0.9)
    now = datetime.now(UTC)
    with web.database.writing() as tx:
        faults.open_faults(tx, [OpenedFault(camera_id, fault, now)], now)
        (row,) = faults.faults_between(tx, camera_id, now, now + timedelta(seconds=1))
    said = await keeper.post(f"/faults/{row.fault_id}/verdict", json={"verdict": "true", "note": ""})
    assert said.status_code == 200, said.text
    lost = (await keeper.get(at)).json()
    assert (lost["confidence"], lost["lost"]["why"], lost["lost"]["who"]) == ("declared", "scene_change", "maintainer")


async def test_who_does_not_keep_the_archive_corrects_nothing_and_nonsense_is_refused(web: Web) -> None:
    camera_id = put_camera(web)
    at = f"/cameras/{camera_id}/pose"
    operator, keeper = await web.signed_in(Role.OPERATOR), await web.signed_in(Role.MAINTAINER)
    assert (await operator.put(at, json={"how": "dragged", "bearing_deg": 10})).status_code == 403
    assert (await operator.get(at)).json()["may_correct"] is False
    few = await keeper.post(f"{at}/fit", json={"picture": PICTURE, "points": points()[:3]})
    assert (few.status_code, few.json()["error"]["code"]) == (400, "pose_too_few")
    half = await keeper.put(at, json={"how": "dragged", "bearing_deg": 10, "lon": 113.6})
    assert (half.status_code, half.json()["error"]["where"]) == (400, "lat")
    alone = await keeper.put(at, json={"how": "fitted", "bearing_deg": 10})
    assert (alone.status_code, alone.json()["error"]["where"]) == (400, "points")
    assert (await keeper.get(at)).json()["corrections"] == []


async def test_a_pose_that_is_tried_out_has_a_view(web: Web) -> None:
    planner = await web.signed_in(Role.PLANNER)
    web.rooms.coverage.view_of(Pose(position=SQUARE), width_px=1920, indoor=False, ptz=False)  # compiles it
    pose = {"lon": SQUARE.lon, "lat": SQUARE.lat, "bearing_deg": 90, "h_fov_deg": 90, "max_view_m": 50}
    picture = {"width_px": 1280, "height_px": 720}
    answer = await planner.post(
        "/coverage/view", json={**pose, "mount_height_m": 5, "tilt_deg": 15, "picture": picture}
    )
    assert answer.status_code == 200, answer.text
    view = answer.json()
    assert view["geometry"]["type"] == "Polygon"
    assert 1000 < view["area_m2"] < 2000
    assert {"horizon", "distance"} <= {line["kind"] for line in view["lines"]}
    assert (await planner.post("/coverage/view", json=pose)).json()["lines"] == []
