"""What OpenStreetMap's tags mean to us: heights, speeds, directions, categories. Tags are hostile until read."""

import re
import unicodedata
from typing import Any

MAX_NAME = 200
LEVEL_HEIGHT_M = 3.0
HIGHEST_BUILDING_M = 1_000.0

SPEED_KM_H = {
    "motorway": 110.0,
    "trunk": 80.0,
    "primary": 50.0,
    "secondary": 50.0,
    "tertiary": 40.0,
    "unclassified": 40.0,
    "residential": 30.0,
    "living_street": 10.0,
    "service": 15.0,
    "pedestrian": 5.0,
    "footway": 5.0,
    "path": 5.0,
    "steps": 3.0,
    "cycleway": 15.0,
    "track": 20.0,
    "road": 30.0,
}
"""The kinds of road that are read, with the speed assumed where none is posted; `_link` counts as its road."""

RAILWAYS = frozenset({"rail", "light_rail", "subway", "tram", "narrow_gauge", "monorail"})

KEY_CATEGORIES = {
    "amenity": {
        "school", "kindergarten", "college", "university", "hospital", "clinic", "bank", "police", "fire_station",
        "townhall", "courthouse", "embassy", "marketplace", "theatre", "cinema", "place_of_worship", "bus_station",
        "fuel", "library", "community_centre", "nightclub", "post_office", "prison", "ferry_terminal",
    },
    "railway": {"station", "halt", "tram_stop", "subway_entrance"},
    "public_transport": {"station"},
    "shop": {"mall", "department_store", "supermarket", "jewelry"},
    "tourism": {"museum", "hotel", "attraction"},
    "office": {"government", "diplomatic"},
    "leisure": {"stadium", "playground", "park"},
}  # fmt: skip
"""What a network must cover, as (key, value) of OpenStreetMap; the value becomes the place's category."""

_LAND = {
    "natural": {"water": "water", "wood": "green", "grassland": "green", "scrub": "green", "heath": "green"},
    "waterway": {"riverbank": "water", "dock": "water"},
    "landuse": {
        "reservoir": "water", "basin": "water", "forest": "green", "grass": "green", "meadow": "green",
        "village_green": "green", "recreation_ground": "green", "cemetery": "green", "allotments": "green",
    },
    "leisure": {"park": "green", "garden": "green", "golf_course": "green", "swimming_pool": "water"},
}  # fmt: skip
"""Areas that are drawn, as (key, value) of OpenStreetMap."""
WATERWAYS = frozenset({"river", "canal", "stream"})

_NUMBER = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*(m|metres?|meters?|ft|feet|'|mph|km/?h|°|deg)?\s*$", re.IGNORECASE)
_COMPASS = ("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW")


def plain_text(value: str | None) -> str:
    """One line of printable text, at most `MAX_NAME` characters."""
    if not value:
        return ""
    kept = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in value[: 2 * MAX_NAME])
    return " ".join(kept.split())[:MAX_NAME]


def names_of(tags: Any) -> tuple[str, str, str]:
    """As people there write it, in Chinese, in English; the latter two empty where they say nothing else."""
    name, english = plain_text(tags.get("name")), plain_text(tags.get("name:en"))
    chinese = plain_text(tags.get("name:zh-Hans") or tags.get("name:zh"))
    name = name or chinese or english
    return name, chinese if chinese != name else "", english if english != name else ""


def number(value: str | None) -> tuple[float, str] | None:
    """The number and its unit (lower case, maybe empty), or None for anything else."""
    match = _NUMBER.match(value[:40]) if value else None
    return (float(match[1]), (match[2] or "").lower()) if match else None


def length_m(value: str | None) -> float | None:
    read = number(value)
    if read is None:
        return None
    return read[0] * 0.3048 if read[1] in ("ft", "feet", "'") else read[0]


