"""Firms that repair cameras, and the rules by which they get their orders."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from vms.core.errors import BadInput, NotFound
from vms.core.ids import MaintainerId, OwnerId
from vms.inventory.tier import Tier
from vms.maintenance.assignment import AssignmentRule
from vms.store import past_assignments
from vms.store.schema import assignment_rules, maintainers, users


@dataclass(frozen=True, slots=True, kw_only=True)
class Maintainer:
    maintainer_id: MaintainerId
    name: str
    contact: str
    """Personal data: shown to the office alone."""
    contract: str
    calendar_id: int | None
    created_at: datetime
    retired_at: datetime | None
    crews: tuple[str, ...] = ()
    """Names of its users."""


def every(tx: Connection, *, retired: bool = True) -> list[Maintainer]:
    """By name."""
    crews: dict[int, list[str]] = {}
    u, m = users.c, maintainers.c
    working = select(u.maintainer_id, u.name).where(u.maintainer_id.is_not(None), u.disabled_at.is_(None))
    for row in tx.execute(working.order_by(u.name)):
        crews.setdefault(row.maintainer_id, []).append(row.name)
    statement = select(maintainers).order_by(m.name)
    if not retired:
        statement = statement.where(m.retired_at.is_(None))
    return [_maintainer(row, crews.get(row["id"], ())) for row in tx.execute(statement).mappings()]


def get(tx: Connection, maintainer_id: int) -> Maintainer:
    """Raises NotFound."""
    statement = select(maintainers).where(maintainers.c.id == maintainer_id)
    row = tx.execute(statement).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no maintainer {maintainer_id}")
    return _maintainer(row, ())


def names(tx: Connection) -> dict[int, str]:
    return {row.id: row.name for row in tx.execute(select(maintainers.c.id, maintainers.c.name))}


def working(tx: Connection, maintainer_id: int, where: str) -> MaintainerId:
    """One that takes orders. Raises BadInput."""
    m = maintainers.c
    found = tx.execute(select(m.id).where(m.id == maintainer_id, m.retired_at.is_(None))).scalar_one_or_none()
    if found is None:
        raise BadInput(f"there is no maintainer {maintainer_id} who takes orders", where=where)
    return MaintainerId(found)


def put(
    tx: Connection,
    name: str,
    now: datetime,
    *,
    contact: str,
    contract: str,
    calendar_id: int | None,
    retired: bool,
    new_name: str = "",
) -> Maintainer:
    """A new one, or changed. Raises BadInput for a name that another has."""
    m = maintainers.c
    found = tx.execute(select(m.id, m.retired_at).where(m.name == name)).one_or_none()
    values: dict[str, Any] = {
        "name": new_name or name,
        "contact": contact,
        "contract": contract,
        "calendar_id": calendar_id,
        "retired_at": ((found.retired_at if found else None) or now) if retired else None,
    }
    taken = select(m.id).where(m.name == values["name"])
    if found is not None:
        taken = taken.where(m.id != found.id)
    if tx.execute(taken).first() is not None:
        raise BadInput("another maintainer has this name", where="new_name")
    if found is None:
        number = tx.execute(insert(maintainers).values(created_at=now, **values).returning(m.id)).scalar_one()
    else:
        number = found.id
        tx.execute(update(maintainers).where(m.id == number).values(values))
    if retired:
        known = rules(tx)
        if any(rule.maintainer_id == number for rule in known):
            past_assignments.keep(tx, known, now)
        tx.execute(delete(assignment_rules).where(assignment_rules.c.maintainer_id == number))
    return next(one for one in every(tx) if one.maintainer_id == number)


def rules(tx: Connection) -> list[AssignmentRule]:
    """In their order; the first that fits decides."""
    statement = select(assignment_rules).order_by(assignment_rules.c.position, assignment_rules.c.id)
    return [
        AssignmentRule(
            region_code=row["region_code"],
            tier=Tier(row["tier"]) if row["tier"] else None,
            point_class=row["point_class"],
            owner_id=None if row["owner_id"] is None else OwnerId(row["owner_id"]),
            layer=row["layer"],
            maintainer_id=MaintainerId(row["maintainer_id"]),
            crew=row["crew"],
        )
        for row in tx.execute(statement).mappings()
    ]


def replace_rules(tx: Connection, wanted: Sequence[AssignmentRule], now: datetime) -> None:
    """Past months stay by the rules that held. Raises BadInput where a firm or a crew is not there."""
    _check_crews(tx, wanted)
    known = rules(tx)
    if list(wanted) == known:
        return
    past_assignments.keep(tx, known, now)
    tx.execute(delete(assignment_rules))
    rows = [
        {
            "position": number,
            "region_code": rule.region_code,
            "tier": rule.tier.value if rule.tier else "",
            "point_class": rule.point_class,
            "owner_id": rule.owner_id,
            "layer": rule.layer,
            "maintainer_id": rule.maintainer_id,
            "crew": rule.crew,
        }
        for number, rule in enumerate(wanted)
    ]
    if rows:
        tx.execute(insert(assignment_rules), rows)


def crew_of(tx: Connection, crew: str, maintainer_id: int, where: str) -> str:
    """The name of a user of this firm. Raises BadInput."""
    u = users.c
    chosen = (func.coalesce(u.maintainer_id, -1) == maintainer_id, u.name == crew, u.disabled_at.is_(None))
    if crew and tx.execute(select(u.id).where(*chosen)).first() is None:
        raise BadInput(f"there is no user {crew} of this firm", where=where)
    return crew


def _check_crews(tx: Connection, wanted: Sequence[AssignmentRule]) -> None:
    there = {one.maintainer_id: one for one in every(tx, retired=False)}
    for number, rule in enumerate(wanted):
        firm = there.get(rule.maintainer_id)
        if firm is None:
            raise BadInput(f"there is no maintainer {rule.maintainer_id} who takes orders", where=f"rules.{number}")
        if rule.crew and rule.crew not in firm.crews:
            raise BadInput(f"there is no user {rule.crew} of {firm.name}", where=f"rules.{number}")


def _maintainer(row: RowMapping, crews: Sequence[str]) -> Maintainer:
    return Maintainer(
        maintainer_id=MaintainerId(row["id"]),
        name=row["name"],
        contact=row["contact"],
        contract=row["contract"],
        calendar_id=row["calendar_id"],
        created_at=row["created_at"],
        retired_at=row["retired_at"],
        crews=tuple(crews),
    )
