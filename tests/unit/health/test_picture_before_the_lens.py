"""What hangs right before a lens shows nothing sharp and nothing of its own; a movement leaves nothing where it was."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from tests.builders.pictures import HEIGHT_PX, WIDTH_PX, Picture, a_baseline, a_street, sized, statistics_of
from vms.health.picture.baseline import Baseline, Light, LightBaseline, learn_all
from vms.health.picture.diagnose import diagnose
from vms.health.picture.stands_before import what_stands_before

NORMAL = a_baseline()
DAY: LightBaseline = NORMAL.lights[Light.DAY]


def kinds(picture: Picture, normal: Baseline | None = NORMAL) -> set[str]:
    return {finding.kind.value for finding in diagnose(statistics_of(picture), normal)}


def _folds(seed: int, spread: float, grain: int) -> Picture:
    """A soft grey texture, everywhere."""
    chance = np.random.default_rng(seed)
    small = chance.normal(0, 1, (HEIGHT_PX // grain, WIDTH_PX // grain)).astype(np.float32)
    large = cv2.resize(small, (WIDTH_PX, HEIGHT_PX), interpolation=cv2.INTER_CUBIC)
    return sized(110 + spread * np.repeat(large[..., None], 3, axis=2), WIDTH_PX, HEIGHT_PX)


def test_a_soft_texture_over_everything_is_before_the_lens_and_no_other_view() -> None:
    assert kinds(_folds(1, 22, 40)) == {"occlusion"}


def test_a_bright_tape_over_everything_is_not_too_much_light() -> None:
    dim = learn_all(statistics_of(sized(a_street(seed) * 0.6, WIDTH_PX, HEIGHT_PX)) for seed in range(100, 104))
    assert kinds(_tape(150, 205), dim) == {"occlusion"}


def _boxed(share: float, picture: Picture) -> Picture:
    made = picture.copy()
    made[:, : int(WIDTH_PX * share)] = (60, 90, 120)
    return made


def test_another_street_is_another_view_though_it_stands_under_the_same_sky() -> None:
    assert kinds(a_street(1, street=2)) == {"scene_change"}


def _tape(first: float, last: float) -> Picture:
    return sized(np.linspace(first, last, WIDTH_PX)[None, :, None] * np.ones((HEIGHT_PX, 1, 3)), WIDTH_PX, HEIGHT_PX)


@pytest.mark.parametrize(
    ("make", "shows", "holds"),
    [
        (lambda: _boxed(0.5, a_street(1)), False, True),
        (lambda: np.roll(a_street(1), WIDTH_PX // 3, axis=1), True, False),
        (lambda: a_street(1, street=2), True, False),
        (lambda: _tape(80, 130), False, False),
    ],
)
def test_a_piece_tells_whether_it_shows_anything_and_whether_the_rest_holds(
    make: Callable[[], Picture], shows: bool, holds: bool
) -> None:
    piece = what_stands_before(statistics_of(make()), DAY)
    assert (piece.shows > 0.35, piece.holds) == (shows, holds)


def _in_haze(picture: Picture, left: float) -> Picture:
    """So much of the contrast is left at the top, more of it further down."""
    up = np.linspace(1, 0, HEIGHT_PX)[:, None, None]
    return sized(picture * (left + (1 - left) * (1 - up) * 0.6) + 200 * (1 - left) * up, WIDTH_PX, HEIGHT_PX)


@pytest.mark.parametrize("street", [0, 3])
def test_a_board_before_a_hazy_view_is_no_movement_while_what_is_beside_it_holds(street: int) -> None:
    normal = learn_all(statistics_of(_in_haze(a_street(seed, street), 0.15)) for seed in range(100, 104))
    hidden = _in_haze(a_street(1, street), 0.15)
    hidden[: int(HEIGHT_PX * 0.4)] = 60
    assert kinds(hidden, normal) == {"occlusion"}


@pytest.mark.parametrize("light", [0.25, 0.18])
def test_a_picture_in_which_nothing_is_lit_is_too_dark_without_a_normal(light: float) -> None:
    assert kinds(sized(a_street(1) * light, WIDTH_PX, HEIGHT_PX), None) == {"too_dark"}
    veiled = sized(40 + a_street(1) * 0.1, WIDTH_PX, HEIGHT_PX)
    assert "too_dark" not in kinds(veiled, None)


def _coded(picture: Picture, quality: int) -> Picture:
    data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), dtype=np.uint8)


@pytest.mark.parametrize("width_px", [560, 640, 800])
def test_coarse_coding_is_seen_though_it_was_coded_again_finely(width_px: int) -> None:
    street = a_street(1, width_px=width_px, height_px=width_px * 9 // 16)
    coarse, fine = (statistics_of(_coded(street, quality), 88).own_grid_share or 0.0 for quality in (5, 90))
    assert coarse > 0.1 > 0.01 > fine


def test_coarse_coding_that_was_coded_again_is_blocks_and_fine_coding_is_not() -> None:
    street = a_street(1, width_px=640, height_px=360)
    assert kinds(_coded(street, 5), None) == {"mosaic"}
    assert kinds(_coded(street, 60), None) == set()


def test_blocks_of_a_large_picture_are_too_small_to_be_asked() -> None:
    assert statistics_of(a_street(1, width_px=1920, height_px=1080)).own_grid_share is None
