"""Lists, records, pictures and incidents over HTTP."""

from pathlib import Path

from tests.builders.web import AGREED, SQUARE, Web, put_camera, put_still, running_web
from vms.access.roles import Role
from vms.core.ids import CameraId
from vms.health.fault import LAYER_OF, Fault, FaultKind, Severity
from vms.inventory.camera import LifeCycle, Stream, StreamRole
from vms.inventory.tier import Tier
from vms.store import faults, incidents, looks, owners
from vms.store.database import Database
from vms.store.faults import OpenedFault

AGREED_ADDRESS = AGREED.replace("0/24", "9")
REPORT = {"lon": SQUARE.lon, "lat": SQUARE.lat, "category": "theft", "level": 2, "summary": "有人求助"}


async def test_the_list_is_filtered_and_paged_and_says_what_may_be_seen(web: Web) -> None:
    put_camera(web, name="人民路口")
    put_camera(web, name="商场门口", tier=Tier.UNIT, address=AGREED_ADDRESS)
    put_camera(web, name="小区东门", tier=Tier.COMMUNITY)
    operator = await web.signed_in(Role.OPERATOR)
    page = (await operator.get("/cameras", params={"sort": "id", "limit": 2})).json()
    assert page["total"] == 3
    assert [row["access"]["code"] for row in page["items"]] == ["by_role", "by_agreement"]
    assert page["items"][0]["status"] == "unknown"
    third = (await operator.get("/cameras", params={"sort": "id", "limit": 2, "offset": 2})).json()["items"]
    assert [row["access"]["code"] for row in third] == ["no_agreement"]
    found = (await operator.get("/cameras", params={"q": "商场", "tier": "unit"})).json()
    assert [row["name"] for row in found["items"]] == ["商场门口"]


async def test_cameras_that_nobody_approved_do_not_exist_for_an_operator(web: Web) -> None:
    pending = put_camera(web, name="未审核", life_cycle=LifeCycle.PENDING)
    operator, maintainer = await web.signed_in(Role.OPERATOR), await web.signed_in(Role.MAINTAINER)
    assert (await operator.get("/cameras")).json()["total"] == 0
    assert (await operator.get("/cameras", params={"life_cycle": "pending"})).status_code == 400
    assert (await operator.get(f"/cameras/{pending}")).status_code == 404
    assert (await operator.get(f"/cameras/{pending}/snapshot")).status_code == 404
    assert "未审核" not in (await operator.get("/cameras.geojson")).text
    assert (await maintainer.get("/cameras", params={"life_cycle": "pending"})).json()["total"] == 1
    assert (await maintainer.get(f"/cameras/{pending}")).status_code == 200


async def test_an_owner_sees_own_cameras_only(web: Web) -> None:
    with web.database.writing() as tx:
        shop = owners.ensure(tx, "街角小店", Tier.UNIT, web.clock())
    mine = put_camera(web, name="小店门口", tier=Tier.UNIT, owner_id=shop)
    other = put_camera(web, name="路口")
    owner = await web.signed_in(Role.OWNER, owner_id=shop)
    assert [row["id"] for row in (await owner.get("/cameras")).json()["items"]] == [mine]
    assert [f["id"] for f in (await owner.get("/cameras.geojson")).json()["features"]] == [mine]
    assert (await owner.get(f"/cameras/{other}")).status_code == 404
    assert (await owner.get(f"/cameras/{mine}")).json()["row"]["access"]["code"] == "own_camera"


async def test_addresses_are_for_those_who_repair(web: Web) -> None:
    stream = Stream(
        role=StreamRole.SUB, profile="p", encoding="H264", width=640, height=360, uri="rtsp://127.24.64.1/s"
    )
    camera_id = put_camera(web, streams=[stream])
    for role, shown in ((Role.OPERATOR, False), (Role.MAINTAINER, True), (Role.ADMIN, True), (Role.PLANNER, False)):
        record = await (await web.signed_in(role)).get(f"/cameras/{camera_id}")
        assert record.status_code == 200
        assert ("127.24.64.1" in record.text) is shown, role


