"""The recordings that are not asked for: those of the cameras' days inside notices and outages, read and cut."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from sqlalchemy import Connection

from vms.assessment.excused_footage import FootageDay, Span, left_out
from vms.assessment.period import Period
from vms.assessment.time_sums import Ints, Stretches, microseconds
from vms.store import assessment_facts


def footage_left_out(tx: Connection, known: Ints, excuses: Sequence[Stretches], period: Period) -> tuple[Ints, Ints]:
    """(recorded, planned) microseconds of each of these cameras. `excuses`: by the place of a camera in `known`."""
    edges = [microseconds(border) for border in period.borders()]
    recorded, planned = np.zeros((2, len(known)), dtype=np.int64)
    for place, of_day in sorted(_by_day(excuses, edges).items()):
        row_of = {int(known[row]): row for row in of_day}
        day_us = edges[place + 1] - edges[place]
        for camera_id, plan_s, recorded_s, missing_s, expired_s, gaps in assessment_facts.footage_days(
            tx, sorted(row_of), period.days[place].isoformat()
        ):
            found = FootageDay(
                day=day_us,
                planned=_us(plan_s),
                recorded=min(_us(recorded_s), _us(plan_s)),
                missing=_us(missing_s),
                expired=_us(expired_s),
                gaps=[(_us(since_s), _us(until_s)) for since_s, until_s in gaps],
            )
            row = row_of[camera_id]
            recorded_us, planned_us = left_out(found, of_day[row])
            recorded[row] += recorded_us
            planned[row] += planned_us
    return recorded, planned


def _by_day(excuses: Sequence[Stretches], edges: Sequence[int]) -> dict[int, dict[int, list[Span]]]:
    """Day → camera → the excused parts of that day."""
    found: dict[int, dict[int, list[Span]]] = defaultdict(lambda: defaultdict(list))
    for row, since, until in _all(excuses):
        place = max(0, bisect_right(edges, since) - 1)
        while place < len(edges) - 1 and edges[place] < until:
            found[place][row].append((since - edges[place], until - edges[place]))
            place += 1
    return found


def _all(excuses: Sequence[Stretches]) -> Iterator[tuple[int, int, int]]:
    for stretches in excuses:
        rows, since, until = stretches.together()
        yield from zip(rows.tolist(), since.tolist(), until.tolist(), strict=True)


def _us(seconds: float) -> int:
    return round(seconds * 1e6)
