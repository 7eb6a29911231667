"""Keeps the judgement of every record: which rules it breaks, how complete it is, where it differs from its device.

Nothing is judged where records are written: that stays quick. The news say afterwards what changed; those records are
judged again, with those that claim the same id or spot. Every record is judged again on a new day (filings fall due)
and with new codes, regions, thresholds, another map or another release. Whoever comes first does it, a batch in a
transaction; after a crash the next one goes on.
"""

import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from vms.inventory.archive.city import City
from vms.inventory.archive.facts import Facts
from vms.inventory.archive.judgement import judge
from vms.inventory.archive.rules import ANSWERS
from vms.inventory.camera import LifeCycle
from vms.inventory.differences import Accepted
from vms.inventory.filters.expression import Expression, is_judged
from vms.services.archive.city_now import city_around, office_day, standing, whole_city
from vms.store import accepted_differences, archive_facts, cameras, events, judgements
from vms.store.database import Database
from vms.store.judgements import Judged

NEWS = ("camera.added", "camera.changed", "camera.difference", "device.changed")
"""What a judgement hangs on; a flip is none: what hangs on the watch is not kept in it."""
MOST_NEWS = 5000
"""Above this judging every record is cheaper."""
SMALL_CITY = 5000
"""Cameras that are judged, all of them, while somebody waits."""
BATCH = 300
PAGE = 1000
LEASE_S = 60.0
_FAR_BEHIND = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    current: bool
    """False: there are news that are not in the judgements yet."""
    ever: bool
    """False: there are records that were never judged."""
    judged_at: datetime | None


def catch_up(
    database: Database, now: datetime, *, every: bool = True, should_stop: Callable[[], bool] = lambda: False
) -> Judging:
    """Until nothing is left to judge, or somebody else judges every record. `every=False`: who has no time for all
    records of a large city leaves that to others. Blocking; `should_stop` is asked between two batches."""
    while True:
        with database.reading() as tx:
            known = judgements.progress(tx)
            ever = known is not None and known.standing != ""
            whole = known is None or known.standing != standing(tx, now)
            waiting = [] if known is None else events.subjects_after(tx, known.event_id, NEWS, MOST_NEWS + 1)
            whole = whole or len(waiting) > MOST_NEWS
            behind = 0 if known is None else events.latest_id(tx) - known.event_id
            large = whole and cameras.are_more_than(tx, SMALL_CITY)
        if whole:
            if (large and not every and ever) or not judge_every(database, now, should_stop):
                return Judging(current=False, ever=ever, judged_at=known.judged_at if known else None)
            continue
        if not waiting and behind <= _FAR_BEHIND:
            return Judging(current=True, ever=True, judged_at=now)
        if should_stop() or not _judge_some(database, now):
            return Judging(current=False, ever=ever, judged_at=known.judged_at if known else None)


def catch_up_for(database: Database, expression: Expression | None, now: datetime, *, every: bool = False) -> None:
    """Where a filter asks for what is judged of records."""
    if is_judged(expression):
        catch_up(database, now, every=every)


def judge_every(database: Database, now: datetime, should_stop: Callable[[], bool] = lambda: False) -> bool:
    """False: somebody else is at it, or it was stopped. Some 80 µs a record; a page in a transaction."""
    runner, begun = secrets.token_hex(8), time.monotonic()

    def until() -> datetime:
        return now + timedelta(seconds=time.monotonic() - begun + LEASE_S)

    with database.writing() as tx:
        if not judgements.take(tx, runner, now, until()):
            return False
    try:
        with database.reading() as tx:
            position = events.latest_id(tx)
            wanted, day, city = standing(tx, now), office_day(tx, now), whole_city(tx, now)
        last = 0
        while True:
            with database.reading() as tx:
                page = archive_facts.page(tx, now, after_id=last, limit=PAGE)
                found = _differing_from_kept(tx, page, city)
            with database.writing() as tx:
                if should_stop():
                    judgements.give_up(tx, runner)
                    return False
                if not judgements.keep_lease(tx, runner, until()):
                    return False
                judgements.put(tx, found)
            if len(page) < PAGE:
                break
            last = page[-1].id
        with database.writing() as tx:
            judgements.remove_retired(tx)
            return judgements.finish(tx, runner, event_id=position, standing=wanted, day=day, now=now)
    except BaseException:
        with database.writing() as tx:
            judgements.give_up(tx, runner)
        raise


