"""The assessment of random histories equals counting them minute by minute, over clock changes and month's ends."""

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, update

from tests.builders.stored_cameras import store_camera
from vms.assessment.figure import FigureKind
from vms.assessment.grouping import GroupBy
from vms.assessment.period import Period
from vms.assessment.profile import USUAL
from vms.core.errors import BadInput
from vms.inventory.camera import LifeCycle
from vms.inventory.tier import Tier
from vms.places.regions import Region, RegionLevel
from vms.services.assessment.assess import Asked, assess
from vms.services.assessment.note_day import note_day
from vms.store import regions
from vms.store.schema import (
    blind_spells,
    camera_changes,
    cameras,
    faults,
    flips,
    notice_cameras,
    notices,
    outage_cameras,
    outages,
    watch_sessions,
    watches,
    work_orders,
)

MINUTE = timedelta(minutes=1)
BERLIN = ZoneInfo("Europe/Berlin")
SPRING = Period(first=date(2026, 3, 28), last=date(2026, 3, 30), zone=BERLIN)  # one day has 23 hours
AUTUMN = Period(first=date(2026, 10, 24), last=date(2026, 10, 26), zone=BERLIN)  # one day has 25 hours
TURN = Period(first=date(2026, 4, 30), last=date(2026, 5, 1), zone=ZoneInfo("Asia/Shanghai"))
Stretch = tuple[int, int]


@dataclass
class History:
    """One camera's truth, in minutes since the history's beginning."""

    camera_id: int
    tier: Tier
    service: list[Stretch]
    flips: list[tuple[int, int, str]] = field(default_factory=list)
    """(minute, run, status)."""
    ill: list[Stretch] = field(default_factory=list)
    noticed: list[Stretch] = field(default_factory=list)
    fallen: list[Stretch] = field(default_factory=list)


@dataclass
class Town:
    begin: datetime
    minutes: int
    runs: list[Stretch]
    blind: list[Stretch]
    cameras: list[History]

    def at(self, minute: int) -> datetime:
        return self.begin + minute * MINUTE


