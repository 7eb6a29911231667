"""An option of many words takes all of them, and nothing else."""

import pytest

from vms.cli.option_of_many import spelled_out


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("a b --many r s --json", "a b --many r --many s --json"),
        ("--many r --many s t", "--many r --many s --many t"),
        ("--json --many r s -- a b", "--json --many r --many s -- a b"),
        ("--many r --osd 0,0,1,1 a", "--many r --osd 0,0,1,1 a"),
        ("a -- --many b", "a -- --many b"),
        ("a --many=r b", "a --many=r b"),
        ("a --many --json", "a --many --json"),
        ("a --many -- b", "a --many -- b"),
        ("a --many", "a --many"),
        ("--many - r", "--many - --many r"),
    ],
)
def test_each_word_after_the_option_belongs_to_it_up_to_the_next_option(line: str, meant: str) -> None:
    assert spelled_out(line.split(), ("--many",)) == meant.split()
