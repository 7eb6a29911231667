"""An inventory with all that makes lists hard: recorders, shared addresses and ids, every state, no names."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import strategies as st

from tests.builders.inventory import a_channel, a_device, a_pose
from vms.inventory.camera import CoordinateSystem, Declared, LifeCycle
from vms.inventory.networks import Network, NetworkPlan
from vms.inventory.tier import Tier
from vms.services.record_device import record_device
from vms.store import cameras, owners, sensors
from vms.store.camera_changes import PROGRAM
from vms.store.database import Database
from vms.store.sensors import Sensor

NOW = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
GB = "41010200001320000001"
NVR, ALONE = "10.9.0.1", "10.9.0.2"
NAMES = ("北门", "南门", "'=1+1", "''x", "-7", 'a, "b"; c', "门\ufffd", "Camera 01")

DECLARED = st.builds(
    Declared,
    name=st.sampled_from(NAMES),
    tier=st.sampled_from(Tier),
    gb_device_id=st.sampled_from(("", "", GB, GB[:-1] + "2", "41-odd")),
    serial_no=st.sampled_from(("", "", "SN0001", "SN0002", "General")),
    mac=st.sampled_from(("", "", "44:19:b6:00:00:01", "44:19:b6:00:00:02", "00:11:22:33:44:55")),
    address=st.sampled_from(("", NVR, NVR, ALONE, "10.9.0.3", "gate-3.example")),
    port=st.sampled_from((None, None, 80, 8000)),
    channel=st.sampled_from(("", "", "", "1", "2", "vs1")),
    pose=st.sampled_from((None, a_pose(), a_pose(bearing_deg=137.25, h_fov_deg=90.0), a_pose(113.7123456789, 34.8))),
    entered_system=st.sampled_from(CoordinateSystem),
    mgmt_contact=st.sampled_from(("", "", "13800138000", "139", "张 (0371) 6585-0000")),
    indoor=st.booleans(),
    position_types=st.sampled_from(((), (8,), (8, 10))),
    network_attr=st.sampled_from((None, 0, 1)),
    signage_present=st.sampled_from((None, True, False)),
)
SEVERAL = (
    Sensor(number=1, name="左", channel="vs1", bearing_deg=137.123456789012, tilt_deg=10.0, h_fov_deg=60.0),
    Sensor(number=2, bearing_deg=0.0000001, max_view_m=80.0),
    Sensor(number=3, h_fov_deg=359.5),
    Sensor(number=4, width_px=1920),
)
STATES = st.sampled_from(LifeCycle)
OWNERS = st.sampled_from((None, None, "张三", "便民超市"))


def put_odd_inventory(
    database: Database, entered: list[tuple[Declared, LifeCycle, str | None]], states: list[LifeCycle]
) -> None:
    """`entered`: by people; `states`: of the cameras that devices told of, three of a recorder and one alone."""
    trusting = NetworkPlan([Network(cidr="10.9.0.0/24", tier=Tier.UNIT, region_code="410102", trusted=True)])
    recorder = a_device(NVR, serial_no="NVR0001", macs=("44:19:b6:00:00:0a",), channels=tuple(
        a_channel(f"vs{number}", f"Camera {number:02d}\t", host=NVR) for number in range(1, 4)
    ))  # fmt: skip
    alone = a_device(
        ALONE, 8000, serial_no="General", macs=("00:11:22:33:44:55",), channels=(a_channel("vs1", host=ALONE),)
    )
    with database.writing() as tx:
        for one, state, owner in entered:
            place = {} if one.pose is None else {"entered_x": one.pose.position.lon, "entered_y": one.pose.position.lat}
            if place:
                one = replace(one, entered_system=CoordinateSystem.WGS84, **place)
            owner_id = owners.ensure(tx, owner, one.tier, NOW) if owner else None
            cameras.add(tx, one, life_cycle=state, now=NOW, owner_id=owner_id)
        told = [*record_device(tx, recorder, networks=trusting, now=NOW).camera_ids]
        told += record_device(tx, alone, networks=trusting, now=NOW).camera_ids
        for camera_id, state in zip(told, states, strict=False):
            cameras.set_life_cycle(tx, camera_id, state, NOW)
        sensors.put(tx, told[0], SEVERAL, PROGRAM, NOW)
        cameras.change_columns(tx, told[-1], {"bearing_deg": 45.5, "mount_height_m": 6.0}, NOW, author=PROGRAM)
