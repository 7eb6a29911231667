"""One unbroken time line, whatever the camera's clock does."""

from hypothesis import given
from hypothesis import strategies as st

from tests.builders.media_camera import a_clip
from vms.media.boxer import Boxer, TimeLine
from vms.media.fmp4 import Sample
from vms.media.gop import GopCache
from vms.media.h264 import AccessUnit


@given(st.lists(st.integers(-400_000, 400_000), min_size=2, max_size=60))
def test_each_sample_begins_where_the_last_one_ended(steps: list[int]) -> None:
    line, time_90k, end = TimeLine(), 10**9, 0
    for step in steps:
        begin, duration = line.place(time_90k)
        assert begin == end
        assert duration > 0
        end = begin + duration
        time_90k += step


def test_a_steady_camera_is_shown_steadily() -> None:
    line = TimeLine()
    durations = [line.place(number * 6000)[1] for number in range(50)]
    assert set(durations) == {6000}


def test_a_hole_of_two_seconds_is_filled_and_made_up_for() -> None:
    line = TimeLine()
    for number in range(20):
        line.place(number * 6000)
    begin, duration = line.place(20 * 6000 + 180_000)
    assert begin == 20 * 6000
    assert 180_000 <= duration <= 192_000
    begin, _ = line.place(21 * 6000 + 180_000)
    assert abs(begin - (21 * 6000 + 180_000)) < 6000


def test_a_jump_of_the_clock_is_not_seen() -> None:
    line = TimeLine()
    for number in range(20):
        line.place(number * 6000)
    begin, duration = line.place(10**9)
    assert begin == 20 * 6000
    assert duration == 6000


def test_another_frame_rate_is_followed() -> None:
    line = TimeLine()
    for number in range(30):
        line.place(number * 3600)
    assert line.place(30 * 3600)[1] == 3600


def units_of(width: int, with_sets: bool) -> list[AccessUnit]:
    clip = a_clip(width=width)
    return [
        AccessUnit(
            nals=(*clip.parameter_sets, *picture) if key and with_sets else picture, key=key, time_90k=number * 6000
        )
        for number, (picture, key) in enumerate(zip(clip.pictures, clip.keys, strict=True))
    ]


def test_nothing_is_boxed_before_the_parameter_sets_are_known() -> None:
    assert Boxer().box(units_of(320, with_sets=False)[0]) is None
    boxed = Boxer(parameter_sets=a_clip().parameter_sets).box(units_of(320, with_sets=False)[0])
    assert boxed is not None and boxed.new_init is not None


def test_an_init_segment_comes_once_and_again_when_the_size_changes() -> None:
    boxer = Boxer()
    boxes = [boxer.box(unit) for unit in (*units_of(320, True), *units_of(640, True))]
    with_init = [box for box in boxes if box is not None and box.new_init is not None]
    assert [(box.facts.width, box.facts.height) for box in with_init] == [(320, 240), (640, 240)]
    assert all(box.sample.key for box in with_init)


def a_sample(*, key: bool = False, size: int = 10) -> Sample:
    return Sample(data=bytes(size), key=key, at_90k=0, duration_90k=6000)


def test_the_cache_begins_with_the_last_key_frame() -> None:
    cache = GopCache()
    cache.add(a_sample())
    assert cache.samples == ()
    for sample in (a_sample(key=True), a_sample(), a_sample(key=True, size=3), a_sample(size=4)):
        cache.add(sample)
    assert [(sample.key, len(sample.data)) for sample in cache.samples] == [(True, 3), (False, 4)]
    assert cache.size_bytes == 7


def test_a_group_that_never_ends_is_given_up() -> None:
    cache = GopCache(max_bytes=100, max_samples=50)
    cache.add(a_sample(key=True))
    for _ in range(20):
        cache.add(a_sample())
        assert cache.size_bytes <= 100
    assert cache.samples == ()
    cache.add(a_sample(key=True))
    assert len(cache.samples) == 1