async def test_the_points_of_the_map_are_made_once_until_something_changes(web: Web) -> None:
    put_camera(web, name="一")
    admin = await web.signed_in()
    first = await admin.get("/cameras.geojson")
    assert first.json()["features"][0]["properties"]["status"] == "unknown"
    again = await admin.get("/cameras.geojson", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    put_camera(web, name="二")
    changed = await admin.get("/cameras.geojson", headers={"If-None-Match": first.headers["etag"]})
    assert len(changed.json()["features"]) == 2


async def test_the_map_knows_which_cameras_are_not_intact(web: Web) -> None:
    covered, soft, well = (put_camera(web, name=name) for name in ("遮挡", "模糊", "完好"))
    opened = [
        OpenedFault(CameraId(camera_id), Fault(kind=kind, layer=LAYER_OF[kind], severity=severity), web.clock())
        for camera_id, kind, severity in (
            (covered, FaultKind.OCCLUSION, Severity.MAJOR),
            (soft, FaultKind.BLUR, Severity.MINOR),
        )
    ]
    with web.database.writing() as tx:
        faults.open_faults(tx, opened, web.clock())
    points = (await (await web.signed_in()).get("/cameras.geojson")).json()["features"]
    told = {one["id"]: (one["properties"].get("kinds"), one["properties"].get("ill", False)) for one in points}
    assert told == {covered: ("occlusion", True), soft: ("blur", False), well: (None, False)}


async def test_a_picture_carries_its_age_and_leaves_a_line_in_the_log(web: Web) -> None:
    camera_id = put_camera(web)
    put_still(web, camera_id)
    operator = await web.signed_in(Role.OPERATOR)
    answer = await operator.get(f"/cameras/{camera_id}/snapshot", params={"purpose": "案件 17"})
    assert answer.content == b"\xff\xd8 a picture \xff\xd9"
    assert 20 <= int(answer.headers["age"]) <= 25
    assert answer.headers["x-picture-at"]
    log = (await (await web.signed_in()).get(f"/cameras/{camera_id}/looks")).json()
    assert log["chain_ok"] is True
    assert [(row["who"], row["kind"], row["purpose"], row["allowed"]) for row in log["items"]] == [
        ("operator", "still", "案件 17", True)
    ]


async def test_a_refused_look_is_logged_and_shows_nothing(web: Web) -> None:
    camera_id = put_camera(web, tier=Tier.COMMUNITY)
    put_still(web, camera_id)
    operator = await web.signed_in(Role.OPERATOR)
    answer = await operator.get(f"/cameras/{camera_id}/snapshot")
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "no_agreement")
    with web.database.reading() as tx:
        entry = looks.of_camera(tx, camera_id).items[0]
    assert (entry.look.allowed, entry.look.because, entry.intact) == (False, "no_agreement", True)


async def test_a_file_outside_the_data_folder_is_never_served(web: Web) -> None:
    camera_id = put_camera(web)
    put_still(web, camera_id, file="../../../../etc/passwd")
    answer = await (await web.signed_in()).get(f"/cameras/{camera_id}/snapshot")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "no_picture")


async def test_a_picture_that_is_not_there_leaves_no_look_behind_and_a_refusal_does(web: Web) -> None:
    without, gone = put_camera(web), put_camera(web, address="127.24.64.2")
    put_still(web, gone)
    (web.rooms.stills_folder / "a.jpg").unlink()
    refused = put_camera(web, tier=Tier.COMMUNITY, address="127.24.64.3")
    operator = await web.signed_in(Role.OPERATOR)
    for camera_id in (without, gone):
        answer = await operator.get(f"/cameras/{camera_id}/snapshot")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "no_picture")
    assert (await operator.get(f"/cameras/{refused}/snapshot")).status_code == 403
    with web.database.reading() as tx:
        logged = {camera_id: looks.of_camera(tx, camera_id).items for camera_id in (without, gone, refused)}
    assert {camera_id: [entry.look.allowed for entry in entries] for camera_id, entries in logged.items()} == {
        without: [],
        gone: [],
        refused: [False],
    }


async def test_an_incident_is_found_by_place_name_and_by_pole(web: Web) -> None:
    operator = await web.signed_in(Role.OPERATOR)
    by_name = (await operator.post("/incidents", json={"address_text": "人民广场", "category": "fight"})).json()
    assert (by_name["lon"], by_name["lat"]) == (SQUARE.lon, SQUARE.lat)
    nowhere = await operator.post("/incidents", json={"address_text": "月球背面", "category": "fight"})
    assert (nowhere.status_code, nowhere.json()["error"]["where"]) == (400, "address_text")


