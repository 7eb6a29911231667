"""Recordings, plans and clocks over HTTP: shown, asked for now, set by who keeps the archive."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select, update

from tests.builders.tasks import TaskCity, a_recorder, store_all
from tests.builders.web import Web, put_camera
from vms.access.roles import Role
from vms.core.ids import CameraId
from vms.health.fault import Fault, FaultKind, Severity
from vms.health.footage import DayOfFootage
from vms.health.layer import Layer
from vms.health.turning import TurnOutcome
from vms.inventory.camera import LifeCycle
from vms.inventory.tier import Tier
from vms.maintenance.assignment import AssignmentRule
from vms.services.device_tasks.desk import TaskDesk
from vms.sim.city import running_city
from vms.sim.footage_kept import Footage
from vms.sim.personality import PLAIN
from vms.store import daily_numbers, devices, faults, maintainers, ptz_checks, recording_list, recordings
from vms.store.daily_numbers import DailyNumber, Sum
from vms.store.recordings import RecordingCheck
from vms.store.schema import cameras as camera_table
from vms.store.schema import devices as device_table

DAY_AND_NIGHT = [[[0, 1440]]] * 7
NOW = datetime.now(UTC)


async def test_a_keeper_has_a_camera_looked_at_now_and_everybody_reads_what_was_found(web: Web) -> None:
    plan = a_recorder("127.67.251.1", 2, replace(PLAIN, clock_offset_s=3600.0))
    admin, operator = await web.signed_in(Role.ADMIN), await web.signed_in(Role.OPERATOR)
    async with running_city(plan) as city:
        found = TaskCity(city=city, desk=TaskDesk(database=web.database, box=web.rooms.box))
        store_all(found, plan)
        first, second = found.camera_ids[plan.devices[0].address]
        with web.database.writing() as tx:
            tx.execute(update(camera_table).values(created_at=NOW - timedelta(days=90)))
        city.device(plan.devices[0].address).rare.footage[1] = Footage(since=NOW - timedelta(days=40))
        assert (await operator.post(f"/cameras/{first}/recordings/check")).status_code == 403
        before = (await operator.get(f"/cameras/{first}/recordings")).json()
        assert before == {"camera_id": first, "days": [], "check": None, "caption": None}
        done = await admin.post(f"/cameras/{first}/recordings/check")
        assert done.status_code == 200, done.text
        shown = done.json()
    assert len(shown["days"]) == 8
    assert {day["missing_s"] for day in shown["days"][:-1]} == {0}
    assert (shown["check"]["source"], shown["check"]["because"]) == ("recorder", "")
    assert shown["check"]["days_kept"] == 40
    assert (shown["caption"]["name_ok"], shown["caption"]["clock_ok"]) == (True, True)
    assert (await operator.get(f"/cameras/{first}/recordings")).json() == shown
    day = shown["days"][0]["day"]
    one = (await operator.get(f"/cameras/{first}/recordings", params={"from": day, "to": day})).json()
    assert one["days"] == shown["days"][:1]
    backwards = {"from": "2026-02-01", "to": "2026-01-01"}
    assert (await operator.get(f"/cameras/{first}/recordings", params=backwards)).status_code == 400
    assert (await operator.get(f"/cameras/{second}/recordings")).json()["check"] is None, "only the one was asked for"
    with web.database.reading() as tx:
        assert faults.standing_faults(tx) == {}

    gone = (await admin.post(f"/cameras/{first}/recordings/check")).json()
    assert (gone["check"]["because"], len(gone["days"])) == ("unreachable", 8)


async def test_plans_are_set_as_a_whole_by_who_keeps_the_archive(web: Web) -> None:
    keeper, operator = await web.signed_in(Role.MAINTAINER), await web.signed_in(Role.OPERATOR)
    by_day = {"name": "by day", "fits": {"tiers": ["unit"]}, "week": [[[480, 1080]]] * 5 + [[]] * 2, "days_least": 15}
    always = {"name": "always", "week": DAY_AND_NIGHT, "days_most": 90}
    assert (await operator.put("/recordings/plans", json={"plans": [by_day]})).status_code == 403
    done = await keeper.put("/recordings/plans", json={"plans": [by_day, always]})
    assert done.status_code == 200, done.text
    shown = (await operator.get("/recordings/plans")).json()
    assert shown == done.json()
    assert [(plan["name"], plan["days_least"], plan["days_most"]) for plan in shown["plans"]] == [
        ("by day", 15, None),
        ("always", None, 90),
    ]
    for wrong, where in (
        ([by_day, by_day], "plans.1.name"),
        ([by_day | {"week": [[[600, 480]]] * 7}], "plans.0.week.0"),
        ([by_day | {"days_least": 30, "days_most": 20}], "plans.0.days_most"),
    ):
        refused = await keeper.put("/recordings/plans", json={"plans": wrong})
        assert (refused.status_code, refused.json()["error"]["where"]) == (400, where)
    assert (await keeper.put("/recordings/plans", json={"plans": [by_day | {"week": []}]})).status_code == 422
    assert (await operator.get("/recordings/plans")).json() == shown, "what is refused changes nothing"


async def test_a_plan_that_fits_nobody_says_so(web: Web) -> None:
    keeper = await web.signed_in(Role.MAINTAINER)
    ids = [put_camera(web) for _ in range(3)]
    retired = put_camera(web, life_cycle=LifeCycle.RETIRED)
    with web.database.reading() as tx:
        tier = tx.execute(select(camera_table.c.tier).where(camera_table.c.id == ids[0])).scalar_one()
    other = "household" if tier != "household" else "unit"
    fits = ({}, {"tiers": [tier]}, {"tiers": [other]}, {"cameras": [ids[0], retired]}, {"cameras": [retired]})
    plans = [{"name": str(number), "fits": one, "week": DAY_AND_NIGHT} for number, one in enumerate(fits)]
    done = (await keeper.put("/recordings/plans", json={"plans": plans})).json()
    assert [plan["fits_now"] for plan in done["plans"]] == [3, 3, 0, 1, 0]


async def test_a_clock_is_shown_day_by_day_with_what_is_not_known_of_it_and_its_mistake_by_name(web: Web) -> None:
    camera_id = put_camera(web)
    operator = await web.signed_in(Role.OPERATOR)
    today = web.clock().date()
    numbers = []
    for ago, mean_s in ((3, 0.0), (2, 1.0), (1, 2.0), (0, 3.0)):
        clock, answer = Sum(), Sum()
        for value in (mean_s - 0.5, mean_s + 0.5):
            clock.add(value)
            answer.add(1.0)
        for metric, kept in (("clock_offset_s", clock), ("answer_s", answer)):
            day = today - timedelta(days=ago)
            numbers.append(DailyNumber(camera_id=camera_id, day=day, metric=metric, sum=kept))
    with web.database.writing() as tx:
        daily_numbers.add_many(tx, numbers)
    shown = (await operator.get(f"/cameras/{camera_id}/clock", params={"days": 3})).json()
    assert (shown["offset_s"], shown["mistake"]) == (None, "")
    assert shown["drift_s_per_day"] == pytest.approx(1.0)
    assert [day["mean_s"] for day in shown["days"]] == [1.0, 2.0, 3.0]
    latest = shown["days"][-1]
    assert (latest["least_s"], latest["most_s"], latest["readings"], latest["uncertainty_s"]) == (2.5, 3.5, 2, 1.0)
    with web.database.writing() as tx:
        device_id = devices.page(tx).items[0].device_id
        told = [{"code": "utc_is_local_time", "message": ""}]
        tx.execute(update(device_table).where(device_table.c.id == device_id).values(problems=told))
    shown = (await operator.get(f"/cameras/{camera_id}/clock")).json()
    assert shown["mistake"] == "utc_is_local_time"


async def test_whether_a_camera_turns_is_told_to_everybody_who_knows_of_it(web: Web) -> None:
    camera_id = put_camera(web)
    operator = await web.signed_in(Role.OPERATOR)
    shown = (await operator.get(f"/cameras/{camera_id}/turning")).json()
    assert (shown["checked_at"], shown["ok"], shown["is_away"]) == (None, None, False)
    with web.database.writing() as tx:
        outcome = TurnOutcome(ok=False, because="does_not_turn")
        ptz_checks.finish(tx, CameraId(camera_id), outcome, web.clock(), rests=True)
    shown = (await operator.get(f"/cameras/{camera_id}/turning")).json()
    assert (shown["ok"], shown["because"], shown["is_away"]) == (False, "does_not_turn", False)
    assert (await operator.get("/cameras/999999/turning")).status_code == 404


async def test_the_list_of_recordings_begins_with_who_lacks_most_and_is_filtered_by_plan_and_state(web: Web) -> None:
    operator = await web.signed_in(Role.OPERATOR)
    today = web.clock().astimezone(web.rooms.settings.zone).date()
    midnight = datetime.combine(today, time(), web.rooms.settings.zone)
    ids = [CameraId(put_camera(web, name=f"camera {number}")) for number in range(4)]
    with web.database.writing() as tx:
        for number, camera_id in enumerate(ids[:3]):
            check = RecordingCheck(
                camera_id=camera_id,
                checked_at=web.clock(),
                plan="by day" if number else "",
                days_wanted=30,
                days_kept=10.0 if number == 2 else 40.0,
                because="unreachable" if number == 0 else "",
            )
            recordings.put_checks(tx, [check])
            hour = timedelta(hours=1)
            lost = DayOfFootage(
                day=today,
                planned=10 * hour,
                recorded=(10 - number) * hour,
                expired=0 * hour,
                missing=number * hour,
                gaps=(),
            )
            old = replace(lost, day=today - timedelta(days=20), missing=9 * hour)
            days = [(lost, midnight), (old, midnight - timedelta(days=20))]
            recordings.put_days(tx, camera_id, days, "camera", web.clock())
        recording_list.sum_up(tx, ids, today - timedelta(days=recording_list.LIST_DAYS - 1))

    async def shown(**asked: object) -> list[int]:
        answer = await operator.get("/recordings", params=asked)
        assert answer.status_code == 200, answer.text
        return [ids.index(row["camera_id"]) for row in answer.json()["items"]]

    page = (await operator.get("/recordings")).json()
    assert (page["total"], len(page["days"]), page["days"][-1]) == (3, 14, today.isoformat())
    first = page["items"][0]
    assert (first["camera_id"], first["missing_s"], first["days"][-1]["missing_s"]) == (ids[2], 7200, 7200)
    assert first["days"][:13] == [None] * 13, "what is older is not on the page"
    assert await shown() == [2, 1, 0]
    assert await shown(sort="missing", limit=2, offset=1) == [1, 2]
    assert await shown(plan="by day") == [2, 1] and await shown(without_plan=True) == [0]
    assert [await shown(state=state) for state in ("missing", "short", "untold", "unplayable")] == [
        [2, 1],
        [2],
        [0],
        [],
    ]
    with web.database.writing() as tx:
        made = {"contact": "", "contract": "", "calendar_id": None, "retired": False}
        east, west = (maintainers.put(tx, name, web.clock(), **made).maintainer_id for name in ("东", "西"))
        rule = AssignmentRule(maintainer_id=east, tier=Tier.GOVERNMENT)
        maintainers.replace_rules(tx, [rule, AssignmentRule(maintainer_id=west)], web.clock())
        tx.execute(update(camera_table).where(camera_table.c.id == ids[1]).values(tier="unit"))
    assert [await shown(maintainer=firm) for firm in (east, west)] == [[2, 0], [1]]
    assert (await operator.get("/recordings", params={"maintainer": west})).json()["total"] == 1
    assert (await operator.get("/recordings", params={"sort": "size"})).status_code == 422


async def test_recordings_that_cannot_be_told_are_neither_unlooked_at_nor_without_a_gap(web: Web) -> None:
    operator = await web.signed_in(Role.OPERATOR)
    camera_id = CameraId(put_camera(web))

    async def layer() -> tuple[bool | None, str]:
        layers = (await operator.get(f"/cameras/{camera_id}")).json()["watch"]["layers"]
        return next((one["ok"], one["because"]) for one in layers if one["layer"] == "recording")

    assert await layer() == (None, "")
    untold = RecordingCheck(camera_id=camera_id, checked_at=web.clock(), because="search_unsupported")
    with web.database.writing() as tx:
        recordings.put_checks(tx, [untold])
    (row,) = (await operator.get("/recordings")).json()["items"]
    assert (row["missing_s"], row["because"]) == (None, "search_unsupported")
    assert await layer() == (None, "search_unsupported")
    with web.database.writing() as tx:
        recordings.put_checks(tx, [replace(untold, because="", days_kept=10.0)])
    assert await layer() == (True, "")
    short = Fault(kind=FaultKind.RETENTION_SHORT, layer=Layer.RECORDING, severity=Severity.MAJOR)
    with web.database.writing() as tx:
        faults.open_faults(tx, [faults.OpenedFault(camera_id=camera_id, fault=short, at=web.clock())], web.clock())
    assert await layer() == (False, "retention_short")
