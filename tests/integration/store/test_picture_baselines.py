"""What is normal for a camera's picture is kept, and no late writer brings back an older one."""

from datetime import timedelta

from tests.builders.health import NOON
from tests.builders.pictures import a_street, statistics_of
from tests.builders.stored_cameras import store_camera
from vms.core.ids import CameraId
from vms.health.picture.baseline import Baseline, Light, LightBaseline, learn
from vms.store import picture_baselines
from vms.store.database import Database
from vms.store.picture_baselines import KeptBaseline

LATER = NOON + timedelta(hours=1)


def learnt(seeds: range) -> LightBaseline:
    baseline = Baseline()
    for seed in seeds:
        baseline = learn(baseline, statistics_of(a_street(seed, width_px=320, height_px=180)), Light.DAY)
    return baseline.lights[Light.DAY]


def kept_of(database: Database, camera_id: CameraId) -> list[KeptBaseline]:
    with database.reading() as tx:
        return picture_baselines.of_cameras(tx, [camera_id]).get(camera_id, [])


def put(database: Database, kept: KeptBaseline, now=NOON) -> None:
    with database.writing() as tx:
        picture_baselines.put_many(tx, [kept], now)


def test_a_normal_is_kept_and_read_back_and_learnt_on(database):
    camera_id = store_camera(database, NOON)
    put(database, KeptBaseline(camera_id=camera_id, light=Light.DAY, normal=learnt(range(2)), written_at=None))
    (first,) = kept_of(database, camera_id)
    assert (first.light, first.normal.seen, first.written_at) == (Light.DAY, 2, NOON)
    assert first.normal.look == learnt(range(2)).look
    more = learnt(range(3))
    put(database, KeptBaseline(camera_id=camera_id, light=Light.DAY, normal=more, written_at=NOON), LATER)
    put(database, KeptBaseline(camera_id=camera_id, light=Light.NIGHT, normal=more, written_at=None), LATER)
    assert {(one.light, one.normal.seen, one.written_at) for one in kept_of(database, camera_id)} == {
        (Light.DAY, 3, LATER),
        (Light.NIGHT, 3, LATER),
    }


def test_who_began_with_an_older_normal_or_with_one_forgotten_meanwhile_writes_nothing(database):
    camera_id, gone = store_camera(database, NOON), CameraId(999_999)
    normal = learnt(range(1))
    put(database, KeptBaseline(camera_id=camera_id, light=Light.DAY, normal=normal, written_at=None))
    late = KeptBaseline(camera_id=camera_id, light=Light.DAY, normal=learnt(range(3)), written_at=NOON - timedelta(1))
    put(database, late, LATER)
    put(database, KeptBaseline(camera_id=camera_id, light=Light.DAY, normal=learnt(range(3)), written_at=None), LATER)
    assert [one.normal.seen for one in kept_of(database, camera_id)] == [1]
    with database.writing() as tx:
        picture_baselines.forget(tx, camera_id, Light.DAY)
    put(database, KeptBaseline(camera_id=camera_id, light=Light.DAY, normal=normal, written_at=NOON), LATER)
    put(database, KeptBaseline(camera_id=gone, light=Light.DAY, normal=normal, written_at=None), LATER)
    assert kept_of(database, camera_id) == kept_of(database, gone) == []
