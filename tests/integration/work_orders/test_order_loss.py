"""What an order costs: the road and the places that nobody sees while its camera is ill."""

from datetime import UTC, datetime

from tests.builders.orders import Town
from vms.core.geo import Wgs84
from vms.core.ids import CameraId
from vms.coverage.demand import DemandKind
from vms.coverage.gaps import Gap, GapCause
from vms.services.work_orders.note_loss import note_losses
from vms.store.database import Database


def a_gap(*cameras: CameraId, length_m: float = 0.0, cause: GapCause = GapCause.FAULTY) -> Gap:
    kind = DemandKind.ROAD if length_m else DemandKind.PLACE
    spot = (Wgs84(113.62, 34.75),)
    return Gap(
        kind=kind, cause=cause, name="x", length_m=length_m, line=spot, best_px_per_m=0.0, camera_ids=cameras
    )  # fmt: skip


def test_an_order_costs_what_only_its_cameras_see(database: Database) -> None:
    town = Town(database=database, now=datetime(2026, 11, 22, 4, tzinfo=UTC))
    seen, shared, unplaced = (town.camera(name) for name in ("seen", "shared", "unplaced"))
    fallen = [town.camera(f"fallen {n}") for n in range(2)]
    outage = town.outage(fallen)
    for camera in (seen, shared, unplaced):
        town.fails(camera)
    for camera in fallen:
        town.fails(camera, outage_id=outage)
    town.later(minutes=3)
    town.turn()
    gaps = [
        a_gap(seen, length_m=60.0),
        a_gap(seen, shared, length_m=40.0),
        a_gap(seen, length_m=500.0, cause=GapCause.NONE_BUILT),
        *(a_gap(camera) for camera in fallen),
    ]
    placed = [seen, shared, *fallen]
    assert note_losses(database, gaps, placed) == 3
    losses = {order.about.camera_id: order.about.loss for order in town.orders()}
    assert losses == {None: 200.0, seen: 80.0, shared: 20.0, unplaced: None}
    assert note_losses(database, gaps, placed) == 0
    assert note_losses(database, [], placed) == 3
