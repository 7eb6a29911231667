"""Retention: what nobody needs any more goes, rows by their age and stills without a row."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from vms.services.retention_rules import RetentionRules
from vms.store import (
    alerts,
    coverage_gaps,
    coverage_rates,
    credential_uses,
    daily_sets,
    photographs,
    retention,
    stills,
    sweeps,
    work_order_steps,
)
from vms.store.database import Database
from vms.store.retention import Before

LEFT_OVER_AFTER_S = 3600.0
"""A still or a half-written file without a row is left alone for so long: its row may be on the way."""
AT_A_TIME = 500
"""Cameras or devices whose old rows go in one transaction."""

MOST_RUNS = 20
"""Runs of the poller that go in a night: the database looks through all flips for each of them."""
NOT_IN_INVENTORY = 0
"""The device of a credential's use that is none of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetResult:
    rows: Counter[str]
    """How many went, by table or kind."""
    still_files: int
    photograph_files: int = 0


def forget_old(
    database: Database,
    stills_folder: Path,
    rules: RetentionRules,
    now: datetime,
    *,
    photographs_folder: Path | None = None,
) -> ForgetResult:
    """Blocking, in many short transactions; one that was killed is gone on with the next time. The log of looks stays
    whole."""
    before = Before(
        events=now - timedelta(days=rules.events_days),
        history=now - timedelta(days=rules.history_days),
        daily_numbers=now - timedelta(days=rules.daily_numbers_days),
        costs=now - timedelta(days=rules.costs_days),
        now=now,
    )
    rows: Counter[str] = Counter()
    _of_each(
        database, retention.camera_ids_after, lambda tx, ids: rows.update(retention.forget_of_cameras(tx, ids, before))
    )
    logs = now - timedelta(days=rules.logs_days)

    def of_devices(tx: Connection, ids: Sequence[int]) -> None:
        rows["device_costs"] += retention.forget_of_devices(tx, ids, before)
        rows["credential_uses"] += credential_uses.forget(tx, ids, logs.date())

    _of_each(database, retention.device_ids_after, of_devices)
    rows["events"] = _to_the_end(database, lambda tx: retention.forget_events(tx, before.events))
    rows["outages"] = _to_the_end(database, lambda tx: retention.forget_outages(tx, before.history))
    rows["blind_spells"] = _to_the_end(database, lambda tx: retention.forget_spells(tx, before.history))
    rows["notice_cameras"] = _to_the_end(database, lambda tx: retention.forget_covered(tx, before.history))
    _forget_coverage(database, rules, now, rows)
    with database.reading() as tx:
        runs = retention.unused_runs(tx, before.history)[:MOST_RUNS]
    for run_id in runs:
        with database.writing() as tx:
            rows["watch_sessions"] += retention.forget_run(tx, run_id)
    with database.writing() as tx:
        rows["sign_ins"] = retention.forget_sign_ins(tx, now)
        rows["sweeps"] = sweeps.forget(tx, now - timedelta(days=rules.sweeps_days))
        rows["credential_uses"] += credential_uses.forget(tx, [NOT_IN_INVENTORY], logs.date())
        rows["alerts"] = alerts.forget(tx, logs)
        rows["daily_sets"] = daily_sets.forget_before(tx, before.history.date())
        photographs.remove_pictures_of(tx, stills.private_cameras(tx, now), "retention", now)
    with database.reading() as tx:
        named = stills.files(tx)
    gone = 0 if photographs_folder is None else clear_photographs(database, photographs_folder)
    return ForgetResult(rows=rows, still_files=_remove_left_over(stills_folder, named), photograph_files=gone)


def _forget_coverage(database: Database, rules: RetentionRules, now: datetime, rows: Counter[str]) -> None:
    gaps, rates = now - timedelta(days=rules.gaps_days), now - timedelta(days=rules.rates_days)
    rows["coverage_gaps"] = _to_the_end(database, lambda tx: coverage_gaps.forget(tx, gaps))
    rows["coverage_rates"] = _to_the_end(database, lambda tx: coverage_rates.forget(tx, rates))
    rows["coverage_spells"] = _to_the_end(database, lambda tx: coverage_rates.forget_spells(tx, rates))


def _of_each(
    database: Database,
    next_ids: Callable[[Connection, int, int], Sequence[int]],
    forget: Callable[[Connection, Sequence[int]], None],
) -> None:
    last = 0
    while True:
        with database.writing() as tx:
            ids = next_ids(tx, last, AT_A_TIME)
            if not ids:
                return
            forget(tx, ids)
        last = ids[-1]


def _to_the_end(database: Database, forget: Callable[[Connection], int]) -> int:
    total = 0
    while True:
        with database.writing() as tx:
            gone = forget(tx)
        if not gone:
            return total
        total += gone


def clear_photographs(database: Database, folder: Path) -> int:
    """Files of photographs that were taken out, and what a kill left behind. Returns how many."""
    files = [file for file in folder.glob("[0-9a-f][0-9a-f]/*") if file.suffix in (".jpg", ".part")]
    with database.reading() as tx:
        named = photographs.files(tx) | work_order_steps.photograph_files(tx) | coverage_gaps.photograph_files(tx)
    gone = 0
    latest_s = time.time() - LEFT_OVER_AFTER_S
    for file in files:
        picture = f"{file.parent.name}/{file.name.replace('.small.jpg', '.jpg')}"
        if picture not in named and file.stat().st_mtime < latest_s:
            file.unlink(missing_ok=True)
            gone += 1
    return gone


def _remove_left_over(folder: Path, named: set[str]) -> int:
    gone = 0
    latest_s = time.time() - LEFT_OVER_AFTER_S
    for file in folder.iterdir() if folder.is_dir() else ():
        ours = file.suffix in (".jpg", ".part") and file.stem.isdigit()
        if ours and file.name not in named and file.stat().st_mtime < latest_s:
            file.unlink(missing_ok=True)
            gone += 1
    return gone
