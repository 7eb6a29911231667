"""The assessment over HTTP: figures with their method, profiles, and reports that stay as they were made."""

import io
from datetime import timedelta

from openpyxl import load_workbook
from sqlalchemy import insert

from tests.builders.web import Web, put_camera
from vms.access.roles import Role
from vms.core.ids import CameraId
from vms.inventory.tier import Tier
from vms.services.assessment.reports import make_due_reports
from vms.store import assessment_reports
from vms.store.schema import faults, flips, watch_sessions

HOUR = timedelta(hours=1)


def watched_for_a_day(web: Web, *, ill_for: timedelta = timedelta()) -> tuple[str, CameraId]:
    """A camera that was up all of yesterday, a fault of weight standing for a while. Yesterday's date, the camera."""
    zone = web.rooms.settings.zone
    today = web.clock().astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    start = today - 24 * HOUR
    web.clock.forward(start - HOUR - web.clock())
    camera_id = put_camera(web, name="=1+1 路口")
    with web.database.writing() as tx:
        run = insert(watch_sessions).values(started_at=start, alive_at=today, interval_s=60.0, once=False, figures={})
        session_id = tx.execute(run.returning(watch_sessions.c.id)).scalar_one()
        told = {"camera_id": camera_id, "session_id": session_id, "from_status": "unknown", "to_status": "up"}
        tx.execute(insert(flips).values(at=start, because="", **told))
        if ill_for:
            kind = {"camera_id": camera_id, "kind": "blur", "layer": "picture", "severity": "major", "because": ""}
            tx.execute(insert(faults).values(opened_at=start, closed_at=start + ill_for, **kind))
    web.clock.forward(today + HOUR - web.clock())
    return start.date().isoformat(), camera_id


async def test_a_day_is_assessed_with_its_method_and_exclusions(web: Web) -> None:
    day, _ = watched_for_a_day(web, ill_for=6 * HOUR)
    planner = await web.signed_in(Role.PLANNER)
    answer = await planner.get("/assessment", params={"from": day, "to": day, "by": "tier"})
    assert answer.status_code == 200, answer.text
    made = answer.json()
    assert (made["total"]["name"], made["total"]["name_zh"]) == ("all", "合计")
    assert [(one["name"], one["name_zh"]) for one in made["groups"]] == [("government", "政府")]
    told = {one["kind"]: one for one in made["total"]["figures"]}
    assert told["online_rate"]["value"] == 1.0 and told["online_rate"]["met"] is True
    assert told["intact_rate"]["value"] == 0.75 and told["intact_rate"]["met"] is False
    assert told["mttr"]["value"] is None and told["mttr"]["because_zh"] == "考核期内没有修复工单"
    assert told["archive_completeness"]["value"] is not None
    assert sum(made["total"]["time_s"].values()) == 86_400.0
    assert {one["kind"] for one in made["method"]} == set(told)
    assert made["days"] == [{"day": day, "online_rate": 1.0, "intact_rate": 0.75, "image_quality_rate": None}]


async def test_a_report_is_printed_and_is_a_spreadsheet_without_formulas(web: Web) -> None:
    day, _ = watched_for_a_day(web)
    admin = await web.signed_in()
    page = await admin.get("/assessment/page", params={"from": day, "to": day, "by": "tier"})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "在线率" in page.text and "计算方法" in page.text and "100.00 %" in page.text
    sheet = await admin.get("/assessment/sheet", params={"from": day, "to": day, "by": "tier"})
    book = load_workbook(io.BytesIO(sheet.content))
    assert book.sheetnames == ["排名", "指标明细", "时间构成（秒）", "每日趋势", "计算方法"]
    assert [cell.value for cell in next(book["排名"].iter_rows(min_row=2, max_row=2))][:3] == [1, "政府", 1]
    assert all(cell.data_type != "f" for one in book for row in one.iter_rows() for cell in row)


async def test_a_profile_of_the_office_changes_targets_and_scores(web: Web) -> None:
    day, _ = watched_for_a_day(web, ill_for=12 * HOUR)
    keeper, operator = await web.signed_in(Role.MAINTAINER), await web.signed_in(Role.OPERATOR)
    wanted = {"aims": {"intact_rate": {"target": 0.5, "weight": 10}}, "is_default": True}
    assert (await operator.put("/assessment/profiles/本局", json=wanted)).status_code == 403
    assert (await keeper.put("/assessment/profiles/本局", json=wanted)).status_code == 200
    refused = await keeper.put("/assessment/profiles/x", json={"aims": {"intact_rate": {"target": 98, "weight": 1}}})
    assert (refused.status_code, refused.json()["error"]["where"]) == (400, "aims.intact_rate.target")
    assert (await keeper.put("/assessment/profiles/usual", json=wanted)).status_code == 400
    made = (await operator.get("/assessment", params={"from": day, "to": day})).json()
    assert (made["profile"]["name"], made["total"]["score"]) == ("本局", 100.0)
    usual = (await operator.get("/assessment", params={"from": day, "to": day, "profile": "usual"})).json()
    assert usual["profile"]["name"] == "usual" and usual["total"]["score"] < 100
    assert (await keeper.delete("/assessment/profiles/本局")).status_code == 204
    names = [(row["name"], row["is_default"]) for row in (await operator.get("/assessment/profiles")).json()["items"]]
    assert names == [("usual", True)]


