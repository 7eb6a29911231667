"""What an assessment of a large town costs: 100,000 cameras, a month of history, all tiers, the whole path.

The history is made: a camera is in doubt for a minute three times a month and falls 1.5 times, for minutes or hours;
one of five has a picture fault; recordings are checked every day; notices, outages and our own silence cover some.
Promises: CPU ≤ 10 s, peak of the program < 500 MB.
"""

import argparse
import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import Connection, Table, insert, text

from vms.assessment.grouping import GroupBy
from vms.services.archive.archive_memory import ArchiveMemory
from vms.services.assessment.note_day import note_day
from vms.services.assessment.office import Question, assess_here, assess_office
from vms.store.database import Database
from vms.store.migrate import upgrade
from vms.store.schema import (
    blind_spells,
    cameras,
    faults,
    flips,
    notice_cameras,
    notices,
    outage_cameras,
    outages,
    regions,
    watch_sessions,
    watches,
)

ZONE = ZoneInfo("Asia/Shanghai")
FIRST, LAST = date(2026, 5, 1), date(2026, 5, 31)
START = datetime(2026, 4, 30, 16, tzinfo=UTC)
END = datetime(2026, 5, 31, 16, tzinfo=UTC)
TIERS = ("government", "unit", "community", "household")
PROMISED_CPU_S = 10.0
PROMISED_MB = 500.0
BATCH = 20_000


@dataclass(frozen=True, slots=True)
class Fall:
    camera_id: int
    start: datetime
    end: datetime


