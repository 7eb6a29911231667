"""Gaps over HTTP: listed, stepped, photographed; rates, prices, rules and the printed report beside them."""

import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from tests.builders.coverage import a_key_place, a_road, a_town, at
from tests.builders.media_http import a_jpeg
from tests.builders.web import Web, running_web
from vms.access.agreement import Agreements
from vms.access.roles import Role
from vms.cli.coverage_gaps import add_to
from vms.core.clock import system_clock
from vms.core.ids import CameraId
from vms.inventory.camera import Declared, LifeCycle, Pose
from vms.inventory.tier import Tier
from vms.services.coverage.coverage_now import CoverageNow
from vms.services.coverage.keep_gaps import GapKeeper
from vms.services.coverage.keep_rates import RateKeeper
from vms.services.coverage.memory import CoverageMemory
from vms.services.maps.import_map import import_map
from vms.services.plans.request import PlanRequest, written
from vms.store import cameras, coverage_gap_list, plan_gaps, plans
from vms.store.database import Database


class Watched:
    """A street of 200 m and a school, which a camera in the west sees up to its middle."""

    def __init__(self, database: Database) -> None:
        now = system_clock()
        street = a_road((0.0, 0.0), (200.0, 0.0), name="人民路", source_id="w1")
        import_map(database, a_town(roads=[street], places=[a_key_place(150.0, 6.0, "第一小学")]), now=now)
        pose = Pose(position=at(-2.0, 0.0), bearing_deg=90.0, h_fov_deg=40.0, max_view_m=100.0)
        with database.writing() as tx:
            declared = Declared(name="西口", tier=Tier.GOVERNMENT, pose=pose)
            self.camera_id: CameraId = cameras.add(tx, declared, life_cycle=LifeCycle.APPROVED, now=now)
        self.memory = CoverageMemory(database, Agreements(), system_clock)
        self.memory.load()
        self.gaps, self.rates = GapKeeper(self.memory), RateKeeper(self.memory)
        self.rates.keep(now, at_once=True)
        self.keep()

    def keep(self) -> None:
        self.memory.follow()
        now = system_clock() + timedelta(seconds=10)
        self.gaps.keep(now, at_once=True)
        self.rates.keep(now, at_once=True)


@pytest.fixture
def watched(sqlite_database: Database) -> Watched:
    return Watched(sqlite_database)


@pytest.fixture
async def town(watched: Watched, sqlite_database: Database, tmp_path: Path) -> AsyncIterator[Web]:
    async with running_web(sqlite_database, tmp_path, coverage=CoverageNow(watched.memory)) as found:
        yield found


def a_plan(town: Web, name: str) -> int:
    """That waits to be worked out."""
    request = PlanRequest(area={"type": "Polygon", "coordinates": []}, budget=5.0)
    with town.database.writing() as tx:
        return plans.add(tx, name=name, request=written(request), who="li", now=town.clock())


async def test_gaps_are_listed_worth_first_and_narrowed_down(town: Web) -> None:
    planner = await town.signed_in(Role.PLANNER)
    found = (await planner.get("/coverage/gaps")).json()
    assert found["total"] == len(found["items"]) > 2
    school = found["items"][0]
    assert (school["name"], school["ground"], school["cause"], school["state"]) == (
        "第一小学", "key_place", "none_built", "open",
    )  # fmt: skip
    assert found["totals"]["by_cause_m"]["none_built"] > 90
    assert (school["length_m"], school["line_m"]) == (None, None)
    sides = [one for one in found["items"] if one["ground"] == "street" and one["where"]["side"]]
    assert sides and all(one["line_m"] == pytest.approx(2 * one["length_m"], abs=0.1) for one in sides)
    west, east = at(140.0, -20.0), at(160.0, 20.0)
    for params, expected in (
        ({"class": "key_place"}, {"key_place"}),
        ({"kind": "road", "cause": "none_built"}, {"street"}),
        ({"bbox": f"{west.lon},{west.lat},{east.lon},{east.lat}", "kind": "place"}, {"key_place"}),
        ({"state": "closed"}, set()),
        ({"night": "true"}, set()),
        ({"bbox": "1,1,2,2"}, set()),
    ):
        answer = await planner.get("/coverage/gaps", params=params)
        assert {one["ground"] for one in answer.json()["items"]} == expected, params
    assert (await planner.get("/coverage/gaps", params={"sort": "colour"})).status_code == 400
    for name, known in (("cause", "none_built"), ("kind", "place"), ("class", "key_place"), ("state", "closed")):
        refused = await planner.get("/coverage/gaps", params={name: "moon"})
        assert (refused.status_code, refused.json()["error"]["where"]) == (400, name)
        assert known in refused.json()["error"]["message"]
    assert (await planner.get("/coverage/gaps/999")).status_code == 404


