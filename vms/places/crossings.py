"""Where named roads meet: a caller says "corner of A and B"."""

from collections.abc import Iterable

from vms.core.geo import Wgs84
from vms.places.town import Place, PlaceKind, Road

_DIGITS = 7
"""Of a degree: about a centimetre, the precision of OpenStreetMap itself."""


def road_crossings(roads: Iterable[Road]) -> tuple[Place, ...]:
    """One place per pair of differently named roads and shared corner, sorted by name, then position. O(corners)."""
    names_at: dict[tuple[float, float], set[str]] = {}
    for road in roads:
        if not road.name or road.tunnel:
            continue
        for lon, lat in road.line.round(_DIGITS).tolist():
            names_at.setdefault((lon, lat), set()).add(road.name)
    found: list[Place] = []
    for (lon, lat), names in names_at.items():
        ordered = sorted(names)
        for i, first in enumerate(ordered):
            for second in ordered[i + 1 :]:
                found.append(Place(kind=PlaceKind.CROSSING, name=f"{first} / {second}", position=Wgs84(lon, lat)))
    return tuple(sorted(found, key=lambda place: (place.name, place.position.lon, place.position.lat)))
