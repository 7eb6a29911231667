"""What the town's network is asked to see now: the office's rules, or the program's own, over the town of now."""

import tomllib
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files

import numpy as np
from sqlalchemy import Connection

from vms.coverage.demand import Demand
from vms.coverage.needs import Needs, needs_of_document
from vms.coverage.ruled_demand import ruled_demand
from vms.coverage.walls import Walls
from vms.places.town import Town
from vms.store import coverage_demand, regions


@cache
def shipped_needs() -> Needs:
    """The program's own rules."""
    return needs_of_document(tomllib.loads(files("vms.coverage").joinpath("needs.toml").read_text("utf-8")))


def needs_now(tx: Connection) -> Needs:
    stored = coverage_demand.current(tx)
    if stored is None or stored.document is None:
        return shipped_needs()
    return needs_of_document(stored.document)


def demand_now(tx: Connection, town: Town, walls: Walls, now: datetime) -> Demand:
    """Seconds for a large town."""
    needs = needs_now(tx)
    spots = coverage_demand.incident_spots(tx, now - timedelta(days=needs.incidents.days))
    lonlat = np.array(spots, dtype=np.float64).reshape(-1, 2)
    return ruled_demand(town, walls, needs, tree=regions.tree(tx), incidents_xy_m=walls.frame.to_xy_array(lonlat))