async def test_of_a_time_that_nobody_measured_no_totals_are_told_and_the_future_is_refused(town: Web) -> None:
    planner = await town.signed_in(Role.PLANNER)
    now = (await planner.get("/coverage/gaps")).json()
    assert now["measured"] and now["totals"]["places"] == 1
    before = (await planner.get("/coverage/gaps", params={"at": "2020-01-01T00:00:00Z"})).json()
    assert (before["measured"], before["measured_at"], before["totals"], before["total"]) == (False, None, None, 0)
    later = await planner.get("/coverage/gaps", params={"at": "2099-01-01T00:00:00Z"})
    assert (later.status_code, later.json()["error"]["where"]) == (400, "at")
    assert "in the future" in later.json()["error"]["message"]


async def test_a_gap_has_one_shape_on_the_command_line_and_over_http(town: Web, watched: Watched) -> None:
    planner = await town.signed_in(Role.PLANNER)
    told = (await planner.get("/coverage/gaps")).json()["items"]
    app = typer.Typer()
    app.callback()(lambda: None)
    add_to(app)
    done = CliRunner().invoke(app, ["gaps", "--json", "--db", town.database.url])
    assert done.exit_code == 0, done.output
    rows = json.loads(done.stdout)["gaps"]
    assert [set(row) for row in rows] == [set(one) for one in told]
    same = ("id", "ground", "cause", "state", "region_code", "plan_id", "reopened", "line_m")
    assert [[row[name] for name in same] for row in rows] == [[one[name] for name in same] for one in told]
    assert all(row["since"] and row["uncovered_since"] for row in rows)
    table = CliRunner().invoke(app, ["gaps", "--class", "street", "--db", town.database.url], env={"COLUMNS": "200"})
    assert {"length m", "counts m"} <= set(re.split(r" {2,}", table.stdout.splitlines()[1].strip()))
    road = max((row for row in rows if row["line_m"]), key=lambda row: row["weighted_m"])
    assert f"{road['line_m']:.0f}  {road['length_m']:.0f}" in re.sub(r" {2,}", "  ", table.stdout)


