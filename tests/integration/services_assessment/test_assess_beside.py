"""Large assessments are counted in a process of their own, which ends with whoever asked."""

import os
import pickle
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psutil
import pytest
from sqlalchemy import insert

from tests.builders.stored_cameras import store_camera
from vms.app.assess_beside import Asked, AssessBeside
from vms.app.assessor import run
from vms.assessment.grouping import GroupBy
from vms.assessment.profile import USUAL, Profile
from vms.core.errors import BadInput, TryAgain
from vms.services.archive.archive_memory import ArchiveMemory
from vms.services.assessment.assess import Assessment
from vms.services.assessment.by_size import BySize
from vms.services.assessment.office import Question, assess_here
from vms.services.assessment.profiles import written_profile
from vms.store.database import Database
from vms.store.migrate import upgrade
from vms.store.schema import flips, watch_sessions

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 5, 9, tzinfo=UTC)
WEEK = Question(date(2026, 5, 1), date(2026, 5, 7), GroupBy.TIER)
WAITS = """
import os, pathlib, sys, time
from vms.supervisor import settings_from_parent
settings_from_parent()
(pathlib.Path(sys.argv[1]) / str(os.getpid())).touch()
time.sleep(60)
"""
ASKS = """
import sys
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo
from vms.app.assess_beside import AssessBeside
from vms.assessment.grouping import GroupBy
from vms.assessment.profile import USUAL
from vms.services.assessment.office import Question
question = Question(date(2026, 5, 1), date(2026, 5, 7), GroupBy.TIER)
AssessBeside("sqlite://", command=tuple(sys.argv[1:]))(question, USUAL, ZoneInfo("UTC"), datetime.now(UTC))
"""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """Two cameras, one of them up for some days; nobody changes it."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('town')}/vms.db")
    upgrade(database)
    camera_id, _ = (store_camera(database, NOW - timedelta(days=30), name=name) for name in "ab")
    with database.writing() as tx:
        watched = {"started_at": NOW - timedelta(days=6), "alive_at": NOW, "interval_s": 60.0, "once": False}
        number = tx.execute(insert(watch_sessions).values(figures={}, **watched).returning(watch_sessions.c.id))
        told = {"camera_id": camera_id, "session_id": number.scalar_one(), "at": NOW - timedelta(days=5)}
        tx.execute(insert(flips).values(from_status="unknown", to_status="up", because="", **told))
    return database


def until(look: Callable[[], Any], within_s: float = 20.0) -> Any:
    deadline_s = time.monotonic() + within_s
    while not (found := look()):
        assert time.monotonic() < deadline_s, "it did not come to pass in time"
        time.sleep(0.02)
    return found


def waiting(folder: Path) -> AssessBeside:
    """Its processes name themselves in the folder and never answer."""
    folder.mkdir()
    return AssessBeside("sqlite://", command=(sys.executable, "-c", WAITS, str(folder)))


def asked(beside: AssessBeside) -> tuple[threading.Thread, list[str]]:
    """In a thread; what it was told when it is over."""
    told: list[str] = []

    def ask() -> None:
        try:
            beside(WEEK, USUAL, ZONE, NOW)
        except TryAgain as problem:
            told.append(problem.message)

    thread = threading.Thread(target=ask)
    thread.start()
    return thread, told


def test_the_process_counts_what_the_thread_would(town: Database) -> None:
    profile = replace(USUAL, name="ours", outages_are_charged=True)
    found = AssessBeside(town.url)(WEEK, profile, ZONE, NOW)
    assert found == assess_here(town, ArchiveMemory(town))(WEEK, profile, ZONE, NOW)
    assert found.total.tally.time_us["assessable"] > 0


def test_what_it_refuses_says_where_as_ever(town: Database) -> None:
    early = datetime(2026, 1, 1, tzinfo=UTC)
    told = Asked(database_url=town.url, question=WEEK, profile=written_profile(USUAL), zone=ZONE.key, now=early)
    refused = pickle.loads(pickle.dumps(run(Asked.model_validate_json(told.model_dump_json()))))
    assert isinstance(refused, BadInput)
    assert (refused.where, refused.reason) == ("from", "the period has not begun")


def test_a_killed_process_is_a_clear_error_and_the_next_question_starts_another(tmp_path: Path) -> None:
    beside = waiting(tmp_path / "pids")
    for already in (0, 1):
        thread, told = asked(beside)
        until(lambda already=already: len(os.listdir(tmp_path / "pids")) > already)
        for pid in os.listdir(tmp_path / "pids"):
            if psutil.pid_exists(int(pid)):
                psutil.Process(int(pid)).kill()
        thread.join(20)
        assert told == ["counting the assessment was cut off; try again"]


def test_whoever_waits_while_the_server_stops_is_told_at_once(tmp_path: Path) -> None:
    beside = waiting(tmp_path / "pids")
    thread, told = asked(beside)
    (pid,) = until(lambda: os.listdir(tmp_path / "pids"))
    beside.close()
    thread.join(20)
    assert told and not psutil.pid_exists(int(pid))
    with pytest.raises(TryAgain, match="stopping"):
        beside(WEEK, USUAL, ZONE, NOW)


def test_nothing_is_left_when_whoever_asked_is_killed(tmp_path: Path) -> None:
    folder = tmp_path / "pids"
    folder.mkdir()
    asks = subprocess.Popen([sys.executable, "-c", ASKS, sys.executable, "-c", WAITS, str(folder)])
    (pid,) = until(lambda: os.listdir(folder))
    asks.kill()
    asks.wait()
    until(lambda: not psutil.pid_exists(int(pid)))


def test_only_what_is_large_is_counted_beside(town: Database) -> None:
    chosen: list[str] = []

    def counts(where: str) -> Callable[[Question, Profile, ZoneInfo, datetime], Assessment]:
        def count(question: Question, profile: Profile, zone: ZoneInfo, now: datetime) -> Assessment:
            chosen.append(where)
            return assess_here(town)(question, profile, zone, now)

        return count

    for small in (2 * (20 + 7), 2 * (20 + 7) - 1):  # two cameras, seven days
        BySize(database=town, here=counts("here"), beside=counts("beside"), small=small)(WEEK, USUAL, ZONE, NOW)
    assert chosen == ["here", "beside"]
    backwards = replace(WEEK, last=WEEK.first - timedelta(days=1))
    with pytest.raises(BadInput, match="before it begins"):
        BySize(database=town, here=counts("here"), beside=counts("beside"))(backwards, USUAL, ZONE, NOW)