async def test_reports_that_are_due_are_made_once_and_stay_as_they_were(web: Web) -> None:
    day, camera_id = watched_for_a_day(web)
    zone = web.rooms.settings.zone
    made = make_due_reports(web.database, zone, web.clock())
    assert made and make_due_reports(web.database, zone, web.clock()) == []
    with web.database.writing() as tx:
        kind = {"camera_id": camera_id, "kind": "blur", "layer": "picture", "severity": "major", "because": ""}
        tx.execute(insert(faults).values(opened_at=web.clock() - 10 * HOUR, **kind))
    admin = await web.signed_in()
    listed = (await admin.get("/assessment/reports", params={"kind": "daily"})).json()
    assert listed["time_zone"] == zone.key, "so that a console elsewhere names the office's days"
    assert listed["total"] == 1
    number = listed["items"][0]["id"]
    kept = (await admin.get(f"/assessment/reports/{number}")).json()
    figures = {one["kind"]: one["value"] for one in kept["content"]["total"]["figures"]}
    assert (kept["content"]["from"], figures["intact_rate"]) == (day, 1.0)
    assert (await admin.get(f"/assessment/reports/{number}/page")).status_code == 200
    with web.database.reading() as tx:
        assert (await admin.get(f"/assessment/reports/{number}/sheet")).content == assessment_reports.sheet(tx, number)
    asked = await admin.post("/assessment/reports", json={"from": day, "to": day, "by": "owner"})
    assert (asked.status_code, asked.json()["kind"], asked.json()["made_by"]) == (201, "asked", "admin")
    assert (await admin.get("/assessment/reports/999")).status_code == 404


async def test_impossible_periods_are_refused_with_words(web: Web) -> None:
    admin = await web.signed_in()
    backwards = await admin.get("/assessment", params={"from": "2026-02-02", "to": "2026-02-01"})
    assert (backwards.status_code, backwards.json()["error"]["where"]) == (400, "to")
    endless = await admin.get("/assessment", params={"from": "2000-01-01", "to": "2026-02-01"})
    assert "at most 400 days" in endless.json()["error"]["message"]
    assert (await admin.get("/assessment", params={"from": "soon", "to": "2026-02-01"})).status_code in (400, 422)


async def test_a_profile_that_is_being_written_shows_how_the_ranking_would_change(web: Web) -> None:
    day, _ = watched_for_a_day(web, ill_for=6 * HOUR)
    put_camera(web, name="new", tier=Tier.COMMUNITY, address="127.66.0.9")
    planner = await web.signed_in(Role.PLANNER)
    question = {"from": day, "to": day, "by": "tier"}
    aims = {"intact_rate": {"target": 0.5, "weight": 100}}
    asked = {**question, "one": {"name": "usual"}, "other": {"name": "draft", "aims": aims}}
    found = (await planner.post("/assessment/comparison", json=asked)).json()
    usual = (await planner.get("/assessment", params={**question, "profile": "usual"})).json()
    scores = {group["key"]: (group["score"], group["rank"]) for group in usual["groups"]}
    assert {group["key"]: (group["one"]["score"], group["one"]["rank"]) for group in found["groups"]} == scores
    by_draft = {group["key"]: group["other"] for group in found["groups"]}
    assert by_draft["community"] == {"rank": None, "score": None, "missed": [], "left_out": ["intact_rate"]}
    assert by_draft["government"] == {"rank": 1, "score": 100.0, "missed": [], "left_out": []}
    assert "intact_rate" in found["total"]["one"]["missed"]
    assert (await planner.get("/assessment/profiles")).json()["items"][0]["name"] == "usual"
    impossible = {**asked, "other": {"aims": {"online_rate": {"target": None, "weight": 5}}}}
    refused = await planner.post("/assessment/comparison", json=impossible)
    assert (refused.status_code, refused.json()["error"]["where"]) == (400, "aims.online_rate.target")
    assert (await planner.post("/assessment/comparison", json={**asked, "one": {"name": "no"}})).status_code == 404