async def test_people_confirm_note_assign_and_plan_a_gap_and_the_program_closes_it(town: Web, watched: Watched) -> None:
    planner, operator = await town.signed_in(Role.PLANNER), await town.signed_in(Role.OPERATOR)
    gap_id = (await planner.get("/coverage/gaps", params={"class": "key_place"})).json()["items"][0]["id"]
    path = f"/coverage/gaps/{gap_id}"
    assert (await operator.patch(path, json={"step": "confirm"})).status_code == 403
    assert (await planner.patch(path, json={"step": "comment"})).json()["error"]["code"] == "bad_input"
    assert (await planner.patch(path, json={"step": "confirm"})).json()["gap"]["state"] == "confirmed"
    assert (await planner.patch(path, json={"step": "confirm"})).json()["error"]["code"] == "gap_state"
    nobody = await planner.patch(path, json={"step": "assign", "assigned_to": "王工"})
    assert (nobody.status_code, nobody.json()["error"]["where"]) == (400, "assigned_to")
    who = (await planner.get("/session")).json()["user"]["name"]
    await planner.patch(path, json={"step": "assign", "assigned_to": who})
    headers = {"Content-Type": "image/jpeg"}
    blank = await planner.post(f"{path}/photographs", params={"text": " \t "}, content=a_jpeg(), headers=headers)
    assert (blank.status_code, blank.json()["error"]["where"]) == (400, "text")
    noted = await planner.post(f"{path}/photographs", params={"text": "树挡住了"}, content=a_jpeg(), headers=headers)
    assert noted.status_code == 201, noted.text
    step = noted.json()["steps"][-1]
    assert (step["step"], step["text"], step["photograph"]) == ("note", "树挡住了", True)
    picture = await operator.get(f"{path}/photographs/{step['id']}")
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/jpeg")
    unknown = await planner.patch(path, json={"step": "plan", "plan_id": 7})
    assert (unknown.status_code, unknown.json()["error"]["message"]) == (404, "there is no plan 7")
    plan_id = a_plan(town, "校门")
    planned = (await planner.patch(path, json={"step": "plan", "plan_id": plan_id})).json()["gap"]
    assert (planned["state"], planned["plan_id"], planned["assigned_to"]) == ("planned", plan_id, who)
    with town.database.writing() as tx:
        pose = Pose(position=at(150.0, -20.0), bearing_deg=0.0, h_fov_deg=60.0, max_view_m=60.0)
        declared = Declared(name="校门", tier=Tier.GOVERNMENT, pose=pose)
        cameras.add(tx, declared, life_cycle=LifeCycle.APPROVED, now=system_clock())
    watched.keep()
    closed = (await planner.get(path)).json()
    assert closed["gap"]["closed_at"] is not None
    assert [one["step"] for one in closed["steps"]] == ["confirm", "assign", "note", "plan", "closed"]
    assert (await planner.patch(path, json={"step": "note", "text": "x"})).json()["error"]["code"] == "gap_closed"


async def test_a_plan_that_is_thrown_away_leaves_no_gap_planned_and_its_number_to_nobody(town: Web) -> None:
    planner = await town.signed_in(Role.PLANNER)
    path = f"/coverage/gaps/{(await planner.get('/coverage/gaps')).json()['items'][0]['id']}"
    gone = a_plan(town, "旧")
    await planner.patch(path, json={"step": "plan", "plan_id": gone})
    await planner.post(f"/coverage/plans/{gone}/cancel")
    late = await planner.patch(path, json={"step": "plan", "plan_id": gone})
    assert (late.status_code, late.json()["error"]["code"]) == (409, "plan_over")
    assert (await planner.delete(f"/coverage/plans/{gone}")).status_code == 204
    found = (await planner.get(path)).json()
    assert (found["gap"]["state"], found["gap"]["plan_id"]) == ("open", None)
    assert (found["steps"][-1]["step"], found["steps"][-1]["text"]) == ("reopen", f"plan {gone}")
    later = a_plan(town, "新")
    assert later > gone
    with town.database.writing() as tx:
        coverage_gap_list.move(tx, int(found["gap"]["id"]), {"state": "planned", "plan_id": gone})
        assert plan_gaps.mark_planned(tx, [int(found["gap"]["id"])], later, "li", town.clock()) == 1
        assert plan_gaps.mark_planned(tx, [int(found["gap"]["id"])], later, "li", town.clock()) == 0