def building_height_m(height: str | None, levels: str | None) -> float | None:
    """As tagged, else levels × 3 m, else None: nobody said. Nonsense counts as unsaid."""
    tagged = length_m(height)
    if tagged is None and (read := number(levels)) is not None:
        tagged = read[0] * LEVEL_HEIGHT_M
    return tagged if tagged is not None and 0.0 < tagged <= HIGHEST_BUILDING_M else None


def speed_km_h(maxspeed: str | None, kind: str) -> float:
    read = number(maxspeed)
    if read is not None and 0.0 < read[0] <= 200.0:
        return read[0] * 1.609344 if read[1] == "mph" else read[0]
    return SPEED_KM_H[kind]


def road_kind(highway: str | None) -> str | None:
    """The kind as `SPEED_KM_H` names it, or None for what is no road to us (planned, under construction, platforms)."""
    kind = (highway or "").removesuffix("_link")
    return kind if kind in SPEED_KM_H else None


_CAR_TAGS = ("motorcar", "motor_vehicle", "vehicle", "access")
_BICYCLE_TAGS = ("bicycle", "vehicle", "access")
_FOOT_TAGS = ("foot", "access")
_BARRED = frozenset({"no", "private", "agricultural", "forestry", "military"})


def barred(tags: Any) -> dict[str, bool]:
    """Who may not go along a road, as `Road` names it; the tag nearest to the way of travel has the word."""

    def is_barred(keys: tuple[str, ...]) -> bool:
        said = next((value for key in keys if isinstance(value := tags.get(key), str) and value), "")
        return said.strip().lower() in _BARRED

    return {
        "no_car": is_barred(_CAR_TAGS),
        "no_bicycle": is_barred(_BICYCLE_TAGS),
        "no_foot": is_barred(_FOOT_TAGS),
    }


BARRIERS = frozenset({
    "bollard", "gate", "lift_gate", "swing_gate", "sliding_gate", "wicket_gate", "chain", "rope", "block",
    "jersey_barrier", "planter", "log", "debris", "cycle_barrier", "motorcycle_barrier", "bus_trap", "sump_buster",
    "kissing_gate", "stile", "turnstile", "full-height_turnstile",
})  # fmt: skip
"""Points on a road that cars do not pass unless the map says that they may."""


def stopped_by(tags: Any) -> str:
    """Whom a point on a road stops, as a place that is a barrier tells it: `car`, `car bicycle`, …; empty: nobody."""
    if str(tags.get("barrier") or "").strip().lower() not in BARRIERS:
        return ""
    told = {name.removeprefix("no_"): is_barred for name, is_barred in barred(tags).items()}
    told["car"] = told["car"] or not any(tags.get(key) for key in _CAR_TAGS)
    return " ".join(name for name, is_stopped in told.items() if is_stopped)


def is_underground(tags: Any) -> bool:
    """A building below the ground is no wall."""
    layer = number(str(tags.get("layer") or ""))
    below = layer is not None and layer[0] < 0.0
    return below or str(tags.get("location") or "").strip().lower() == "underground"


def direction_deg(value: str | None) -> tuple[float, float | None] | None:
    """`90`, `NNE` or a range `45-135`: the bearing looked along and, from a range, the angle of view."""
    if not value:
        return None
    text = value.strip().upper()[:40]
    if text in _COMPASS:
        return _COMPASS.index(text) * 22.5, None
    halves = text.split("-")
    ends = [read[0] for half in halves if (read := number(half)) is not None]
    if len(halves) == len(ends) == 2:
        start, end = ends
        span = (end - start) % 360.0
        return ((start + span / 2.0) % 360.0, span) if span else None
    read = number(text)
    return (read[0] % 360.0, None) if read is not None and abs(read[0]) <= 360.0 else None


def land_kind(tags: Any) -> str:
    """`water`, `green`, or "" for anything else."""
    said = (values.get(str(tags.get(key))) for key, values in _LAND.items())
    return next((kind for kind in said if kind), "")


def key_category(tags: dict[str, str]) -> str:
    """The category of a key place, or "" for anything else."""
    for key, values in KEY_CATEGORIES.items():
        if tags.get(key) in values:
            return tags[key]
    return ""
