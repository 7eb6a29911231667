"""Every class of ground that a network is asked to watch arises from OpenStreetMap and from an office's GeoJSON."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import osmium.osm.mutable as mutable
import pytest

from vms.core.errors import BadInput
from vms.core.geo import LocalFrame, Wgs84
from vms.coverage.ground import Ground
from vms.coverage.walls import Walls
from vms.maps.map_file import ReadOptions
from vms.services.coverage.demand_now import demand_now
from vms.services.maps.import_file import import_file
from vms.services.maps.tile_maker import TileMaker
from vms.services.maps.town_now import town_now
from vms.store.database import Database

NOW = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
FRAME = LocalFrame(Wgs84(113.62, 34.75))
Json = dict[str, Any]
EVERY = set(Ground) - {Ground.LANE}
"""Lanes are asked for only where a rule says so."""


def lonlat(*corners_m: tuple[float, float]) -> list[list[float]]:
    return FRAME.to_lonlat_array(np.array(corners_m, dtype=float)).tolist()


def square_m(x: float, y: float, size: float) -> list[tuple[float, float]]:
    return [(x, y), (x + size, y), (x + size, y + size), (x, y + size)]


class Extract:
    """A small town as OpenStreetMap has one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writer = osmium.SimpleWriter(str(path))
        self._nodes = 0
        self._ways: list[mutable.Way] = []

    def node(self, x: float, y: float, **tags: str) -> int:
        self._nodes += 1
        self._writer.add_node(mutable.Node(id=self._nodes, location=tuple(lonlat((x, y))[0]), tags=tags))
        return self._nodes

    def way(self, *nodes: int, **tags: str) -> None:
        self._ways.append(mutable.Way(id=100 + len(self._ways), nodes=nodes, tags=tags))

    def area(self, x: float, y: float, size: float, *between: int, **tags: str) -> None:
        """`between`: nodes on its southern side."""
        first, *others = [self.node(*corner) for corner in square_m(x, y, size)]
        self.way(first, *between, *others, first, **tags)

    def done(self) -> Path:
        for way in self._ways:
            self._writer.add_way(way)
        self._writer.close()
        return self.path


def an_extract(path: Path) -> Path:
    town = Extract(path)
    west, middle, east = (town.node(x, 0) for x in (-1000, 0, 1000))
    town.way(west, middle, east, highway="primary", name="中原路")
    town.way(town.node(0, -500), middle, town.node(0, 500), highway="residential", name="人民路")
    town.way(town.node(-300, 300), town.node(300, 300), railway="rail")
    town.area(50, 50, 300, town.node(200, 50, barrier="gate"), amenity="school", name="第一小学")
    town.area(-400, 50, 200, town.node(-300, 50, entrance="yes"), amenity="hospital", name="人民医院")
    town.area(50, -200, 80, place="square", name="人民广场")
    town.area(-200, -300, 100, natural="water", name="东湖")
    town.area(-500, -300, 100, leisure="park", name="人民公园")
    town.way(town.node(-100, -300), town.node(-100, 200), waterway="river", name="金水河")
    town.area(-600, -600, 1200, boundary="administrative", name="老城区")
    return town.done()


def an_office(path: Path) -> Path:
    def feature(shape: str, coordinates: Any, **told: str) -> Json:
        return {"type": "Feature", "properties": told, "geometry": {"type": shape, "coordinates": coordinates}}

    def outline(x: float, y: float, size: float) -> list[list[list[float]]]:
        return [lonlat(*square_m(x, y, size), (x, y))]

    def point(x: float, y: float) -> list[float]:
        return lonlat((x, y))[0]

    features = [
        feature("LineString", lonlat((-1000, 0), (0, 0), (1000, 0)), 道路等级="主干路", 路名="中原路"),
        feature("LineString", lonlat((0, -500), (0, 500)), 道路等级="支路", 路名="人民路"),
        feature("LineString", lonlat((-300, 300), (300, 300)), 类型="铁路"),
        feature("Point", point(200, 50), 类别="校门", 名称="第一小学北门"),
        feature("Point", point(-300, 150), 类别="医院", 名称="人民医院"),
        feature("Point", point(-300, 120), 类别="大门"),
        feature("Polygon", outline(50, -200, 80), 类别="广场", 名称="人民广场"),
        feature("Point", point(300, 0), 类别="路口", 名称="中原路桃园路口"),
        feature("Point", point(900, 0), 类别="进出城口", 名称="东出口"),
        feature("Polygon", outline(-200, -300, 100), 类别="湖泊", 名称="东湖"),
        feature("Polygon", outline(-500, -300, 100), 类别="公园", 名称="人民公园"),
        feature("LineString", lonlat((-100, -300), (-100, 200)), 类型="河流", 名称="金水河"),
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


def asked(database: Database) -> dict[Ground, set[str]]:
    """The classes of ground that are asked for, with what they are called."""
    with database.reading() as tx:
        town = town_now(tx)
        demand = demand_now(tx, town, Walls.of_town(town), NOW)
    found: dict[Ground, set[str]] = {}
    for row in range(len(demand)):
        found.setdefault(demand.ground_of(row), set()).add(demand.name(row))
    return found


@pytest.mark.parametrize(("file", "make"), [("town.osm.pbf", an_extract), ("office.geojson", an_office)])
def test_a_map_yields_every_class_of_ground(
    sqlite_database: Database, tmp_path: Path, file: str, make: Callable[[Path], Path]
) -> None:
    border = "老城区" if file.endswith(".pbf") else ""
    done = import_file(sqlite_database, make(tmp_path / file), options=ReadOptions(border=border), clock=lambda: NOW)
    found = asked(sqlite_database)
    assert set(found) == EVERY
    assert found[Ground.SQUARE] == {"人民广场"}
    assert "人民医院" in found[Ground.KEY_PLACE]
    assert (done.buildings, done.land, done.waterways) == (0, 2, 1), "squares, lakes and parks hide nothing"
    _, tile = TileMaker(sqlite_database).tile(15, 26725, 13007)
    assert tile, "there is a ground to draw"


def test_a_border_that_the_file_has_not_got_is_said(sqlite_database: Database, tmp_path: Path) -> None:
    path = an_extract(tmp_path / "town.osm.pbf")
    with pytest.raises(BadInput, match="no administrative area named '新城区'"):
        import_file(sqlite_database, path, options=ReadOptions(border="新城区"), clock=lambda: NOW)


def test_a_file_of_railways_alone_is_a_map(sqlite_database: Database, tmp_path: Path) -> None:
    line = {"type": "LineString", "coordinates": lonlat((0, 0), (500, 0))}
    features = [{"type": "Feature", "properties": {"类型": "铁路"}, "geometry": line}]
    path = tmp_path / "rails.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    assert import_file(sqlite_database, path, clock=lambda: NOW).railways == 1
