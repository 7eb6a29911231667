"""Who is up, in doubt or down, and how many devices of each sort hang on each node, kept change by change."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from vms.core.ids import CameraId, DeviceId
from vms.health.fault import FaultKind
from vms.health.outages.graph import SupplyGraph
from vms.health.outages.node import NodeKey, NodeKind
from vms.health.outages.outage import Outage

LINE = frozenset({FaultKind.UNREACHABLE, FaultKind.NO_ANSWER})
"""Faults that concern a device as a whole."""


@dataclass(slots=True, kw_only=True)
class Ill:
    """A camera that is in doubt or down."""

    onset: datetime
    """First seen to be ill."""
    faults: dict[FaultKind, datetime] = field(default_factory=dict)
    """Its open faults against life; none: in doubt."""
    line_onset: datetime | None = None
    """The same of the line alone, where it is down."""
    down_at: datetime | None = None
    outage: Outage | None = None
    alone: bool = False
    """Decided: it fell on its own, or is ill for itself since the others came back."""
    barred: bool = False
    """Whatever happens, until it is up again."""

    @property
    def is_down(self) -> bool:
        return bool(self.faults)

    @property
    def by_line(self) -> bool:
        return not LINE.isdisjoint(self.faults)


class Census:
    def __init__(self, graph: SupplyGraph) -> None:
        self.graph = graph
        self.up: set[CameraId] = set()
        self.ill: dict[CameraId, Ill] = {}
        self._device_up: Counter[DeviceId] = Counter()
        self._device_down: Counter[DeviceId] = Counter()
        self._standing: Counter[NodeKey] = Counter()
        self._fallen: Counter[NodeKey] = Counter()

    def take_graph(self, graph: SupplyGraph) -> None:
        """What hangs on what has changed; who is up has not."""
        self.graph = graph
        for counter in (self._device_up, self._device_down, self._standing, self._fallen):
            counter.clear()
        self.count(self.up, (camera_id for camera_id, ill in self.ill.items() if ill.is_down))

    def count(self, up: Iterable[CameraId], down: Iterable[CameraId]) -> None:
        """Many at once, none of which was counted before."""
        for counter, cameras in ((self._device_up, up), (self._device_down, down)):
            for camera_id in cameras:
                device_id = self.graph.device_of(camera_id)
                if device_id is not None:
                    counter[device_id] += 1
        for device_id in self._device_up:
            for key in self.graph.above(device_id):
                self._standing[key] += 1
        for device_id in self._device_down:
            if not self._device_up[device_id]:
                for key in self.graph.above(device_id):
                    self._fallen[key] += 1

    def standing(self, key: NodeKey) -> int:
        """Devices below it that are up; of a recorder its cameras."""
        return self._device_up[DeviceId(int(key.value))] if key.kind is NodeKind.NVR else self._standing[key]

    def fallen(self, key: NodeKey) -> int:
        """Devices below it that are down altogether."""
        return self._fallen[key]

    def stands(self, device_id: DeviceId) -> bool:
        return self._device_up[device_id] > 0

    def set_up(self, camera_id: CameraId, is_up: bool) -> None:
        if is_up == (camera_id in self.up):
            return
        (self.up.add if is_up else self.up.discard)(camera_id)
        self._change(camera_id, 1 if is_up else -1, 0)

    def set_down(self, camera_id: CameraId, is_down: bool) -> None:
        """Call it when that changes, and then alone."""
        self._change(camera_id, 0, 1 if is_down else -1)

    def _change(self, camera_id: CameraId, up: int, down: int) -> None:
        device_id = self.graph.device_of(camera_id)
        if device_id is None:
            return
        stood, fell = self._state(device_id)
        self._device_up[device_id] = max(0, self._device_up[device_id] + up)
        self._device_down[device_id] = max(0, self._device_down[device_id] + down)
        stands, falls = self._state(device_id)
        if (stood, fell) != (stands, falls):
            for key in self.graph.above(device_id):
                self._standing[key] += stands - stood
                self._fallen[key] += falls - fell

    def _state(self, device_id: DeviceId) -> tuple[bool, bool]:
        stands = self._device_up[device_id] > 0
        return stands, not stands and self._device_down[device_id] > 0
