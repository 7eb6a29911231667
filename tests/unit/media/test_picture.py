"""What the statistics of a still tell apart."""

import cv2
import numpy as np
import pytest

from tests.builders.media_http import a_jpeg, a_scene
from vms.media.diagnosis.strips import SMALL_HEIGHT_PX, SMALL_WIDTH_PX
from vms.media.jpeg import read_facts
from vms.media.picture import Measured, measure, measure_picture, no_picture
from vms.media.trouble import PictureFailed, Trouble


def measured(image: np.ndarray, quality: int = 85, before: Measured | None = None) -> Measured:
    return measure(a_jpeg(image, quality), before.small if before else None)


def test_a_street_by_day_has_detail_and_no_extremes() -> None:
    reading = measured(a_scene()).reading
    assert reading.fetched
    assert 80 < reading.mean_luma < 180
    assert reading.std_luma > 25
    assert reading.sharpness > 200
    assert reading.edge_density > 0.05
    assert reading.dark_share < 0.2
    assert reading.bright_share < 0.2


def test_a_black_picture_is_dark_all_over() -> None:
    reading = measured(np.full((360, 640), 4, np.uint8)).reading
    assert reading.dark_share > 0.99
    assert reading.std_luma < 2
    assert reading.sharpness < 1


def test_a_blinded_picture_is_bright_all_over() -> None:
    assert measured(np.full((360, 640), 250, np.uint8)).reading.bright_share > 0.99


def test_blur_costs_sharpness_and_edges() -> None:
    sharp = measured(a_scene()).reading
    blurred = measured(cv2.GaussianBlur(a_scene(), (0, 0), 6)).reading
    assert blurred.sharpness < sharp.sharpness / 20
    assert blurred.edge_density < sharp.edge_density / 2
    assert abs(blurred.mean_luma - sharp.mean_luma) < 3


def test_the_figures_hardly_depend_on_the_size_of_the_picture() -> None:
    small = measured(a_scene(640, 360)).reading
    large = measured(a_scene(2560, 1440)).reading
    assert abs(small.mean_luma - large.mean_luma) < 2
    assert abs(small.std_luma - large.std_luma) < 4


@pytest.mark.parametrize("quality", [60, 75, 95])
def test_a_frozen_picture_whose_clock_goes_on_is_the_same(quality: int) -> None:
    before = measured(a_scene(clock="2026-03-01 12:00:00"))
    after = measured(a_scene(clock="2026-03-01 12:00:58"), quality, before)
    assert after.reading.same_as_before


@pytest.mark.parametrize("step_px", [10, 60])
def test_somebody_who_walks_makes_it_another_picture(step_px: int) -> None:
    before = measured(a_scene(walker_at=300))
    assert not measured(a_scene(walker_at=300 + step_px), 85, before).reading.same_as_before


def test_a_cloud_makes_it_another_picture() -> None:
    before = measured(a_scene())
    assert not measured(a_scene(brightness=4), 85, before).reading.same_as_before


def test_the_first_picture_is_like_no_other() -> None:
    assert not measured(a_scene()).reading.same_as_before


def test_the_small_frame_is_small() -> None:
    assert len(measured(a_scene()).small.luma) == SMALL_WIDTH_PX * SMALL_HEIGHT_PX


async def test_measuring_off_the_loop_gives_the_same() -> None:
    assert (await measure_picture(a_jpeg())).reading == measure(a_jpeg()).reading


def test_writing_in_the_picture_does_not_hide_its_faults() -> None:
    written = np.full((360, 640), 4, np.uint8)
    cv2.putText(written, "2026-03-01 12:00:00", (8, 30), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 255, 3)
    cv2.rectangle(written, (384, 344), (640, 360), 255, -1)
    reading = measured(written).reading
    assert reading.dark_share > 0.99
    assert reading.edge_density < 0.001


@pytest.mark.parametrize(("width", "height"), [(1, 1), (3, 2), (640, 1), (1, 700), (4000, 8)])
def test_strange_shapes_are_measured_too(width: int, height: int) -> None:
    reading = measured(np.full((height, width), 77, np.uint8)).reading
    assert abs(reading.mean_luma - 77) < 3


def with_size(width: int, height: int) -> bytes:
    """A JPEG whose header claims another size."""
    data = bytearray(a_jpeg())
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    return bytes(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8",
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8" + b"\xff" * 1000,
        b"\xff\xd8\xff\xe0\x00\x00" * 50,
        b"<html></html>",
        with_size(65_000, 65_000),
        with_size(16_000, 16_000),
        with_size(0, 360),
        a_jpeg()[:-500],
        a_jpeg().replace(b"\xff\xd9", b"") + b"\xff\xda" * 100 + b"\xff\xd9",
    ],
)
def test_what_is_no_picture_or_too_much_of_one_is_refused_before_decoding(data: bytes) -> None:
    with pytest.raises(PictureFailed) as failure:
        measure(data)
    assert failure.value.trouble == Trouble.NOT_A_PICTURE
    assert no_picture(failure.value).because == "not_a_picture"


def test_the_header_tells_the_size_also_behind_other_segments() -> None:
    data = b"\xff\xd8" + b"\xff\xe1\x00\x10" + bytes(14) + b"\xff\xff" + a_jpeg()[3:]
    facts = read_facts(data)
    assert (facts.width, facts.height) == (640, 360)
