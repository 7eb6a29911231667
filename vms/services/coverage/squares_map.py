"""Coverage in squares as GeoJSON, for the map at small scales."""

import json
from typing import Any

import numpy as np

from vms.coverage.gaps import CAUSES
from vms.coverage.squares import Squares, squares_of
from vms.coverage.tally_rows import DAY, NIGHT
from vms.services.coverage.answers import Box
from vms.services.coverage.memory import CoverageMemory

_AROUND = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]])


def squares_geojson(memory: CoverageMemory, box: Box, *, night: bool) -> bytes:
    """A FeatureCollection of at most some thousand squares; features have `asked_m`, `share`, `views`, `cause`."""
    frame = memory.walls.frame
    west, south, east, north = box
    corners = frame.to_xy_array(np.array([[west, south], [east, north]])).ravel().tolist()
    light = NIGHT if night else DAY
    with memory.lock:
        tally = memory.tally
        demand, cause, seen_by = memory.demand, tally.cause[:, light].copy(), tally.counts.views[:, light, 0].copy()
    found = squares_of(demand, cause, seen_by, (corners[0], corners[1], corners[2], corners[3]))
    rings = frame.to_lonlat_array((found.corner_m[:, None, :] + _AROUND * found.size_m).reshape(-1, 2))
    drawn = np.round(rings.reshape(len(found), len(_AROUND), 2), 6).tolist()
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Polygon", "coordinates": [ring]},
            "properties": properties,
        }
        for ring, properties in zip(drawn, _properties(found), strict=True)
    ]
    document = {"type": "FeatureCollection", "size_m": found.size_m, "features": features}
    return json.dumps(document, separators=(",", ":")).encode()


def _properties(found: Squares) -> list[dict[str, Any]]:
    columns = zip(
        found.asked_m.tolist(),
        (found.covered_m / found.asked_m).tolist(),
        found.views.tolist(),
        found.worst_cause.tolist(),
        strict=True,
    )
    return [
        {"asked_m": round(asked_m), "share": round(share, 3), "views": round(views, 2), "cause": _name(cause)}
        for asked_m, share, views, cause in columns
    ]


def _name(cause: int) -> str | None:
    found = CAUSES[cause]
    return None if found is None else found.value