def put(tx: Connection, table: Table, rows: Iterator[dict[str, object]]) -> None:
    batch: list[dict[str, object]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            tx.execute(insert(table), batch)
            batch = []
    if batch:
        tx.execute(insert(table), batch)


def made_falls(count: int, rng: random.Random) -> list[Fall]:
    found = []
    for camera_id in range(1, count + 1):
        at = START
        for _ in range(rng.choice((0, 1, 1, 2, 2, 3))):
            at += timedelta(seconds=rng.uniform(3600, 9 * 86_400))
            end = at + timedelta(seconds=rng.choice((300, 1800, 14_400)) * rng.uniform(0.5, 2))
            if end < END:
                found.append(Fall(camera_id, at, end))
            at = end
    return found


def flips_of(count: int, falls: list[Fall], rng: random.Random) -> Iterator[dict[str, object]]:
    """In the order of time, as the poller writes them."""
    steps = [(START - timedelta(days=3), camera_id, "unknown", "up") for camera_id in range(1, count + 1)]
    for fall in falls:
        steps.append((fall.start, fall.camera_id, "up", "suspect"))
        steps.append((fall.start + timedelta(seconds=120), fall.camera_id, "suspect", "down"))
        steps.append((fall.end, fall.camera_id, "down", "up"))
    for camera_id in range(1, count + 1):
        for _ in range(3):
            at = START + timedelta(seconds=rng.uniform(0, 30 * 86_400))
            steps += [(at, camera_id, "up", "suspect"), (at + timedelta(seconds=60), camera_id, "suspect", "up")]
    steps.sort()
    for at, camera_id, before, after in steps:
        told = {"camera_id": camera_id, "session_id": 1, "at": at, "because": ""}
        yield {**told, "from_status": before, "to_status": after}


def make_month(database: Database, count: int) -> None:
    rng = random.Random(1)
    falls = made_falls(count, rng)
    with database.writing() as tx:
        named = [{"code": f"4101{n:02}", "name": f"district {n}", "level": "county"} for n in range(10)]
        tx.execute(insert(regions), named)
        run = {"started_at": START - timedelta(days=9), "alive_at": END + timedelta(days=9), "interval_s": 60.0}
        tx.execute(insert(watch_sessions), [{**run, "once": False, "figures": {}}])
        spell = {"session_id": 1, "ground": "all", "because": "cut off", "whole": True, "from_at": START}
        tx.execute(insert(blind_spells), [{**spell, "until_at": START + timedelta(minutes=20)}])
        put(tx, cameras, (
            {"name": f"camera {n}", "shown_name": f"camera {n}", "tier": TIERS[n % 4], "life_cycle": "approved",
             "region_code": f"4101{n % 10:02}", "created_at": START - timedelta(days=90), "changed_at": START,
             "filing_no": "B" if n % 3 else ""}
            for n in range(1, count + 1)
        ))  # fmt: skip
        put(tx, watches, (
            {"camera_id": n, "session_id": 1, "status": "up", "since": START, "because": "", "layers": {},
             "clock_offset_s": 0.1, "updated_at": START}
            for n in range(1, count + 1)
        ))  # fmt: skip
        put(tx, flips, flips_of(count, falls, rng))
        put(tx, faults, (
            {"camera_id": fall.camera_id, "kind": "unreachable", "layer": "network", "severity": "critical",
             "because": "", "opened_at": fall.start, "closed_at": fall.end}
            for fall in falls
        ))  # fmt: skip
        put(tx, faults, (
            {"camera_id": n, "kind": "blur", "layer": "picture", "severity": "minor", "because": "",
             "opened_at": START + timedelta(days=n % 20), "closed_at": START + timedelta(days=n % 20 + 2)}
            for n in range(1, count + 1, 5)
        ))  # fmt: skip
        notice = {"kind": "power_cut", "reason": "r", "scope": {}, "asked_by": "a", "state": "approved", "note": ""}
        for number in range(1, 21):
            at = START + timedelta(days=number)
            until = at + timedelta(hours=8)
            put(tx, notices, iter([{**notice, "start_at": at, "end_at": until, "asked_at": START, "cameras": 500}]))
            covered = range((number - 1) * count // 20 + 1, (number - 1) * count // 20 + 1 + min(500, count // 20))
            put(tx, notice_cameras, ({"notice_id": number, "camera_id": n} for n in covered))
        out = {"kind": "switch", "cause": "1", "name": "s", "source": "typed", "because": "", "cameras": 25}
        for number in range(1, 401):
            at = START + timedelta(minutes=100 * number)
            put(tx, outages, iter([{**out, "opened_at": at, "found_at": at, "fell_from": at}]))
            base = number * 25 % max(1, count - 25)
            until = at + timedelta(hours=2)
            put(tx, outage_cameras, (
                {"outage_id": number, "camera_id": base + n, "from_at": at, "until_at": until} for n in range(1, 26)
            ))  # fmt: skip
        days = ", ".join(f"('{FIRST + timedelta(days=n)}')" for n in range(31))
        columns = "camera_id, day, plan_s, recorded_s, expired_s, missing_s, gaps, source, checked_at"
        told = f"86400.0, 86400.0 - c.id % 900, 0.0, c.id % 900, '[]', 'recorder', '{START:%Y-%m-%d %H:%M:%S.%f}'"
        made = f"select c.id, d.column1, {told} from cameras c cross join (values {days}) d"
        tx.execute(text(f"insert into recording_days ({columns}) {made}"))
    note_day(database, ZONE, END - timedelta(hours=3))


def measured(count: int, by: GroupBy) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/vms.db")
        upgrade(database)
        make_month(database, count)
        here = assess_here(database, ArchiveMemory(database))
        before_mb = peak_mb()
        began_s, used_s = time.perf_counter(), time.process_time()
        made = assess_office(database, Question(FIRST, LAST, by), ZONE, END + timedelta(days=3), assess=here)
        found = {
            "cameras": count,
            "s": round(time.perf_counter() - began_s, 2),
            "cpu_s": round(time.process_time() - used_s, 2),
            "peak_mb": round(peak_mb(), 1),
            "peak_before_mb": round(before_mb, 1),
            "groups": len(made["groups"]),
            "online_rate": made["total"]["figures"][0]["value"],
        }
        database.close()
    return found


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("--cameras", type=int, default=100_000)
    wanted.add_argument("--by", type=GroupBy, default=GroupBy.TIER)
    wanted.add_argument("--json", action="store_true")
    asked = wanted.parse_args()
    found = measured(asked.cameras, asked.by)
    kept = found["cpu_s"] <= PROMISED_CPU_S and found["peak_mb"] < PROMISED_MB
    if asked.json:
        sys.stdout.write(json.dumps({**found, "kept": kept}) + "\n")
    else:
        sys.stdout.write(
            f"{asked.cameras:,} cameras, 31 days by {asked.by}: {found['cpu_s']} s CPU, {found['s']} s,"
            f" peak {found['peak_mb']} MB (before {found['peak_before_mb']}); online {found['online_rate']}\n"
        )
    sys.exit(0 if kept else 1)


if __name__ == "__main__":
    main()
