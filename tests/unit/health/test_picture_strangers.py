"""A view that was moved, a picture coded too coarsely, a part in blocks: what strangers make of a photograph."""

import json
from collections.abc import Callable

import cv2
import numpy as np
import pytest

from tests.builders.pictures import HEIGHT_PX, WIDTH_PX, Picture, a_baseline, a_street, statistics_of
from vms.health.picture.baseline import Baseline, Light, from_json, learn, learn_all, to_json
from vms.health.picture.diagnose import diagnose
from vms.health.picture.moved import best_move

NORMAL = a_baseline()


def kinds(picture: Picture, baseline: Baseline | None = NORMAL, quality: int = 85) -> set[str]:
    return {finding.kind.value for finding in diagnose(statistics_of(picture, quality), baseline)}


def _turned(degrees: float) -> Picture:
    turn = cv2.getRotationMatrix2D((WIDTH_PX / 2, HEIGHT_PX / 2), degrees, 1)
    return np.asarray(cv2.warpAffine(a_street(1), turn, (WIDTH_PX, HEIGHT_PX)), dtype=np.uint8)


def _enlarged() -> Picture:
    part = a_street(1)[HEIGHT_PX // 6 : HEIGHT_PX * 5 // 6, WIDTH_PX // 6 : WIDTH_PX * 5 // 6]
    return np.asarray(cv2.resize(part, (WIDTH_PX, HEIGHT_PX)), dtype=np.uint8)


@pytest.mark.parametrize(
    ("view", "how"),
    [
        (np.roll(a_street(1), WIDTH_PX // 5, axis=1), "shifted by +20% of the width"),
        (np.roll(a_street(1), -HEIGHT_PX // 4, axis=0), "of the height"),
        (np.ascontiguousarray(a_street(1)[:, ::-1]), "mirrored"),
        (np.ascontiguousarray(a_street(1)[::-1, ::-1]), "turned by 180°"),
        (_turned(20), "turned by"),
        (_enlarged(), "enlarged 1.5 times"),
    ],
)
def test_a_moved_view_is_known_again_and_its_movement_named(view: Picture, how: str) -> None:
    moved = best_move(statistics_of(a_street(0)).look, statistics_of(view).look)
    assert how in moved.how and moved.alike > moved.held + 0.15
    assert kinds(view) == {"scene_change"}


def test_a_mast_in_the_wind_has_not_turned() -> None:
    shaken = np.roll(a_street(1), (WIDTH_PX // 100, WIDTH_PX // 100), axis=(0, 1))
    assert kinds(shaken) == set()


@pytest.mark.parametrize(("quality", "found"), [(5, {"mosaic"}), (3, {"mosaic"}), (20, set()), (60, set())])
def test_the_file_itself_tells_that_it_was_coded_too_coarsely(quality: int, found: set[str]) -> None:
    assert kinds(a_street(1), None, quality) == found


def _box(image: Picture, left: float, top: float, wide: float, tall: float) -> tuple[slice, slice]:
    first_row, first_column = int(top * HEIGHT_PX), int(left * WIDTH_PX)
    rows = slice(first_row, first_row + int(tall * HEIGHT_PX))
    return rows, slice(first_column, first_column + int(wide * WIDTH_PX))


def _with_a_cloth(image: Picture) -> Picture:
    """It has a weave: nothing lost its detail."""
    made = image.copy()
    rows, columns = _box(image, 0, 0, 0.45, 1)
    weave = np.random.default_rng(1).normal(90, 14, made[rows, columns].shape[:2])
    made[rows, columns] = np.clip(weave, 0, 255).astype(np.uint8)[..., None]
    return made


def _part_in_blocks(image: Picture) -> Picture:
    made = image.copy()
    part = made[_box(image, 0.2, 0.2, 0.6, 0.65)]
    small = cv2.resize(part, (part.shape[1] // 24, part.shape[0] // 24), interpolation=cv2.INTER_AREA)
    part[:] = cv2.resize(small, part.shape[1::-1], interpolation=cv2.INTER_NEAREST)
    return made


def _wrong_blocks(image: Picture) -> Picture:
    made, chance = image.copy(), np.random.default_rng(2)
    for top in range(0, HEIGHT_PX, 32):
        for left in range(0, WIDTH_PX, 32):
            if chance.random() < 0.2:
                made[top : top + 32, left : left + 32] = chance.integers(0, 256, 3)
    return made


def _smeared_across(image: Picture) -> Picture:
    return np.asarray(cv2.blur(image, (27, 1)), dtype=np.uint8)


def _by_a_dark_curve(image: Picture) -> Picture:
    return np.clip(255 * (image.astype(np.float32) / 255) ** 5, 0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (_with_a_cloth, "occlusion"),
        (_part_in_blocks, "mosaic"),
        (_wrong_blocks, "mosaic"),
        (_smeared_across, "blur"),
        (_by_a_dark_curve, "too_dark"),
    ],
)
def test_what_a_stranger_makes_has_its_one_name(fault: Callable[[Picture], Picture], kind: str) -> None:
    assert kinds(fault(a_street(1))) == {kind}


def test_a_lorry_covers_nothing() -> None:
    passing = a_street(1)
    passing[_box(passing, 0.3, 0.4, 0.3, 0.3)] = a_street(1, street=3)[_box(passing, 0.3, 0.4, 0.3, 0.3)]
    assert kinds(passing) == set()


def test_a_bright_hand_before_a_dark_place_is_not_too_much_light() -> None:
    place = a_street(1) // 4
    hand = place.copy()
    hand[_box(place, 0.3, 0.0, 0.5, 1)] = (170, 200, 220)
    normal = learn_all(statistics_of(a_street(seed) // 4) for seed in range(100, 104))
    assert kinds(hand, normal) == {"occlusion"}


def test_the_grid_that_a_jpeg_leaves_on_soft_ground_is_no_mosaic() -> None:
    soft = np.asarray(cv2.GaussianBlur(a_street(1, width_px=640, height_px=360), (0, 0), 9), dtype=np.uint8)
    assert "mosaic" not in kinds(soft, None, quality=60)


def test_a_baseline_from_before_directions_were_tracked_learns_them_with_the_next_picture() -> None:
    old = json.loads(to_json(NORMAL))
    for light in old["lights"].values():
        del light["normals"]["lean"]
    known = from_json(json.dumps(old))
    assert kinds(_smeared_across(a_street(1)), known) <= {"blur"}
    assert learn(known, statistics_of(a_street(5))).lights[Light.DAY].known_of("lean") is not None
