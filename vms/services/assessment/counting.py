"""Counts what the figures divide: a slice of cameras, the orders, the archive; each into its group."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy import Connection

from vms.assessment.figure import FigureKind, Ratio, Tally
from vms.assessment.period import Period
from vms.assessment.time_sums import WHOLE, Ints, Part
from vms.health.session import WatchSession
from vms.services.assessment.gather_time import gather_time
from vms.services.assessment.looked_at import LookedAt
from vms.store import assessment_facts
from vms.store.assessment_facts import AssessedCamera, AssessedOrder, IdRange

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
            untold={FigureKind.COVERAGE_RATE: "coverage is not told by group", **untold},
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
    """Adds these cameras to their groups, and to the days: assessable, online, intact; assessable and good picture."""
    ids = IdRange(some[0].camera_id, some[-1].camera_id)
    parts = gather_time(tx, some, sessions, borders, outages_are_charged=outages_are_charged)
    falls = _charged_falls(tx, ids, borders[0], borders[-1])
    sums = {part: parts[part].sum(axis=1) for part in Part}
    served = sums[Part.NOT_IN_SERVICE] < np.int64((borders[-1] - borders[0]) / timedelta(microseconds=1))
    for row, camera in enumerate(some):
        if not served[row]:
            continue
        group = counts[group_of[camera.camera_id]]
        group.cameras += 1
        for part in WHOLE:
            group.time_us[part] += int(sums[part][row])
        assessable, online = int(sums[Part.ASSESSABLE][row]), int(sums[Part.ONLINE][row])
        group.add(FigureKind.ONLINE_RATE, online, assessable)
        group.add(FigureKind.INTACT_RATE, int(sums[Part.INTACT][row]), assessable)
        if camera.camera_id in looked_at.diagnosed:
            group.add(FigureKind.IMAGE_QUALITY_RATE, int(sums[Part.PICTURE_GOOD][row]), assessable)
        if camera.camera_id in looked_at.clock_read:
            group.add(FigureKind.CLOCK_ACCURACY_RATE, int(sums[Part.CLOCK_GOOD][row]), assessable)
        if camera.camera_id in looked_at.checked:
            group.add(FigureKind.RETENTION_COMPLIANCE, camera.camera_id in looked_at.retained, 1)
        group.add(FigureKind.MTBF, online, falls.get(camera.camera_id, 0))
        if camera.tier in LIABLE and camera.served_at_end:
            group.add(FigureKind.FILING_RATE, camera.filed, 1)
    first, last = period.first.isoformat(), period.last.isoformat()
    for camera_id, planned_s, recorded_s in assessment_facts.footage(tx, ids, first, last):
        if camera_id in group_of:  # the range of ids may hold others
            recorded, planned = round(min(recorded_s, planned_s) * 1e6), round(planned_s * 1e6)
            counts[group_of[camera_id]].add(FigureKind.RECORDING_INTEGRITY, recorded, planned)
    has_picture = np.array([camera.camera_id in looked_at.diagnosed for camera in some])
    days[:, 0] += parts[Part.ASSESSABLE].sum(axis=0)
    days[:, 1] += parts[Part.ONLINE].sum(axis=0)
    days[:, 2] += parts[Part.INTACT].sum(axis=0)
    days[:, 3] += parts[Part.ASSESSABLE][has_picture].sum(axis=0)
    days[:, 4] += parts[Part.PICTURE_GOOD][has_picture].sum(axis=0)


def _charged_falls(tx: Connection, ids: IdRange, start: datetime, end: datetime) -> dict[int, int]:
    """How often each camera fell by itself: not with others, not inside a notice."""
    excused: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    for spans in (
        assessment_facts.noticed(tx, ids, start, end),
        assessment_facts.fallen_with_others(tx, ids, start, end),
    ):
        for span in spans:
            excused[span.camera_id].append((span.start, span.end or end))
    found: dict[int, int] = defaultdict(int)
    for camera_id, at in assessment_facts.falls(tx, ids, start, end):
        if not any(since <= at < until for since, until in excused.get(camera_id, ())):
            found[camera_id] += 1
    return found


def count_orders(
    orders: Sequence[AssessedOrder],
    key_of: Callable[[AssessedOrder], str | None],
    start: datetime,
    end: datetime,
    counts: dict[str, Counting],
) -> None:
    for order in orders:
        key = key_of(order)
        if key is None:
            continue
        group = counts[key]
        if order.respond_by is not None and start <= order.respond_by < end:
            answered = order.on_site_at or order.repaired_at
            group.add(FigureKind.FAULT_RESPONSE_OK, answered is not None and answered <= order.respond_by, 1)
        if order.repair_by is not None and start <= order.repair_by < end:
            in_time = order.repaired_at is not None and order.repaired_at <= order.repair_by
            group.add(FigureKind.FAULT_FIX_OK, in_time, 1)
        if start <= order.detected_at < end:
            group.add(FigureKind.REPEAT_FAULT_RATE, order.repeats, 1)
        if order.repaired_at is not None and start <= order.repaired_at < end:
            took = order.repaired_at - order.detected_at - timedelta(seconds=order.suspended_s)
            group.add(FigureKind.MTTR, max(0, took // timedelta(microseconds=1)), 1)


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
