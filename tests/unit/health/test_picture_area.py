"""Weather over an area is one event; what no weather does stays each camera's own."""

from hypothesis import given
from hypothesis import strategies as st

from vms.core.ids import CameraId
from vms.health.fault import FaultKind
from vms.health.picture.area import (
    CameraLook,
    Weather,
    area_events,
    crowd_of,
    left_over,
    may_be_weather,
    suppressed,
)


def looks(
    count: int, *kinds: FaultKind, first: int = 0, lon_deg: float = 113.6, one_device: bool = False
) -> list[CameraLook]:
    return [
        CameraLook(
            camera_id=CameraId(number),
            device="recorder" if one_device else f"device {number}",
            lon_deg=lon_deg + number % 10 * 0.001,
            lat_deg=34.7 + number // 10 % 10 * 0.001,
            kinds=frozenset(kinds),
        )
        for number in range(first, first + count)
    ]


def test_fog_over_a_district_is_one_event() -> None:
    foggy = [*looks(40, FaultKind.LOW_CONTRAST), *looks(10, FaultKind.BLUR, first=40), *looks(10, first=50)]
    (event,) = area_events(foggy)
    assert event.weather is Weather.FOG
    assert len(event.camera_ids) == 50
    assert "of 60 cameras" in event.because
    assert all(not left_over(look, [event]) for look in foggy)


def test_one_blurred_camera_among_many_is_its_own_fault() -> None:
    seen = [*looks(1, FaultKind.BLUR), *looks(30, first=1)]
    assert area_events(seen) == ()
    assert left_over(seen[0], []) == {FaultKind.BLUR}


def test_a_recorder_with_many_bad_channels_is_no_weather() -> None:
    assert area_events(looks(30, FaultKind.BLUR, one_device=True)) == ()


def test_no_weather_covers_lenses() -> None:
    assert area_events(looks(50, FaultKind.OCCLUSION)) == ()


def test_a_covered_camera_in_the_fog_stays_covered() -> None:
    seen = [*looks(30, FaultKind.LOW_CONTRAST), *looks(1, FaultKind.LOW_CONTRAST, FaultKind.OCCLUSION, first=30)]
    events = area_events(seen)
    assert left_over(seen[-1], events) == {FaultKind.OCCLUSION}
    assert len(suppressed(events)) == 31


def test_fog_in_two_towns_is_two_events() -> None:
    here = looks(20, FaultKind.LOW_CONTRAST)
    there = looks(20, FaultKind.LOW_CONTRAST, first=20, lon_deg=114.9)
    assert [len(event.camera_ids) for event in area_events([*here, *there])] == [20, 20]


def test_darkness_and_fog_are_told_apart() -> None:
    seen = [*looks(20, FaultKind.TOO_DARK), *looks(20, FaultKind.LOW_CONTRAST, first=20, lon_deg=114.9)]
    assert {event.weather for event in area_events(seen)} == {Weather.DARKNESS, Weather.FOG}


@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90), st.sampled_from(FaultKind)), max_size=40))
def test_nothing_is_suppressed_that_was_not_found(where: list[tuple[float, float, FaultKind]]) -> None:
    seen = [
        CameraLook(camera_id=CameraId(n), device=str(n), lon_deg=lon, lat_deg=lat, kinds=frozenset({kind}))
        for n, (lon, lat, kind) in enumerate(where)
    ]
    for event in area_events(seen):
        assert all(seen[camera_id].kinds & event.kinds for camera_id in event.camera_ids)
        assert len(event.camera_ids) <= event.looked_at


def test_a_few_ill_cameras_among_many_ask_for_no_look_at_all_the_others() -> None:
    crowd = crowd_of(looks(90))
    assert not may_be_weather(looks(20, FaultKind.BLUR), crowd)
    assert may_be_weather(looks(25, FaultKind.BLUR), crowd), "half of those around were perhaps not looked at"
    assert not may_be_weather([*looks(20, FaultKind.BLUR), *looks(20, FaultKind.SNOW, first=20)], crowd)
    assert not may_be_weather(looks(5, FaultKind.BLUR), {}), "too few to be more than chance"


@given(st.integers(0, 60), st.integers(1, 60))
def test_what_is_an_event_is_always_asked_for_where_everybody_was_looked_at(ill: int, well: int) -> None:
    seen = [*looks(ill, FaultKind.LOW_CONTRAST), *looks(well, first=ill)]
    showing = [look for look in seen if look.kinds]
    assert may_be_weather(showing, crowd_of(seen)) or area_events(seen) == ()
