"""A pretend city is refused wherever others could reach it."""

import pytest

from vms.core.errors import BadInput
from vms.sim.on_loopback import check_range_on_loopback
from vms.sim.run import CityOptions, run_city


@pytest.mark.parametrize("first", ["8.8.8.8", "10.1.2.3", "127.255.255.250", "0.0.0.0", "camera.example"])
def test_a_city_elsewhere_than_on_loopback_does_not_start(first: str) -> None:
    with pytest.raises(BadInput, match="loopback"):
        run_city(CityOptions(cameras=40, first_address=first, personalities=False, seconds=0.1))


def test_a_range_that_leaves_loopback_is_refused_before_anything_is_planned() -> None:
    with pytest.raises(BadInput, match=r"200000 pretend devices from 127\.253\.0\.1 on would end at 128\.0\.13\.64"):
        run_city(CityOptions(cameras=200_000, first_address="127.253.0.1", seconds=0.1))
    check_range_on_loopback("127.255.255.250", 6, "--first-address")
    with pytest.raises(BadInput, match="IPv4"):
        check_range_on_loopback("::1", 2, "--first-address")


def test_a_shop_elsewhere_than_on_loopback_does_not_start() -> None:
    with pytest.raises(BadInput, match=r"not on '192\.168\.1\.9'"):
        run_city(CityOptions(cameras=2, first_address="127.77.9.1", shop_address="192.168.1.9", seconds=0.1))
