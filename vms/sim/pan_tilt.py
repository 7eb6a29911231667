"""A camera's moving head: where it points, computed from when it began to move."""

from dataclasses import dataclass, field, replace
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """ONVIF's generic space: pan and tilt -1 … 1, zoom 0 … 1; as a speed, per second."""

    pan: float = 0.0
    tilt: float = 0.0
    zoom: float = 0.0

    def clipped(self) -> "Direction":
        return Direction(
            pan=min(1.0, max(-1.0, self.pan)), tilt=min(1.0, max(-1.0, self.tilt)), zoom=min(1.0, max(0.0, self.zoom))
        )


HOME = Direction()
PRESETS = {"1": ("正面", HOME), "2": ("左侧", Direction(pan=-0.4)), "3": ("右侧", Direction(pan=0.4))}


class HeadHabit(StrEnum):
    """How a head obeys."""

    TURNS = "turns"
    STUCK = "stuck"
    """Says yes and stays."""
    FROZEN_STATUS = "frozen_status"
    """Turns and tells that it stands where it always stood."""
    LIES = "lies"
    """Goes beside where it is told to go."""
    NO_ABSOLUTE = "no_absolute"
    DEGREES = "degrees"
    """Tells and takes degrees."""
    TOURS = "tours"
    DIES_AWAY = "dies_away"
    """Goes and is stuck there."""


BESIDE = 0.25


@dataclass(slots=True)
class Head:
    habit: HeadHabit = HeadHabit.TURNS
    moves: int = 0
    """Told so far."""
    _from: Direction = HOME
    _speed: Direction = HOME
    _since_s: float = 0.0
    _until_s: float = 0.0
    presets: dict[str, tuple[str, Direction]] = field(default_factory=lambda: dict(PRESETS))

    def at(self, now_s: float) -> Direction:
        moved_s = max(0.0, min(now_s, self._until_s) - self._since_s)
        return Direction(
            pan=self._from.pan + self._speed.pan * moved_s,
            tilt=self._from.tilt + self._speed.tilt * moved_s,
            zoom=self._from.zoom + self._speed.zoom * moved_s,
        ).clipped()

    def moving(self, now_s: float) -> bool:
        return now_s < self._until_s and self._speed != HOME

    def move(self, speed: Direction, now_s: float, for_s: float) -> None:
        self._from, self._speed = self.at(now_s), replace(speed)
        self._since_s, self._until_s = now_s, now_s + for_s

    def stop(self, now_s: float) -> None:
        self.move(HOME, now_s, 0.0)

    def told_at(self, now_s: float) -> Direction:
        """By its own word."""
        return HOME if self.habit is HeadHabit.FROZEN_STATUS else self.at(now_s)

    def go_to(self, where: Direction, now_s: float) -> None:
        """At once; a pretend head has no mass."""
        self.moves += 1
        if self.habit is HeadHabit.STUCK or (self.habit is HeadHabit.DIES_AWAY and self.moves > 1):
            return
        self.stop(now_s)
        self._from = where.clipped()
