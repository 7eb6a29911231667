"""The periodic jobs: sweeps, daily summary, reports, retention, edits left by a crash; polls are the poller's."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from vms.core.clock import Clock, system_clock
from vms.services.assessment.note_day import note_day
from vms.services.assessment.reports import make_due_reports
from vms.services.edits.apply_edit import resume_edits
from vms.services.fill_search_words import fill_search_words
from vms.services.forget_old import forget_old
from vms.services.retention_rules import RetentionRules
from vms.services.sample_board import EVERY_S, sample_board
from vms.services.summarise_health import summarise_missing_days
from vms.services.supply.learn_supply import LearnSettings, learn_supply
from vms.store.database import Database

log = logging.getLogger(__name__)

Job = Callable[[], Awaitable[object]]
FIRST_SUMMARY_AFTER_S = 60.0
"""After the start, days that were missed are caught up."""
LISTS_EVERY_S = 60.0
"""An edit of many cameras that a crash has left is gone on with after so long at the latest."""

LOOKED_AT_EVERY_S = 1800.0
"""Whose picture, clock and recordings were looked at today is noted so often; the last bit of a day is left out."""
REPORTS_AT = (0, 40)
"""Of the office's day: the last transitions of the day before are written by then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodicSettings:
    stills_folder: Path
    photographs_folder: Path | None = None
    discover: Job | None = None
    """One sweep; None: discovery is by hand only."""
    discover_every_h: float | None = None
    discover_first: datetime | None = None
    """When the first one is due; None: after one such interval."""
    summary_at_utc: tuple[int, int] = (0, 10)
    retention_at_utc: tuple[int, int] = (3, 30)
    zone: ZoneInfo | None = None
    """The office's: reports of the assessment are made after its midnight; None: no reports."""
    supply_at_utc: tuple[int, int] = (4, 10)
    rules: RetentionRules = field(default_factory=RetentionRules)
    learn: LearnSettings = field(default_factory=LearnSettings)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobNow:
    name: str
    next_run_at: datetime | None


class PeriodicJobs:
    """Made by `periodic_jobs`."""

    def __init__(self, scheduler: AsyncIOScheduler, work: dict[str, Job]) -> None:
        self._scheduler = scheduler
        self._work = work

    def listed(self) -> list[JobNow]:
        """By name, with the next run."""
        jobs = (JobNow(name=job.id, next_run_at=job.next_run_time) for job in self._scheduler.get_jobs())
        return sorted(jobs, key=lambda job: job.name)

    async def run_now(self, name: str) -> None:
        """KeyError for a name that is none."""
        await self._work[name]()


@asynccontextmanager
async def periodic_jobs(
    database: Database, settings: PeriodicSettings, *, clock: Clock = system_clock
) -> AsyncIterator[PeriodicJobs]:
    """They run on the running loop until the end of the block; a job that fails is logged and comes again."""

    async def summary() -> None:
        done = await asyncio.to_thread(summarise_missing_days, database, clock())
        log.info("days summarised: %s", ", ".join(map(str, done)) or "none")

    async def retention() -> None:
        gone = await asyncio.to_thread(
            forget_old,
            database,
            settings.stills_folder,
            settings.rules,
            clock(),
            photographs_folder=settings.photographs_folder,
        )
        log.info("retention: %s", gone)

    async def lists() -> None:
        filled = await asyncio.to_thread(fill_search_words, database)
        finished = await asyncio.to_thread(resume_edits, database, clock)
        if filled or finished:
            log.info("search words made for %d cameras; edits finished: %s", filled, finished)

    async def reports() -> None:
        assert settings.zone is not None
        made = await asyncio.to_thread(make_due_reports, database, settings.zone, clock())
        log.info("reports made: %s", ", ".join(map(str, made)) or "none")

    async def supply() -> None:
        learnt = await asyncio.to_thread(learn_supply, database, clock(), settings.learn)
        log.info("groups that fail together: %s", learnt)

    async def looked_at() -> None:
        assert settings.zone is not None
        await asyncio.to_thread(note_day, database, settings.zone, clock())

    async def board() -> None:
        assert settings.zone is not None
        await asyncio.to_thread(sample_board, database, settings.zone, clock())

    scheduler = AsyncIOScheduler(timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1})
    work: dict[str, Job] = {"summary": summary, "retention": retention, "lists": lists, "supply": supply}
    first = clock() + timedelta(seconds=FIRST_SUMMARY_AFTER_S)
    _add(scheduler, "summary", summary, _daily(settings.summary_at_utc), first)
    _add(scheduler, "retention", retention, _daily(settings.retention_at_utc))
    if settings.zone is not None:
        work["reports"] = reports
        work["board"] = board
        work["looked_at"] = looked_at
        _add(scheduler, "looked_at", looked_at, IntervalTrigger(seconds=LOOKED_AT_EVERY_S), first)
        _add(scheduler, "board", board, IntervalTrigger(seconds=EVERY_S), clock())
        after_midnight = CronTrigger(hour=REPORTS_AT[0], minute=REPORTS_AT[1], timezone=settings.zone)
        _add(scheduler, "reports", reports, after_midnight, first)
    _add(scheduler, "supply", supply, _daily(settings.supply_at_utc))
    _add(scheduler, "lists", lists, IntervalTrigger(seconds=LISTS_EVERY_S), clock())
    if settings.discover is not None:
        work["discovery"] = settings.discover
        if settings.discover_every_h is not None:
            every = IntervalTrigger(hours=settings.discover_every_h)
            _add(scheduler, "discovery", settings.discover, every, settings.discover_first)
    scheduler.start()
    try:
        yield PeriodicJobs(scheduler, work)
    finally:
        scheduler.shutdown(wait=False)


def _add(
    scheduler: AsyncIOScheduler,
    name: str,
    job: Job,
    trigger: CronTrigger | IntervalTrigger,
    first: datetime | None = None,
) -> None:
    """Late is better than not at all, but not after half a day."""
    more = {} if first is None else {"next_run_time": first}
    scheduler.add_job(job, trigger, id=name, misfire_grace_time=12 * 3600, **more)


def _daily(at_utc: tuple[int, int]) -> CronTrigger:
    return CronTrigger(hour=at_utc[0], minute=at_utc[1], timezone=UTC)
