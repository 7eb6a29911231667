"""Closed gaps and old changes of rates go by their age; what figures of younger days need stays."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, insert, select

from tests.builders.media_http import a_jpeg
from vms.access.roles import Person, Role
from vms.core.ids import UserId
from vms.core.intervals import Interval
from vms.coverage.ground import Ground
from vms.coverage.rate_history import CoveredTime, RateChange, covered_time, grouped
from vms.coverage.totals import Covered, FigureKey
from vms.services.coverage.step_gap import gap_photograph, note_gap
from vms.services.forget_old import LEFT_OVER_AFTER_S, forget_old
from vms.services.retention_rules import RetentionRules
from vms.store import coverage_gap_list, coverage_rates
from vms.store.database import Database
from vms.store.schema import coverage_gap_steps, coverage_gaps, coverage_spells

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
RULES = RetentionRules(gaps_days=100, rates_days=100)
ANN = Person(user_id=UserId(1), name="ann", role=Role.PLANNER)


def a_gap(database: Database, closed_at: datetime | None) -> int:
    at = NOW - 300 * DAY
    lengths = ("from_m", "to_m", "length_m", "weighted_m", "need_px_per_m", "best_px_per_m")
    zero = dict.fromkeys((*lengths, "west", "south", "east", "north"), 0.0)
    with database.writing() as tx:
        gap_id: int = tx.execute(
            insert(coverage_gaps)
            .values(
                ground="street", kind="road", cause="none_built", night_only=False, place_key="w1", side=1, name="",
                category="", region_code="", need_views=1, camera_ids=[], geometry={}, first_at=at, since=at,
                uncovered_since=at, state="open", state_at=at, closed_at=closed_at, **zero,
            )
            .returning(coverage_gaps.c.id)
        ).scalar_one()  # fmt: skip
        coverage_gap_list.add_step(tx, gap_id, "comment", who="ann", now=at, text="dark")
    return gap_id


def a_rate(at: datetime, covered_m: int) -> RateChange:
    key = FigureKey(region="", ground=Ground.STREET, px_per_m=25.0, by_night=False)
    covered = Covered(length_mm=100_000, covered_mm=covered_m * 1000, places=0, covered_places=0)
    return RateChange(at=at, key=key, covered=covered)


def street_rate(database: Database, window: Interval) -> float | None:
    with database.reading() as tx:
        known = coverage_rates.spells(tx, window.start, window.end)
        found = covered_time(coverage_rates.between(tx, window.start, window.end), known, window)
    return sum(grouped(found, "class")["street"].values(), CoveredTime()).road_rate if found else None


def test_a_gap_that_was_closed_long_ago_goes_with_its_steps(database: Database, tmp_path: Path) -> None:
    old, young, standing = (a_gap(database, at) for at in (NOW - 101 * DAY, NOW - 99 * DAY, None))
    gone = forget_old(database, tmp_path, RULES, NOW).rows["coverage_gaps"]
    with database.reading() as tx:
        assert tx.execute(select(coverage_gaps.c.id).order_by(coverage_gaps.c.id)).scalars().all() == [young, standing]
        assert old not in tx.execute(select(coverage_gap_steps.c.gap_id)).scalars().all()
    assert gone == 1


def test_a_gaps_photograph_stays_as_long_as_the_gap(database: Database, tmp_path: Path) -> None:
    gap_id = a_gap(database, None)
    note_gap(database, tmp_path, gap_id, a_jpeg(), "a wall", ANN, NOW)
    files = list(tmp_path.glob("*/*.jpg"))
    long_ago_s = NOW.timestamp() - 2 * LEFT_OVER_AFTER_S
    for file in files:
        os.utime(file, (0.0, min(long_ago_s, file.stat().st_mtime - 2 * LEFT_OVER_AFTER_S)))
    assert forget_old(database, tmp_path, RULES, NOW, photographs_folder=tmp_path).photograph_files == 0
    with database.reading() as tx:
        step = coverage_gap_list.steps(tx, gap_id)[-1]
    assert gap_photograph(database, tmp_path, gap_id, step.step_id)
    later = NOW + 200 * DAY
    with database.writing() as tx:
        coverage_gap_list.move(tx, gap_id, {"closed_at": NOW})
    assert forget_old(database, tmp_path, RULES, later, photographs_folder=tmp_path).photograph_files == len(files) > 0


def test_the_rate_that_held_when_forgetting_began_is_still_known(database: Database, tmp_path: Path) -> None:
    border = NOW - 100 * DAY
    with database.writing() as tx:
        coverage_rates.add(tx, [a_rate(border - n * DAY, n) for n in (60, 50, 40)] + [a_rate(border + 10 * DAY, 100)])
        tx.execute(insert(coverage_spells).values(from_at=border - 90 * DAY, until_at=border - 80 * DAY))
        tx.execute(insert(coverage_spells).values(from_at=border - 70 * DAY, until_at=NOW))
    young = Interval(border, border + 20 * DAY)
    before = street_rate(database, young)
    gone = forget_old(database, tmp_path, RULES, NOW).rows
    assert (gone["coverage_rates"], gone["coverage_spells"]) == (2, 1)
    assert street_rate(database, young) == before == 0.7
    with database.reading() as tx:
        assert coverage_rates.spells(tx, border - 90 * DAY, border) == (), "of what went nobody claims anything"
        assert tx.execute(select(func.count()).select_from(coverage_spells)).scalar_one() == 1
