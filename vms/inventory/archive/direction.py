"""The direction code of the catalogue (1–8) and the bearing in degrees: where the lens looks."""

BEARINGS_DEG = {1: 90.0, 2: 270.0, 3: 180.0, 4: 0.0, 5: 135.0, 6: 45.0, 7: 225.0, 8: 315.0}
"""GB/T 28181-2022 DirectionType: east, west, south, north, south-east, north-east, south-west, north-west."""
_CODES = {bearing_deg: code for code, bearing_deg in BEARINGS_DEG.items()}


def direction_code(bearing_deg: float) -> int:
    """The nearest of the eight; halfway it is the next one clockwise."""
    return _CODES[(bearing_deg + 22.5) % 360.0 // 45.0 * 45.0]


def bearing_of(code: int) -> float:
    """Raises KeyError for what is no direction code."""
    return BEARINGS_DEG[code]
