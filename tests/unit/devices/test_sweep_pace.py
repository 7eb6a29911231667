"""The pace of each small network is kept over any time, and so is the pace of all together."""

from hypothesis import given
from hypothesis import strategies as st

from vms.devices.discovery.pace import BURST_S, Pace, subnet_of


def test_a_subnet_is_a_24_or_all_but_the_last_group() -> None:
    assert subnet_of("10.1.2.3") == subnet_of("10.1.2.200") != subnet_of("10.1.3.3")
    assert subnet_of("fd00::1:2") == subnet_of("fd00::1:ff") != subnet_of("fd00::2:2")


@given(
    st.lists(st.tuples(st.floats(0.0, 0.2), st.sampled_from("abc"), st.integers(0, 500)), max_size=60),
    st.integers(1, 2000),
    st.integers(100, 3000),
)
def test_never_more_than_the_pace_over_any_time_from_the_start(steps, per_subnet, total) -> None:
    pace = Pace(per_subnet_per_s=per_subnet, total_per_s=total)
    now_s, sent = 0.0, dict.fromkeys("abc", 0)
    for wait_s, subnet, wanted in steps:
        now_s += wait_s
        granted = pace.allow(subnet, wanted, now_s)
        assert 0 <= granted <= wanted
        sent[subnet] += granted
        for count in sent.values():
            assert count <= max(1.0, per_subnet * BURST_S) + per_subnet * now_s + 1e-6
        assert sum(sent.values()) <= max(1.0, total * BURST_S) + total * now_s + 1e-6


def test_who_asks_all_the_time_gets_the_whole_pace_and_a_neighbour_has_his_own() -> None:
    pace = Pace(per_subnet_per_s=500, total_per_s=100_000)
    ticks = [tick / 100 for tick in range(201)]
    here = sum(pace.allow("a", 1000, now_s) for now_s in ticks)
    there = sum(pace.allow("b", 1000, now_s) for now_s in ticks)
    assert 980 <= here <= 1010
    assert 980 <= there <= 1010


def test_a_pace_below_one_packet_a_tick_is_kept_too() -> None:
    pace = Pace(per_subnet_per_s=2, total_per_s=100)
    assert sum(pace.allow("a", 10, tick / 100) for tick in range(1000)) in (19, 20, 21)


def test_memory_does_not_grow_with_the_number_of_networks() -> None:
    pace = Pace(per_subnet_per_s=500, total_per_s=1e9)
    for number in range(20_000):
        assert pace.allow(f"10.{number}", 1, number * 0.01) == 1
    assert len(pace) <= 4096
