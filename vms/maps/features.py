"""One GeoJSON feature as items of a map: ours say their layer, other offices' are understood by shape and words."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from vms.core.errors import BadInput
from vms.core.geo import Wgs84
from vms.maps.cell_code import BUILDING, LAND, PLACE, RAILWAY, ROAD, WATERWAY
from vms.maps.cell_sorter import Item
from vms.maps.office_words import ADDRESS, BRIDGE, POLE, SOURCE_ID, TUNNEL, Told
from vms.maps.positions import read_line, read_number, read_ring
from vms.maps.tags import SPEED_KM_H, plain_text
from vms.places.land_area import GREEN, WATER, LandArea
from vms.places.town import Building, Place, PlaceKind, Road

Json = dict[str, object]
PLACES_ALONE = ""
"""Of an area: it is no layer's, and its middle is a place."""
_SHAPES = {
    BUILDING: ("Polygon", "MultiPolygon"),
    ROAD: ("LineString", "MultiLineString"),
    RAILWAY: ("LineString", "MultiLineString"),
    PLACE: ("Point",),
    LAND: ("Polygon", "MultiPolygon"),
    WATERWAY: ("LineString", "MultiLineString"),
}


def items_of(feature: object, where: str) -> Iterator[tuple[str, Item]]:
    """Nothing for what is not ours to show (a bench), lies nowhere (no geometry) or underground.

    Raises BadInput, with `where`, for what is broken.
    """
    if isinstance(feature, dict) and "geometry" in feature and feature["geometry"] is None:
        return
    properties, kind, coordinates = _parts(feature, where)
    layer = properties.get("layer")
    if isinstance(layer, str) and layer in _SHAPES:
        if kind not in _SHAPES[layer]:
            raise BadInput(f"a {plain_text(str(kind))} in layer {layer!r} is unknown", where=where)
    elif kind in _SHAPES[BUILDING]:
        layer = _area_layer(Told(properties))
    elif kind in _SHAPES[ROAD]:
        layer = _line_layer(Told(properties))
    elif kind == "Point":
        layer = ""
    else:
        raise BadInput(f"a {plain_text(str(kind))} is neither building, road nor place", where=where)
    told = Told(properties)
    source_id = told.text(SOURCE_ID) or _own_id(feature, is_ours=properties.get("layer") in tuple(_SHAPES))
    if layer == BUILDING:
        yield from _buildings(told, properties, kind, coordinates, source_id, where)
    elif layer == LAND:
        yield from _land(told, properties, kind, coordinates, source_id, where)
    elif layer == WATERWAY:
        yield from _waterways(told, kind, coordinates, source_id, where)
    elif layer in (ROAD, RAILWAY):
        yield from _roads(layer, told, properties, kind, coordinates, source_id, where)
    elif layer == PLACE or kind == "Point":
        lon, lat = read_line([coordinates], 1, where)[0].tolist()
        if (place := _place(told, Wgs84(lon, lat), source_id, where, is_ours=layer == PLACE)) is not None:
            yield PLACE, place
        return
    if kind in _SHAPES[BUILDING] and layer != properties.get("layer"):
        yield from _place_of_area(told, kind, coordinates, source_id, where)


def border_of(feature: object, name: str, where: str) -> NDArray[np.float64] | None:
    """The outline, not closed, of an area that is named so and that is no building; None: it is another one."""
    if not isinstance(feature, dict) or not isinstance(feature.get("geometry"), dict):
        return None
    properties, kind, coordinates = _parts(feature, where)
    told = Told(properties)
    if kind not in _SHAPES[LAND] or name not in told.names() or told.is_building():
        return None
    rings = [_rings(polygon, where)[0] for polygon in _each(kind == "MultiPolygon", coordinates, where)]
    return max(rings, key=len)


def _area_layer(told: Told) -> str:
    """A square of an office is a place and nothing that would hide another."""
    if told.is_building():
        return BUILDING
    if told.land_kind():
        return LAND
    return PLACES_ALONE if told.place_kind() is PlaceKind.SQUARE else BUILDING


def _line_layer(told: Told) -> str:
    if told.railway_kind():
        return RAILWAY
    return WATERWAY if told.waterway_kind() else ROAD


def _parts(feature: object, where: str) -> tuple[Json, object, object]:
    if not isinstance(feature, dict):
        raise BadInput("not an object", where=where)
    properties, geometry = feature.get("properties"), feature.get("geometry")
    if properties is None and "properties" in feature:
        properties = {}
    if not isinstance(properties, dict) or not isinstance(geometry, dict):
        raise BadInput("a feature needs `properties` and `geometry`", where=where)
    return properties, geometry.get("type"), geometry.get("coordinates")


def _own_id(feature: object, *, is_ours: bool) -> str:
    told = feature.get("id") if isinstance(feature, dict) else None
    if isinstance(told, int | float) and is_ours:
        return ""  # we write a running number
    return Told({"id": told}).text(("id",))