def _judge_some(database: Database, now: datetime) -> bool:
    """The next news. False: somebody judges every record, and these with them."""
    with database.writing() as tx:
        known = judgements.progress(tx, lock=True)
        if known is None or (known.lease_until is not None and known.lease_until > now):
            return False
        news = events.subjects_after(tx, known.event_id, NEWS, BATCH)
        if not news:
            judgements.advance(tx, events.latest_id(tx), now)
            return True
        changed = {one.subject for one in news if one.kind != "device.changed"}
        of_devices = {one.subject for one in news if one.kind == "device.changed"}
        changed |= set(cameras.ids_of_devices(tx, of_devices)) if of_devices else set()
        _judge(tx, changed, now)
        judgements.advance(tx, news[-1].event_id, now)
        return True


def _judge(tx: Connection, changed: Iterable[int], now: datetime) -> None:
    numbers = set(changed)
    kept = judgements.of_cameras(tx, numbers)
    found = _not_retired(archive_facts.of_cameras(tx, numbers, now))
    others = _neighbours(tx, numbers, kept, found) - numbers
    found |= _not_retired(archive_facts.of_cameras(tx, others, now))
    judgements.put(tx, _differing_from_kept(tx, list(found.values()), city_around(tx, found.values(), now)))
    judgements.remove(tx, numbers - found.keys())


def _neighbours(
    tx: Connection, numbers: Iterable[int], kept: Mapping[int, Judged], found: Mapping[int, Facts]
) -> set[int]:
    """Cameras that have the id, or stand on the spot, that one of these has now or had when it was judged."""
    ids: set[str] = set()
    spots: set[tuple[float, float]] = set()
    for number in numbers:
        before, after = kept.get(number), found.get(number)
        claims = [
            None if one is None else (one.gb_device_id, one.lon, one.lat, one.pole_code) for one in (before, after)
        ]
        if claims[0] == claims[1]:
            continue
        for claim in claims:
            if claim is not None:
                gb_device_id, lon, lat, pole_code = claim
                ids |= {gb_device_id} if gb_device_id else set()
                spots |= {(lon, lat)} if pole_code and lon is not None and lat is not None else set()
    return archive_facts.having_ids(tx, ids) | archive_facts.standing_at(tx, spots)


def _differing_from_kept(tx: Connection, found: Sequence[Facts], city: City) -> list[Judged]:
    """Judged; those whose judgement is kept so already are left out."""
    numbers = [facts.id for facts in found]
    kept = judgements.of_cameras(tx, numbers)
    accepted = accepted_differences.of_cameras(tx, numbers)
    judged = (_judged(facts, city, accepted.get(facts.id, {})) for facts in found)
    return [one for one in judged if kept.get(one.camera_id) != one]


def _not_retired(found: Mapping[int, Facts]) -> dict[int, Facts]:
    return {number: facts for number, facts in found.items() if facts.life_cycle != LifeCycle.RETIRED}


def _judged(facts: Facts, city: City, accepted: Accepted) -> Judged:
    found = judge(facts, city, accepted)
    filled = found.completeness
    return Judged(
        facts.id,
        filled.point_class,
        filled.filled,
        filled.required,
        round(100 * filled.share, 1),
        judgements.listed(one.code for one in found.failed if one.code != ANSWERS),
        judgements.listed(one.field for one in found.differences),
        facts.gb_device_id,
        facts.lon,
        facts.lat,
        facts.pole_code,
    )
