"""A town whose market square four streets lead out of, with cameras on some of them."""

from datetime import UTC, datetime

from tests.builders.coverage import a_road, a_town, at
from vms.access.agreement import Agreements
from vms.core.ids import CameraId
from vms.health.fault import Fault, FaultKind, Severity
from vms.health.layer import Layer
from vms.inventory.camera import Declared, LifeCycle, Pose
from vms.inventory.tier import Tier
from vms.places.town import Town
from vms.services.coverage.memory import CoverageMemory
from vms.services.maps.import_map import import_map
from vms.services.rings.road_memory import RoadMemory
from vms.store import cameras, faults
from vms.store.database import Database
from vms.store.faults import OpenedFault
from vms.store.schema import watches
from vms.store.watch_sessions import beat, start_session

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
ARMS = {"east": (1, 0), "north": (0, 1), "west": (-1, 0), "south": (0, -1)}


def cross_town(name: str = "town", *, shift_m: float = 0.0) -> Town:
    """Four arms of 300 m each and 700 m beyond them, at 36 km/h: 10 m a second."""
    roads = []
    for arm, (x, y) in ARMS.items():
        for first, last in ((0, 300), (300, 1000)):
            corners = [(first * x + shift_m, first * y), (last * x + shift_m, last * y)]
            roads.append(a_road(*corners, name=f"{arm} {last}", speed_km_h=36.0))
    town = a_town(roads=roads)
    return Town(name=name, attribution=town.attribution, roads=town.roads)


class RingedTown:
    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = NOW
        import_map(database, cross_town(), now=NOW)
        self.memory = CoverageMemory(database, Agreements(), lambda: self.now)
        self.memory.load()
        self.roads = RoadMemory(self.memory)
        with database.writing() as tx:
            self.session_id = start_session(tx, 60.0, NOW)

    def camera_on(self, arm: str, at_m: float = 400.0, *, name: str = "", turned_deg: float = 0.0) -> CameraId:
        """It hangs there and looks outward along the street, or so far beside it."""
        x, y = ARMS[arm]
        bearing_deg = {"east": 90.0, "north": 0.0, "west": 270.0, "south": 180.0}[arm] + turned_deg
        pose = Pose(position=at(at_m * x, at_m * y), bearing_deg=bearing_deg, h_fov_deg=60.0, mount_height_m=4.0)
        with self.database.writing() as tx:
            declared = Declared(name=name or f"{arm} {at_m:g}", tier=Tier.GOVERNMENT, pose=pose)
            camera_id = cameras.add(tx, declared, life_cycle=LifeCycle.APPROVED, now=self.now)
            watch = {"camera_id": camera_id, "session_id": self.session_id, "status": "up", "since": self.now}
            tx.execute(watches.insert().values(**watch, because="", layers={}, updated_at=self.now))
        self.memory.follow()
        return camera_id

    def goes_down(self, *camera_ids: CameraId, noticed: bool = True) -> None:
        """`noticed`: the thread that follows the store has taken it in."""
        found = Fault(kind=FaultKind.UNREACHABLE, layer=Layer.NETWORK, severity=Severity.MAJOR, because="no answer")
        with self.database.writing() as tx:
            opened = [OpenedFault(camera_id, found, self.now) for camera_id in camera_ids]
            faults.open_faults(tx, opened, self.now)
            tx.execute(watches.update().where(watches.c.camera_id.in_(camera_ids)).values(status="down"))
        if noticed:
            self.memory.follow(everybody=True)

    def comes_back(self, *camera_ids: CameraId) -> None:
        with self.database.writing() as tx:
            beat(tx, self.session_id, self.now)
            tx.execute(watches.update().where(watches.c.camera_id.in_(camera_ids)).values(status="up"))
        self.memory.follow(everybody=True)
