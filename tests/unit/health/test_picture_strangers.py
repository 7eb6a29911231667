"""A view that was moved, a picture coded too coarsely, a part in blocks: what strangers make of a photograph."""

import cv2
import numpy as np
import pytest

from tests.builders.pictures import HEIGHT_PX, WIDTH_PX, Picture, a_baseline, a_street, statistics_of
from vms.health.picture.baseline import Baseline
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
