"""Each of the 25 habits of real devices has a test that claims it."""

from pathlib import Path

import pytest

from tests.builders.supported_devices import HABITS, habit_tests

TESTS = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("number", range(1, 26))
def test_the_habit_has_a_test(number: int) -> None:
    assert habit_tests(TESTS).get(number), f"no test is marked with habit({number}): {HABITS[number]}"


def test_nobody_claims_a_habit_that_is_none() -> None:
    assert set(habit_tests(TESTS)) <= set(HABITS) == set(range(1, 26))


def test_a_mark_counts_only_where_it_stands_on_a_test(tmp_path: Path) -> None:
    (tmp_path / "test_one.py").write_text(
        '"""Says pytest.mark.habit(3) in words only."""\nimport pytest\n\n\n'
        "@pytest.mark.habit(4)\ndef test_a_thing() -> None:\n    pass\n"
    )
    assert habit_tests(tmp_path) == {4: ["test_one.py::test_a_thing"]}
