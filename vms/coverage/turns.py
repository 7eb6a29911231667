"""Directions as numbers without trigonometry: once around the square |x| + |y| = 1, a quarter for each of its sides.

A turn grows with the angle, 0 to 4 counter-clockwise from east. Its direction (x, y) is linear in it within a quarter,
and so is the reciprocal distance of a straight wall, times the direction's length.
"""

import math

from vms.core.compiled import compiled

WHOLE_TURN = 4.0
FULL_TURN = 2.0 * math.pi


@compiled
def turn_of(x: float, y: float) -> float:
    """Of a direction that is not (0, 0). Rounding may make 4 of what lies just below east."""
    if y >= 0.0:
        return y / (x + y) if x >= 0.0 else 1.0 - x / (y - x)
    return 2.0 + y / (x + y) if x < 0.0 else 3.0 + x / (x - y)


@compiled
def direction_x(turn: float) -> float:
    return 1.0 - turn if turn <= 2.0 else turn - 3.0


@compiled
def direction_y(turn: float) -> float:
    if turn <= 1.0:
        return turn
    return 2.0 - turn if turn <= 3.0 else turn - 4.0


@compiled
def radians_of(turn: float) -> float:
    """0 to 2π."""
    angle = math.atan2(direction_y(turn), direction_x(turn))
    return angle if angle >= 0.0 else angle + FULL_TURN


@compiled
def turn_of_radians(angle: float) -> float:
    """Of 0 to 2π; the end of a full turn is `WHOLE_TURN`."""
    return WHOLE_TURN if angle >= FULL_TURN else turn_of(math.cos(angle), math.sin(angle))
