"""Sizes and codec strings from parameter sets that a real encoder wrote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders.media_camera import a_clip
from vms.media.h264 import ParameterSets, is_h264_key, read_sps


@pytest.mark.parametrize(
    ("width", "height"), [(320, 240), (640, 360), (1280, 720), (1920, 1080), (176, 144), (426, 238)]
)
def test_the_size_is_read(width: int, height: int) -> None:
    clip = a_clip(width=width, height=height, pictures=1)
    facts = read_sps(clip.parameter_sets[0])
    assert (facts.width, facts.height) == (width, height)
    assert facts.codec.startswith("avc1.42c0")


def test_a_camera_with_scaling_and_cropping() -> None:
    """Main profile 1280 × 720, as an Axis camera announces it."""
    facts = read_sps(bytes.fromhex("674d001f9a6602802dff80b7010101400000fa0000303840"))
    assert (facts.width, facts.height, facts.codec) == (1280, 720, "avc1.4d001f")


@given(st.binary(max_size=80))
def test_rubbish_is_no_parameter_set(rubbish: bytes) -> None:
    try:
        facts = read_sps(b"\x67" + rubbish)
        assert 0 < facts.width <= 16_384
    except ValueError:
        pass
    ParameterSets().update([b"\x67" + rubbish, b"\x68" + rubbish, rubbish])


def test_an_i_picture_with_its_parameter_sets_is_a_key_frame_too() -> None:
    clip = a_clip()
    sps = clip.parameter_sets[0]
    i_slice, p_slice = b"\x41\x88\x80", b"\x41\xe0\x00"
    assert is_h264_key([sps, i_slice])
    assert not is_h264_key([sps, p_slice])
    assert not is_h264_key([i_slice])


def test_a_repeated_set_is_no_change() -> None:
    sets = ParameterSets()
    assert sets.update(a_clip().parameter_sets)
    assert not sets.update(a_clip().parameter_sets)
    assert sets.complete
    assert sets.update(a_clip(width=640).parameter_sets)
