"""The plan of a pretend city."""

from ipaddress import IPv4Address, IPv4Network

import pytest
import shapely

from vms.core.geo import LocalFrame
from vms.inventory.tier import Tier
from vms.places.town import Town
from vms.sim.personality import HABITS, PLAIN
from vms.sim.plan import NETWORKS, PASSWORDS, CityPlan, plan_city
from vms.sim.town import MIDDLE, generated_town


@pytest.fixture(scope="module")
def city() -> CityPlan:
    return plan_city(400)


@pytest.mark.parametrize("cameras", [1, 2, 7, 50, 200, 333])
def test_the_channels_are_as_many_as_asked_for(cameras: int) -> None:
    assert plan_city(cameras).cameras == cameras


def test_a_city_without_cameras_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        plan_city(0)


def test_the_same_seed_gives_the_same_city_and_another_gives_another() -> None:
    assert plan_city(60, seed=3).devices == plan_city(60, seed=3).devices
    assert plan_city(60, seed=3).devices != plan_city(60, seed=4).devices


def test_each_tier_has_its_share_and_its_network(city: CityPlan) -> None:
    counts = {tier: sum(len(d.channels) for d in city.of_tier(tier)) for tier in Tier}
    assert counts == {Tier.GOVERNMENT: 180, Tier.UNIT: 120, Tier.COMMUNITY: 72, Tier.HOUSEHOLD: 28}
    for tier in Tier:
        first = city.of_tier(tier)[0]
        assert first.address.endswith(".0.1")
        assert all(IPv4Address(d.address) in IPv4Network(NETWORKS[tier]) for d in city.of_tier(tier))


def test_with_a_first_address_the_devices_lie_in_a_row() -> None:
    plan = plan_city(300, first_address="127.90.0.250")
    first = int(IPv4Address("127.90.0.250"))
    assert [int(IPv4Address(d.address)) - first for d in plan.devices] == list(range(len(plan.devices)))


def test_identities_are_unique_and_stable(city: CityPlan) -> None:
    for values in (
        [d.endpoint_reference for d in city.devices],
        [d.macs[0] for d in city.devices],
        [d.address for d in city.devices],
        [d.serial_no for d in city.devices if d.serial_no != "General"],
    ):
        assert len(set(values)) == len(values)
    assert city.device("127.64.0.1").endpoint_reference == plan_city(400).device("127.64.0.1").endpoint_reference
    with pytest.raises(KeyError):
        city.device("10.0.0.1")


def test_a_few_devices_are_recorders_with_four_channels(city: CityPlan) -> None:
    recorders = [d for d in city.devices if d.is_recorder]
    assert 4 <= len(recorders) <= 12
    assert {len(d.channels) for d in recorders} == {4}
    assert {d.tier for d in recorders} == {Tier.UNIT, Tier.COMMUNITY}
    assert [c.token for c in recorders[0].channels] == [f"VideoSource_{n}" for n in (1, 2, 3, 4)]


def test_one_password_for_a_tier_and_one_device_that_has_another(city: CityPlan) -> None:
    others = [d for d in city.devices if d.password != PASSWORDS[d.tier]]
    assert len(others) == 1
    assert not others[0].is_recorder


def test_every_habit_occurs_in_a_large_city_and_none_in_a_plain_one(city: CityPlan) -> None:
    assert {d.personality.label for d in city.devices} == {p.label for _, p in HABITS}
    plain = plan_city(400, personalities=False)
    assert {d.personality for d in plan_city(400, personalities=False).devices} == {PLAIN}
    assert all(d.password == PASSWORDS[d.tier] for d in plain.devices)


def test_a_switch_serves_about_ten_neighbours_of_one_tier(city: CityPlan) -> None:
    wired: dict[str, list[Tier]] = {}
    for device in city.devices:
        wired.setdefault(device.switch, []).append(device.tier)
    assert all(len(set(tiers)) == 1 and len(tiers) <= 10 for tiers in wired.values())
    assert len(wired) <= len(city.devices) / 10 + 4


def test_outdoor_cameras_hang_outside_of_buildings_within_the_town(city: CityPlan) -> None:
    town = generated_town(7)
    frame = LocalFrame(MIDDLE)
    inside = shapely.STRtree([shapely.Polygon(frame.to_xy_array(b.outline)) for b in town.buildings])
    for device in city.devices:
        for channel in device.channels:
            x_m, y_m = frame.to_xy(channel.pose.position)
            assert abs(x_m) < 620 and abs(y_m) < 620
            assert len(inside.query(shapely.Point(x_m, y_m), predicate="within")) == 0


def test_a_camera_on_a_wall_looks_away_from_it(city: CityPlan) -> None:
    """Ten metres ahead of a household's camera there is hardly ever its own house."""
    import math

    town = generated_town(7)
    frame = LocalFrame(MIDDLE)
    inside = shapely.STRtree([shapely.Polygon(frame.to_xy_array(b.outline)) for b in town.buildings])
    blind = 0
    households = [d.channels[0] for d in city.of_tier(Tier.HOUSEHOLD)]
    for channel in households:
        x_m, y_m = frame.to_xy(channel.pose.position)
        way = math.radians(channel.pose.bearing_deg or 0.0)
        ahead = shapely.Point(x_m + 4 * math.sin(way), y_m + 4 * math.cos(way))
        blind += bool(len(inside.query(ahead, predicate="within")))
    assert blind <= len(households) / 10


def test_poses_are_those_of_real_cameras(city: CityPlan) -> None:
    poses = [channel.pose for device in city.devices for channel in device.channels]
    assert all(2.5 <= (p.mount_height_m or 0) <= 8 and 60 <= (p.h_fov_deg or 0) <= 110 for p in poses)
    assert all(0 <= (p.bearing_deg or 0) < 360 for p in poses)
    flags = [channel for device in city.devices for channel in device.channels]
    assert 0 < sum(c.ptz for c in flags) < len(flags) / 8
    assert 0 < sum(c.indoor for c in flags) < len(flags) / 8


def test_names_are_places(city: CityPlan) -> None:
    assert all("号" in c.name and c.name.startswith(c.address) for d in city.devices for c in d.channels)


def test_a_town_without_anything_is_refused() -> None:
    with pytest.raises(ValueError, match="neither buildings nor roads"):
        plan_city(3, town=Town(name="nowhere", attribution=""))


@pytest.mark.parametrize("keep", ["buildings", "roads"])
def test_a_town_of_only_roads_or_only_buildings_will_do(keep: str) -> None:
    whole = generated_town(1)
    half = Town(name="half", attribution="", **{keep: getattr(whole, keep)})
    assert plan_city(30, town=half).cameras == 30
