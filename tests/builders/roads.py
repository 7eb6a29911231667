"""Small road networks in metres, and random ones."""

import numpy as np

from tests.builders.coverage import FRAME, a_road
from vms.places.town import Road
from vms.roads.network import RoadNetwork, network_of


def network(*roads: Road) -> RoadNetwork:
    return network_of(roads, FRAME)


def random_roads(rng: np.random.Generator, *, across: int = 6, step_m: float = 100.0) -> list[Road]:
    """A crooked grid with gaps and one-ways, each block's side a road of its own."""
    spots = rng.uniform(-20.0, 20.0, (across, across, 2)) + np.stack(
        np.meshgrid(np.arange(across) * step_m, np.arange(across) * step_m, indexing="ij"), axis=-1
    )
    roads = []
    for i in range(across):
        for j in range(across):
            for k, m in ((i + 1, j), (i, j + 1)):
                if k < across and m < across and rng.random() < 0.85:
                    kind = str(rng.choice(["residential", "primary", "footway"], p=[0.6, 0.25, 0.15]))
                    roads.append(
                        a_road(
                            tuple(spots[i, j]), tuple(spots[k, m]), kind=kind, oneway=bool(rng.random() < 0.2),
                            speed_km_h=float(rng.choice([20.0, 30.0, 50.0])),
                        )
                    )  # fmt: skip
    return roads
