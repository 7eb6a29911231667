"""How many references wait is counted once a minute where that is dear; what a page shows is never contradicted."""

from collections.abc import Iterator
from itertools import count

from tests.builders.health import NOON
from tests.builders.pictures import a_street, statistics_of
from tests.builders.stored_cameras import store_camera
from vms.core.ids import CameraId
from vms.health.picture.baseline import Baseline, Light, learn
from vms.services.diagnosis.unconfirmed_counts import UnconfirmedCounts
from vms.store import picture_baselines, reference_pictures
from vms.store.database import Database
from vms.store.picture_baselines import KeptBaseline
from vms.store.reference_pictures import PROGRAM, Reference

NORMAL = learn(Baseline(), statistics_of(a_street(1, width_px=320, height_px=180)), Light.DAY).lights[Light.DAY]


class Clocks:
    """Each look at the processor's time finds `dear_s` more of it gone."""

    def __init__(self, dear_s: float) -> None:
        self.now_s = 0.0
        self._worked: Iterator[int] = count()
        self._dear_s = dear_s

    def counts(self) -> UnconfirmedCounts:
        return UnconfirmedCounts(now_s=lambda: self.now_s, worked_s=lambda: next(self._worked) * self._dear_s)


def waits(database: Database) -> CameraId:
    camera_id = store_camera(database, NOON)
    kept = KeptBaseline(camera_id=camera_id, light=Light.DAY, normal=NORMAL, written_at=None)
    chosen = Reference(camera_id=camera_id, preset="", light=Light.DAY, at=NOON, file=f"{camera_id}", chosen_by=PROGRAM)
    with database.writing() as tx:
        picture_baselines.put_many(tx, [kept], NOON)
        reference_pictures.put(tx, chosen)
    return camera_id


def total(database: Database, counts: UnconfirmedCounts, *, found: int = 2, offset: int = 0, limit: int = 2) -> int:
    with database.reading() as tx:
        return counts.total(tx, "", offset=offset, limit=limit, found=found)


def test_a_dear_count_is_told_for_a_minute_and_a_cheap_one_never(sqlite_database: Database) -> None:
    dear, cheap = Clocks(0.1), Clocks(0.001)
    slow, quick = dear.counts(), cheap.counts()
    for _ in range(3):
        waits(sqlite_database)
    assert (total(sqlite_database, slow), total(sqlite_database, quick)) == (3, 3)
    for _ in range(2):
        waits(sqlite_database)
    assert (total(sqlite_database, slow), total(sqlite_database, quick)) == (3, 5)
    dear.now_s = 60.0
    assert total(sqlite_database, slow) == 5


def test_the_page_itself_is_believed_before_an_old_count(sqlite_database: Database) -> None:
    counts = Clocks(0.1).counts()
    for _ in range(3):
        waits(sqlite_database)
    assert total(sqlite_database, counts) == 3
    assert total(sqlite_database, counts, found=2, offset=4) == 6, "more have come than were counted"
    assert total(sqlite_database, counts, found=1, offset=0) == 1, "it shows the end"
    assert total(sqlite_database, counts, found=0, offset=0) == 0
    assert total(sqlite_database, counts, found=0, offset=40) == 3, "beyond the end nothing is learnt"
