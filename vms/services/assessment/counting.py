"""Counts what the figures divide: a slice of cameras, the orders, the archive; each into its group."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import Connection

from vms.assessment.figure import FigureKind, Ratio, Tally
from vms.assessment.judged_deadlines import Deadline, firm_at, judged, repair_counts_until
from vms.assessment.period import Period
from vms.assessment.time_sums import WHOLE, Flags, Ints, Part
from vms.core.intervals import Interval
from vms.health.session import WatchSession
from vms.services.assessment.footage_left_out import footage_left_out
from vms.services.assessment.gather_time import gather_time, rows_of
from vms.services.assessment.looked_at import LookedAt
from vms.store import assessment_facts
from vms.store.assessed_orders import AssessedOrder
from vms.store.assessment_facts import AssessedCamera, IdRange

LIABLE = frozenset({"unit", "community"})
"""Tiers whose cameras are liable to filing (备案)."""

ArchiveRatios = Callable[[Mapping[int, str]], Mapping[str, Mapping[FigureKind, Ratio]]]
"""Camera → its group; gives the archive's figures by group, as they are now."""


class Counting:
    """One group while it is counted."""

    def __init__(self) -> None:
        self.cameras = 0
        self.ratios: dict[FigureKind, list[int]] = defaultdict(lambda: [0, 0])
        self.time_us: dict[Part, int] = defaultdict(int)

    def add(self, kind: FigureKind, part: int, whole: int) -> None:
        ratio = self.ratios[kind]
        ratio[0] += part
        ratio[1] += whole

    def tally(self, untold: Mapping[FigureKind, str]) -> Tally:
        return Tally(
            cameras=self.cameras,
            ratios={kind: Ratio(part, whole) for kind, (part, whole) in sorted(self.ratios.items())},
            untold={FigureKind.COVERAGE_RATE: "key places are counted for the whole town", **untold},
            time_us={part.value: self.time_us[part] for part in WHOLE},
        )


def count_slice(
    tx: Connection,
    some: Sequence[AssessedCamera],
    group_of: Mapping[int, str],
    sessions: Sequence[WatchSession],
    period: Period,
    borders: Sequence[datetime],
    counts: dict[str, Counting],
    days: Ints,
    *,
    looked_at: LookedAt,
    outages_are_charged: bool,
) -> None:
    """Adds these cameras to their groups, and to the days: assessable, online, intact; online where a look vouches for
    the picture, and that with a good one."""
    ids = IdRange(some[0].camera_id, some[-1].camera_id)
    parts, falls, excuses = gather_time(tx, some, sessions, borders, outages_are_charged=outages_are_charged)
    known = np.fromiter((camera.camera_id for camera in some), dtype=np.int64, count=len(some))
    sums = {part: parts[part].sum(axis=1) for part in Part}
    served = sums[Part.NOT_IN_SERVICE] < np.int64((borders[-1] - borders[0]) / timedelta(microseconds=1))
    first, last = period.first.isoformat(), period.last.isoformat()
    footage = assessment_facts.footage(tx, ids, first, last)
    rows, mine = rows_of(known, footage[:, 0])
    recorded, planned = np.zeros((2, len(some)), dtype=np.int64)
    recorded[rows[mine]], planned[rows[mine]] = footage[mine, 1], footage[mine, 2]
    not_asked = footage_left_out(tx, known, excuses, period)
    recorded, planned = recorded - not_asked[0], planned - not_asked[1]
    ones = np.ones(len(some), dtype=np.int64)
    liable = _flags(c.tier in LIABLE and c.served_at_end for c in some)
    on = period.days[: len(borders) - 1]
    seen, timed = looked_at.diagnosed.vouch(known, on), looked_at.clock_read.vouch(known, on)
    assessable, online = sums[Part.ASSESSABLE], sums[Part.ONLINE]
    retained = looked_at.retained.holds(known).astype(np.int64)
    told = (
        (FigureKind.ONLINE_RATE, online, assessable, served),
        (FigureKind.INTACT_RATE, sums[Part.INTACT], assessable, served),
        (FigureKind.IMAGE_QUALITY_RATE, *_where(seen, parts, Part.PICTURE_GOOD), served),
        (FigureKind.CLOCK_ACCURACY_RATE, *_where(timed, parts, Part.CLOCK_GOOD), served),
        (FigureKind.RETENTION_COMPLIANCE, retained, ones, served & looked_at.checked.holds(known)),
        (FigureKind.MTBF, online, falls, served),
        (FigureKind.FILING_RATE, _flags(camera.filed for camera in some).astype(np.int64), ones, served & liable),
        (FigureKind.RECORDING_INTEGRITY, recorded, planned, planned > 0),
    )
    members = defaultdict(list)
    for row, camera in enumerate(some):
        members[group_of[camera.camera_id]].append(row)
    for key, of_group in members.items():
        theirs = np.array(of_group, dtype=np.int64)
        group, there = counts[key], served[theirs]
        group.cameras += int(there.sum())
        for part in WHOLE:
            group.time_us[part] += int(sums[part][theirs][there].sum())
        for kind, over, whole, counted in told:
            chosen = theirs[counted[theirs]]
            if len(chosen):
                group.add(kind, int(over[chosen].sum()), int(whole[chosen].sum()))
    days[:, 0] += parts[Part.ASSESSABLE].sum(axis=0)
    days[:, 1] += parts[Part.ONLINE].sum(axis=0)
    days[:, 2] += parts[Part.INTACT].sum(axis=0)
    days[:, 3] += (parts[Part.ONLINE] * seen).sum(axis=0)
    days[:, 4] += (parts[Part.PICTURE_GOOD] * seen).sum(axis=0)


