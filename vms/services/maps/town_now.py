"""The town as the store has it: all sources that are current, joined."""

from collections.abc import Iterable
from typing import cast

import numpy as np
from sqlalchemy import Connection

from vms.maps.cell_code import BUILDING, PLACE, RAILWAY, ROAD, TOWN_LAYERS, Packed, decode, joined
from vms.places.packed import PackedBuildings, PackedPlaces, PackedRoads
from vms.places.town import Town
from vms.store import map_cells, map_versions

NO_TOWN = Town(name="", attribution="")


def town_now(tx: Connection) -> Town:
    """Packed; some hundred megabytes for a million buildings. Without a map: a town without anything."""
    versions = map_versions.current(tx)
    if not versions:
        return NO_TOWN
    found: dict[str, list[Packed]] = {layer: [] for layer in TOWN_LAYERS}
    keys = [facts.key for facts in map_cells.facts(tx, [one.version_id for one in versions])]
    for key, content in map_cells.contents(tx, [key for key in keys if key.layer in found]):
        found[key.layer].append(decode(key.layer, content))
    bounded = [one.boundary for one in versions if one.boundary]
    return Town(
        name=versions[0].source,
        attribution=attribution_of(one.attribution for one in versions),
        buildings=cast(PackedBuildings, joined(BUILDING, found[BUILDING])),
        roads=cast(PackedRoads, joined(ROAD, found[ROAD])),
        railways=cast(PackedRoads, joined(RAILWAY, found[RAILWAY])),
        places=cast(PackedPlaces, joined(PLACE, found[PLACE])),
        boundary=np.array(bounded[0], dtype=np.float64) if bounded else None,
    )


def attribution_of(attributions: Iterable[str]) -> str:
    """Of every source, each once."""
    return "; ".join(dict.fromkeys(one for one in attributions if one))
