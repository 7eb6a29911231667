"""Faults as others make them, and what only looks like a fault."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from tests.builders.pictures import HEIGHT_PX, WIDTH_PX, Picture, a_baseline, a_street, sized, statistics_of
from vms.health.picture.baseline import Baseline, learn_all
from vms.health.picture.diagnose import diagnose
from vms.media.diagnosis.decode import decode

NORMAL = a_baseline()


def kinds(picture: Picture, baseline: Baseline | None = None) -> set[str]:
    return {finding.kind.value for finding in diagnose(statistics_of(picture), baseline)}


def _clipped(values: np.ndarray) -> Picture:
    return sized(values, WIDTH_PX, HEIGHT_PX)


def _grain(image: Picture) -> Picture:
    return _clipped(image + np.random.default_rng(1).normal(0, 50, image.shape[:2])[..., None])


def _salted(image: Picture) -> Picture:
    made, dice = image.copy(), np.random.default_rng(2).random(image.shape[:2])
    made[dice < 0.05], made[dice > 0.95] = 0, 255
    return cv2.resize(made[:360, :480], (480, 360))


def _hard_lines(image: Picture) -> Picture:
    made = image.astype(np.float32)
    made[np.arange(HEIGHT_PX) % 30 < 5] -= 90
    return _clipped(made)


def _rolling(image: Picture) -> Picture:
    return _clipped(image + 50 * np.sin(2 * np.pi * np.arange(HEIGHT_PX) / HEIGHT_PX * 6)[:, None, None])


def _blocks_between_pixels(image: Picture) -> Picture:
    """41 × 23 blocks, whose edges fall between the pixels."""
    small = cv2.resize(image, (41, 23), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (WIDTH_PX, HEIGHT_PX), interpolation=cv2.INTER_NEAREST), dtype=np.uint8)


def _word(image: Picture) -> Picture:
    lost = np.full_like(image, (180, 20, 10))
    cv2.putText(lost, "VIDEO LOSS", (WIDTH_PX // 4, HEIGHT_PX // 2), cv2.FONT_HERSHEY_DUPLEX, 2, (255, 255, 255), 4)
    return lost


def _without_green(image: Picture) -> Picture:
    made = image.copy()
    made[..., 1] = 0
    return made


def _pale(image: Picture) -> Picture:
    hsv = cv2.cvtColor(image, cv2.COLOR_BGR2HSV)
    hsv[..., 1] = hsv[..., 1] // 25
    return np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2BGR), dtype=np.uint8)


def _smeared_aslant(image: Picture) -> Picture:
    return np.asarray(cv2.filter2D(image, -1, np.eye(31) / 31), dtype=np.uint8)


def _close_to_the_lens(image: Picture) -> Picture:
    shade = cv2.resize(np.random.default_rng(3).uniform(0.85, 1.15, (3, 4)).astype(np.float32), (WIDTH_PX, HEIGHT_PX))
    return _clipped(np.array([60, 90, 120]) * shade[..., None] + np.random.default_rng(4).normal(0, 2, image.shape))


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (_grain, "noise"),
        (_hard_lines, "stripe"),
        (_rolling, "stripe"),
        (_blocks_between_pixels, "mosaic"),
        (_word, "signal_lost"),
        (_without_green, "color_cast"),
        (_pale, "mono"),
        (_smeared_aslant, "blur"),
        (_close_to_the_lens, "occlusion"),
    ],
)
def test_faults_made_otherwise_have_the_same_name(make: Callable[[Picture], Picture], kind: str) -> None:
    assert kinds(make(a_street(1)), NORMAL) == {kind}


def _screen(width_px: int, height_px: int, word: str, size: float, tone: int = 0) -> Picture:
    """A word in the middle and a clock at the top left, as recorders send it."""
    lost = np.full((height_px, width_px, 3), tone, np.uint8)
    (wide, tall), _ = cv2.getTextSize(word, cv2.FONT_HERSHEY_SIMPLEX, size, 3)
    middle = ((width_px - wide) // 2, (height_px + tall) // 2)
    cv2.putText(lost, word, middle, cv2.FONT_HERSHEY_SIMPLEX, size, (255, 255, 255), 3, cv2.LINE_AA)
    cv2.putText(lost, "2026-03-01 12:00:00", (20, 45), cv2.FONT_HERSHEY_SIMPLEX, 1, (255, 255, 255), 2, cv2.LINE_AA)
    return lost


@pytest.mark.parametrize("normal", [None, NORMAL])
@pytest.mark.parametrize(
    ("width_px", "height_px", "word", "size", "tone"),
    [
        (1280, 720, "VIDEO LOSS", 2, 0),
        (1920, 1080, "VIDEO LOSS", 1.2, 0),
        (960, 1280, "NO SIGNAL", 4, 0),
        (640, 480, "NO SIGNAL", 4, 0),
        (2560, 1440, "NO SIGNAL", 4, 90),
    ],
)
def test_a_word_of_any_size_on_one_flat_tone_is_a_lost_signal(
    width_px: int, height_px: int, word: str, size: float, tone: int, normal: Baseline | None
) -> None:
    assert kinds(_screen(width_px, height_px, word, size, tone), normal) == {"signal_lost"}


@pytest.mark.parametrize("glow_px", [0, 12])
def test_lamps_in_a_row_in_a_black_night_are_no_lost_signal(glow_px: int) -> None:
    night = np.zeros((720, 1280), np.float32)
    for place in range(9):
        cv2.circle(night, (100 + 130 * place, 300 + 9 * place), 6, 255, -1, cv2.LINE_AA)
    night += cv2.GaussianBlur(night, (0, 0), glow_px) * 2 if glow_px else 0
    found = kinds(np.repeat(np.clip(night, 0, 255)[..., None], 3, axis=2).astype(np.uint8))
    assert "signal_lost" not in found


def test_a_clock_on_a_night_that_is_all_but_black_is_no_lost_signal() -> None:
    dim = _clipped(a_street(1) * 0.04)
    cv2.putText(dim, "2026-03-01 12:00:00", (20, 300), cv2.FONT_HERSHEY_SIMPLEX, 1, (255, 255, 255), 2, cv2.LINE_AA)
    assert "signal_lost" not in kinds(dim)


def test_single_pixels_of_salt_and_pepper_are_snow() -> None:
    assert kinds(_salted(a_street(1))) == {"snow"}


def _leafy(seed: int) -> Picture:
    leaves = cv2.GaussianBlur(np.random.default_rng(7).normal(0, 1, (HEIGHT_PX, WIDTH_PX)), (0, 0), 0.7)
    return _clipped(a_street(seed) * 0.85 + (leaves / leaves.std() * 20)[..., None])


def test_leaves_in_far_too_much_light_are_no_snow() -> None:
    normal = learn_all(statistics_of(_leafy(seed)) for seed in range(100, 104))
    assert kinds(_clipped(_leafy(1) * 2.5), normal) == {"too_bright"}
    dice = np.random.default_rng(2).random((HEIGHT_PX // 2, WIDTH_PX // 2))
    snowed = _leafy(1)
    snowed[cv2.resize((dice < 0.15).astype(np.uint8), (WIDTH_PX, HEIGHT_PX), interpolation=0) > 0] = 255
    assert kinds(snowed, normal) == {"snow"}


def test_fog_that_thickens_upwards_covers_nothing() -> None:
    depth = np.linspace(0.6, 0.3, HEIGHT_PX)[:, None, None]
    assert "occlusion" not in kinds(_clipped(a_street(1) * (1 - depth) + 185 * depth), NORMAL)


@pytest.mark.parametrize("light", [0.85, 1.15, 0.5])
def test_other_light_and_dusk_are_no_fault(light: float) -> None:
    assert kinds(_clipped(a_street(1) * light), NORMAL) == set()


@pytest.mark.parametrize("width_px", [512, 704, 1280, 1440, 1920, 2560, 3840])
def test_every_size_is_measured_at_480_to_640_px(width_px: int) -> None:
    large = cv2.resize(a_street(1), (width_px, width_px // 2))
    assert 480 <= decode(bytes(cv2.imencode(".jpg", large)[1].tobytes())).shape[1] <= 640


def _with_shadow(image: Picture) -> Picture:
    made = image.copy()
    made[HEIGHT_PX * 7 // 10 :] = made[HEIGHT_PX * 7 // 10 :] // 6
    return made


def _overexposed(image: Picture) -> Picture:
    return _clipped(_with_shadow(image).astype(np.float32) * 2)


def _squeezed(image: Picture) -> Picture:
    full = cv2.normalize(_with_shadow(image), None, 0, 255, cv2.NORM_MINMAX).astype(np.float32)
    return _clipped(100 + (full - 100) * 0.25)


def _few_flakes(image: Picture) -> Picture:
    made, dice = image.copy(), np.random.default_rng(5).random(image.shape[:2])
    made[dice < 0.02], made[dice > 0.98] = 0, 255
    return made


@pytest.mark.parametrize(
    ("make", "kind"), [(_overexposed, "too_bright"), (_squeezed, "low_contrast"), (_few_flakes, "snow")]
)
def test_plain_faults_need_no_normal(make: Callable[[Picture], Picture], kind: str) -> None:
    assert kind in kinds(make(a_street(1)))


def _a_wall() -> Picture:
    """Pale grain of two pixels: nothing to know a view by."""
    grain = cv2.GaussianBlur(
        np.random.default_rng(6).normal(0, 60, (HEIGHT_PX, WIDTH_PX)).astype(np.float32), (0, 0), 2
    )
    return _clipped(np.repeat((130 + grain)[..., None], 3, axis=2))


def _with_a_black_box(image: Picture) -> Picture:
    made = image.copy()
    made[HEIGHT_PX // 5 : -HEIGHT_PX // 5, WIDTH_PX // 5 : -WIDTH_PX // 5] = 0
    return made


def test_a_box_before_a_wall_is_no_other_view() -> None:
    baseline = learn_all([statistics_of(_a_wall())])
    assert kinds(_with_a_black_box(_a_wall()), baseline) == {"occlusion"}


def test_a_large_box_over_a_dark_place_is_told_beside_the_darkness() -> None:
    place = a_street(1)
    place[HEIGHT_PX * 6 // 10 :] = _clipped(place[HEIGHT_PX * 6 // 10 :] * 0.35)
    covered = place.copy()
    covered[: HEIGHT_PX * 6 // 10] = 0
    assert "occlusion" in kinds(covered, learn_all([statistics_of(place)]))


def test_blur_that_spares_the_sky_covers_nothing() -> None:
    found = kinds(cv2.GaussianBlur(a_street(1), (0, 0), 7), NORMAL)
    assert "blur" in found and "occlusion" not in found


def _a_soft_background(light: float) -> Picture:
    """One sharp thing before what the lens leaves soft."""
    rows = np.linspace(90, 130, HEIGHT_PX)[:, None, None]
    made = np.repeat(np.repeat(rows, WIDTH_PX, axis=1), 3, axis=2)
    street = a_street(1)[: HEIGHT_PX // 2, : WIDTH_PX // 2]
    made[HEIGHT_PX // 4 : HEIGHT_PX // 4 + street.shape[0], WIDTH_PX // 4 : WIDTH_PX // 4 + street.shape[1]] = street
    return _clipped(made * light)


def _in_rain(image: Picture) -> Picture:
    streaks, dice = np.zeros((HEIGHT_PX, WIDTH_PX), np.uint8), np.random.default_rng(7)
    for _ in range(1500):
        x, y = int(dice.integers(WIDTH_PX)), int(dice.integers(HEIGHT_PX))
        cv2.line(streaks, (x, y), (x + 4, y + 24), 40, 1)
    return _clipped(image + cv2.GaussianBlur(streaks, (0, 0), 0.8)[..., None].astype(np.float32))


def test_what_only_rain_had_drawn_is_not_covered_when_it_is_dry() -> None:
    looks = [_a_soft_background(1.0), _in_rain(_a_soft_background(1.0))]
    baseline = learn_all(statistics_of(look) for look in looks)
    assert "occlusion" not in kinds(_a_soft_background(1.05), baseline)
