"""A camera falls when it was up and is down, whatever was said in between."""

import numpy as np

from vms.assessment.spells import DOWN, ONLINE, SUSPECT, UNKNOWN, is_fall


def falls(*told: tuple[int, int]) -> list[int]:
    """Which of these steps (camera, what then), a second apart, are falls."""
    steps = np.array([(camera, 1, at, kind) for at, (camera, kind) in enumerate(told)], dtype=np.int64)
    return np.flatnonzero(is_fall(steps.reshape(-1, 4))).tolist()


def test_a_dead_camera_does_not_fall_again_with_every_restart_of_the_poller() -> None:
    assert falls((1, ONLINE), (1, DOWN), (1, DOWN), (1, SUSPECT), (1, DOWN), (1, UNKNOWN), (1, DOWN)) == [1]


def test_who_was_never_seen_up_did_not_fall() -> None:
    assert falls((1, ONLINE), (2, DOWN), (3, SUSPECT), (3, DOWN)) == []
    assert falls() == []


def test_doubt_and_silence_between_up_and_down_do_not_hide_a_fall() -> None:
    assert falls((1, ONLINE), (1, SUSPECT), (1, DOWN), (1, ONLINE), (1, UNKNOWN), (1, SUSPECT), (1, DOWN)) == [2, 6]
