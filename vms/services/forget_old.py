"""Retention: what nobody needs any more goes, rows by their age and stills without a row."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from vms.store import alerts, credential_uses, photographs, retention, stills, sweeps, work_order_steps
from vms.store.database import Database
from vms.store.retention import Before, Forgotten

LEFT_OVER_AFTER_S = 3600.0
"""A still or a half-written file without a row is left alone for so long: its row may be on the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRules:
    events_days: int = 90
    flips_days: int = 730
    """Also closed faults."""
    daily_numbers_days: int = 1830
    sweeps_days: int = 90
    alerts_days: int = 184
    """What was told to whom, as long as records of security."""
    credential_uses_days: int = 184
    """Records of security are kept for six months at least; the longest six months have 184 days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetResult:
    rows: Forgotten
    still_files: int
    photograph_files: int = 0
    sweeps: int = 0
    credential_uses: int = 0


def forget_old(
    database: Database,
    stills_folder: Path,
    rules: RetentionRules,
    now: datetime,
    *,
    photographs_folder: Path | None = None,
) -> ForgetResult:
    """Blocking. The log of looks stays whole."""
    before = Before(
        events=now - timedelta(days=rules.events_days),
        flips=now - timedelta(days=rules.flips_days),
        daily_numbers=now - timedelta(days=rules.daily_numbers_days),
        now=now,
    )
    with database.writing() as tx:
        rows = retention.forget_old(tx, before)
        swept = sweeps.forget(tx, now - timedelta(days=rules.sweeps_days))
        uses = credential_uses.forget(tx, (now - timedelta(days=rules.credential_uses_days)).date())
        alerts.forget(tx, now - timedelta(days=rules.alerts_days))
        photographs.remove_pictures_of(tx, stills.private_cameras(tx, now), "retention", now)
    with database.reading() as tx:
        named = stills.files(tx)
    gone = 0 if photographs_folder is None else clear_photographs(database, photographs_folder)
    return ForgetResult(
        rows=rows,
        still_files=_remove_left_over(stills_folder, named),
        photograph_files=gone,
        sweeps=swept,
        credential_uses=uses,
    )


def clear_photographs(database: Database, folder: Path) -> int:
    """Files of photographs that were taken out, and what a kill left behind. Returns how many."""
    files = [file for file in folder.glob("[0-9a-f][0-9a-f]/*") if file.suffix in (".jpg", ".part")]
    with database.reading() as tx:
        named = photographs.files(tx) | work_order_steps.photograph_files(tx)
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
