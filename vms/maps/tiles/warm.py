"""Makes the kernels of the tiles ready before somebody waits for a map."""

import numpy as np

from vms.maps.tiles.make_tile import TownPart, make_tile
from vms.places.packed import PackedBuildings, PackedPlaces, PackedRoads
from vms.places.town import Building


def warm_up_tiles() -> None:
    """Seconds on a machine that never ran it, milliseconds afterwards."""
    house = Building(outline=np.array([[0.001, -0.001], [0.002, -0.001], [0.002, -0.002], [0.001, -0.002]]))
    none = PackedRoads.of(())
    part = TownPart(buildings=PackedBuildings.of([house]), roads=none, railways=none, places=PackedPlaces.of(()))
    if len(make_tile(14, 1 << 13, 1 << 13, part)) < 20:
        raise RuntimeError("the compiled kernels draw nothing on this machine")
