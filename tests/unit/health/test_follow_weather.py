"""Fog comes, stays while cameras leave it one after the other, and goes; what stays behind is ill on its own."""

from dataclasses import replace
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


def fell(at: datetime, some: list[CameraLook], kind: FaultKind = FOG) -> list[CameraLook]:
    """They show it since then, beside what they showed before."""
    return [replace(look, kinds=look.kinds | {kind}, since={**look.since, kind: at}) for look in some]


def test_who_fell_long_before_the_others_is_ill_on_its_own() -> None:
    lone, others, well = looks(0, 1), looks(0, 21)[1:], looks(0, 40)[21:]
    town = [*fell(NOON - timedelta(hours=1), lone), *fell(NOON, others), *well]
    (event,) = follow_weather(town, [], NOON, POLICY).begun
    assert event.camera_ids == tuple(CameraId(number) for number in range(1, 21))
    assert event.fell_from == NOON
    assert event.because == "20 of 40 cameras in one area show low contrast at the same time"
    standing = Standing(
        outage_id=7,
        weather=Weather.FOG,
        camera_ids=frozenset(event.camera_ids),
        changed_at=NOON,
        fell_from=event.fell_from,
    )
    assert only(follow_weather(town, [standing], NOON, POLICY)).came == frozenset()
    left = only(follow_weather([*fell(NOON - timedelta(hours=1), lone), *looks(0, 40)[1:]], [standing], NOON, POLICY))
    assert left.is_over


def test_who_is_ill_for_long_does_not_make_the_number_full() -> None:
    weeks_ago, now = looks(0, 19), looks(0, 20)[19:]
    town = [*looks(0, 40)[20:], *fell(NOON - timedelta(days=20), weeks_ago), *fell(NOON, now)]
    assert follow_weather(town, [], NOON, POLICY) == WeatherNow()


def test_fog_that_creeps_over_the_area_for_hours_is_one_event() -> None:
    town = looks(0, 40)
    for number in range(20):
        town[number : number + 1] = fell(NOON + timedelta(minutes=20 * number), [town[number]])
    (event,) = follow_weather(town, [], NOON + timedelta(hours=7), POLICY).begun
    assert (len(event.camera_ids), event.fell_from) == (20, NOON)


def test_an_older_fault_of_another_kind_does_not_keep_a_camera_out_of_the_dark_nor_in_it() -> None:
    noisy = fell(NOON - timedelta(days=20), looks(0, 1), FaultKind.NOISE)
    dark = fell(NOON, [*noisy, *looks(0, 20)[1:]], FaultKind.TOO_DARK)
    (event,) = follow_weather(dark, [], NOON, POLICY).begun
    assert (len(event.camera_ids), event.fell_from) == (20, NOON)
    standing = Standing(
        outage_id=7,
        weather=Weather.DARKNESS,
        camera_ids=frozenset(event.camera_ids),
        changed_at=NOON,
        fell_from=event.fell_from,
    )
    light_again = [*noisy, *dark[1:]]
    assert only(follow_weather(light_again, [standing], NOON, POLICY)).left == {CameraId(0)}