async def test_rates_prices_and_redundancy_are_told(town: Web, watched: Watched) -> None:
    staff = await town.signed_in(Role.OPERATOR)
    rates = (await staff.get("/coverage/rates", params={"by": "class"})).json()
    street = next(one for one in rates["items"] if one["key"] == "street")
    assert 0.3 < street["road_rate"] < 0.5
    assert (street["target"], street["met"], round(street["road_m"])) == (0.8, False, 200)
    assert rates["known_share"] > 0.0
    with town.database.writing() as tx:
        nowhere = cameras.add(
            tx, Declared(name="库房", tier=Tier.GOVERNMENT), life_cycle=LifeCycle.APPROVED, now=system_clock()
        )
    price = (await staff.get("/coverage/price", params={"camera": [watched.camera_id, nowhere]})).json()["items"]
    assert price[0]["road_m"] == pytest.approx(street["road_rate"] * 200, abs=0.1)
    assert (price[0]["placed"], price[1]["placed"]) == (True, False)
    unknown = await staff.get("/coverage/price", params={"camera": [watched.camera_id, 999_999]})
    assert (unknown.status_code, unknown.json()["error"]["message"]) == (404, "there is no camera 999999")
    nobodys = await staff.get("/coverage/price", params={"camera": -1})
    assert (nobodys.status_code, nobodys.json()["error"]["where"][:6]) == (422, "camera")
    spare = (await staff.get("/coverage/redundancy")).json()
    assert spare["by_views_m"][1] == pytest.approx(price[0]["road_m"], abs=0.1)
    assert (spare["spots"], spare["cameras"]) == ([], [])


async def test_planners_edit_what_is_asked_for_and_bad_rules_are_refused_with_the_reason(
    town: Web, watched: Watched
) -> None:
    planner = await town.signed_in(Role.PLANNER)
    now = (await planner.get("/coverage/needs")).json()
    assert (now["version"], now["own"]) == (None, True)
    assert now["editions"]["IEC 62676-4:2014"][0] == {"name": "detection", "name_zh": "探测", "least_px_per_m": 25.0}
    rule = {"ground": "street", "density": "identification"}
    for bad, says in (
        ({"rule": []}, "there is no rule"),
        ({"rule": [{**rule, "views": 0}]}, "rule 1 (street): views: a whole number from 1 to 8"),
        ({"rule": [{**rule, "area": "nowhere"}]}, "there is no region nowhere"),
        ({"rule": [rule, {**rule, "kinds": ["residential"]}]}, "rule 1 decides before it"),
        ({"rule": [{**rule, "colour": 1}]}, "colour is unknown"),
    ):
        answer = await planner.put("/coverage/needs", json={"document": bad})
        assert answer.status_code == 400, bad
        assert says in answer.json()["error"]["message"]
    kept = await planner.put("/coverage/needs", json={"document": {"rule": [rule]}, "why": "try"})
    assert kept.status_code == 200, kept.text
    watched.keep()
    items = (await planner.get("/coverage/gaps")).json()["items"]
    assert {(one["ground"], one["need_px_per_m"]) for one in items} == {("street", 250.0)}
    again = await planner.put("/coverage/needs", json={"document": None})
    assert again.json()["error"]["code"] == "needs_changed", "it names no version"
    assert not kept.json()["own"]
    version = kept.json()["version"]
    back = (await planner.put("/coverage/needs", json={"document": None, "version": version})).json()
    assert (back["why"], back["own"], back["document"]) == ("", True, now["document"])


async def test_the_report_is_a_page_to_print_in_both_languages(town: Web) -> None:
    staff = await town.signed_in(Role.OPERATOR)
    zh = (await staff.get("/coverage/report")).text
    assert "视频监控覆盖报告" in zh
    assert "第一小学" in zh
    assert zh.index("计算方法") > zh.index("当前主要盲区")
    en = (await staff.get("/coverage/report", params={"language": "en"})).text
    assert "Coverage of the video network" in en
    told = (await staff.get("/coverage/gaps")).json()["items"]
    road = next(one for one in told if one["line_m"])
    assert "<th>length, m</th><th>counts for, m</th>" in en
    assert re.search(rf"<td[^>]*>{road['line_m']:,.0f}</td><td[^>]*>{road['length_m']:,.0f}</td>", en)
    assert "<script" not in en
