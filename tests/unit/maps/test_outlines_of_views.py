"""Outlines of views are drawn with no more corners than the screen can show."""

import numpy as np

from vms.maps.tiles.view_tile import A_PIXEL, without_jitter
from vms.places.packed import Lines


def test_corners_in_one_pixel_become_one() -> None:
    near = [[0, 0], [400, 0], [401, 1], [402, 2], [400, 400], [3, 1]]
    kept = without_jitter(Lines(np.array(near, np.int32), np.array([6])))
    assert kept.corners.tolist() == [[400, 0], [400, 400], [3, 1]] and kept.ends.tolist() == [3]


def test_what_is_smaller_than_a_pixel_is_not_lost() -> None:
    tiny, square = [[1, 1], [2, 1], [2, 2]], [[0, 0], [A_PIXEL, 0], [A_PIXEL, A_PIXEL], [0, A_PIXEL]]
    kept = without_jitter(Lines(np.array(tiny + square, np.int32), np.array([3, 7])))
    assert kept.corners.tolist() == tiny + square and kept.ends.tolist() == [3, 7]


def test_nothing_stays_nothing() -> None:
    nothing = Lines(np.zeros((0, 2), np.int32), np.zeros(0, np.int64))
    assert len(without_jitter(nothing)) == 0
