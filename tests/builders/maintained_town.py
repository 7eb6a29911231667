"""A town that is maintained: watched for three days, a dead switch, single faults, their orders, two firms."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, update

from tests.builders.fallen_cameras import a_falling_town, a_node
from vms.core.geo import LocalFrame, Wgs84
from vms.core.ids import DeviceId
from vms.health.fault import Fault, FaultKind, Severity
from vms.health.layer import Layer
from vms.maintenance.assignment import AssignmentRule
from vms.places.regions import Region, RegionLevel
from vms.store import device_costs, maintainers, regions, search_columns
from vms.store.database import Database
from vms.store.device_costs import DeviceCost
from vms.store.schema import cameras, flips, watch_sessions

CAMERAS = 40
BEHIND_SWITCH = 12
SWITCH = "人民路机柜 3 号交换机"
FIRM, OTHER_FIRM = "东城维保有限公司", "平安科技运维部"
DAYS = 3
BLUR = Fault(kind=FaultKind.BLUR, layer=Layer.PICTURE, severity=Severity.MAJOR, because="")
SQUARE = Wgs84(113.62, 34.75)
DISTRICTS = (("410105", "金水区"), ("410103", "二七区"))


def fill(database: Database, now: datetime) -> None:
    town = a_falling_town(database, CAMERAS)
    ids = [int(one) for one in town.cameras]
    with database.writing() as tx:
        regions.replace(tx, [Region(code="4101", name="郑州市", level=RegionLevel.CITY), *_districts()])
        for number, camera_id in enumerate(ids):
            words = f"人民路与建设街交叉口 {number + 1} 号"
            code = DISTRICTS[number % 2][0]
            spot = LocalFrame(SQUARE).to_wgs84(30.0 * number, 0.0)
            values = {"name": words, "shown_name": words, "region_code": code, "lon": spot.lon, "lat": spot.lat}
            tx.execute(update(cameras).where(cameras.c.id == camera_id).values(values))
        search_columns.refresh(tx, ids)
        firms = [
            maintainers.put(tx, name, now, contact="", contract="", calendar_id=None, retired=False).maintainer_id
            for name in (FIRM, OTHER_FIRM)
        ]
        maintainers.replace_rules(tx, [AssignmentRule(maintainer_id=firms[0])], now)
        _watched(tx, town.session_id, ids, now)
    a_node(database, SWITCH, town.devices[:BEHIND_SWITCH])
    _asked(database, town.devices[0], now)
    town.restart()
    town.now = now - timedelta(hours=3)
    town.fall(town.cameras[:BEHIND_SWITCH])
    town.fall(town.cameras[25:28])
    town.fall(town.cameras[30:32], fault=BLUR)
    town.wait(minutes=3)
    town.wait(minutes=10)


def _districts() -> list[Region]:
    return [Region(code=code, name=name, level=RegionLevel.COUNTY, parent="4101") for code, name in DISTRICTS]


def _asked(database: Database, device_id: DeviceId, now: datetime) -> None:
    """Of one device: what our looking cost it on the days it was watched."""
    costs = [
        DeviceCost(
            device_id=device_id,
            day=(now - timedelta(days=ago)).date(),
            requests=1500 + 90 * ago,
            sign_ins=60,
            refused=2 if ago == 1 else 0,
            most_at_once=2,
            bytes_in=4_000_000,
            busy_ms=95_000,
            for_diagnosis=420,
            for_wall=30 * ago,
            for_incident=12,
        )
        for ago in range(DAYS)
    ]
    with database.writing() as tx:
        device_costs.add_many(tx, costs)


def _watched(tx: Connection, session_id: int, ids: Sequence[int], now: datetime) -> None:
    start = now - timedelta(days=DAYS)
    tx.execute(delete(flips))
    tx.execute(update(watch_sessions).where(watch_sessions.c.id == session_id).values(started_at=start, alive_at=now))
    told = {"session_id": session_id, "because": ""}
    rows = []
    for number, camera_id in enumerate(ids):
        rows.append({**told, "camera_id": camera_id, "at": start, "from_status": "unknown", "to_status": "up"})
        if number % 7 == 0:
            fell = start + timedelta(hours=20 + number)
            rows.append({**told, "camera_id": camera_id, "at": fell, "from_status": "up", "to_status": "down"})
            back = fell + timedelta(hours=3)
            rows.append({**told, "camera_id": camera_id, "at": back, "from_status": "down", "to_status": "up"})
    tx.execute(insert(flips), rows)
