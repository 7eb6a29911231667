"""A small town of cameras with every kind of value, for lists, filters and edits."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import insert

from vms.core.geo import Wgs84
from vms.core.ids import CameraId, OwnerId
from vms.inventory.camera import Declared, LifeCycle, Pose
from vms.inventory.device import ObservedDevice, Problem
from vms.inventory.identity.keys import usable_keys
from vms.inventory.tier import Tier
from vms.store import cameras, devices, owners, watch_sessions
from vms.store.database import Database
from vms.store.schema import faults, watches

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    north_gate: CameraId
    """北门主口: government, 410105, up, device 10.1.0.5 of Hikvision, in service."""
    south_gate: CameraId
    """南门: unit, 410105001, down, device 10.1.0.40 of Dahua with a problem, an open fault, no position."""
    shop: CameraId
    """银行大厅: household of 便民商店, 410103, entered with address 10.2.0.7, no device; unknown."""
    gone: CameraId
    """旧点: retired."""
    found: CameraId
    """No name but what its device calls it (IPC-7), pending, suspect."""
    shop_owner: OwnerId


def a_listed_town(database: Database) -> Town:
    with database.writing() as tx:
        session = watch_sessions.start_session(tx, 60.0, NOW)
        owner_id = owners.ensure(tx, "便民商店", Tier.HOUSEHOLD, NOW)
        north = cameras.add(
            tx,
            Declared(
                name="北门主口",
                tier=Tier.GOVERNMENT,
                region_code="410105",
                pole_code="P-001",
                install_address="郑州市金水区人民路12号",
                gb_device_id="41010500001320000001",
                pose=Pose(position=Wgs84(113.62, 34.75), bearing_deg=90.0, mount_height_m=6.0),
                installed_on=date(2023, 6, 1),
                retention_days=30,
                position_types=(1, 10),
                point_class=1,
            ),
            life_cycle=LifeCycle.APPROVED,
            now=NOW,
        )
        south = cameras.add(
            tx,
            Declared(name="南门", tier=Tier.UNIT, region_code="410105001", manufacturer="大华", position_types=(10,)),
            life_cycle=LifeCycle.APPROVED,
            now=NOW + timedelta(hours=1),
        )
        shop = cameras.add(
            tx,
            Declared(
                name="银行大厅",
                tier=Tier.HOUSEHOLD,
                region_code="410103",
                address="10.2.0.7",
                indoor=True,
                installed_on=date(2024, 6, 1),
                pose=Pose(position=Wgs84(113.63, 34.76)),
            ),
            life_cycle=LifeCycle.APPROVED,
            now=NOW + timedelta(hours=2),
            owner_id=owner_id,
        )
        gone = cameras.add(tx, Declared(name="旧点", tier=Tier.GOVERNMENT), life_cycle=LifeCycle.RETIRED, now=NOW)
        found = cameras.add(tx, Declared(name="", tier=Tier.COMMUNITY), life_cycle=LifeCycle.PENDING, now=NOW)
        for camera_id, observed in (
            (north, _device("10.1.0.5", "Hikvision", "DS-2CD1", "SN-AAA1", "44:19:b6:00:00:01")),
            (south, _device("10.1.0.40", "Dahua", "IPC-HFW", "SN-BBB2", "3c:ef:8c:00:00:02", "clock_missing")),
            (found, _device("10.1.1.7", "Axis", "P3245", "SN-CCC3", "ac:cc:8e:00:00:03")),
        ):
            device_id = devices.insert_observed(tx, observed, usable_keys(observed), NOW)
            cameras.bind_device(tx, camera_id, device_id, "v0", NOW)
        statuses = {north: "up", south: "down", found: "suspect"}
        rows = [
            {"camera_id": one, "session_id": session, "status": status, "since": NOW, "because": "", "layers": {},
             "updated_at": NOW}
            for one, status in statuses.items()
        ]  # fmt: skip
        tx.execute(insert(watches), rows)
        fault = {"camera_id": south, "kind": "unreachable", "layer": "network", "severity": "critical",
                 "because": "", "opened_at": NOW}  # fmt: skip
        tx.execute(insert(faults), [fault])
    return Town(north_gate=north, south_gate=south, shop=shop, gone=gone, found=found, shop_owner=owner_id)


def _device(address: str, maker: str, model: str, serial: str, mac: str, problem: str = "") -> ObservedDevice:
    problems = (Problem(code=problem, message='it says "no"'),) if problem else ()
    return ObservedDevice(
        address=address,
        port=8000,
        manufacturer=maker,
        model=model,
        firmware=f"V-{model}",
        serial_no=serial,
        macs=(mac,),
        problems=problems,
    )