def _stretches(rng: random.Random, minutes: int, most: int) -> list[Stretch]:
    found = []
    for _ in range(rng.randrange(most + 1)):
        start = rng.randrange(minutes)
        found.append((start, min(minutes, start + rng.randrange(1, minutes // 3))))
    return found


def a_town(database, period: Period, seed: int) -> Town:
    """Written into the store row by row, as the program's parts would have."""
    rng = random.Random(seed)
    begin = period.interval.start - timedelta(hours=20)
    minutes = int(period.interval.length / MINUTE) + 40 * 60
    town = Town(begin, minutes, [], [], [])
    cuts = sorted(rng.sample(range(1, minutes), 5))
    town.runs = [(0, cuts[0]), (cuts[1], cuts[2]), (cuts[2], cuts[3]), (cuts[4], minutes)]
    town.blind = _stretches(rng, minutes, 2)
    with database.writing() as tx:
        runs = [
            tx.execute(
                insert(watch_sessions)
                .values(started_at=town.at(start), alive_at=town.at(end), interval_s=60.0, once=False, figures={})
                .returning(watch_sessions.c.id)
            ).scalar_one()
            for start, end in town.runs
        ]
        for start, end in town.blind:
            values = {"session_id": runs[0], "ground": "all", "because": "cut off", "whole": True}
            tx.execute(insert(blind_spells).values(from_at=town.at(start), until_at=town.at(end), **values))
    for number in range(6):
        tier = rng.choice([Tier.GOVERNMENT, Tier.UNIT])
        camera_id = store_camera(database, begin, name=f"camera {number}", tier=tier)
        history = History(camera_id, tier, service=[(0, minutes)])
        town.cameras.append(history)
        if number % 3 == 2:
            leaves = rng.randrange(1, minutes - 1)
            back = rng.randrange(leaves + 1, minutes + 1)
            history.service = [(0, leaves), (back, minutes)]
        for place, (start, end) in enumerate(town.runs):
            status = "unknown"
            for minute in sorted(rng.sample(range(start, end), min(end - start, rng.randrange(0, 6)))):
                status = rng.choice([one for one in ("up", "suspect", "down", "unknown") if one != status])
                history.flips.append((minute, place, status))
        history.ill = _stretches(rng, minutes, 3)
        history.noticed = _stretches(rng, minutes, 2)
        history.fallen = _stretches(rng, minutes, 2)
        _write(database, town, history, runs)
    return town


def _write(database, town: Town, history: History, runs: list[int]) -> None:
    camera_id = history.camera_id
    with database.writing() as tx:
        for minute, place, status in history.flips:
            values = {"camera_id": camera_id, "session_id": runs[place], "from_status": "unknown"}
            tx.execute(insert(flips).values(to_status=status, at=town.at(minute), because="", **values))
        for start, end in history.ill:
            values = {"camera_id": camera_id, "kind": "stream_dead", "layer": "stream", "severity": "critical"}
            closed = None if end == town.minutes else town.at(end)
            tx.execute(insert(faults).values(opened_at=town.at(start), closed_at=closed, because="", **values))
        for (leaves, back), (before, after) in zip(
            zip([end for _, end in history.service], [start for start, _ in history.service[1:]], strict=False),
            [("approved", "retired")],
            strict=False,
        ):
            for minute, step in ((leaves, (before, after)), (back, (after, before))):
                values = {"camera_id": camera_id, "who": "a", "field": "life_cycle", "why": ""}
                row = insert(camera_changes).values(at=town.at(minute), before=step[0], after=step[1], **values)
                tx.execute(row)
        for start, end in history.noticed:
            values = {"kind": "power_cut", "reason": "r", "scope": {}, "asked_by": "a", "state": "approved", "note": ""}
            row = insert(notices).values(
                start_at=town.at(start), end_at=town.at(end), asked_at=town.begin, cameras=1, **values
            )
            number = tx.execute(row.returning(notices.c.id)).scalar_one()
            tx.execute(insert(notice_cameras).values(notice_id=number, camera_id=camera_id))
        for start, end in history.fallen:
            values = {"kind": "switch", "cause": "1", "name": "s", "source": "typed", "because": "", "cameras": 1}
            row = insert(outages).values(
                opened_at=town.at(start), found_at=town.at(start), fell_from=town.at(start), **values
            )
            number = tx.execute(row.returning(outages.c.id)).scalar_one()
            row = insert(outage_cameras).values(outage_id=number, camera_id=camera_id)
            tx.execute(row.values(from_at=town.at(start), until_at=town.at(end)))


def _in(minute: int, stretches: list[Stretch]) -> bool:
    return any(start <= minute < end for start, end in stretches)


def _status(town: Town, history: History, minute: int) -> str:
    """What the newest run that speaks at this minute said last, if it lives."""
    speaking = [place for place, (start, end) in enumerate(town.runs) if start <= minute < end]
    if not speaking or _in(minute, town.blind):
        return "unknown"
    said = [status for at, place, status in history.flips if place == speaking[-1] and at <= minute]
    return said[-1] if said else "unknown"


def counted(town: Town, period: Period, *, charged: bool) -> dict[str, dict[str, int]]:
    """By tier, minutes of each part."""
    sums: dict[str, dict[str, int]] = {}
    first = (period.interval.start - town.begin) // MINUTE
    inside = range(first, first + period.interval.length // MINUTE)
    for history in town.cameras:
        if not any(_in(minute, history.service) for minute in inside):
            continue
        for minute in inside:
            status = _status(town, history, minute)
            if not _in(minute, history.service):
                part = "not_in_service"
            elif status == "unknown":
                part = "unwatched"
            elif _in(minute, history.noticed):
                part = "notice"
            elif _in(minute, history.fallen) and not charged:
                part = "outage"
            else:
                part = "assessable"
            group = sums.setdefault(history.tier.value, {})
            group[part] = group.get(part, 0) + 1
            if part == "assessable" and status != "down":
                group["online"] = group.get("online", 0) + 1
                if not _in(minute, history.ill):
                    group["intact"] = group.get("intact", 0) + 1
    return sums


@pytest.mark.parametrize("period", [SPRING, AUTUMN, TURN], ids=["spring", "autumn", "month"])
@pytest.mark.parametrize("seed", [1, 2])
def test_figures_equal_a_recount_by_the_minute(database, period: Period, seed: int) -> None:
    town = a_town(database, period, seed)
    charged = seed == 2
    profile = USUAL.__class__(name="p", aims=USUAL.aims, outages_are_charged=charged)
    made = assess(database, Asked(period=period, by=GroupBy.TIER, profile=profile), town.at(town.minutes))
    expected = counted(town, period, charged=charged)
    assert {group.key for group in made.groups} == set(expected)
    for group in made.groups:
        wanted = expected[group.key]
        parts = {part: us // 60_000_000 for part, us in group.tally.time_us.items() if us}
        assert parts == {part: n for part, n in wanted.items() if part not in ("online", "intact")}
        online = group.tally.ratios[FigureKind.ONLINE_RATE]
        assert (online.part, online.whole) == (
            wanted.get("online", 0) * 60_000_000,
            wanted.get("assessable", 0) * 60_000_000,
        )
        assert group.tally.ratios[FigureKind.INTACT_RATE].part == wanted.get("intact", 0) * 60_000_000
    by_day = sum(1 for day in made.days if day.online_rate is not None)
    assert by_day <= len(period.days) == len(made.days)


def test_orders_are_judged_by_the_deadlines_that_end_in_the_period(database) -> None:
    start = TURN.interval.start
    camera_id = store_camera(database, start)
    hour = timedelta(hours=1)

    def order(number: int, detected: datetime, **more: object) -> None:
        row = {
            "number": str(number),
            "state": "closed",
            "camera_id": camera_id,
            "layer": "stream",
            "kinds": [],
            "severity": "major",
            "cause": "",
            "cameras": 1,
            "region_code": "410105",
            "tier": "government",
            "detected_at": detected,
            "changed_at": detected,
            **more,
        }
        with database.writing() as tx:
            tx.execute(insert(work_orders).values(row))

    order(1, start, respond_by=start + hour, repair_by=start + 5 * hour, repaired_at=start + 4 * hour)
    order(2, start, repair_by=start + 5 * hour, repaired_at=start + 7 * hour, suspended_s=3600.0, repeat_of=1)
    order(3, start, repair_by=start + 5 * hour, outcome="false_alarm")
    order(4, start - 9 * hour, repair_by=start - hour)
    due = {"respond_by": start + 4 * hour, "repair_by": start + 5 * hour}
    order(5, start - hour, **due, outcome="healed", healed_at=start + hour, closed_at=start + 2 * hour)
    order(6, start - hour, **due, outcome="joined", closed_at=start)
    order(7, start - hour, **due, outcome="withdrawn", closed_at=start)
    order(8, start - hour, **due, state="suspended", suspended_at=start, suspended_until=TURN.interval.end)
    made = assess(database, Asked(period=TURN, by=GroupBy.TIER, profile=USUAL), TURN.interval.end)
    ratios = made.total.tally.ratios
    assert (ratios[FigureKind.FAULT_FIX_OK].part, ratios[FigureKind.FAULT_FIX_OK].whole) == (1, 2)
    assert (ratios[FigureKind.FAULT_RESPONSE_OK].part, ratios[FigureKind.FAULT_RESPONSE_OK].whole) == (0, 1)
    assert (ratios[FigureKind.REPEAT_FAULT_RATE].part, ratios[FigureKind.REPEAT_FAULT_RATE].whole) == (1, 2)
    mttr = next(figure for figure in made.total.figures if figure.kind is FigureKind.MTTR)
    assert mttr.value == 5 * 3600.0


def test_what_nobody_watched_is_said_and_not_guessed(database) -> None:
    store_camera(database, TURN.interval.start, life_cycle=LifeCycle.APPROVED)
    made = assess(database, Asked(period=TURN, by=GroupBy.REGION, profile=USUAL), TURN.interval.end)
    told = {figure.kind: figure for figure in made.total.figures}
    assert told[FigureKind.ONLINE_RATE].value is None
    assert told[FigureKind.ONLINE_RATE].because == "no camera was watched in the period"
    assert made.total.tally.time_us["unwatched"] == TURN.interval.length // timedelta(microseconds=1)
    assert made.total.score.points is None or FigureKind.ONLINE_RATE in made.total.score.left_out


def test_a_period_that_has_not_begun_and_a_region_that_is_none_are_refused(database) -> None:
    with pytest.raises(BadInput, match="not begun"):
        assess(database, Asked(period=TURN, by=GroupBy.TIER, profile=USUAL), datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(BadInput, match="no region"):
        asked = Asked(period=TURN, by=GroupBy.TIER, profile=USUAL, within="990000")
        assess(database, asked, TURN.interval.end)


def test_retention_and_clock_count_only_cameras_that_were_looked_at(database) -> None:
    start = TURN.interval.start
    with_clock, _ = store_camera(database, start), store_camera(database, start)
    with database.writing() as tx:
        run = insert(watch_sessions).values(
            started_at=start, alive_at=TURN.interval.end, interval_s=60.0, once=False, figures={}
        )
        session_id = tx.execute(run.returning(watch_sessions.c.id)).scalar_one()
        for camera_id in (with_clock, with_clock + 1):
            values = {"camera_id": camera_id, "session_id": session_id, "because": "", "from_status": "unknown"}
            tx.execute(insert(flips).values(at=start, to_status="up", **values))
        told = {"camera_id": with_clock, "session_id": session_id, "status": "up", "since": start, "layers": {}}
        tx.execute(insert(watches).values(because="", clock_offset_s=0.5, updated_at=start, **told))
        tx.execute(update(cameras).where(cameras.c.id == with_clock).values(retention_days=30))
        for minute, status in ((60, "down"), (180, "up")):
            row = insert(flips).values(camera_id=with_clock, session_id=session_id, because="", from_status="up")
            tx.execute(row.values(to_status=status, at=start + minute * MINUTE))
    note_day(database, TURN.zone, start + 30 * MINUTE)
    made = assess(database, Asked(period=TURN, by=GroupBy.TIER, profile=USUAL), TURN.interval.end)
    clock = made.total.tally.ratios[FigureKind.CLOCK_ACCURACY_RATE]
    two_hours = timedelta(hours=2)
    assert clock.part == clock.whole == (TURN.interval.length - two_hours) // timedelta(microseconds=1), "while online"
    retention = next(one for one in made.total.figures if one.kind is FigureKind.RETENTION_COMPLIANCE)
    assert retention.because == "no day of recordings could be judged in the period"


def test_a_code_that_the_tree_does_not_know_counts_where_it_begins_like_a_region(database) -> None:
    with database.writing() as tx:
        top = Region(code="41", name="河南省", level=RegionLevel.PROVINCE)
        town = replace(top, code="4101", name="郑州市", level=RegionLevel.CITY, parent="41")
        district = replace(top, code="410102", name="中原区", level=RegionLevel.COUNTY, parent="4101")
        regions.replace(tx, [top, town, district, replace(district, code="410103", name="二七区")])
    for code in ("410102", "410102009", "99"):
        store_camera(database, TURN.interval.start, region_code=code)
    made = assess(database, Asked(period=TURN, by=GroupBy.REGION, profile=USUAL), TURN.interval.end)
    assert {group.name: group.tally.cameras for group in made.groups} == {"中原区": 2, "99": 1}
    asked = Asked(period=TURN, by=GroupBy.TIER, profile=USUAL, within="410102")
    assert assess(database, asked, TURN.interval.end).total.tally.cameras == 2


def test_a_region_without_a_camera_of_its_own_does_not_stand_among_its_streets(database) -> None:
    with database.writing() as tx:
        town = Region(code="4101", name="郑州市", level=RegionLevel.CITY)
        district = replace(town, code="410102", name="中原区", level=RegionLevel.COUNTY, parent="4101")
        street = replace(town, code="410102009", name="桐柏路街道", level=RegionLevel.STREET, parent="410102")
        regions.replace(tx, [town, district, street])
    store_camera(database, TURN.interval.start, region_code="410102009")
    store_camera(database, TURN.interval.start, region_code="410102", life_cycle=LifeCycle.RETIRED)
    asked = Asked(period=TURN, by=GroupBy.REGION, profile=USUAL, within="410102")
    made = assess(database, asked, TURN.interval.end)
    assert [group.name for group in made.groups] == ["桐柏路街道"]
    store_camera(database, TURN.interval.start, region_code="410102")
    made = assess(database, asked, TURN.interval.end)
    assert {group.name: group.tally.cameras for group in made.groups} == {"桐柏路街道": 1, "中原区": 1}
