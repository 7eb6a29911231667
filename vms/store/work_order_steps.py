"""What was done with work orders and by whom; photographs before and after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, RowMapping, func, insert, select

from vms.core.errors import NotFound
from vms.maintenance.order import PROGRAM, Action, OrderState, OrderStep
from vms.store.schema import work_order_photographs, work_order_steps


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStep:
    order_id: int
    step: OrderStep
    told_at: datetime
    from_state: OrderState
    to_state: OrderState
    token: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    step_id: int
    order_id: int
    at: datetime
    told_at: datetime
    who: str
    action: Action
    from_state: OrderState
    to_state: OrderState
    note: str
    content: dict[str, Any]


class PhotographMoment(StrEnum):
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrderPhotograph:
    order_id: int
    moment: PhotographMoment
    file: str
    """Below the folder of photographs."""
    sha256: str
    width: int
    height: int
    size_bytes: int
    token: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPhotograph:
    photograph_id: int
    content: NewOrderPhotograph
    added_at: datetime
    added_by: str


def add_many(tx: Connection, steps: Sequence[NewStep]) -> None:
    if not steps:
        return
    rows = [
        {
            "order_id": one.order_id,
            "at": one.step.at,
            "told_at": one.told_at,
            "who": one.step.who[:80],
            "action": one.step.action.value,
            "from_state": one.from_state.value,
            "to_state": one.to_state.value,
            "note": one.step.note,
            "content": content_of(one.step),
            "token": one.token,
        }
        for one in steps
    ]
    tx.execute(insert(work_order_steps), rows)


def of_order(tx: Connection, order_id: int) -> list[StepRow]:
    """As they were done."""
    s = work_order_steps.c
    statement = select(work_order_steps).where(s.order_id == order_id).order_by(s.at, s.id)
    return [_step(row) for row in tx.execute(statement).mappings()]


def with_token(tx: Connection, token: str) -> StepRow | None:
    statement = select(work_order_steps).where(work_order_steps.c.token == token)
    row = tx.execute(statement).mappings().one_or_none()
    return None if row is None else _step(row)


def last_by_a_person(tx: Connection, order_id: int) -> datetime | None:
    """When the last step was done that somebody told of."""
    s = work_order_steps.c
    statement = select(func.max(s.at)).where(s.order_id == order_id, s.who != PROGRAM)
    found: datetime | None = tx.execute(statement).scalar_one()
    return found


def add_photograph(tx: Connection, new: NewOrderPhotograph, who: str, now: datetime) -> OrderPhotograph:
    """The file is there before the row."""
    p = work_order_photographs
    values = {
        "order_id": new.order_id,
        "moment": new.moment.value,
        "added_at": now,
        "added_by": who[:80],
        "file": new.file,
        "sha256": new.sha256,
        "width": new.width,
        "height": new.height,
        "size_bytes": new.size_bytes,
        "token": new.token,
    }
    number = tx.execute(insert(p).values(values).returning(p.c.id)).scalar_one()
    return photograph(tx, new.order_id, number)


def photograph(tx: Connection, order_id: int, photograph_id: int) -> OrderPhotograph:
    """Raises NotFound."""
    p = work_order_photographs.c
    statement = select(work_order_photographs).where(p.order_id == order_id, p.id == photograph_id)
    row = tx.execute(statement).mappings().one_or_none()
    if row is None:
        raise NotFound(f"work order {order_id} has no photograph {photograph_id}")
    return _photograph(row)


def photographs_of(tx: Connection, order_id: int) -> list[OrderPhotograph]:
    p = work_order_photographs.c
    statement = select(work_order_photographs).where(p.order_id == order_id).order_by(p.id)
    return [_photograph(row) for row in tx.execute(statement).mappings()]


def photograph_with_token(tx: Connection, token: str) -> OrderPhotograph | None:
    statement = select(work_order_photographs).where(work_order_photographs.c.token == token)
    row = tx.execute(statement).mappings().one_or_none()
    return None if row is None else _photograph(row)


def photograph_files(tx: Connection) -> set[str]:
    """Every file that an order's photograph names."""
    return set(tx.execute(select(work_order_photographs.c.file)).scalars())


def content_of(step: OrderStep) -> dict[str, Any]:
    """What goes with the action, as JSON; what was not said is left out."""
    found: dict[str, Any] = {
        "maintainer_id": step.maintainer_id,
        "crew": step.crew or None,
        "reason": step.reason or None,
        "until": None if step.until is None else step.until.isoformat(),
        "respond_by": None if step.respond_by is None else step.respond_by.isoformat(),
        "repair_by": None if step.repair_by is None else step.repair_by.isoformat(),
        "remote": step.remote or None,
        "parts": [
            {"name": part.name, "count": part.count, "serial_no": part.serial_no} for part in step.parts
        ] or None,
    }  # fmt: skip
    return {name: value for name, value in found.items() if value is not None}


def _step(row: RowMapping) -> StepRow:
    return StepRow(
        step_id=row["id"],
        order_id=row["order_id"],
        at=row["at"],
        told_at=row["told_at"],
        who=row["who"],
        action=Action(row["action"]),
        from_state=OrderState(row["from_state"]),
        to_state=OrderState(row["to_state"]),
        note=row["note"],
        content=row["content"],
    )


def _photograph(row: RowMapping) -> OrderPhotograph:
    content = NewOrderPhotograph(
        order_id=row["order_id"],
        moment=PhotographMoment(row["moment"]),
        file=row["file"],
        sha256=row["sha256"],
        width=row["width"],
        height=row["height"],
        size_bytes=row["size_bytes"],
        token=row["token"],
    )
    return OrderPhotograph(photograph_id=row["id"], content=content, added_at=row["added_at"], added_by=row["added_by"])
