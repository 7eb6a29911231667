"""A town is taken into the store and comes back as it was."""

import gzip
import json
from datetime import UTC, datetime, timedelta

import pytest

from vms.core.errors import BadInput
from vms.maps.geojson import town_from_geojson
from vms.places.town import Town
from vms.services.import_map import import_map
from vms.sim.town import generated_town
from vms.store import events, maps

NOW = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)


def test_a_town_comes_back_and_the_same_town_again_changes_nothing(database):
    town = generated_town(7)
    map_id = import_map(database, town, now=NOW)
    assert import_map(database, town, now=NOW + timedelta(hours=1)) == map_id
    with database.reading() as tx:
        stored = maps.current(tx)
        told = [(event.kind, event.subject) for event in events.after(tx, 0, 10)]
    back = town_from_geojson(json.loads(gzip.decompress(stored.content)))
    assert (stored.name, stored.attribution) == (town.name, town.attribution)
    assert (len(back.buildings), len(back.roads), len(back.places)) == (
        len(town.buildings), len(town.roads), len(town.places),
    )  # fmt: skip
    assert told == [("map.changed", map_id)]


def test_another_town_takes_its_place(sqlite_database):
    import_map(sqlite_database, generated_town(7), now=NOW)
    second = import_map(sqlite_database, generated_town(8), now=NOW + timedelta(hours=1))
    with sqlite_database.reading() as tx:
        assert maps.current_id(tx) == second


def test_an_empty_town_is_refused(sqlite_database):
    with pytest.raises(BadInput, match="neither roads nor buildings"):
        import_map(sqlite_database, Town(name="nothing", attribution=""), now=NOW)
