"""The sensors of one housing in one cell of a list: `0/60;90/60;180/60`, bearing and field of view of each, degrees."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SENSORS = "sensors"
"""A column of lists only. An empty cell: the camera has one sensor, which the record describes."""
MOST_SENSORS = 16
ALONE = "one sensor is described by the record itself: give two or more, or none"
TURNS = "a camera that turns has presets, and no fixed sensors"
_NUMBER = re.compile(r"-?\d{1,3}(?:\.\d{1,25})?(?:e-\d{1,3})?")
_NOBODY_SAID = frozenset({"", "-", "–", "?"})
_SAME = str.maketrans({"；": ";", "／": "/", "\n": ";", "°": None, "度": None, " ": None, "　": None, "\r": None})


@dataclass(frozen=True, slots=True)
class SensorAim:
    """None: nobody said."""

    bearing_deg: float | None
    h_fov_deg: float | None


def read_sensors(text: str) -> tuple[SensorAim, ...]:
    """In their order; none for an empty cell. Raises ValueError with the reason."""
    parts = text.translate(_SAME).strip(";").split(";")
    if parts == [""]:
        return ()
    if len(parts) > MOST_SENSORS:
        raise ValueError(f"more than {MOST_SENSORS} sensors")
    found = tuple(_aim(number, part) for number, part in enumerate(parts, 1))
    if len(found) == 1:
        raise ValueError(ALONE)
    return found


def sensors_text(sensors: Iterable[SensorAim]) -> str:
    """As `read_sensors` reads it, to the last digit."""
    return ";".join(f"{_plain(one.bearing_deg)}/{_plain(one.h_fov_deg)}" for one in sensors)


def _aim(number: int, part: str) -> SensorAim:
    told: Sequence[str] = part.split("/")
    if not part or len(told) > 2 or not all(one in _NOBODY_SAID or _NUMBER.fullmatch(one) for one in told):
        raise ValueError(f"sensor {number} is not bearing/field of view in degrees, as in 0/60;90/60;180/60")
    bearing_deg, h_fov_deg = (None if one in _NOBODY_SAID else float(one) for one in (*told, "")[:2])
    if abs(bearing_deg or 0.0) > 360.0 or not 1.0 <= (h_fov_deg if h_fov_deg is not None else 1.0) <= 360.0:
        raise ValueError(f"sensor {number}: bearings go from 0 to 360 degrees, fields of view from 1 to 360")
    return SensorAim(None if bearing_deg is None else bearing_deg % 360.0, h_fov_deg)


def _plain(value: float | None) -> str:
    return "" if value is None else repr(float(value)).removesuffix(".0")
