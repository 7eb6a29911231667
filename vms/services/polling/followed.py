"""Who is followed now: takes over what was read of the inventory, part by part, and lets go of who is not in it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from vms.core.ids import CameraId, DeviceId
from vms.health.fault import Fault
from vms.services.polling.book import WatchBook
from vms.services.polling.ledger import Ledger
from vms.services.polling.pictures import Pictures
from vms.services.polling.roster import PolledDevice
from vms.services.polling.wheel import PollWheel

REFUSAL_KNOWN_AFTER_S = 20.0
"""A refusal older than that is written down, or waits to be."""


class Followed:
    """The devices, the wheel, the watches and the accounts, which always speak of the same."""

    def __init__(
        self, *, book: WatchBook, wheel: PollWheel, pictures: Pictures, ledger: Ledger, now_s: Callable[[], float]
    ) -> None:
        self._book = book
        self._wheel = wheel
        self._pictures = pictures
        self._ledger = ledger
        self._now_s = now_s
        self._devices: dict[DeviceId, PolledDevice] = {}

    def __len__(self) -> int:
        return len(self._devices)

    def __iter__(self) -> Iterator[PolledDevice]:
        return iter(self._devices.values())

    def get(self, device_id: DeviceId) -> PolledDevice | None:
        return self._devices.get(device_id)

    def ids(self) -> set[DeviceId]:
        return set(self._devices)

    def holding(self, camera_ids: frozenset[int]) -> set[DeviceId]:
        """The devices that these cameras hang on as far as the poller knows. O(devices)."""
        if not camera_ids:
            return set()
        return {
            device_id
            for device_id, device in self._devices.items()
            if any(camera.camera_id in camera_ids for camera in device.target.cameras)
        }

    def take_over(
        self,
        found: Iterable[PolledDevice],
        standing: Mapping[CameraId, tuple[Fault, ...]],
        unsaved_refusals: frozenset[DeviceId],
        read_s: float,
        now: datetime,
    ) -> set[CameraId]:
        """`read_s`: when the reading began. Returns cameras that may be followed by nobody now: see `let_go`."""
        loose: set[CameraId] = set()
        for newer in found:
            device_id = newer.target.device_id
            known = self._devices.get(device_id)
            if known is None:
                self._devices[device_id] = newer
                self._wheel.put(device_id, self._now_s())
            else:
                loose.update(camera.camera_id for camera in known.target.cameras)
                fresh = known.refused_in_visit or known.refused_s > read_s - REFUSAL_KNOWN_AFTER_S
                known.take_over(newer, keep_refusal=fresh or device_id in unsaved_refusals)
            followed = {camera.camera_id for camera in newer.target.cameras}
            loose -= followed
            self._book.follow(followed, standing, now)
        return loose

    def drop(self, device_ids: Iterable[DeviceId]) -> set[CameraId]:
        """Returns their cameras: see `let_go`."""
        loose: set[CameraId] = set()
        for device_id in device_ids:
            device = self._devices.pop(device_id, None)
            if device is not None:
                loose.update(camera.camera_id for camera in device.target.cameras)
                self._wheel.drop(device_id)
                self._ledger.forget(device_id)
                self._pictures.forget_device(device_id)
        return loose

    def let_go(self, loose: set[CameraId], now: datetime) -> None:
        """Of those cameras, the ones that hang on no device any more are not watched from now on."""
        if not loose:
            return
        gone = loose - {camera.camera_id for device in self for camera in device.target.cameras}
        self._book.leave(gone, now)
        for camera_id in gone:
            self._pictures.forget(camera_id)

    def grounds(self) -> Counter[str]:
        return Counter(device.ground for device in self)

    def cameras_behind(self, ground: str) -> list[CameraId]:
        return [camera.camera_id for device in self if device.ground == ground for camera in device.target.cameras]
