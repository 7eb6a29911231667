"""Addresses leave a text, whatever else is in it stays."""

import pytest

from tests.builders.access import a_person
from vms.access.hide_addresses import asks_for_address, for_person, without_addresses
from vms.access.roles import Role


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("10.61.7.0/24", "one network"),
        ("10.61.7.0/24 (9 of 9 fell within 4 s)", "one network (9 of 9 fell within 4 s)"),
        ("10.61.7.0/24 #2", "one network #2"),
        ("机柜 10.61.7.9，北", "机柜 an address，北"),
        ("it is back: fd00:61::/64 (3 of 3)", "it is back: one network (3 of 3)"),
        ("cabinet 7 at 10:33", "cabinet 7 at 10:33"),
        ("unreachable: refused; clock_off", "unreachable: refused; clock_off"),
        ("version 1.2.3", "version 1.2.3"),
        ("999.1.1.1", "999.1.1.1"),
    ],
)
def test_networks_and_addresses_are_taken_out_and_nothing_else(text: str, read: str) -> None:
    assert without_addresses(text) == read
    assert for_person(text, a_person(Role.PLANNER)) == read
    assert for_person(text, a_person(Role.MAINTAINER)) == text


def test_a_part_of_an_address_is_asking_for_one() -> None:
    assert all(asks_for_address(text) for text in ("10.61.", "10.61.7.0/24", "fd00:61:", "/24"))
    assert not any(asks_for_address(text) for text in ("cabinet 7", "机柜", "C-12", "1.5"))
