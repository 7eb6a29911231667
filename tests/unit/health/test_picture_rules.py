"""Faults that are easily called by another name: noise that grows with the light, a bent curve, a turn to a wall."""

import cv2
import numpy as np
import pytest

from tests.builders.pictures import HEIGHT_PX, WIDTH_PX, Picture, a_baseline, a_street, sized, statistics_of
from vms.health.fault import FaultKind
from vms.health.picture.baseline import Baseline, learn_all
from vms.health.picture.diagnose import diagnose
from vms.sim.backdrop import Planes, paint_backdrop
from vms.sim.faults import Fault

STREET = a_street(9)
NORMAL = a_baseline()


def kinds(picture: Picture, normal: Baseline = NORMAL) -> set[FaultKind]:
    return {finding.kind for finding in diagnose(statistics_of(picture), normal)}


def shown(seed: int, *faults: Fault) -> Picture:
    """The pretend camera's picture."""
    planes: Planes = paint_backdrop(seed, 640, 360, indoor=False, faults=faults)
    flat = np.concatenate([planes.y.ravel(), planes.u.ravel(), planes.v.ravel()]).reshape(540, 640)
    return np.asarray(cv2.cvtColor(flat, cv2.COLOR_YUV2BGR_I420), dtype=np.uint8)


def test_noise_that_grows_with_the_light_is_noise_though_dark_parts_are_quiet():
    dim = STREET * np.where(np.arange(WIDTH_PX) < WIDTH_PX // 3, 0.12, 1.0)[None, :, None]
    still = [sized(dim * light, WIDTH_PX, HEIGHT_PX) for light in (1.0, 1.05, 0.95)]
    normal = learn_all(statistics_of(one) for one in still)
    chance = np.random.default_rng(3)
    assert kinds(sized(dim * (1 + chance.normal(0, 0.4, dim.shape)), WIDTH_PX, HEIGHT_PX), normal) == {FaultKind.NOISE}
    assert kinds(sized(dim * 1.2, WIDTH_PX, HEIGHT_PX), normal) == set()


def test_middle_tones_that_are_gone_under_a_bright_sky_are_darkness_and_nothing_before_the_lens():
    sky = np.where(np.arange(HEIGHT_PX) < HEIGHT_PX * 0.38, 250.0, 0.0)[:, None, None]
    bright = [sized(np.maximum(STREET * light, sky), WIDTH_PX, HEIGHT_PX) for light in (1.0, 1.03, 0.97)]
    normal = learn_all(statistics_of(one) for one in bright)
    assert kinds(sized(255 * (bright[0] / 255.0) ** 6, WIDTH_PX, HEIGHT_PX), normal) == {FaultKind.TOO_DARK}


def test_fading_is_no_blur_where_the_view_is_soft_by_itself():
    soft = np.asarray(cv2.GaussianBlur(STREET, (0, 0), 2.2), dtype=np.uint8)
    normal = learn_all(statistics_of(sized(soft * light, WIDTH_PX, HEIGHT_PX)) for light in (1.0, 1.05, 0.95))
    assert kinds(sized(128 + (soft - 128.0) * 0.2, WIDTH_PX, HEIGHT_PX), normal) == {FaultKind.LOW_CONTRAST}


@pytest.mark.parametrize("seed", [3, 8, 20, 29])
def test_a_pretend_camera_that_was_turned_to_the_wall_shows_another_view_and_nothing_before_it(seed):
    normal = learn_all(statistics_of(shown(seed), quality) for quality in (80, 85, 90))
    assert kinds(shown(seed, Fault.TURNED_ASIDE), normal) == {FaultKind.SCENE_CHANGE}
    assert kinds(shown(seed, Fault.OCCLUDED), normal) == {FaultKind.OCCLUSION}
