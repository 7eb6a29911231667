"""What fog shows, or staff accepted, keeps no camera from being intact: on the board, on the map, in the assessment."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import update

from tests.builders.orders import Town
from vms.health.fault import FaultKind, Severity
from vms.health.picture.finding import Judgement
from vms.services.count_board import count_board
from vms.services.diagnosis.judge_faults import judge_faults
from vms.store import camera_board
from vms.store.assessment_facts import IdRange, faults_of_weight
from vms.store.database import Database
from vms.store.schema import cameras

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")


def test_fog_and_what_was_accepted_leave_cameras_intact_everywhere(database: Database) -> None:
    town = Town(database=database, now=NOON)
    in_fog, accepted, blurred, sound = (town.camera(name) for name in ("雾中", "认可", "模糊", "完好"))
    fog = town.outage([in_fog], name="雾", kind="weather")
    town.fails(in_fog, FaultKind.LOW_CONTRAST, Severity.MAJOR, "", fog)
    said = town.fails(accepted, FaultKind.BLUR, Severity.MAJOR, "")
    town.fails(blurred, FaultKind.BLUR, Severity.MAJOR, "")
    with database.writing() as tx:
        judge_faults(tx, [said], Judgement.ACCEPTED, "office", "", NOON)
        tx.execute(update(cameras).values(lon=113.6, lat=34.7))
    town.later(hours=1)
    with database.reading() as tx:
        counted = count_board(tx, town.now, ZONE).cells
        assert (sum(cell.tally.total for cell in counted), sum(cell.tally.intact for cell in counted)) == (4, 3)
        assert {dot.camera_id for dot in camera_board.dots(tx, town.now) if dot.is_ill} == {blurred}
        charged = faults_of_weight(tx, IdRange(in_fog, sound), NOON, town.now)
    assert set(charged.camera_ids.tolist()) == {blurred}
