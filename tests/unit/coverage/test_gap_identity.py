"""A gap that moves a little stays the same gap; one of another cause is another."""

from vms.coverage.gap_identity import GapKey, Spot, match_gaps


def spot(from_m: float, to_m: float, *, cause: str = "none_built", side: int = 1) -> Spot:
    return Spot(key=GapKey("w1", "street", side, cause, False), from_m=from_m, to_m=to_m)


def test_a_gap_that_shrinks_is_the_same_gap():
    found = match_gaps([spot(0, 100)], [spot(20, 95)])
    assert (found.same, found.gone, found.new) == (((0, 0),), (), ())


def test_of_two_parts_the_longer_goes_on_and_the_other_is_new():
    found = match_gaps([spot(0, 100)], [spot(0, 20), spot(30, 100)])
    assert (found.same, found.gone, found.new) == (((0, 1),), (), (0,))


def test_of_two_that_grow_together_the_wider_overlap_goes_on():
    found = match_gaps([spot(0, 20), spot(30, 100)], [spot(0, 100)])
    assert (found.same, found.gone, found.new) == (((1, 0),), (0,), ())


def test_another_cause_or_side_or_a_stretch_that_only_touches_is_another_gap():
    before = [spot(0, 50)]
    for now in (spot(0, 50, cause="faulty"), spot(0, 50, side=-1), spot(50, 90)):
        found = match_gaps(before, [now])
        assert (found.same, found.gone, found.new) == ((), (0,), (0,))


def test_a_place_is_itself():
    assert match_gaps([spot(0, 0)], [spot(0, 0)]).same == ((0, 0),)
