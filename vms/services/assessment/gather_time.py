"""The time of a range of cameras in a period, by its parts: read from the store, summed exactly."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np
from sqlalchemy import Connection

from vms.assessment.spells import SUSPECT, UNKNOWN, is_fall, spells
from vms.assessment.time_sums import Flags, Ints, Mark, Part, Stretches, microseconds, time_sums
from vms.health.session import WatchSession
from vms.store import assessment_facts
from vms.store.assessment_facts import AssessedCamera, IdRange, Spans


class Spent(NamedTuple):
    parts: Mapping[Part, Ints]
    """Arrays of shape (cameras, buckets), as `time_sums` gives them."""
    falls: Ints
    """How often each camera fell by itself."""
    excuses: Sequence[Stretches]
    """When nothing was asked of them: notices, and outages unless they are charged."""


def gather_time(
    tx: Connection,
    cameras: Sequence[AssessedCamera],
    sessions: Sequence[WatchSession],
    borders: Sequence[datetime],
    *,
    outages_are_charged: bool,
) -> Spent:
    """`cameras`: ascending by id, not empty."""
    start, end = borders[0], borders[-1]
    ids = IdRange(cameras[0].camera_id, cameras[-1].camera_id)
    known = np.fromiter((camera.camera_id for camera in cameras), dtype=np.int64, count=len(cameras))
    marks: dict[Mark, Stretches] = defaultdict(Stretches)

    def mark(name: Mark, found: Spans) -> None:
        rows, mine = rows_of(known, found.camera_ids)
        marks[name].add_many(rows[mine], found.start_us[mine], found.end_us[mine])

    marks[Mark.IN_SERVICE].add_many(*_service(tx, cameras, ids, end))
    told = _steps(tx, ids, start, end)
    rows, mine = rows_of(known, told[:, 0])
    told[:, 0] = rows
    told = told[mine]
    for name, spent in spells(told, sessions).items():
        marks[name].add_many(*spent)
    for cut_at, back_at in assessment_facts.blind_whole(tx, start, end):
        everybody = np.arange(len(cameras), dtype=np.int64)
        since_us, until_us = microseconds(cut_at), microseconds(back_at or end)
        marks[Mark.BLIND].add_many(everybody, np.full_like(everybody, since_us), np.full_like(everybody, until_us))
    mark(Mark.BLIND, assessment_facts.blind(tx, ids, start, end))
    mark(Mark.NOTICE, assessment_facts.noticed(tx, ids, start, end))
    mark(Mark.OUTAGE, assessment_facts.fallen_with_others(tx, ids, start, end))
    mark(Mark.ILL, assessment_facts.faults_of_weight(tx, ids, start, end))
    mark(Mark.PICTURE_ILL, assessment_facts.picture_faults(tx, ids, start, end))
    mark(Mark.CLOCK_ILL, assessment_facts.clock_faults(tx, ids, start, end))
    falls = told[is_fall(told) & (told[:, 2] >= microseconds(start))]
    parts = time_sums(len(cameras), marks, borders, outages_are_charged=outages_are_charged)
    excuses = [marks[Mark.NOTICE]] if outages_are_charged else [marks[Mark.NOTICE], marks[Mark.OUTAGE]]
    return Spent(parts, _charged(falls, len(cameras), excuses), excuses)


def _steps(tx: Connection, ids: IdRange, start: datetime, end: datetime) -> Ints:
    """With what each was at the start, also where it was in doubt just then or nobody watched."""
    told = assessment_facts.steps(tx, ids, start, end)
    was = told[(told[:, 2] < microseconds(start)) & np.isin(told[:, 3], (UNKNOWN, SUSPECT)), 0]
    if not len(was):
        return told
    settled = assessment_facts.settled_before(tx, IdRange(int(was[0]), int(was[-1])), start)
    both = np.concatenate((settled[np.isin(settled[:, 0], was)], told))
    return both[np.argsort(both[:, 0], kind="stable")]  # within a camera: what was before comes before


def _charged(falls: Ints, cameras: int, excuses: Sequence[Stretches]) -> Ints:
    """Of each camera how many falls lie in none of these. `falls`: (camera, run, when, down)."""
    excused: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for row, since, until in (one for found in excuses for one in zip(*map(list, found.together()), strict=True)):
        excused[row].append((since, until))
    counts = np.ones(len(falls), dtype=np.bool_)
    for fall in np.flatnonzero(np.isin(falls[:, 0], list(excused))):
        at = falls[fall, 2]
        counts[fall] = not any(since <= at < until for since, until in excused[falls[fall, 0]])
    return np.bincount(falls[counts, 0], minlength=cameras).astype(np.int64)


def rows_of(known: Ints, camera_ids: Ints) -> tuple[Ints, Flags]:
    """The place of each in `known`, which ascends, and whether it is there."""
    rows = np.minimum(np.searchsorted(known, camera_ids), len(known) - 1)
    return rows, known[rows] == camera_ids


def _service(tx: Connection, cameras: Sequence[AssessedCamera], ids: IdRange, end: datetime) -> tuple[Ints, Ints, Ints]:
    """(rows, since, until): when each was in service, as it is now, unless its history tells otherwise."""
    steps: dict[int, list[tuple[int, bool, bool]]] = defaultdict(list)
    for camera_id, at, before, after in assessment_facts.service_changes(tx, ids):
        steps[camera_id].append((microseconds(at), before, after))
    end_us = microseconds(end)
    found: list[tuple[int, int, int]] = []
    for row, camera in enumerate(cameras):
        own = steps.get(camera.camera_id)
        if own is not None:
            found += ((row, since, until) for since, until in _served(camera.created_us, own, end_us))
        elif camera.in_service and camera.created_us < end_us:
            found.append((row, camera.created_us, end_us))
    rows, since_us, until_us = np.array(found, dtype=np.int64).reshape(-1, 3).T
    return rows, since_us, until_us


def _served(created_us: int, steps: Sequence[tuple[int, bool, bool]], end_us: int) -> Iterator[tuple[int, int]]:
    """`steps`: (when, in service before, in service after), in order, not empty."""
    since = created_us if steps[0][1] else None
    for at, _, serves in steps:
        if serves and since is None:
            since = at
        elif not serves and since is not None:
            if at > since:
                yield since, at
            since = None
    if since is not None and since < end_us:
        yield since, end_us
