"""Devices that were silent for long and are left in peace: when a neighbour is heard again, they are asked as well.

Woken means: at its next place on the wheel. So whatever comes back together is asked over a whole interval, no faster
than at any other time. One that is still silent goes to sleep again; a neighbourhood is woken once an interval at most,
and only by one that had slept itself: a camera that comes and goes wakes nobody all the time.
"""

from collections.abc import Collection, Iterable, Mapping

from vms.core.ids import DeviceId
from vms.store.supply import network_of

PAUSE_IN_INTERVALS = 1


class Sleepers:
    """`interval_s`: between two polls of a device. Costs memory for those that sleep alone."""

    def __init__(self, interval_s: float) -> None:
        self._pause_s = interval_s * PAUSE_IN_INTERVALS
        self._network: dict[DeviceId, str] = {}
        self._asleep: dict[str, set[DeviceId]] = {}
        self._back: dict[DeviceId, str] = {}
        self._woken_s: dict[str, float] = {}

    def __len__(self) -> int:
        return len(self._network)

    def rest(self, device_id: DeviceId, address: str) -> None:
        """It is not asked at its next turn."""
        if device_id not in self._network:
            network = self._network[device_id] = network_of(address)
            self._asleep.setdefault(network, set()).add(device_id)

    def rises(self, device_id: DeviceId) -> None:
        """It was heard; costs nothing for one that did not sleep."""
        if device_id in self._network:
            self._back[device_id] = self._forget(device_id)

    def drop(self, device_id: DeviceId) -> None:
        """Nobody asks it any more."""
        if device_id in self._network:
            self._forget(device_id)
        self._back.pop(device_id, None)

    def take_back(self) -> dict[DeviceId, str]:
        """Who came back since this was asked last, and in which network; none while nobody else sleeps."""
        back, self._back = self._back, {}
        return back if self._network else {}

    def to_wake(
        self, back: Mapping[DeviceId, str], beside: Mapping[int, Collection[DeviceId]], now_s: float
    ) -> set[DeviceId]:
        """Who sleeps in their networks, and who hangs on the same nodes: `beside` by node."""
        found: set[DeviceId] = set()
        for network in set(back.values()):
            found |= self._of_group(network, self._asleep.get(network, ()), now_s)
        for node_id, devices in beside.items():
            found |= self._of_group(f"node {node_id}", devices, now_s)
        return found

    def _of_group(self, group: str, devices: Iterable[DeviceId], now_s: float) -> set[DeviceId]:
        asleep = {device_id for device_id in devices if device_id in self._network}
        if not group or not asleep or now_s - self._woken_s.get(group, float("-inf")) < self._pause_s:
            return set()
        self._woken_s[group] = now_s
        return asleep

    def _forget(self, device_id: DeviceId) -> str:
        network = self._network.pop(device_id)
        others = self._asleep[network]
        others.discard(device_id)
        if not others:
            del self._asleep[network]
        return network
