"""How good the archive is as a whole: completeness, conformity and consistency by region, tier, owner or class.

Every record is judged once and remembered; afterwards only what the news names is judged again. All are judged again at
a new day (filings fall due), where the poller starts or falls silent, and with new codes or a new map.
"""

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from sys import intern
from typing import NamedTuple

from sqlalchemy import Connection

from vms.inventory.archive.city import City
from vms.inventory.archive.conformity import rule_codes
from vms.inventory.archive.facts import Facts
from vms.inventory.archive.judgement import judge
from vms.inventory.camera import IN_SERVICE_VALUES
from vms.inventory.differences import Accepted
from vms.services.archive.city_now import whole_city
from vms.store import accepted_differences, archive_facts, events
from vms.store.database import Database
from vms.store.watch_sessions import latest_session

MOST_NEWS = 5000
"""Above this a full pass is cheaper."""
_RULES = {code: bit for bit, code in enumerate(rule_codes())}


class By(StrEnum):
    REGION = "region"
    TIER = "tier"
    OWNER = "owner"
    POINT_CLASS = "point_class"


class _Judged(NamedTuple):
    region: str
    tier: str
    owner: int | None
    point_class: int
    required: int
    filled: int
    failed: int
    """A bit for each rule."""
    has_device: bool
    differing: tuple[str, ...]
    """Fields in which declared and observed differ, those that a person let stand left out."""


@dataclass(slots=True)
class Figures:
    """Of one group. Shares are None where there is nothing to divide by."""

    cameras: int = 0
    complete: int = 0
    filled: int = 0
    required: int = 0
    conforming: int = 0
    with_device: int = 0
    consistent: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    """By rule, how many cameras break it."""

    @property
    def completeness(self) -> float | None:
        return self.filled / self.required if self.required else None

    @property
    def conformity(self) -> float | None:
        return self.conforming / self.cameras if self.cameras else None

    @property
    def consistency(self) -> float | None:
        return self.consistent / self.with_device if self.with_device else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveFigures:
    as_of: datetime
    total: Figures
    groups: dict[str, Figures]
    """By the region's code, the tier, the owner's id, the class; empty text: none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceFilter:
    """Empty and None: whatever it is."""

    region: str = ""
    """The region and everything below it."""
    tier: str = ""
    owner: int | None = None
    field: str = ""
    hidden: frozenset[str] = frozenset()
    """Fields that the person may not see."""

    def takes(self, region: str, tier: str, owner: int | None) -> bool:
        return region.startswith(self.region) and self.tier in ("", tier) and self.owner in (None, owner)


class ArchiveMemory:
    """One for a process; whoever asks first after a change does the judging, others wait for it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._judged: dict[int, _Judged] = {}
        self._city: City | None = None
        self._event_id = 0
        self._standing: object = None
        """What every judgement hangs on; None: nothing was judged yet."""

    def warm_up(self, now: datetime) -> None:
        """So that nobody waits for the first pass."""
        self.figures(By.TIER, now)

    def figures(self, by: By, now: datetime) -> ArchiveFigures:
        """Of all cameras in service. Blocking: seconds for the first 100,000 cameras, then a fraction of one."""
        with self._lock:
            with self._database.reading() as tx:
                self._follow(tx, now)
            return _added_up(self._judged, by, now)

    def figures_of(self, group_of: Mapping[int, str], now: datetime) -> dict[str, Figures]:
        """Of the cameras in service that are named with a group, by that group."""
        found: dict[str, Figures] = {}
        with self._lock:
            with self._database.reading() as tx:
                self._follow(tx, now)
            for number, one in self._judged.items():
                key = group_of.get(number)
                if key is not None:
                    _count(found.setdefault(key, Figures()), one)
        return found

    def differing(self, wanted: DifferenceFilter, now: datetime) -> list[tuple[int, str]]:
        """(camera, field) of all open differences, by camera."""
        with self._lock:
            with self._database.reading() as tx:
                self._follow(tx, now)
            return [
                (number, name)
                for number in sorted(self._judged)
                if (one := self._judged[number]).differing and wanted.takes(one.region, one.tier, one.owner)
                for name in one.differing
                if wanted.field in ("", name) and name not in wanted.hidden
            ]

    def _follow(self, tx: Connection, now: datetime) -> None:
        latest = events.latest_id(tx)
        session = latest_session(tx)
        watched = None if session is None or session.silence(now) else session.session_id
        standing = (now.date(), watched)
        if standing != self._standing:
            self._judge_all(tx, latest, now)
            self._standing = standing
            return
        news = events.after(tx, self._event_id, MOST_NEWS)
        if len(news) == MOST_NEWS or any(one.kind in ("map.changed", "codes.changed") for one in news):
            self._judge_all(tx, latest, now)
            return
        changed = {one.subject for one in news if one.kind.startswith("camera.") and one.subject is not None}
        if changed:
            self._judge_some(tx, changed, now)
        self._event_id = latest

    def _judge_all(self, tx: Connection, latest: int, now: datetime) -> None:
        city = whole_city(tx, now)
        accepted = accepted_differences.every(tx)
        self._judged = {
            facts.id: _judged(facts, city, accepted.get(facts.id, {})) for facts in archive_facts.every(tx, now)
        }
        self._city, self._event_id = city, latest

    def _judge_some(self, tx: Connection, changed: set[int], now: datetime) -> None:
        """With them those that stand where they stand or had, or have, the same id."""
        city, before = whole_city(tx, now), self._city
        if before is not None:
            changed |= city.doubled_places ^ before.doubled_places
            changed |= archive_facts.having_ids(tx, city.doubled_ids ^ before.doubled_ids)
        accepted = accepted_differences.of_cameras(tx, changed)
        found = archive_facts.of_cameras(tx, changed, now)
        for number in changed:
            facts = found.get(number)
            if facts is None or facts.life_cycle not in IN_SERVICE_VALUES:
                self._judged.pop(number, None)
            else:
                self._judged[number] = _judged(facts, city, accepted.get(number, {}))
        self._city = city


