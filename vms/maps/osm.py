"""Read an OpenStreetMap extract (PBF), item by item or as a town.

The file is hostile until read: only PBF is accepted, its size and the number of its objects are bounded, node positions
are kept in a sparse store (a file of huge ids cannot ask for a huge table), and what libosmium refuses is a BadInput.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import osmium.osm
from numpy.typing import NDArray

from vms.core.errors import BadInput
from vms.core.geo import Wgs84
from vms.maps.cell_code import BUILDING, LAND, PLACE, RAILWAY, ROAD, WATERWAY
from vms.maps.cell_sorter import Item
from vms.maps.gates import GATES, Gates
from vms.maps.tags import (
    RAILWAYS,
    WATERWAYS,
    barred,
    building_height_m,
    is_underground,
    key_category,
    land_kind,
    names_of,
    plain_text,
    road_kind,
    speed_km_h,
    stopped_by,
)
from vms.places.crossings import road_crossings
from vms.places.land_area import LandArea
from vms.places.town import Building, Place, PlaceKind, Road, Town

ATTRIBUTION = "© OpenStreetMap contributors (ODbL 1.0)"
MAX_BYTES = 256 * 1024 * 1024
MAX_OBJECTS = 30_000_000
MAX_CORNERS = 20_000
"""Of one outline or line; OpenStreetMap itself allows 2,000 per way."""
MAX_SHORE_CORNERS = 200_000
"""Of the outline of water, green or an administrative area."""
Corners = NDArray[np.float64]

_PLACE_KEYS = (
    "amenity", "addr:housenumber", "shop", "office", "tourism", "leisure", "place", "railway", "public_transport",
    "highway", "entrance", "power",
)  # fmt: skip
_NO_BUILDING = {"no", "roof", "demolished", "proposed", "construction"}
_KEYS = (
    "building", "highway", "addr:housenumber", "amenity", "railway", "public_transport", "shop", "tourism", "office",
    "leisure", "entrance", "power", "place", "man_made",
)  # fmt: skip
_AREA_KEYS = (*_KEYS, "natural", "landuse", "waterway")
"""Trees are points of `natural`, by the hundred thousand."""


def _having(kinds: Any, *keys: str) -> Any:
    """Objects of these kinds have one of these keys; others pass."""
    made = osmium.filter.KeyFilter(*keys)
    made.enable_for(kinds)
    return made


_LINES = osmium.osm.WAY | osmium.osm.RELATION | osmium.osm.AREA
_NODES_WORTH_A_LOOK = _having(osmium.osm.NODE, *_KEYS, "barrier")
"""Barriers that are lines are fences and walls, and many."""


def read_town(path: str | Path, *, name: str = "", max_bytes: int = MAX_BYTES, max_objects: int = MAX_OBJECTS) -> Town:
    """Buildings (with courtyards), roads, places, entrances, addresses, poles and crossings. Seconds for a large town.

    Raises BadInput, with the path, for what is missing, too large, broken or holds no building and no road.
    """
    found: dict[str, list[Any]] = {BUILDING: [], ROAD: [], RAILWAY: [], PLACE: []}
    for layer, item in osm_items(path, max_bytes=max_bytes, max_objects=max_objects):
        if layer in found:
            found[layer].append(item)
    if not found[BUILDING] and not found[ROAD]:
        raise BadInput("this map holds neither buildings nor roads", where=str(path))
    return Town(
        name=name or Path(path).name.split(".")[0],
        attribution=ATTRIBUTION,
        buildings=tuple(found[BUILDING]),
        roads=tuple(found[ROAD]),
        railways=tuple(found[RAILWAY]),
        places=(*found[PLACE], *road_crossings(found[ROAD])),
    )


def osm_items(
    path: str | Path,
    *,
    max_bytes: int = MAX_BYTES,
    max_objects: int = MAX_OBJECTS,
    border: str = "",
    on_border: Callable[[Corners], None] = lambda _: None,
) -> Iterator[tuple[str, Item]]:
    """Layer and item, one after the other; an area can be a building and several places. `on_border` is called with
    the outline of the administrative area that is named `border`."""
    gates = Gates()
    for item in osm_objects(path, max_bytes=max_bytes, max_objects=max_objects, borders=bool(border)):
        if item.is_area():
            if border and _is_border(item, border) and (outline := _outline(item)) is not None:
                on_border(outline)
            gates.belong_to(item)
            yield from _area_items(item)
        elif item.is_way():
            yield from _way_items(item)
        elif item.is_node() and item.location.valid():
            position = Wgs84(item.location.lon, item.location.lat)
            for place in _places(item, position, f"n{item.id}"):
                if place.kind is not PlaceKind.ENTRANCE or not gates.keep(item.id, place):
                    yield PLACE, place
            if item.tags.get("barrier") in GATES:
                gates.note(item.id, position, plain_text(item.tags.get("name")))
            if stopped := stopped_by(item.tags):
                barrier = Place(
                    kind=PlaceKind.BARRIER, name="", position=position, category=stopped, source_id=f"n{item.id}"
                )
                yield PLACE, barrier
    for place in gates.places():
        yield PLACE, place


def _area_items(area: Any) -> Iterator[tuple[str, Item]]:
    for building in _buildings(area):
        yield BUILDING, building
    for land in _land(area):
        yield LAND, land
    for place in _area_places(area):
        yield PLACE, place


def _way_items(way: Any) -> Iterator[tuple[str, Item]]:
    if (road := _road(way)) is not None:
        yield ROAD, road
    elif (railway := _railway(way)) is not None:
        yield RAILWAY, railway
    elif (waterway := _waterway(way)) is not None:
        yield WATERWAY, waterway


def osm_objects(
    path: str | Path, *, max_bytes: int = MAX_BYTES, max_objects: int = MAX_OBJECTS, borders: bool = False
) -> Iterator[Any]:
    """libosmium's tagged nodes, ways and areas, each valid only until the next is asked for."""
    _check_file(Path(path), max_bytes)
    where = str(path)
    count = 0
    try:
        source = osmium.io.File(where, "pbf")
        reader = osmium.FileProcessor(source).with_locations("sparse_mem_array")
        lines = _having(_LINES, *_AREA_KEYS, *(("boundary",) if borders else ()))
        for item in reader.with_areas(lines).with_filter(lines).with_filter(_NODES_WORTH_A_LOOK):
            count += 1
            if count > max_objects:
                raise BadInput(f"more than {max_objects:,} objects", where=where)
            yield item
    except (RuntimeError, ValueError, OverflowError) as broken:
        raise BadInput(f"not a readable OpenStreetMap PBF file ({plain_text(str(broken))})", where=where) from broken