def _where(vouched: Flags, parts: Mapping[Part, Ints], good: Part) -> tuple[Ints, Ints]:
    """Of the days for which a look vouches: the good time, and all time online."""
    return (parts[good] * vouched).sum(axis=1), (parts[Part.ONLINE] * vouched).sum(axis=1)


def _flags(found: Iterable[bool]) -> Flags:
    return np.fromiter(found, dtype=np.bool_)


_OF_DEADLINE = {
    Deadline.RESPOND: (FigureKind.FAULT_RESPONSE_OK, FigureKind.RESPONSE_TOLD_AFTERWARDS),
    Deadline.REPAIR: (FigureKind.FAULT_FIX_OK, FigureKind.FIX_TOLD_AFTERWARDS),
}


def count_orders(
    orders: Sequence[AssessedOrder],
    key_of: Callable[[AssessedOrder, int | None], str | None],
    start: datetime,
    end: datetime,
    counts: dict[str, Counting],
) -> None:
    """`key_of`: of an order while a firm has it."""
    period = Interval(start, end)
    for order in orders:
        stands = order.stands
        for one in judged(stands, period, order.announced):
            key = key_of(order, one.maintainer_id)
            if key is None:
                break
            kept, afterwards = _OF_DEADLINE[one.deadline]
            counts[key].add(kept, one.kept, 1)
            if one.kept:
                counts[key].add(afterwards, one.told_afterwards, 1)
        if order.detected_at in period and (key := key_of(order, firm_at(stands, end))) is not None:
            counts[key].add(FigureKind.REPEAT_FAULT_RATE, order.repeats, 1)
        repaired_at = order.repaired_at
        until = repair_counts_until(stands[-1])
        if repaired_at is not None and until is not None and repaired_at in period:
            key = key_of(order, stands[-1].maintainer_id)
            if key is not None:
                took = until - order.detected_at - timedelta(seconds=order.suspended_s)
                counts[key].add(FigureKind.MTTR, max(0, took // timedelta(microseconds=1)), 1)


_ARCHIVE = (FigureKind.ARCHIVE_COMPLETENESS, FigureKind.ARCHIVE_CONFORMITY, FigureKind.ARCHIVE_CONSISTENCY)


def count_archive(
    archive: ArchiveRatios | None,
    group_of: Mapping[int, str],
    end: datetime,
    now: datetime,
    counts: dict[str, Counting],
) -> dict[FigureKind, str]:
    """Why they are not told, where they are not: the archive is known as it is now, not as it was then."""
    if end < now - timedelta(days=1):
        return dict.fromkeys(_ARCHIVE, "the archive is known as it is now, not as it was then")
    if archive is None:
        return dict.fromkeys(_ARCHIVE, "the archive was not judged")
    for key, ratios in archive(group_of).items():
        for kind, ratio in ratios.items():
            counts[key].add(kind, ratio.part, ratio.whole)
    return {}
