"""Whether a camera that was told to turn a little has turned, and has come back: from positions as it tells them, and
from pictures where what it tells does not change."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

A_LITTLE = 0.1
NEAR = 0.02
WHOLE_DEG = 180.0
"""Of a device that tells degrees where ONVIF's generic space goes from -1 to 1."""
LEAST_SHIFT_SHARE = 0.015
"""Of a picture's width."""
LEAST_SURE = 0.12
UNLIKE = 0.35
AT_PRESET = 0.01
"""A head within so much of a preset shows its view: under 2° of a whole turn."""
SAME_ZOOM = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """In the device's own space, mostly -1 … 1; zoom 0 … 1, None where it tells none."""

    pan: float
    tilt: float
    zoom: float | None = None
    space: str = ""
    """What the device calls it, where that is a space of degrees."""

    @property
    def unit(self) -> float:
        return WHOLE_DEG if self.space or max(abs(self.pan), abs(self.tilt)) > 1 else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """One that the device keeps. `at` None: it does not tell where that is."""

    token: str
    name: str
    at: Position | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """Where a camera that turns stood when it was asked."""

    preset: str = ""
    """The token; empty: between presets, or on its way."""

    @property
    def is_between(self) -> bool:
        return not self.preset


class Turned(StrEnum):
    TURNS = "turns"
    STATUS_FROZEN = "status_frozen"
    """It turns and tells that it stands."""
    ELSEWHERE = "absolute_lies"
    """It turns, but not to where it was told to."""
    STUCK = "does_not_turn"
    UNTOLD = "cannot_be_seen"
    """It tells that it stands, and there is no picture to know better."""


NOT_BACK = "not_back"
FAILURES = 2
"""Nights in a row make a fault; one that did not come back is one at once."""


def a_little_beside(stood: Position) -> Position:
    """Towards the side where there is room."""
    step = A_LITTLE * stood.unit
    pan = stood.pan - step if stood.pan > 0.5 * stood.unit else stood.pan + step
    return replace(stood, pan=pan)


def is_near(one: Position, other: Position) -> bool:
    slack = NEAR * max(one.unit, other.unit)
    return abs(one.pan - other.pan) <= slack and abs(one.tilt - other.tilt) <= slack


def nearest(stood: Position, presets: Sequence[Preset]) -> str | None:
    """The token of a preset that is where it stood."""
    near = [
        (abs(one.at.pan - stood.pan) + abs(one.at.tilt - stood.tilt), one.token)
        for one in presets
        if one.at is not None and is_near(one.at, stood)
    ]
    return min(near)[1] if near else None


def is_at(preset: Position, now: Position) -> bool:
    """It shows the preset's view: no mere neighbourhood, and the same zoom where both tell one."""
    return _apart(preset, now) <= AT_PRESET * max(preset.unit, now.unit) and is_same_zoom(preset.zoom, now.zoom)


def is_same_zoom(one: float | None, other: float | None) -> bool:
    return one is None or other is None or abs(one - other) <= SAME_ZOOM


def where_it_stands(now: Position, moving: bool, presets: Sequence[Preset]) -> Stands:
    here = [one for one in presets if one.at is not None and is_at(one.at, now)]
    if moving or not here:
        return Stands()
    return Stands(preset=min(here, key=lambda one: (_apart(one.at or now, now), one.token)).token)


def _apart(one: Position, other: Position) -> float:
    return max(abs(one.pan - other.pan), abs(one.tilt - other.tilt))


def view_turned(right_share: float, sure: float, alike: float) -> bool:
    """From two pictures: how far the second lies beside the first, as a share of the width, how sure that is, and how
    alike they are, 0 … 1."""
    return (sure >= LEAST_SURE and abs(right_share) >= LEAST_SHIFT_SHARE) or alike < UNLIKE


def judge_turn(stood: Position, wanted: Position, told: Position | None, *, view: bool | None) -> Turned:
    """`told`: where it says that it is now. `view`: whether its picture has turned; None: nobody could see."""
    if told is not None and is_near(told, wanted):
        return Turned.TURNS
    if told is not None and not is_near(told, stood):
        return Turned.ELSEWHERE
    if view is None:
        return Turned.UNTOLD
    return Turned.STATUS_FROZEN if view else Turned.STUCK


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnOutcome:
    """`ok` None: it could not be told."""

    ok: bool | None
    because: str = ""


def outcome_of(turned: Turned, *, back: bool) -> TurnOutcome:
    if turned is Turned.STUCK:
        return TurnOutcome(ok=False, because=turned.value)
    if not back:
        return TurnOutcome(ok=False, because=NOT_BACK)
    if turned is Turned.UNTOLD:
        return TurnOutcome(ok=None, because=turned.value)
    return TurnOutcome(ok=True, because="" if turned is Turned.TURNS else turned.value)


def is_fault(outcome: TurnOutcome, failures: int) -> bool:
    """`failures`: in a row, this one counted."""
    return outcome.ok is False and (outcome.because == NOT_BACK or failures >= FAILURES)
