"""Which causes explain the falls that nobody has explained yet."""

from collections import deque
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from vms.core.ids import CameraId, DeviceId
from vms.health.outages.census import Census, Ill
from vms.health.outages.chance import surprise
from vms.health.outages.explain import Faller, Hypothesis, Terms, explain, weigh
from vms.health.outages.node import NodeKey, NodeKind
from vms.health.outages.policy import OutagePolicy


class Search:
    """Knows how often falls stand alone these days: the more do, the less a coincidence proves."""

    def __init__(self, census: Census, policy: OutagePolicy, wrong: Mapping[NodeKey, int]) -> None:
        self._census = census
        self._policy = policy
        self._wrong = wrong
        self._lone: deque[datetime] = deque()

    def note_alone(self, now: datetime) -> None:
        self._lone.append(now)

    def early(
        self, undecided: Iterable[CameraId], doubtful: Iterable[CameraId], now: datetime
    ) -> list[tuple[Hypothesis, Collection[int]]]:
        """(cause, devices that are down): enough are, and the others in doubt; said before each has failed often."""
        policy = self._policy
        lines = self._line_fallers(undecided)
        if len(lines) < policy.least:
            return []
        everybody = {**self._line_fallers(doubtful, in_doubt=True), **lines}
        found: list[tuple[Hypothesis, Collection[int]]] = []
        for cause in explain(everybody, self._census.graph, self._census.standing, self.terms(now)):
            down = cause.devices & lines.keys()
            if cause.whole and len(down) >= max(policy.least, policy.early_share * len(cause.devices)):
                found.append((cause, down))
        return found

    def lines(self, undecided: Iterable[CameraId], devices: set[DeviceId], now: datetime) -> list[Hypothesis]:
        """Causes of falls of whole devices, one of `devices` among them."""
        fallers = self._line_fallers(undecided)
        found = explain(fallers, self._census.graph, self._census.standing, self.terms(now))
        return [cause for cause in found if devices & cause.devices]

    def streams(self, undecided: Iterable[CameraId], devices: set[DeviceId], now: datetime) -> list[Hypothesis]:
        """Causes of dead streams of devices with one camera, one of `devices` among them."""
        census, fallers = self._census, dict[int, Faller]()
        for camera_id in undecided:
            ill, owner = census.ill[camera_id], census.graph.device_of(camera_id)
            if owner is not None and not ill.by_line and len(census.graph.cameras_of(owner)) == 1:
                fallers[owner] = Faller(ill.onset.timestamp())
        terms = self.terms(now, self._policy.stream_window_s)
        return [cause for cause in explain(fallers, census.graph, census.standing, terms) if devices & cause.devices]

    def recorder(
        self, device_id: DeviceId, undecided: Collection[CameraId], now: datetime, *, line: bool
    ) -> Hypothesis | None:  # fmt: skip
        """One device with several cameras; the hypothesis names the cameras."""
        census = self._census
        fallers: dict[int, Faller] = {
            camera_id: Faller((fell_at(ill) if line else ill.onset).timestamp())
            for camera_id in census.graph.cameras_of(device_id)
            if camera_id in undecided and (ill := census.ill[camera_id]).by_line == line
        }
        if len(fallers) < 2:
            return None
        key = recorder_key(device_id)
        terms = self.terms(now, None if line else self._policy.stream_window_s)
        return weigh(census.graph.node(key), fallers, census.standing(key), terms)

    def terms(self, now: datetime, window_s: float | None = None) -> Terms:
        policy = self._policy
        window_s = policy.window_s if window_s is None else window_s
        while self._lone and now - self._lone[0] > timedelta(seconds=policy.rate_over_s):
            self._lone.popleft()
        watched_days = self._census.graph.devices * policy.rate_over_s / 86_400.0
        seen = policy.falls_per_day * policy.belief_days + len(self._lone)
        rate = max(policy.falls_per_day, seen / (policy.belief_days + watched_days))
        return Terms(policy=policy, window_s=window_s, surprise=surprise(rate, window_s), wrong=self._wrong)

    def _line_fallers(self, cameras: Iterable[CameraId], *, in_doubt: bool = False) -> dict[int, Faller]:
        """Devices of which everything has fallen, by the first of their cameras."""
        census, fallers = self._census, dict[int, Faller]()
        for camera_id in cameras:
            ill, device_id = census.ill[camera_id], census.graph.device_of(camera_id)
            if device_id is None or census.stands(device_id) or not (in_doubt or ill.by_line):
                continue
            onset_s = fell_at(ill).timestamp()
            known = fallers.get(device_id)
            if known is None or onset_s < known.onset_s:
                fallers[device_id] = Faller(onset_s)
        return fallers


def fell_at(ill: Ill) -> datetime:
    """When the fall that counts was seen first: of the line, else of anything."""
    return ill.line_onset or ill.onset


def recorder_key(device_id: DeviceId) -> NodeKey:
    return NodeKey(NodeKind.NVR, str(device_id))
