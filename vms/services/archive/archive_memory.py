"""How good the archive is as a whole: completeness, conformity and consistency by region, tier, owner or class.

Counted from the judgements that are kept of all records, after these were brought up to the news.
"""

import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from vms.inventory.archive.rules import ANSWERS
from vms.services.archive.keep_judged import Judging, catch_up
from vms.store import archive_counts, judgements
from vms.store.archive_counts import Counted, DifferenceFilter, One
from vms.store.database import Database
from vms.store.judgements import names_in

__all__ = ["ArchiveFigures", "ArchiveMemory", "By", "DifferenceFilter", "Figures"]


class By(StrEnum):
    REGION = "region"
    TIER = "tier"
    OWNER = "owner"
    POINT_CLASS = "point_class"


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
    current: bool
    """False: records have changed since and are being judged."""
    total: Figures
    groups: dict[str, Figures]
    """By the region's code, the tier, the owner's id, the class; empty text: none."""


class ArchiveMemory:
    """One for a process: of those who ask at once, one does what is to be judged."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()

    def follow(self, now: datetime) -> Judging:
        """What changed is judged, except where that is all of a large city. Raises TryAgain where nobody has judged all
        of it yet and somebody is at it."""
        with self._lock:
            judging = catch_up(self._database, now, every=False)
        if not judging.ever:
            with self._database.reading() as tx:
                judgements.require(tx)
        return judging

    def figures(self, by: By, now: datetime) -> ArchiveFigures:
        """Of all cameras in service. Blocking: a fraction of a second for 100,000 cameras."""
        judging = self.follow(now)
        with self._database.reading() as tx:
            counted = archive_counts.by_group(tx, by.value, now)
        total, groups = _added_up(counted)
        return ArchiveFigures(
            as_of=judging.judged_at or now, current=judging.current, total=total, groups=dict(sorted(groups.items()))
        )

    def figures_of(self, group_of: Mapping[int, str], now: datetime) -> dict[str, Figures]:
        """Of the cameras in service that are named with a group, by that group."""
        self.follow(now)
        found: dict[str, Figures] = {}
        with self._database.reading() as tx:
            for one in archive_counts.one_by_one(tx, now):
                key = group_of.get(one.camera_id)
                if key is not None:
                    _count(found.setdefault(key, Figures()), one)
        return found

    def differing(self, wanted: DifferenceFilter, now: datetime) -> list[tuple[int, str]]:
        """(camera, field) of all open differences, by camera."""
        self.follow(now)
        with self._database.reading() as tx:
            return archive_counts.differing(tx, wanted)


def _added_up(counted: Iterable[Counted]) -> tuple[Figures, dict[str, Figures]]:
    total, groups = Figures(), dict[str, Figures]()
    for row in counted:
        group = groups.setdefault("" if row.key is None else str(row.key), Figures())
        for figures in (total, group):
            for name in ("cameras", "complete", "filled", "required", "with_device", "consistent"):
                setattr(figures, name, getattr(figures, name) + getattr(row, name))
            rules = (*names_in(row.broken), *((ANSWERS,) if row.down else ()))
            figures.conforming += 0 if rules else row.cameras
            figures.failed.update(dict.fromkeys(rules, row.cameras))
    return total, groups


def _count(figures: Figures, one: One) -> None:
    figures.cameras += 1
    figures.filled += one.filled
    figures.required += one.required
    figures.complete += one.filled == one.required
    figures.conforming += not one.broken and not one.down
    if one.has_device:
        figures.with_device += 1
        figures.consistent += not one.differing
