"""What is normal for a camera's picture is kept, and no late writer brings back an older one."""

from datetime import timedelta

from sqlalchemy import update

from tests.builders.health import NOON
from tests.builders.pictures import a_street, statistics_of
from tests.builders.stored_cameras import store_camera
from vms.core.geo import Wgs84
from vms.core.ids import CameraId
from vms.health.fault import FaultKind
from vms.health.picture.baseline import Baseline, Light, LightBaseline, learn
from vms.health.picture.finding import Thresholds
from vms.store import caption_regions, picture_baselines, picture_thresholds
from vms.store.caption_regions import CaptionRegion
from vms.store.database import Database
from vms.store.picture_baselines import KeptBaseline
from vms.store.picture_knowledge import PictureKnowledge, knowledge_of
from vms.store.schema import cameras

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


def test_the_days_and_the_times_of_day_of_which_a_picture_was_learnt_are_counted(database):
    camera_id = store_camera(database, NOON)
    written_at = None
    for at in (NOON, NOON + timedelta(hours=1), NOON + timedelta(hours=7), NOON + timedelta(days=1)):
        kept = KeptBaseline(camera_id=camera_id, light=Light.DAY, normal=learnt(range(1)), written_at=written_at)
        put(database, kept, at)
        written_at = at
    (known,) = kept_of(database, camera_id)
    assert (known.days, known.day_parts.bit_count()) == (2, 2)


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


def test_all_that_a_still_is_judged_by_is_read_together(database):
    known, bare, gone = store_camera(database, NOON), store_camera(database, NOON), CameraId(999_999)
    put(database, KeptBaseline(camera_id=known, light=Light.NIGHT, normal=learnt(range(1)), written_at=None))
    region = CaptionRegion(
        camera_id=known, left_share=0.0, top_share=0.9, width_share=0.5, height_share=0.1, set_by="her", set_at=NOON
    )
    with database.writing() as tx:
        caption_regions.put(tx, region)
        place = {"observed_lon": 113.6, "observed_lat": 34.7, "ptz": True}
        tx.execute(update(cameras).where(cameras.c.id == known).values(**place))
        stricter = Thresholds(scores={FaultKind.BLUR: 0.8}, accepted=frozenset({FaultKind.MONO}))
        picture_thresholds.keep(tx, {}, {known: stricter}, "her", NOON)
    with database.reading() as tx:
        found = knowledge_of(tx, [known, bare, gone])
    assert found.keys() == {known, bare}
    assert found[bare] == PictureKnowledge()
    told = found[known]
    assert (told.normals.keys(), told.caption, told.position, told.turns) == (
        {Light.NIGHT}, region, Wgs84(113.6, 34.7), True,
    )  # fmt: skip
    assert (told.thresholds.of(FaultKind.BLUR), told.thresholds.of(FaultKind.MONO)) == (0.8, float("inf"))
