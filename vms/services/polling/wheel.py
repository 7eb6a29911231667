"""The poll wheel: every device has its place on it, spread evenly over the interval; time is handed in."""

import heapq
from dataclasses import dataclass

from vms.core.ids import DeviceId
from vms.health.pace import phase_of


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    due_s: float
    device_id: DeviceId
    turn: int
    """Counts the revolutions of the wheel."""


class PollWheel:
    """Seconds are those of one monotonic clock. A device that is added later gets the next pass of its place."""

    def __init__(self, interval_s: float, began_s: float) -> None:
        self._interval_s = interval_s
        self._began_s = began_s
        self._slots: list[Slot] = []
        self._due_s: dict[DeviceId, float] = {}

    def __len__(self) -> int:
        return len(self._due_s)

    def put(self, device_id: DeviceId, now_s: float) -> None:
        if device_id not in self._due_s:
            self._push(device_id, now_s)

    def drop(self, device_id: DeviceId) -> None:
        self._due_s.pop(device_id, None)

    def due(self, now_s: float) -> list[Slot]:
        """What is due, the longest overdue first; each is put on its next turn. Missed turns are left out."""
        found: list[Slot] = []
        while self._slots and self._slots[0].due_s <= now_s:
            slot = heapq.heappop(self._slots)
            if self._due_s.get(slot.device_id) == slot.due_s:
                found.append(slot)
                self._push(slot.device_id, now_s)
        return found

    def _push(self, device_id: DeviceId, after_s: float) -> None:
        phase = phase_of(device_id)
        turn = max(0, int((after_s - self._began_s) / self._interval_s - phase))
        due_s = self._began_s + (turn + phase) * self._interval_s
        while due_s <= after_s:
            turn += 1
            due_s = self._began_s + (turn + phase) * self._interval_s
        self._due_s[device_id] = due_s
        heapq.heappush(self._slots, Slot(due_s, device_id, turn))
