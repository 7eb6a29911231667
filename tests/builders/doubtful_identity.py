"""An inventory with one open question about identity of each kind, and devices to be merged, split and replaced."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from tests.builders.inventory import a_channel, a_device, declared
from vms.inventory.camera import LifeCycle
from vms.inventory.device import ObservedDevice
from vms.inventory.identity.conflict_kind import ConflictKind
from vms.inventory.networks import NetworkPlan
from vms.services.device_memory import UNSETTLED
from vms.services.record_device import Recorded, record_device
from vms.store import cameras, conflicts
from vms.store.database import Database

POINT = "解放路18号"
"""A camera in use."""
SPARE, RECORDER, INTERRUPTED = "SPARE0001", "NVR00009", "CAM00007"
"""Serial numbers: of hardware that nobody uses yet, of a recorder with two channels, of a device at which a login was
interrupted."""


def fill(database: Database, now: datetime) -> None:
    with database.writing() as tx:
        city = _City(tx, now)
        city.same_serial_other_mac()
        city.new_hardware_at_a_point()
        city.channels_named_anew()
        city.one_telling_name_at_two_devices()
        city.replaced_hardware_again()
        city.devices_without_doubt()
        kinds = [question.kind for question in conflicts.unresolved(tx)]
        assert sorted(kinds) == sorted(ConflictKind)


class _City:
    def __init__(self, tx: Connection, now: datetime) -> None:
        self._tx = tx
        self._began = now - timedelta(days=2)

    def same_serial_other_mac(self) -> None:
        for hours, (address, mac) in enumerate((("127.40.1.1", "01"), ("127.40.1.2", "02"))):
            self._see(
                a_device(address, serial_no="DS0001", macs=(f"44:19:b6:00:01:{mac}",), channels=(a_channel(),)), hours
            )

    def new_hardware_at_a_point(self) -> None:
        old = self._see(self._single("127.40.2.1", "OLD0002", "44:19:b6:00:02:01"))
        self._enter(old.camera_ids[0], "人民路12号门口")
        self._see(self._single("127.40.2.1", "NEW0002", "44:19:b6:00:02:02", token="VS_1"), 24)

    def channels_named_anew(self) -> None:
        for hours, tokens in enumerate((("tok1", "tok2"), ("src1", "src2"))):
            streams = tuple(replace(one, uri="") for one in a_channel().streams)
            channels = tuple(a_channel(token, "Camera", streams=streams) for token in tokens)
            self._see(a_device("127.40.3.1", serial_no="NVR00003", channels=channels), hours)

    def one_telling_name_at_two_devices(self) -> None:
        name = "北桥东头"
        channels = (a_channel("ch0", name, host="127.40.4.9"), a_channel("ch1", "Camera 2", host="127.40.4.9"))
        self._see(a_device("127.40.4.9", serial_no="NVR00004", channels=channels))
        self._see(self._single("127.40.4.1", "CAM00004", "44:19:b6:00:04:01", name=name))

    def replaced_hardware_again(self) -> None:
        old = self._see(self._single("127.40.5.1", "OLD0005", "44:19:b6:00:05:01"))
        self._enter(old.camera_ids[0], "文化路5号", serial_no="NEW0005")
        self._see(self._single("127.40.5.1", "NEW0005", "44:19:b6:00:05:02"), 24)
        self._see(self._single("127.40.5.7", "OLD0005", "44:19:b6:00:05:01"), 26)

    def devices_without_doubt(self) -> None:
        point = self._see(self._single("127.40.6.1", "CAM00006", "44:19:b6:00:06:01"))
        self._enter(point.camera_ids[0], POINT)
        self._see(replace(self._single("127.40.6.3", INTERRUPTED, "44:19:b6:00:06:03"), problems=(UNSETTLED,)))
        self._see(self._single("127.40.6.2", SPARE, "44:19:b6:00:06:02"))
        channels = (a_channel("ch0", "A", host="127.40.6.9"), a_channel("ch1", "B", host="127.40.6.9"))
        macs = ("44:19:b6:00:06:08", "44:19:b6:00:06:09")
        self._see(a_device("127.40.6.9", serial_no=RECORDER, macs=macs, channels=channels))

    def _single(
        self, address: str, serial: str, mac: str, *, token: str = "vs0", name: str = "Camera 1"
    ) -> ObservedDevice:
        channels = (a_channel(token, name, host=address),)
        return a_device(address, serial_no=serial, macs=(mac,), channels=channels)

    def _see(self, observed: ObservedDevice, hours: float = 0.0) -> Recorded:
        now = self._began + timedelta(hours=hours)
        return record_device(self._tx, observed, networks=NetworkPlan(()), now=now)

    def _enter(self, camera_id: int, name: str, **entered: str) -> None:
        cameras.update_declared(self._tx, camera_id, declared(name, **entered), self._began)
        cameras.set_life_cycle(self._tx, camera_id, LifeCycle.APPROVED, self._began)
