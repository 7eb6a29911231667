"""What lies between us and a device, read off the kernel's tables."""

from pathlib import Path

from vms.devices.ground import LOOPBACK, NO_ROUTE, Grounds, link_problem, parse_routes

HEAD = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
TABLE = HEAD + (
    "eth0\t00000000\t0100000A\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"
    "eth0\t0000000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n"
    "eth1\t0000140A\t0200000A\t0003\t0\t0\t0\t0000FFFF\t0\t0\t0\n"
    "eth2\t0000150A\t00000000\t0000\t0\t0\t0\t0000FFFF\t0\t0\t0\n"
)


def test_the_narrowest_route_counts_and_the_gateway_belongs_to_the_ground():
    grounds = Grounds(parse_routes(TABLE))
    assert grounds.of("10.0.0.77") == "eth0"
    assert grounds.of("10.20.3.4") == "eth1 by 10.0.0.2"
    assert grounds.of("192.168.1.1") == "eth0 by 10.0.0.1"
    assert grounds.of("10.21.0.1") == "eth0 by 10.0.0.1", "a route that is down does not count"
    assert grounds.of("127.64.0.1") == LOOPBACK


def test_a_route_to_a_single_host_does_not_speak_for_its_neighbours():
    table = TABLE + "eth3\t0500140A\t00000000\t0005\t0\t0\t0\tFFFFFFFF\t0\t0\t0\n"
    grounds = Grounds(parse_routes(table))
    assert [grounds.of(f"10.20.0.{last}") for last in (4, 5, 6)] == ["eth1 by 10.0.0.2", "eth3", "eth1 by 10.0.0.2"]


def test_without_a_route_there_is_no_way():
    assert Grounds(()).of("10.0.0.1") == NO_ROUTE
    assert link_problem(NO_ROUTE) == "this machine has no route to them"


def test_damaged_lines_are_left_out():
    assert parse_routes(HEAD + "eth0 xx\n" + "eth0\tzz\t0\t1\t0\t0\t0\t0\t0\t0\t0\n") == []


def test_a_pulled_cable_is_seen(tmp_path: Path):
    for name, carrier in (("eth0", "1\n"), ("eth1", "0\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "carrier").write_text(carrier)
    (tmp_path / "eth2").mkdir()
    assert link_problem("eth0 by 10.0.0.1", tmp_path) == ""
    assert link_problem("eth1", tmp_path) == "the interface eth1 has no carrier"
    assert link_problem("eth2", tmp_path) == "the interface eth2 is switched off"
    assert link_problem("eth9", tmp_path) == "the interface eth9 is gone"
