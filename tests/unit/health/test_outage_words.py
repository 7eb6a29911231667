"""An outage's cause is said in both languages from the server, with its name before it."""

from string import ascii_lowercase

import pytest

from vms.access.hide_addresses import without_addresses
from vms.api.show_orders import cause_in_words
from vms.core.geo import LocalFrame, Wgs84
from vms.core.ids import CameraId
from vms.health.fault import FaultKind, Severity
from vms.health.outage_words import outage_cause, outage_in_words
from vms.health.picture.area import SHOWS, USUAL_AREA_POLICY, CameraLook, Weather, area_events
from vms.inventory.tier import Tier
from vms.store.work_orders import About


@pytest.mark.parametrize(
    ("name", "because", "chinese"),
    [
        ("gsw02", "7 of 7 fell within 8 s", "gsw02（7 台设备中有 7 台在 8 秒内相继掉线）"),
        (
            "darkness over 金水区",
            "12 of 30 cameras in one area show darkness at the same time",
            "金水区：昏暗（同一区域 30 路摄像机中有 12 路同时出现昏暗）",
        ),
        ("a (b)", "all 2 below it fell: 9 of 10", "a (b)（下级 2 处全部掉线：10 台中 9 台）"),
    ],
)
def test_why_it_is_one_is_told_in_chinese_behind_its_name(name: str, because: str, chinese: str) -> None:
    cause = outage_cause(name, because)
    assert outage_in_words(cause) == (f"{name} ({because})", chinese)


@pytest.mark.parametrize("weather", list(Weather))
def test_every_weather_over_an_area_has_chinese_words(weather: Weather) -> None:
    kind = next(iter(SHOWS[weather]))
    looks = [a_look(number, kind) for number in range(12)]
    (event,) = (one for one in area_events(looks, USUAL_AREA_POLICY) if one.weather is weather)
    said = outage_in_words(outage_cause(f"{weather.value} over 金水区", event.because))
    assert said is not None
    assert said[1].startswith("金水区：")
    assert not set(said[1]) & set(ascii_lowercase)


def a_look(number: int, kind: FaultKind) -> CameraLook:
    spot = LocalFrame(Wgs84(113.62, 34.75)).to_wgs84(20.0 * number, 0.0)
    return CameraLook(
        camera_id=CameraId(number), device=f"d{number}", lon_deg=spot.lon, lat_deg=spot.lat, kinds=frozenset({kind})
    )


def test_what_is_no_outage_is_left_to_others() -> None:
    assert outage_in_words("unreachable: refused") is None
    assert outage_in_words("a name (that nobody knows)") is None


def test_who_may_not_know_the_network_reads_in_chinese_that_it_is_one() -> None:
    cause = outage_cause("10.61.7.0/24", "9 of 9 fell within 4 s")
    chinese = "某网段（9 台设备中有 9 台在 4 秒内相继掉线）"
    assert outage_in_words(without_addresses(cause)) == ("one network (9 of 9 fell within 4 s)", chinese)
    about = About(outage_id=1, severity=Severity.CRITICAL, cause=cause, tier=Tier.GOVERNMENT, kinds=("unreachable",))
    assert cause_in_words(about, whole=False)[1] == chinese
    assert cause_in_words(about, whole=True)[1].startswith("10.61.7.0/24（")