def _check_file(path: Path, max_bytes: int) -> None:
    if not path.is_file():
        raise BadInput("no such file", where=str(path))
    size = path.stat().st_size
    if size == 0:
        raise BadInput("the file is empty", where=str(path))
    if size > max_bytes:
        raise BadInput(f"{size:,} bytes; at most {max_bytes:,} are read", where=str(path))
    with path.open("rb") as file:
        if b"OSMHeader" not in file.read(64):
            raise BadInput("not an OpenStreetMap PBF file", where=str(path))


def _buildings(area: Any) -> Iterator[Building]:
    if area.tags.get("building", "no") in _NO_BUILDING or is_underground(area.tags):
        return
    height_m = building_height_m(area.tags.get("height"), area.tags.get("building:levels"))
    source_id = f"{'w' if area.from_way() else 'r'}{area.orig_id()}"
    for outer in area.outer_rings():
        outline = _line(outer)
        if outline is None or len(outline) < 4:
            continue
        rings = (_line(inner) for inner in area.inner_rings(outer))
        yield Building(
            outline=outline[:-1],
            holes=tuple(ring[:-1] for ring in rings if ring is not None and len(ring) >= 4),
            height_m=height_m,
            name=plain_text(area.tags.get("name")),
            source_id=source_id,
        )


def _land(area: Any) -> Iterator[LandArea]:
    kind = land_kind(area.tags)
    if not kind or area.tags.get("building", "no") != "no" or is_underground(area.tags):
        return
    name, name_zh, name_en = names_of(area.tags)
    for outer in area.outer_rings():
        outline = _line(outer, MAX_SHORE_CORNERS)
        if outline is None or len(outline) < 4:
            continue
        rings = (_line(inner) for inner in area.inner_rings(outer))
        yield LandArea(
            outline=outline[:-1],
            holes=tuple(ring[:-1] for ring in rings if ring is not None and len(ring) >= 4),
            kind=kind,
            name=name,
            name_zh=name_zh,
            name_en=name_en,
            source_id=f"{'w' if area.from_way() else 'r'}{area.orig_id()}",
        )


def _is_border(area: Any, name: str) -> bool:
    tags = area.tags
    return tags.get("boundary") == "administrative" and name in (
        tags.get("name"), tags.get("name:zh"), tags.get("name:zh-Hans"), tags.get("name:en"),
    )  # fmt: skip


