"""What records are judged against, read from the store: codes, regions, the map's edge, what several records claim."""

import gzip
import json
import threading
from collections.abc import Iterable
from datetime import datetime

import numpy as np
from sqlalchemy import Connection

from vms.inventory.archive.city import Box, City
from vms.inventory.archive.facts import Facts
from vms.inventory.archive.judgement import Judgement, judge
from vms.maps.geojson import town_from_geojson
from vms.store import accepted_differences, archive_facts, code_tables, maps, regions

_BOXES: dict[int, Box | None] = {}
"""By map; a map never changes under its number."""
_READING = threading.Lock()


def whole_city(tx: Connection, now: datetime) -> City:
    """To judge every record by. Under a second for 100,000, the first time of a map some more."""
    return _city(tx, now, archive_facts.doubled_ids(tx), archive_facts.all_doubled_places(tx))


def city_around(tx: Connection, found: Iterable[Facts], now: datetime) -> City:
    """To judge these records by, and no others."""
    some = list(found)
    ids = archive_facts.doubled_ids(tx, (one.gb_device_id for one in some))
    return _city(tx, now, ids, archive_facts.doubled_places_near(tx, some))


def judge_cameras(tx: Connection, camera_ids: Iterable[int], now: datetime) -> dict[int, Judgement]:
    """By camera; for a page of a list or one record."""
    found = archive_facts.of_cameras(tx, camera_ids, now)
    city = city_around(tx, found.values(), now)
    accepted = accepted_differences.of_cameras(tx, found)
    return {number: judge(facts, city, accepted.get(number, {})) for number, facts in found.items()}


def _city(tx: Connection, now: datetime, ids: frozenset[str], places: frozenset[int]) -> City:
    return City(
        codes=code_tables.every(tx),
        today=now.date(),
        civil_codes=frozenset(regions.names(tx)),
        region_boxes=regions.boxes(tx),
        town_box=_town_box(tx),
        doubled_ids=ids,
        doubled_places=places,
    )


def _town_box(tx: Connection) -> Box | None:
    """Around everything that the current map shows; None: there is no map."""
    map_id = maps.current_id(tx)
    if map_id is None:
        return None
    with _READING:
        if map_id not in _BOXES:
            _BOXES[map_id] = _read_box(tx)
        return _BOXES[map_id]


def _read_box(tx: Connection) -> Box | None:
    stored = maps.current(tx)
    if stored is None:
        return None
    town = town_from_geojson(json.loads(gzip.decompress(stored.content)))
    corners = [building.outline for building in town.buildings] + [road.line for road in town.roads]
    corners += [] if town.boundary is None else [town.boundary]
    if not corners:
        return None
    lonlat = np.concatenate(corners)
    west, south = lonlat.min(axis=0).tolist()
    east, north = lonlat.max(axis=0).tolist()
    return (west, south, east, north)