def _judged(facts: Facts, city: City, accepted: Accepted) -> _Judged:
    found = judge(facts, city, accepted)
    failed = 0
    for one in found.failed:
        failed |= 1 << _RULES[one.code]
    return _Judged(
        intern(facts.region_code),
        intern(facts.tier),
        facts.owner_id,
        found.completeness.point_class,
        found.completeness.required,
        found.completeness.filled,
        failed,
        facts.device_id is not None,
        tuple(one.field for one in found.differences),
    )


def _added_up(judged: dict[int, _Judged], by: By, now: datetime) -> ArchiveFigures:
    key_of = attrgetter(by.value)
    groups: dict[str | int | None, Figures] = {}
    total = Figures()
    patterns: Counter[tuple[str | int | None, int]] = Counter()
    for one in judged.values():
        key: str | int | None = key_of(one)
        group = groups.get(key)
        if group is None:
            group = groups[key] = Figures()
        _count(group, one)
        if one.failed:
            patterns[key, one.failed] += 1
    for (key, failed), cameras in patterns.items():
        for code, bit in _RULES.items():
            if failed >> bit & 1:
                groups[key].failed[code] += cameras
    for group in groups.values():
        _add(total, group)
    named = {"" if key is None else str(key): group for key, group in groups.items()}
    return ArchiveFigures(as_of=now, total=total, groups=dict(sorted(named.items())))


def _count(group: Figures, one: _Judged) -> None:
    group.cameras += 1
    group.filled += one.filled
    group.required += one.required
    group.complete += one.filled == one.required
    group.conforming += not one.failed
    if one.has_device:
        group.with_device += 1
        group.consistent += not one.differing


def _add(total: Figures, group: Figures) -> None:
    for name in ("cameras", "complete", "filled", "required", "conforming", "with_device", "consistent"):
        setattr(total, name, getattr(total, name) + getattr(group, name))
    total.failed.update(group.failed)