def _outline(area: Any) -> Corners | None:
    """The longest of its outer rings, not closed."""
    rings = [ring for outer in area.outer_rings() if (ring := _line(outer, MAX_SHORE_CORNERS)) is not None]
    return max(rings, key=len)[:-1] if rings else None


def _road(way: Any) -> Road | None:
    tags = way.tags
    kind = road_kind(tags.get("highway"))
    if kind is None or tags.get("area") == "yes":
        return None
    line = _line(way.nodes)
    if line is None or len(line) < 2:
        return None
    oneway = tags.get("oneway", "")
    backward = oneway in ("-1", "reverse")
    implied = not oneway and (kind == "motorway" or tags.get("junction") in ("roundabout", "circular"))
    name, name_zh, name_en = names_of(tags)
    return Road(
        line=line[::-1].copy() if backward else line,
        name=name,
        name_zh=name_zh,
        name_en=name_en,
        kind=kind,
        oneway=backward or implied or oneway in ("yes", "true", "1"),
        speed_km_h=speed_km_h(tags.get("maxspeed"), kind),
        bridge=tags.get("bridge", "no") != "no",
        tunnel=tags.get("tunnel", "no") not in ("no", "building_passage"),
        **barred(tags),
        source_id=f"w{way.id}",
    )


def _railway(way: Any) -> Road | None:
    kind = way.tags.get("railway", "")
    line = _line(way.nodes) if kind in RAILWAYS else None
    if line is None:
        return None
    name, name_zh, name_en = names_of(way.tags)
    return Road(
        line=line,
        name=name,
        name_zh=name_zh,
        name_en=name_en,
        kind=kind,
        bridge=way.tags.get("bridge", "no") != "no",
        tunnel=way.tags.get("tunnel", "no") != "no",
        source_id=f"w{way.id}",
    )


def _waterway(way: Any) -> Road | None:
    kind = way.tags.get("waterway", "")
    line = _line(way.nodes) if kind in WATERWAYS else None
    if line is None:
        return None
    name, name_zh, name_en = names_of(way.tags)
    tunnel = way.tags.get("tunnel", "no") != "no"
    return Road(
        line=line, name=name, name_zh=name_zh, name_en=name_en, kind=kind, tunnel=tunnel, source_id=f"w{way.id}"
    )


def _line(nodes: Any, most: int = MAX_CORNERS) -> NDArray[np.float64] | None:
    """(n, 2) lon, lat without the corners whose place is unknown and without repeats; None where it is unreasonable."""
    if len(nodes) > most:
        return None
    corners = [(node.location.lon, node.location.lat) for node in nodes if node.location.valid()]
    kept = [corner for i, corner in enumerate(corners) if i == 0 or corner != corners[i - 1]]
    return np.array(kept, dtype=np.float64) if len(kept) >= 2 else None


def _area_places(area: Any) -> Iterator[Place]:
    if not any(key in area.tags for key in _PLACE_KEYS):
        return  # most areas are buildings and nothing else
    outline = next((line for line in map(_line, area.outer_rings()) if line is not None), None)
    if outline is None:
        return
    middle = outline[:-1].mean(axis=0)
    yield from _places(area, Wgs84(float(middle[0]), float(middle[1])), f"a{area.orig_id()}")


def _places(item: Any, position: Wgs84, source_id: str) -> Iterator[Place]:
    tags = {tag.k: tag.v for tag in item.tags}
    name, name_zh, name_en = names_of(tags)
    address = plain_text(" ".join(filter(None, (tags.get("addr:street"), tags.get("addr:housenumber")))))

    def place(kind: PlaceKind, called: str, category: str = "") -> Place:
        own = called == name
        return Place(
            kind=kind,
            name=called,
            name_zh=name_zh if own else "",
            name_en=name_en if own else "",
            position=position,
            category=category,
            address=address,
            source_id=source_id,
        )

    if category := key_category(tags):
        yield place(PlaceKind.KEY_PLACE, name or category.replace("_", " "), category)
    if tags.get("place") == "square" or (tags.get("highway") == "pedestrian" and item.is_area()):
        yield place(PlaceKind.SQUARE, name or "square", "square")
    if (entrance := tags.get("entrance", "no")) != "no":
        yield place(PlaceKind.ENTRANCE, name or address or "entrance", plain_text(entrance))
    if tags.get("addr:street") and tags.get("addr:housenumber"):
        yield place(PlaceKind.ADDRESS, address)
    is_pole = tags.get("highway") == "street_lamp" or tags.get("power") == "pole"
    if is_pole and (ref := plain_text(tags.get("ref"))):
        yield place(PlaceKind.POLE, ref, "pole")
