"""The time of a range of cameras in a period, by its parts: read from the store, summed exactly."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from vms.assessment.time_sums import Ints, Mark, Part, Stretches, time_sums
from vms.core.ids import CameraId
from vms.health.session import WatchSession
from vms.health.status import Status
from vms.health.uptime import spells
from vms.store import assessment_facts
from vms.store.assessment_facts import AssessedCamera, IdRange, Span
from vms.store.watching import all_flips


def gather_time(
    tx: Connection,
    cameras: Sequence[AssessedCamera],
    sessions: Sequence[WatchSession],
    borders: Sequence[datetime],
    *,
    outages_are_charged: bool,
) -> dict[Part, Ints]:
    """Arrays of shape (cameras, buckets), as `time_sums` gives them. `cameras`: ascending by id, not empty."""
    start, end = borders[0], borders[-1]
    ids = IdRange(cameras[0].camera_id, cameras[-1].camera_id)
    row_of = {camera.camera_id: row for row, camera in enumerate(cameras)}
    marks: dict[Mark, Stretches] = defaultdict(Stretches)

    def mark(name: Mark, found: Iterable[Span]) -> None:
        for span in found:
            row = row_of.get(span.camera_id)
            if row is not None:
                marks[name].add(row, span.start, span.end or end)

    mark(Mark.IN_SERVICE, _service(tx, cameras, ids, end))
    flips = all_flips(tx, [CameraId(camera.camera_id) for camera in cameras], start, end)
    for camera_id, own in flips.items():
        row = row_of[camera_id]
        for spell in spells(own, sessions):
            name = Mark.DOWN if spell.status is Status.DOWN else Mark.ONLINE
            marks[name].add(row, spell.start, spell.end)
    for since, until in assessment_facts.blind_whole(tx, start, end):
        mark(Mark.BLIND, (Span(camera.camera_id, since, until) for camera in cameras))
    mark(Mark.BLIND, assessment_facts.blind(tx, ids, start, end))
    mark(Mark.NOTICE, assessment_facts.noticed(tx, ids, start, end))
    mark(Mark.OUTAGE, assessment_facts.fallen_with_others(tx, ids, start, end))
    mark(Mark.ILL, assessment_facts.faults_of_weight(tx, ids, start, end))
    mark(Mark.PICTURE_ILL, assessment_facts.picture_faults(tx, ids, start, end))
    mark(Mark.CLOCK_ILL, assessment_facts.clock_faults(tx, ids, start, end))
    return time_sums(len(cameras), marks, borders, outages_are_charged=outages_are_charged)


def _service(tx: Connection, cameras: Sequence[AssessedCamera], ids: IdRange, end: datetime) -> Iterable[Span]:
    """When each was in service: as it is now, unless its history tells otherwise."""
    steps: dict[int, list[tuple[datetime, bool, bool]]] = defaultdict(list)
    for camera_id, at, before, after in assessment_facts.service_changes(tx, ids):
        steps[camera_id].append((at, before, after))
    for camera in cameras:
        own = steps.get(camera.camera_id)
        if own is None:
            if camera.in_service and camera.created_at < end:
                yield Span(camera.camera_id, camera.created_at, None)
            continue
        since = camera.created_at if own[0][1] else None
        for at, _, serves in own:
            if serves and since is None:
                since = at
            elif not serves and since is not None:
                if at > since:
                    yield Span(camera.camera_id, since, at)
                since = None
        if since is not None and since < end:
            yield Span(camera.camera_id, since, None)
