"""A device is asked what it says itself of a picture in which something was found: over real sockets, rarely."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row

from tests.builders.tasks import TaskCity, a_recorder, a_task_city
from vms.core.ids import CameraId
from vms.health.fault import LAYER_OF, Fault, FaultKind, Severity
from vms.health.spending import usual_budget
from vms.services.diagnosis.ask_witnesses import WitnessDesk, WitnessPolicy, ask_due
from vms.services.spending import Purse
from vms.sim.faults import Fault as SimFault
from vms.sim.personality import PLAIN
from vms.store import faults, picture_witnesses
from vms.store.database import Database
from vms.store.faults import OpenedFault, worsen_faults
from vms.store.picture_witnesses import StoredWitness
from vms.store.schema import device_costs
from vms.store.schema import faults as fault_table

QUICK = WitnessPolicy(listens_s=0.3)


class Asking:
    """Whoever asks, with a clock that a test moves on."""

    def __init__(self, city: TaskCity) -> None:
        self.city, self.ahead = city, timedelta()
        purse = Purse(city.database, usual_budget(60), clock=self.clock)
        self.desk = WitnessDesk(database=city.database, box=city.desk.box, purse=purse, clock=self.clock, policy=QUICK)

    def clock(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def finds(self, camera_id: CameraId, kind: FaultKind, because: str = "soft", score: float = 0.55) -> None:
        fault = Fault(kind=kind, layer=LAYER_OF[kind], severity=Severity.MAJOR, because=because, score=score)
        with self.city.database.writing() as tx:
            faults.open_faults(tx, [OpenedFault(camera_id, fault, self.clock())], self.clock())

    def fault(self, camera_id: CameraId) -> Row[Any]:
        with self.city.database.reading() as tx:
            return tx.execute(fault_table.select().where(fault_table.c.camera_id == camera_id)).one()

    def witness(self, camera_id: CameraId) -> StoredWitness | None:
        with self.city.database.reading() as tx:
            return picture_witnesses.of_camera(tx, camera_id)


async def test_a_witness_that_agrees_raises_and_one_that_does_not_closes_nothing(sqlite_database: Database) -> None:
    plan = a_recorder("127.62.1.1", 3)
    async with a_task_city(sqlite_database, plan) as city:
        address, found = plan.devices[0].address, Asking(city)
        dark, blurred, covered = city.camera_ids[address]
        await city.city.set_fault(address, SimFault.BLACK, True, 1)
        found.finds(dark, FaultKind.TOO_DARK)
        found.finds(blurred, FaultKind.BLUR)
        found.finds(covered, FaultKind.OCCLUSION)
        assert await ask_due(found.desk) == 1
        raised = found.fault(dark)
        assert (raised.because, raised.score) == ("soft; the device itself says: too_dark", 0.65)
        for camera_id in (blurred, covered):
            row = found.fault(camera_id)
            assert (row.because, row.score, row.closed_at) == ("soft", 0.55, None)
        witness = found.witness(dark)
        assert witness is not None and witness.says == (FaultKind.TOO_DARK,)
        assert set(witness.offers) == {FaultKind.BLUR, FaultKind.TOO_BRIGHT, FaultKind.TOO_DARK}
        assert city.device().pull.names() == (), "the subscription is ended"

        with city.database.writing() as tx:
            worse = Fault(
                kind=FaultKind.TOO_DARK, layer=LAYER_OF[FaultKind.TOO_DARK], severity=Severity.MAJOR,
                because="darker", score=0.8,
            )  # fmt: skip
            worsen_faults(tx, [OpenedFault(dark, worse, found.clock())])
        assert await ask_due(found.desk) == 0, "once a day"
        kept = found.fault(dark)
        assert (kept.because, kept.score) == ("darker; the device itself says: too_dark", 0.8)
        found.ahead = timedelta(hours=25)
        assert await ask_due(found.desk) == 1
        with city.database.reading() as tx:
            paid = tx.execute(device_costs.select()).all()
        assert sum(row.for_diagnosis for row in paid) > 0


async def test_why_a_device_could_not_be_asked_is_kept_and_others_go_on(sqlite_database: Database) -> None:
    plan = a_recorder("127.62.2.1", 1, replace(PLAIN, max_pull_points=0))
    async with a_task_city(sqlite_database, plan) as city:
        found = Asking(city)
        (camera_id,) = city.camera_ids[plan.devices[0].address]
        found.finds(camera_id, FaultKind.BLUR)
        assert await ask_due(found.desk) == 1
        witness = found.witness(camera_id)
        assert witness is not None and (witness.because, witness.offers) == ("events_exhausted", ())
        assert found.fault(camera_id).because == "soft"
