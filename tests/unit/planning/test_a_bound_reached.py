"""What is reached is never told as more than the bound, and a bound that is reached is a proof."""

import pytest

from vms.planning.reached import measured


@pytest.mark.parametrize(("worth", "bound"), [(0.1 + 0.2, 0.3), (0.3, 0.1 + 0.2), (0.0, 0.0), (1e6 + 1e-4, 1e6)])
def test_sums_that_differ_in_their_last_digits_are_one_and_the_best(worth: float, bound: float) -> None:
    found = measured(worth, bound)
    assert (found.worth, found.of_bound, found.proven) == (bound, 1.0, True)


def test_what_is_below_the_bound_is_told_as_its_part_and_proves_nothing() -> None:
    found = measured(75.0, 100.0)
    assert (found.worth, found.bound, found.of_bound, found.proven) == (75.0, 100.0, 0.75, False)
