"""A head that was told to turn: what its own word and its picture say of that."""

import pytest

from vms.health.turning import (
    NOT_BACK,
    Position,
    Preset,
    Turned,
    a_little_beside,
    is_fault,
    is_near,
    judge_turn,
    nearest,
    outcome_of,
    view_turned,
)


def at(pan: float, tilt: float = 0.0) -> Position:
    return Position(pan=pan, tilt=tilt)


STOOD, WANTED = at(0.2), at(0.3)


@pytest.mark.parametrize(
    ("told", "view", "turned"),
    [
        (at(0.31), None, Turned.TURNS),
        (at(0.55), None, Turned.ELSEWHERE),
        (STOOD, True, Turned.STATUS_FROZEN),
        (STOOD, False, Turned.STUCK),
        (STOOD, None, Turned.UNTOLD),
        (None, True, Turned.STATUS_FROZEN),
    ],
)
def test_the_position_is_believed_where_it_changes_and_the_picture_where_it_does_not(told, view, turned) -> None:
    assert judge_turn(STOOD, WANTED, told, view=view) is turned


def test_it_turns_to_the_side_where_there_is_room() -> None:
    assert a_little_beside(at(0.95)).pan == pytest.approx(0.85)
    assert a_little_beside(at(-1.0)).pan == pytest.approx(-0.9)
    assert a_little_beside(at(170.0, 10.0)).pan == pytest.approx(152.0), "some tell degrees"


def test_the_preset_that_is_there_is_taken_and_no_other() -> None:
    presets = [Preset(token=token, name="", at=at(pan)) for token, pan in (("1", 0.0), ("2", 0.215), ("3", 0.205))]
    assert nearest(STOOD, presets) == "3"
    assert nearest(at(0.5), presets) is None
    assert is_near(at(170.0, 5.0), at(172.0, 5.0)) and not is_near(at(0.5), at(0.55))


def test_who_did_not_come_back_is_a_fault_at_once_and_who_did_not_turn_the_second_time() -> None:
    stuck, away = outcome_of(Turned.STUCK, back=True), outcome_of(Turned.TURNS, back=False)
    assert [is_fault(stuck, failures) for failures in (1, 2)] == [False, True]
    assert away.because == NOT_BACK and is_fault(away, 1)
    good = [outcome_of(one, back=True) for one in (Turned.TURNS, Turned.STATUS_FROZEN, Turned.ELSEWHERE)]
    assert [(one.ok, one.because) for one in good] == [(True, ""), (True, "status_frozen"), (True, "absolute_lies")]
    assert outcome_of(Turned.UNTOLD, back=True).ok is None
    assert not any(is_fault(one, 9) for one in good)


def test_traffic_is_no_turn_and_a_shift_is() -> None:
    assert not view_turned(0.001, 0.9, 0.8)
    assert not view_turned(0.2, 0.02, 0.8), "nobody is sure of that shift"
    assert view_turned(0.05, 0.4, 0.8)
    assert view_turned(0.0, 0.0, 0.1)
