"""Reference pictures that nobody has confirmed are listed, the most doubted first."""

import numpy as np

from tests.builders.health import NOON
from tests.builders.pictures import a_street, statistics_of
from tests.builders.stored_cameras import store_camera
from vms.core.ids import CameraId
from vms.health.picture.baseline import Baseline, Light, LightBaseline, learn
from vms.health.picture.learning import LEAST_PICTURES
from vms.inventory.camera import LifeCycle
from vms.store import cameras, picture_baselines, reference_pictures, unconfirmed_references
from vms.store.database import Database
from vms.store.picture_baselines import KeptBaseline
from vms.store.reference_pictures import PROGRAM, Reference


def _learnt(pictures: list[np.ndarray], light: Light) -> LightBaseline:
    baseline = Baseline()
    for picture in pictures:
        baseline = learn(baseline, statistics_of(picture), light)
    return baseline.lights[light]


def _streets() -> list[np.ndarray]:
    return [a_street(seed, width_px=320, height_px=180) for seed in range(LEAST_PICTURES)]


def _covered(pictures: list[np.ndarray]) -> list[np.ndarray]:
    return [np.concatenate([picture[:70], np.full_like(picture[70:], 60)]) for picture in pictures]


def _without_colour(pictures: list[np.ndarray]) -> list[np.ndarray]:
    return [np.repeat(picture[..., 1:2], 3, axis=2) for picture in pictures]


def _has(database: Database, camera_id: CameraId, light: Light, normal: LightBaseline, preset: str = "") -> Reference:
    """As learning and the choice of references leave it."""
    kept = KeptBaseline(camera_id=camera_id, preset=preset, light=light, normal=normal, written_at=None)
    chosen = Reference(
        camera_id=camera_id, preset=preset, light=light, at=NOON, file=f"{camera_id}{light}", chosen_by=PROGRAM
    )
    with database.writing() as tx:
        picture_baselines.put_many(tx, [kept], NOON)
        reference_pictures.put(tx, chosen)
    return chosen


def _listed(database: Database, **asked) -> tuple[list[tuple[CameraId, str, Light]], int]:
    with database.reading() as tx:
        found = unconfirmed_references.page(tx, **({"limit": 50, "offset": 0} | asked))
        total = unconfirmed_references.count(tx, asked.get("region_code", ""))
    return [(one.camera_id, one.preset, one.light) for one in found], total


def test_the_most_doubted_come_first_and_who_is_confirmed_or_not_in_service_is_left_out(database):
    worst, plain, covered, gone, turning = (store_camera(database, NOON) for _ in range(5))
    good, ill = _learnt(_streets(), Light.DAY), _learnt(_covered(_streets()), Light.DAY)
    _has(database, worst, Light.DAY, _learnt(_covered(_without_colour(_streets())), Light.DAY))
    _has(database, plain, Light.DAY, good)
    _has(database, gone, Light.DAY, ill)
    _has(database, turning, Light.DAY, good, preset="gate")
    doubted = _has(database, covered, Light.DAY, ill)
    _has(database, covered, Light.NIGHT, _learnt(_streets(), Light.NIGHT))
    unknown = Reference(camera_id=plain, preset="", light=Light.NIGHT, at=NOON, file="unknown", chosen_by=PROGRAM)
    with database.writing() as tx:
        reference_pictures.put(tx, unknown)
        cameras.set_life_cycle(tx, gone, LifeCycle.RETIRED, NOON)
    first, second = (worst, "", Light.DAY), (covered, "", Light.DAY)
    others = [(turning, "gate", Light.DAY), (covered, "", Light.NIGHT), (plain, "", Light.DAY)]
    assert _listed(database) == ([first, second, *others], 5)
    assert _listed(database, limit=2, offset=1) == ([second, others[0]], 5)
    assert _listed(database, region_code="999999")[1] == 0
    with database.writing() as tx:
        assert reference_pictures.confirm(tx, doubted, "who looked", NOON)
    assert _listed(database) == ([first, *others], 4)


def test_what_is_learnt_later_changes_what_speaks_against_it(database):
    camera_id, other = store_camera(database, NOON), store_camera(database, NOON)
    ill = _learnt(_covered(_streets()), Light.DAY)
    for one in (camera_id, other):
        _has(database, one, Light.DAY, ill)
    assert _listed(database)[0][0][0] == other, "equally doubted: the newest camera first"
    with database.writing() as tx:
        mended = KeptBaseline(camera_id=other, light=Light.DAY, normal=_learnt(_streets(), Light.DAY), written_at=NOON)
        picture_baselines.put_many(tx, [mended], NOON)
    assert [camera for camera, *_ in _listed(database)[0]] == [camera_id, other]