def _buildings(
    told: Told, properties: Json, kind: object, coordinates: object, source_id: str, where: str
) -> Iterator[tuple[str, Item]]:
    if told.is_underground():
        return
    height_m = told.height_m()
    if properties.get("height_m") is not None and height_m is None:
        read_number(properties["height_m"], f"{where} height_m")
    for polygon in _each(kind == "MultiPolygon", coordinates, where):
        rings = _rings(polygon, where)
        yield (
            BUILDING,
            Building(
                outline=rings[0],
                holes=tuple(rings[1:]),
                height_m=height_m,
                name=told.names()[0],
                source_id=source_id,
            ),
        )


def _rings(polygon: object, where: str) -> list[NDArray[np.float64]]:
    if not isinstance(polygon, list) or not polygon:
        raise BadInput("a polygon needs a ring", where=where)
    return [read_ring(ring, where) for ring in polygon]


def _land(
    told: Told, properties: Json, kind: object, coordinates: object, source_id: str, where: str
) -> Iterator[tuple[str, Item]]:
    said = properties.get("kind")
    called = said if said in (WATER, GREEN) else told.land_kind() or GREEN
    name, name_zh, name_en = told.names()
    for polygon in _each(kind == "MultiPolygon", coordinates, where):
        rings = _rings(polygon, where)
        yield (
            LAND,
            LandArea(
                outline=rings[0],
                holes=tuple(rings[1:]),
                kind=str(called),
                name=name,
                name_zh=name_zh,
                name_en=name_en,
                source_id=source_id,
            ),
        )


def _waterways(told: Told, kind: object, coordinates: object, source_id: str, where: str) -> Iterator[tuple[str, Item]]:
    name, name_zh, name_en = told.names()
    for part in _each(kind == "MultiLineString", coordinates, where):
        line = read_line(part, 2, where)
        yield (
            WATERWAY,
            Road(
                line=line,
                name=name,
                name_zh=name_zh,
                name_en=name_en,
                kind=told.waterway_kind() or "river",
                source_id=source_id,
            ),
        )


def _roads(
    layer: str, told: Told, properties: Json, kind: object, coordinates: object, source_id: str, where: str
) -> Iterator[tuple[str, Item]]:
    called = told.railway_kind() or "rail" if layer == RAILWAY else told.road_kind()
    if called is None:
        return
    if "speed_km_h" in properties:
        read_number(properties["speed_km_h"], f"{where} speed_km_h")
    oneway, backward = told.oneway()
    name, name_zh, name_en = told.names()
    for part in _each(kind == "MultiLineString", coordinates, where):
        line: NDArray[np.float64] = read_line(part, 2, where)
        yield (
            layer,
            Road(
                line=line[::-1].copy() if backward else line,
                name=name,
                name_zh=name_zh,
                name_en=name_en,
                kind=called,
                oneway=oneway,
                speed_km_h=told.speed_km_h(called) if called in SPEED_KM_H else 30.0,
                bridge=told.is_yes(BRIDGE),
                tunnel=told.is_yes(TUNNEL),
                **told.barred(),
                source_id=source_id,
            ),
        )


def _each(is_multiple: bool, coordinates: object, where: str) -> list[object]:
    if not is_multiple:
        return [coordinates]
    if not isinstance(coordinates, list) or not coordinates:
        raise BadInput("has no part", where=where)
    return coordinates


def _place_of_area(
    told: Told, kind: object, coordinates: object, source_id: str, where: str
) -> Iterator[tuple[str, Item]]:
    """The middle of the outline of a school, a park, a square."""
    if told.place_kind() not in (PlaceKind.KEY_PLACE, PlaceKind.SQUARE):
        return
    for polygon in _each(kind == "MultiPolygon", coordinates, where)[:1]:
        lon, lat = _rings(polygon, where)[0].mean(axis=0).tolist()
        if (place := _place(told, Wgs84(lon, lat), source_id, where, is_ours=False)) is not None:
            yield PLACE, place


def _place(told: Told, position: Wgs84, source_id: str, where: str, *, is_ours: bool) -> Place | None:
    name, name_zh, name_en = told.names()
    address, category, said = told.text(ADDRESS), told.category(), told.text(("kind",))
    if said in tuple(PlaceKind):
        kind = PlaceKind(said)
        category = told.stopped() if kind is PlaceKind.BARRIER else told.text(("category",)) or category
    elif is_ours:
        raise BadInput(f"unknown kind of place {said!r}", where=where)
    elif pole := told.text(POLE):
        kind, name, category = PlaceKind.POLE, pole, "pole"
    elif (found := told.place_kind()) is not None:
        kind, category = found, told.gate_of() if found is PlaceKind.ENTRANCE else category
        beside = address if found is PlaceKind.ENTRANCE else category if found is PlaceKind.KEY_PLACE else ""
        name = name or (beside or found.value).replace("_", " ")
    elif address:
        kind, name = PlaceKind.ADDRESS, name or address
    else:
        return None
    return Place(
        kind=kind,
        name=name,
        name_zh=name_zh,
        name_en=name_en,
        position=position,
        category=category,
        address=address,
        source_id=source_id,
    )