async def test_gcj02_is_converted_at_the_border(web: Web) -> None:
    operator = await web.signed_in(Role.OPERATOR)
    shifted = {"lon": 113.631414637, "lat": 34.745416415, "coordinate_system": "gcj02"}
    opened = (await operator.post("/incidents", json=shifted)).json()
    assert abs(opened["lon"] - 113.625368) < 1e-6
    assert abs(opened["lat"] - 34.746599) < 1e-6


async def test_the_shown_list_is_kept_and_a_number_is_taken_once(web: Web) -> None:
    put_camera(web, name="近", east_m=10)
    put_camera(web, name="远", east_m=60)
    operator = await web.signed_in(Role.OPERATOR)
    opened = await operator.post("/incidents", json={**REPORT, "incident_no": "A-1"})
    assert opened.status_code == 201
    assert (await operator.post("/incidents", json={**REPORT, "incident_no": "A-1"})).status_code == 409
    incident_id = opened.json()["id"]
    feeds = (await operator.get(f"/incidents/{incident_id}/feeds")).json()["feeds"]
    assert [feed["name"] for feed in feeds] == ["近", "远"]
    await operator.get(f"/incidents/{incident_id}/feeds")
    with web.database.reading() as tx:
        shown = incidents.shown(tx, incident_id)
    assert [[line["name"] for line in lines] for _, lines in shown] == [["近", "远"]]


async def test_an_incident_goes_forward_and_out_but_never_back(web: Web) -> None:
    operator, planner = await web.signed_in(Role.OPERATOR), await web.signed_in(Role.PLANNER)
    incident = (await operator.post("/incidents", json=REPORT)).json()
    path = f"/incidents/{incident['id']}/status"
    assert (await planner.post(path, json={"status": "closed"})).status_code == 403
    assert (await operator.post(path, json={"status": "on_scene"})).json()["open"] is True
    assert (await operator.post(path, json={"status": "received"})).status_code == 409
    assert (await operator.post(path, json={"status": "elsewhere"})).status_code == 400
    closed = (await operator.post(path, json={"status": "closed"})).json()
    assert (closed["open"], closed["next_statuses"]) == (False, [])
    assert (await operator.get("/incidents", params={"open": True})).json()["total"] == 0


async def test_health_coverage_map_and_figures_answer(web: Web) -> None:
    put_camera(web)
    admin = await web.signed_in()
    summary = (await admin.get("/health/summary")).json()
    assert (summary["all"]["total"], summary["all"]["unknown"], summary["poller"]["watching"]) == (1, 1, False)
    at = (await admin.get("/coverage/at", params={"lon": SQUARE.lon, "lat": SQUARE.lat})).json()
    assert at["seen_by"][0]["usable"] is True
    assert (await admin.get("/coverage/gaps")).json()["items"] == []
    assert (await admin.get("/coverage/views")).json()["type"] == "FeatureCollection"
    assert (await admin.get("/map/search", params={"q": "广场"})).json()["items"][0]["name"] == "人民广场"
    assert (await admin.get("/system")).json()["demo"] is False
    assert (await admin.get("/demo/devices")).status_code == 404
    figures = (await web.client().get(f"{web.url}/metrics")).text
    assert 'vms_cameras{status="unknown"} 1.0' in figures
    assert "vms_request_seconds_bucket" in figures


async def test_a_restart_ends_the_live_looks_of_before(sqlite_database: Database, tmp_path: Path) -> None:
    async with running_web(sqlite_database, tmp_path) as web:
        camera_id = put_camera(web)
        with web.database.writing() as tx:
            from_before = looks.Look(
                at=web.clock(),
                camera_id=camera_id,
                user_id=1,  # type: ignore[arg-type]
                user_name="li",
                kind=looks.LookKind.LIVE,
                allowed=True,
                because="by_role",
            )
            looks.append(tx, from_before)
    async with running_web(sqlite_database, tmp_path) as web:
        with web.database.reading() as tx:
            assert looks.of_camera(tx, camera_id).items[0].ended_at is not None
            assert looks.verify_chain(tx).broken_at is None
