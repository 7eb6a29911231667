"""Cameras whose loss is least, each with the place where it would bring most."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vms.core.geo import Wgs84
from vms.coverage.packed import PackedViews
from vms.coverage.walls import Walls
from vms.planning.candidates import Candidates
from vms.planning.catalogue import CameraType
from vms.planning.sites import Sites
from vms.planning.turning import LEAST_GAIN_M, losses
from vms.planning.wanted import Wanted

MOST_MOVES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    row: int
    """Of the views that may be moved."""
    loss: float
    """What its present view alone covers."""
    site: int
    position: Wgs84
    bearing_deg: float
    type: str
    gain: float
    """What the new place brings less what the old one loses."""


def best_moves(
    walls: Walls,
    views: PackedViews,
    sees_by_night: NDArray[np.bool_],
    wanted: Wanted,
    sites: Sites,
    candidates: Candidates,
    types: tuple[CameraType, ...],
) -> tuple[Move, ...]:
    """One after the other; the most gain first."""
    if views.rows == 0 or len(candidates) == 0:
        return ()
    lost = losses(walls, views, sees_by_night, wanted)
    seen = wanted.served_by(walls, views, sees_by_night)
    have = wanted.have.copy()
    moves: list[Move] = []
    for camera in np.argsort(lost, kind="stable")[:MOST_MOVES].tolist():
        mine = seen.spot[seen.first[camera] : seen.first[camera + 1]]
        loss = float(wanted.per_view[mine[have[mine] <= wanted.views[mine]]].sum())
        without = have.copy()
        without[mine] -= 1
        open_targets = np.where(without < wanted.views, wanted.per_view, 0.0)
        running = np.concatenate([[0.0], np.cumsum(open_targets[candidates.spot])])
        brings = running[candidates.first[1:]] - running[candidates.first[:-1]]
        best = int(np.argmax(brings))
        if brings[best] - loss < LEAST_GAIN_M:
            continue
        site = int(candidates.site[best])
        moves.append(
            Move(
                row=camera,
                loss=loss,
                site=site,
                position=walls.frame.to_wgs84(*sites.xy_m[site].tolist()),
                bearing_deg=float(candidates.bearing_deg[best]),
                type=types[int(candidates.type[best])].name,
                gain=float(brings[best]) - loss,
            )
        )
        have = without
        have[candidates.sees(best)] += 1
    return tuple(sorted(moves, key=lambda move: -move.gain))
