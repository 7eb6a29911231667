"""Fog comes, stays while cameras leave it one after the other, and goes; what stays behind is ill on its own."""

from datetime import UTC, datetime, timedelta

from vms.core.ids import CameraId
from vms.health.fault import FaultKind
from vms.health.picture.area import CameraLook, Weather
from vms.health.picture.follow_weather import (
    Going,
    Standing,
    WeatherNow,
    WeatherPolicy,
    follow_weather,
)

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
POLICY = WeatherPolicy()
FOG = FaultKind.LOW_CONTRAST


def looks(showing: int, of: int = 40, *, first: int = 0, lon_deg: float = 113.6) -> list[CameraLook]:
    """The first so many of them show fog."""
    return [
        CameraLook(
            camera_id=CameraId(first + number),
            device=f"device {first + number}",
            lon_deg=lon_deg + number % 10 * 0.001,
            lat_deg=34.7 + number // 10 % 10 * 0.001,
            kinds=frozenset({FOG} if number < showing else ()),
        )
        for number in range(of)
    ]


def a_fog(cameras: int, *, changed_at: datetime = NOON, first: int = 0, outage_id: int = 7) -> Standing:
    ids = frozenset(CameraId(first + number) for number in range(cameras))
    return Standing(outage_id=outage_id, weather=Weather.FOG, camera_ids=ids, changed_at=changed_at)


def only(found: WeatherNow) -> Going:
    assert found.begun == ()
    (going,) = found.going
    return going


def test_half_of_an_area_begins_an_event_and_a_third_keeps_one() -> None:
    assert len(follow_weather(looks(20), [], NOON, POLICY).begun) == 1
    assert follow_weather(looks(13), [], NOON, POLICY) == WeatherNow()
    going = only(follow_weather(looks(13), [a_fog(20)], NOON, POLICY))
    assert (len(going.left), going.came, going.is_over) == (7, frozenset(), False)


def test_who_comes_under_it_later_joins_it_and_begins_nothing_new() -> None:
    going = only(follow_weather(looks(30), [a_fog(20)], NOON, POLICY))
    assert (len(going.came), going.left) == (10, frozenset())


def test_it_is_over_when_nobody_shows_it_any_more() -> None:
    going = only(follow_weather(looks(0), [a_fog(20)], NOON, POLICY))
    assert going.is_over and len(going.left) == 20


def test_the_last_few_are_ill_on_their_own_after_an_hour_without_change() -> None:
    fog = a_fog(3)
    assert not only(follow_weather(looks(2), [fog], NOON + timedelta(minutes=30), POLICY)).is_over
    assert only(follow_weather(looks(2), [fog], NOON + timedelta(minutes=61), POLICY)).is_over


def test_another_fog_far_away_is_another_event() -> None:
    there = looks(20, first=100, lon_deg=115.0)
    found = follow_weather([*looks(20), *there], [a_fog(20)], NOON, POLICY)
    assert [event.camera_ids[0] for event in found.begun] == [CameraId(100)]
    assert found.going[0].came == found.going[0].left == frozenset()


def test_two_fogs_that_grow_together_share_no_camera() -> None:
    one, other = a_fog(20), a_fog(20, first=20, outage_id=8)
    found = follow_weather(looks(44, 44), [one, other], NOON, POLICY)
    assert found.begun == ()
    assert [len(going.came) for going in found.going] == [4, 0]
    assert [going.left for going in found.going] == [frozenset(), frozenset()]
