"""The statuses of many cameras over time, from their flips and the runs of the poller: vms.health.uptime for arrays."""

from collections.abc import Sequence

import numpy as np

from vms.assessment.time_sums import Flags, Ints, Mark, microseconds
from vms.health.session import WatchSession

UNKNOWN, ONLINE, DOWN, SUSPECT = 0, 1, 2, 3
_MARKS = {Mark.ONLINE: (ONLINE, SUSPECT), Mark.DOWN: (DOWN,)}


def spells(steps: Ints, sessions: Sequence[WatchSession]) -> dict[Mark, tuple[Ints, Ints, Ints]]:
    """(rows, starts, ends) of each mark. `steps`: (row, run, when in microseconds, 0 unknown 1 online 2 down 3 suspect,
    which counts as online), each
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
        return dict.fromkeys(_MARKS, (nothing, nothing, nothing))
    place = np.minimum(np.searchsorted(ids, steps[:, 1]), len(ids) - 1)
    is_known = ids[place] == steps[:, 1]
    steps, run = steps[is_known], by_id[place[is_known]]
    order = np.lexsort((np.arange(len(steps)), run, steps[:, 0]))
    steps, run = steps[order], run[order]
    start_us, end_us = np.maximum(steps[:, 2], begins[run]), ends[run]
    same = (steps[1:, 0] == steps[:-1, 0]) & (run[1:] == run[:-1])
    end_us[:-1] = np.where(same, np.minimum(end_us[:-1], steps[1:, 2]), end_us[:-1])
    found: dict[Mark, tuple[Ints, Ints, Ints]] = {}
    for mark, kinds in _MARKS.items():
        mine = np.isin(steps[:, 3], kinds) & (end_us > start_us)
        found[mark] = (steps[mine, 0], start_us[mine], end_us[mine])
    return found


def is_fall(steps: Ints) -> Flags:
    """Of each step, whether the camera was up before and is down now. `steps`: as those of `spells`.

    Between the two nobody may have watched, and it may have been in doubt: who was down before a restart of the poller
    and is down after it did not fall again, and who was never seen up did not fall.
    """
    settled = np.flatnonzero((steps[:, 3] == ONLINE) | (steps[:, 3] == DOWN))
    found = np.zeros(len(steps), dtype=np.bool_)
    before, after = steps[settled[:-1]], steps[settled[1:]]
    found[settled[1:]] = (before[:, 0] == after[:, 0]) & (before[:, 3] == ONLINE) & (after[:, 3] == DOWN)
    return found
