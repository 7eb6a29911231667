"""The statuses of many cameras over time, from their flips and the runs of the poller: vms.health.uptime for arrays."""

from collections.abc import Sequence

import numpy as np

from vms.assessment.time_sums import Ints, Mark, microseconds
from vms.health.session import WatchSession

UNKNOWN, ONLINE, DOWN = 0, 1, 2
_MARK_OF = {ONLINE: Mark.ONLINE, DOWN: Mark.DOWN}


def spells(steps: Ints, sessions: Sequence[WatchSession]) -> dict[Mark, tuple[Ints, Ints, Ints]]:
    """(rows, starts, ends) of each mark. `steps`: (row, run, when in microseconds, 0 unknown 1 online 2 down), each
    camera's in the order of time.

    A run speaks from its start to its last heartbeat, or to the start of the next run; within it a camera is unknown
    until its first flip.
    """
    ordered = sorted(sessions, key=lambda session: (session.started_at, session.session_id))
    begins = np.array([microseconds(one.started_at) for one in ordered], dtype=np.int64)
    ends = np.array([microseconds(one.alive_at) for one in ordered], dtype=np.int64)
    ends[:-1] = np.minimum(ends[:-1], begins[1:])
    by_id = np.argsort([one.session_id for one in ordered])
    ids = np.array([one.session_id for one in ordered], dtype=np.int64)[by_id]
    nothing = np.empty(0, dtype=np.int64)
    if not len(ids) or not len(steps):
        return dict.fromkeys(_MARK_OF.values(), (nothing, nothing, nothing))
    place = np.minimum(np.searchsorted(ids, steps[:, 1]), len(ids) - 1)
    is_known = ids[place] == steps[:, 1]
    steps, run = steps[is_known], by_id[place[is_known]]
    order = np.lexsort((np.arange(len(steps)), run, steps[:, 0]))
    steps, run = steps[order], run[order]
    start_us, end_us = np.maximum(steps[:, 2], begins[run]), ends[run]
    same = (steps[1:, 0] == steps[:-1, 0]) & (run[1:] == run[:-1])
    end_us[:-1] = np.where(same, np.minimum(end_us[:-1], steps[1:, 2]), end_us[:-1])
    found: dict[Mark, tuple[Ints, Ints, Ints]] = {}
    for kind, mark in _MARK_OF.items():
        mine = (steps[:, 3] == kind) & (end_us > start_us)
        found[mark] = (steps[mine, 0], start_us[mine], end_us[mine])
    return found
