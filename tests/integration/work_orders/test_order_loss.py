"""What an order costs: the road and the places that nobody sees while its camera is ill."""

from collections.abc import Collection
from datetime import UTC, datetime

from tests.builders.orders import Town
from vms.core.ids import CameraId
from vms.coverage.loss import CoverageLoss
from vms.services.work_orders.note_loss import note_losses
from vms.store.database import Database


def test_an_order_costs_what_only_its_cameras_see(database: Database) -> None:
    town = Town(database=database, now=datetime(2026, 11, 22, 4, tzinfo=UTC))
    seen, unplaced = (town.camera(name) for name in ("seen", "unplaced"))
    fallen = [town.camera(f"fallen {n}") for n in range(2)]
    outage = town.outage(fallen)
    for camera in (seen, unplaced):
        town.fails(camera)
    for camera in fallen:
        town.fails(camera, outage_id=outage)
    town.later(minutes=3)
    town.turn()
    worth: dict[CameraId, float] = {seen: 80.0, fallen[0]: 100.0, fallen[1]: 100.0}

    def loss_of(camera_ids: Collection[int]) -> CoverageLoss:
        placed = [worth[CameraId(one)] for one in camera_ids if one in worth]
        return CoverageLoss(placed=len(placed), road_m=0.0, places=(), weighted_m=sum(placed))

    assert note_losses(database, loss_of) == 2
    losses = {order.about.camera_id: order.about.loss for order in town.orders()}
    assert losses == {None: 200.0, seen: 80.0, unplaced: None}
    assert note_losses(database, loss_of) == 0
    worth.clear()
    assert note_losses(database, loss_of) == 2, "nobody knows any more"
