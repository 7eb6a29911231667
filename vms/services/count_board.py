"""The board as it is now: cameras, orders and outages counted, each given to the firm that repairs it by the rules."""

from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from vms.health.board import Board, Cell, Fallen
from vms.maintenance.assignment import first_that_fits
from vms.maintenance.scope import Scope
from vms.store import board_cells, maintainers, regions
from vms.store.board_cells import Kind


def last_full_day(now: datetime, zone: ZoneInfo) -> date:
    """Of the office's calendar."""
    return now.astimezone(zone).date() - timedelta(days=1)


def count_board(tx: Connection, now: datetime, zone: ZoneInfo) -> Board:
    rules, land = maintainers.rules(tx), regions.land(tx)
    owners = {rule.owner_id for rule in rules if rule.owner_id is not None}

    @cache
    def firm_of(kind: Kind) -> int | None:
        scope = Scope(
            region_code=kind.region_code, tier=kind.tier, point_class=kind.point_class, owner_id=kind.owner_id
        )
        rule = first_that_fits(rules, scope, land)
        return None if rule is None else rule.maintainer_id

    day = last_full_day(now, zone).isoformat()
    cells = [
        Cell(region_code=kind.region_code, tier=kind.tier, maintainer_id=firm_of(kind), tally=tally)
        for kind, tally in board_cells.count_cameras(tx, now, day, owners)
    ]
    orders = [
        Cell(region_code=one.region_code, tier=one.tier, maintainer_id=one.maintainer_id, tally=one.tally)
        for one in board_cells.count_orders(tx, now)
    ]
    fallen = [
        Fallen(
            outage_id=one.outage_id,
            region_code=one.kind.region_code,
            tier=one.kind.tier,
            maintainer_id=firm_of(one.kind),
            cameras=one.cameras,
        )
        for one in board_cells.count_fallen(tx, owners)
    ]
    return Board(cells=(*cells, *orders), fallen=tuple(fallen))
