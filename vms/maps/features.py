"""One GeoJSON feature as items of a map: ours say their layer, other offices' are understood by shape and words."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from vms.core.errors import BadInput
from vms.core.geo import Wgs84
from vms.maps.cell_code import BUILDING, PLACE, RAILWAY, ROAD
from vms.maps.cell_sorter import Item
from vms.maps.office_words import ADDRESS, BRIDGE, POLE, SOURCE_ID, TUNNEL, Told
from vms.maps.positions import read_line, read_number, read_ring
from vms.maps.tags import SPEED_KM_H, plain_text
from vms.places.town import Building, Place, PlaceKind, Road

Json = dict[str, object]
_SHAPES = {
    BUILDING: ("Polygon", "MultiPolygon"),
    ROAD: ("LineString", "MultiLineString"),
    RAILWAY: ("LineString", "MultiLineString"),
    PLACE: ("Point",),
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
        layer = BUILDING
    elif kind in _SHAPES[ROAD]:
        layer = RAILWAY if Told(properties).railway_kind() else ROAD
    elif kind == "Point":
        layer = ""
    else:
        raise BadInput(f"a {plain_text(str(kind))} is neither building, road nor place", where=where)
    told = Told(properties)
    source_id = told.text(SOURCE_ID) or _own_id(feature, is_ours=properties.get("layer") in tuple(_SHAPES))
    if layer == BUILDING:
        yield from _buildings(told, properties, kind, coordinates, source_id, where)
    elif layer in (ROAD, RAILWAY):
        yield from _roads(layer, told, properties, kind, coordinates, source_id, where)
    elif (place := _place(told, properties, coordinates, source_id, where, is_ours=layer == PLACE)) is not None:
        yield PLACE, place


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
        if not isinstance(polygon, list) or not polygon:
            raise BadInput("a polygon needs a ring", where=where)
        rings = [read_ring(ring, where) for ring in polygon]
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


def _place(
    told: Told, properties: Json, coordinates: object, source_id: str, where: str, *, is_ours: bool
) -> Place | None:
    lon, lat = read_line([coordinates], 1, where)[0].tolist()
    name, name_zh, name_en = told.names()
    address, category, said = told.text(ADDRESS), told.category(), told.text(("kind",))
    if said in tuple(PlaceKind):
        kind, category = PlaceKind(said), told.text(("category",)) or category
    elif is_ours:
        raise BadInput(f"unknown kind of place {said!r}", where=where)
    elif pole := told.text(POLE):
        kind, name, category = PlaceKind.POLE, pole, "pole"
    elif category:
        kind, name = PlaceKind.KEY_PLACE, name or category.replace("_", " ")
    elif told.text(("entrance", "出入口", "大门")):
        kind, category = PlaceKind.ENTRANCE, told.text(("entrance", "出入口", "大门"))
        name = name or address or "entrance"
    elif address:
        kind, name = PlaceKind.ADDRESS, name or address
    else:
        return None
    return Place(
        kind=kind,
        name=name,
        name_zh=name_zh,
        name_en=name_en,
        position=Wgs84(lon, lat),
        category=category,
        address=address,
        source_id=source_id,
    )
