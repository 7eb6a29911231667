"""One still against what is known of its camera."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import cv2
import numpy as np

from tests.builders.pictures import FAULTY, a_street, by_night, jpeg, statistics_of
from vms.core.geo import Wgs84
from vms.core.ids import CameraId
from vms.health.fault import FaultKind
from vms.health.picture.baseline import Baseline, Light, LightBaseline, learn
from vms.health.picture.diagnose import diagnose
from vms.health.picture.finding import Rest, Thresholds
from vms.health.picture.learning import LEAST_PICTURES
from vms.health.picture.settled import SETTLED_DAYS
from vms.media.diagnosis.measure import measure_still
from vms.services.polling.judge_still import CLEAR_SCORE, JudgedStill, judge_still, learn_in_spite
from vms.store.picture_baselines import KeptBaseline
from vms.store.picture_knowledge import PictureKnowledge

CAMERA = CameraId(1)
ZHENGZHOU = Wgs84(113.63, 34.75)
NOON = datetime(2026, 5, 1, 4, tzinfo=UTC)
MIDNIGHT = datetime(2026, 5, 1, 16, tzinfo=UTC)
STREET = [statistics_of(a_street(seed)) for seed in range(100, 100 + LEAST_PICTURES)]


def normal_of(pictures: int) -> LightBaseline:
    baseline = Baseline()
    for statistics in STREET[:pictures]:
        baseline = learn(baseline, statistics, Light.DAY)
    return baseline.lights[Light.DAY]


def known_of(pictures: int = LEAST_PICTURES, written_at: datetime | None = NOON) -> PictureKnowledge:
    kept = KeptBaseline(camera_id=CAMERA, light=Light.DAY, normal=normal_of(pictures), written_at=written_at)
    return PictureKnowledge(normals=MappingProxyType({Light.DAY: kept}), position=ZHENGZHOU)


KNOWN = known_of()
STILL = a_street(9)
HERE, NIGHT = jpeg(STILL), jpeg(by_night(STILL))
COVERED, TURNED = jpeg(FAULTY["occlusion"](STILL)), jpeg(FAULTY["scene_change"](STILL))


def judged(still: bytes, known: PictureKnowledge = KNOWN, at: datetime = NOON, is_whole: bool = True) -> JudgedStill:
    return judge_still(still, CAMERA, known, at, is_whole=is_whole)


def kinds(found: JudgedStill) -> set[FaultKind]:
    return {finding.kind for finding in found.reading.findings}


def test_before_a_camera_is_known_it_is_judged_by_what_no_ordinary_picture_shows():
    new = known_of(LEAST_PICTURES - 1)
    assert kinds(judged(COVERED, new)) == set()
    assert FaultKind.OCCLUSION not in judged(HERE, new).reading.told
    assert kinds(judged(jpeg(FAULTY["too_dark"](a_street(9))), new)) == {FaultKind.TOO_DARK}
    assert kinds(judged(COVERED)) == {FaultKind.OCCLUSION}
    assert FaultKind.OCCLUSION in judged(HERE).reading.told


def test_what_no_ordinary_picture_shows_is_told_in_spite_of_a_normal_that_nobody_has_confirmed():
    soft = np.asarray(cv2.GaussianBlur(STILL, (0, 0), 6), dtype=np.uint8)
    baseline = Baseline()
    for _ in range(LEAST_PICTURES):
        baseline = learn(baseline, statistics_of(soft), Light.DAY)
    kept = KeptBaseline(camera_id=CAMERA, light=Light.DAY, normal=baseline.lights[Light.DAY], written_at=NOON)
    learnt_ill = PictureKnowledge(normals=MappingProxyType({Light.DAY: kept}), position=ZHENGZHOU)
    assert kinds(judged(jpeg(soft), learnt_ill)) == {FaultKind.BLUR}
    confirmed = replace(learnt_ill, confirmed=frozenset({("", Light.DAY)}))
    assert kinds(judged(jpeg(soft), confirmed)) == set()
    held = replace(kept, days=SETTLED_DAYS, day_parts=0b0110)
    settled = replace(learnt_ill, normals=MappingProxyType({Light.DAY: held}))
    assert kinds(judged(jpeg(soft), settled)) == set()


def test_what_is_only_just_beyond_a_limit_is_told_once_a_camera_is_known_and_learnt_before():
    soft = jpeg(np.asarray(cv2.GaussianBlur(STILL, (0, 0), 3.1), dtype=np.uint8))
    (faint,) = diagnose(measure_still(soft).statistics)
    assert 0.5 <= faint.score < CLEAR_SCORE
    new = judged(soft, PictureKnowledge(position=ZHENGZHOU))
    assert (kinds(new), new.learnt is not None) == (set(), True)
    assert kinds(judged(soft)) == {FaultKind.BLUR}


def test_the_first_night_of_a_camera_is_not_held_against_its_days():
    first_night = judged(NIGHT, at=MIDNIGHT)
    assert kinds(first_night) == set()
    assert first_night.learnt is not None and first_night.learnt.light is Light.NIGHT
    assert FaultKind.MONO in kinds(judged(jpeg(FAULTY["mono"](a_street(9)))))


def test_what_was_doubted_by_day_does_not_keep_a_camera_from_its_first_night_but_from_that_day():
    doubted, later = frozenset({FaultKind.SCENE_CHANGE}), NOON + timedelta(hours=2)
    at_night = judge_still(NIGHT, CAMERA, KNOWN, MIDNIGHT, is_whole=True, doubted=doubted)
    assert at_night.learnt is not None
    assert judge_still(HERE, CAMERA, KNOWN, later, is_whole=True).learnt is not None
    assert judge_still(HERE, CAMERA, KNOWN, later, is_whole=True, doubted=doubted).learnt is None


def test_a_picture_is_learnt_while_the_camera_is_new_and_then_once_an_hour():
    assert judged(HERE, known_of(2)).learnt.normal.seen == 3
    assert judged(HERE, at=NOON + timedelta(minutes=59)).learnt is None
    learnt = judged(HERE, at=NOON + timedelta(minutes=60)).learnt
    assert (learnt.normal.seen, learnt.written_at) == (LEAST_PICTURES + 1, NOON)


def test_an_ill_picture_is_not_learnt_nor_a_good_one_while_something_stands_against_the_camera():
    later = NOON + timedelta(hours=2)
    assert judged(COVERED, at=later).learnt is None
    assert judged(HERE, at=later, is_whole=False).learnt is None


def test_a_normal_that_cannot_be_read_is_learnt_anew_in_its_place():
    unreadable = replace(KNOWN.normals[Light.DAY], normal=None)
    learnt = judged(HERE, replace(KNOWN, normals=MappingProxyType({Light.DAY: unreadable}))).learnt
    assert (learnt.normal.seen, learnt.written_at) == (1, NOON)


def test_a_head_that_turned_away_has_no_fault_and_hides_what_its_own_view_would_show():
    assert kinds(judged(TURNED)) == {FaultKind.SCENE_CHANGE}
    turns = judged(TURNED, replace(KNOWN, turns=True))
    assert kinds(turns) == set()
    assert FaultKind.BLUR in turns.reading.hidden
    assert FaultKind.SCENE_CHANGE not in turns.reading.told


def test_what_was_accepted_is_silent_and_what_was_called_false_is_learnt_only_if_it_is_seen_alone():
    resting = Thresholds(rests={FaultKind.OCCLUSION: Rest(NOON + timedelta(days=1), timedelta(days=1))})
    silent = judged(COVERED, replace(KNOWN, thresholds=resting), at=NOON + timedelta(hours=2))
    assert (kinds(silent), silent.learnt) == (set(), None), "what only rests is not learnt"
    assert kinds(judged(COVERED, replace(KNOWN, thresholds=resting), at=NOON + timedelta(days=1)))
    accepted = Thresholds(accepted=frozenset({FaultKind.OCCLUSION}))
    assert kinds(judged(COVERED, replace(KNOWN, thresholds=accepted))) == set()
    learnt = learn_in_spite(COVERED, CAMERA, KNOWN, NOON, FaultKind.OCCLUSION)
    assert learnt is not None and learnt.normal.seen == LEAST_PICTURES + 1
    assert learn_in_spite(COVERED, CAMERA, KNOWN, NOON, FaultKind.BLUR) is None
    assert learn_in_spite(HERE, CAMERA, KNOWN, NOON, FaultKind.OCCLUSION) is None
