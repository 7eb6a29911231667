"""Small towns in metres around one point."""

import numpy as np
import shapely

from vms.core.geo import LocalFrame, Wgs84
from vms.coverage.walls import Walls
from vms.inventory.camera import Pose
from vms.places.town import Building, Place, PlaceKind, Road, Town

FRAME = LocalFrame(Wgs84(24.94, 60.17))


def at(x_m: float, y_m: float) -> Wgs84:
    return FRAME.to_wgs84(x_m, y_m)


def a_pose(x_m: float = 0.0, y_m: float = 0.0, **told: float | None) -> Pose:
    """Looks east unless told otherwise."""
    return Pose(position=at(x_m, y_m), **{"bearing_deg": 90.0, **told})


def walls_of(*blocks: tuple[float, float, float, float]) -> Walls:
    """Of rectangles west, south, east, north; those that overlap or touch are merged."""
    merged = shapely.get_parts(shapely.union_all([shapely.box(*block) for block in blocks]))
    segments = [np.zeros((0, 4))]
    for part in shapely.orient_polygons(merged):
        for ring in (part.exterior, *part.interiors):
            corners = shapely.get_coordinates(ring)
            segments.append(np.hstack([corners[:-1], corners[1:]]))
    return Walls.of_segments(FRAME, np.concatenate(segments))


def a_building(west: float, south: float, east: float, north: float, **told) -> Building:
    corners = np.array([[west, south], [east, south], [east, north], [west, north]])
    return Building(outline=FRAME.to_lonlat_array(corners), **told)


def a_road(*corners: tuple[float, float], **told) -> Road:
    return Road(line=FRAME.to_lonlat_array(np.array(corners, dtype=float)), **told)


def a_key_place(x_m: float, y_m: float, name: str = "school") -> Place:
    return Place(kind=PlaceKind.KEY_PLACE, name=name, position=at(x_m, y_m), category="school")


def a_town(buildings=(), roads=(), places=()) -> Town:
    return Town(name="town", attribution="", buildings=tuple(buildings), roads=tuple(roads), places=tuple(places))
