"""Sweeps as rows: what is asked, how far it has come, and which process works on it until when."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, delete, func, insert, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from vms.core.errors import NotFound
from vms.inventory.sweep import SweepRequest, SweepState
from vms.store.page import Page
from vms.store.schema import sweep_blocks, sweeps

_BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSweep:
    sweep_id: int
    state: SweepState
    scheduled: bool
    request: SweepRequest
    who: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    blocks_total: int
    blocks_done: int
    counts: dict[str, Any]
    busy_s: float
    compared_with: int | None
    runner: str
    lease_until: datetime | None
    problem: str


def add(
    tx: Connection,
    request: SweepRequest,
    *,
    who: str,
    scheduled: bool,
    blocks_total: int,
    counts: Mapping[str, Any],
    now: datetime,
) -> int:
    """Waiting for somebody who runs it."""
    values = {
        "state": SweepState.WAITING.value,
        "scheduled": scheduled,
        "request": asdict(request),
        "who": who[:80],
        "created_at": now,
        "blocks_total": blocks_total,
        "counts": dict(counts),
    }
    return int(tx.execute(insert(sweeps).values(values).returning(sweeps.c.id)).scalar_one())


def get(tx: Connection, sweep_id: int) -> StoredSweep:
    """Raises NotFound."""
    row = tx.execute(select(sweeps).where(sweeps.c.id == sweep_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no sweep {sweep_id}")
    return _sweep(row)


def page(tx: Connection, *, states: Collection[SweepState] = (), limit: int = 50, offset: int = 0) -> Page[StoredSweep]:
    """The newest first."""
    where = [sweeps.c.state.in_([state.value for state in states])] if states else []
    total = tx.execute(select(func.count()).select_from(sweeps).where(*where)).scalar_one()
    statement = select(sweeps).where(*where).order_by(sweeps.c.id.desc()).limit(limit).offset(offset)
    return Page(items=tuple(_sweep(row) for row in tx.execute(statement).mappings()), total=total)


def done_before(tx: Connection, sweep_id: int) -> Iterator[StoredSweep]:
    """Those that came to their end, the newest first."""
    while True:
        c = sweeps.c
        statement = select(sweeps).where(c.id < sweep_id, c.state == SweepState.DONE.value).order_by(c.id.desc())
        rows = tx.execute(statement.limit(_BATCH)).mappings().all()
        if not rows:
            return
        yield from (_sweep(row) for row in rows)
        sweep_id = rows[-1]["id"]


def take(tx: Connection, sweep_id: int, *, runner: str, now: datetime, lease_until: datetime) -> StoredSweep | None:
    """One that waits or whose runner is gone. None: it is neither, or another was faster."""
    c = sweeps.c
    values = {"state": SweepState.RUNNING.value, "runner": runner[:80], "lease_until": lease_until, "problem": ""}
    values["started_at"] = func.coalesce(c.started_at, now)
    if tx.execute(update(sweeps).where(c.id == sweep_id, _free(now)).values(values)).rowcount == 0:
        return None
    return get(tx, sweep_id)


def free(tx: Connection, now: datetime) -> Iterator[StoredSweep]:
    """Those that wait or whose runner is gone, the oldest first."""
    last = 0
    while True:
        statement = select(sweeps).where(_free(now), sweeps.c.id > last).order_by(sweeps.c.id).limit(_BATCH)
        rows = tx.execute(statement).mappings().all()
        if not rows:
            return
        yield from (_sweep(row) for row in rows)
        last = rows[-1]["id"]


def at_work(tx: Connection, now: datetime) -> tuple[StoredSweep, ...]:
    """Those that somebody runs now, the oldest first."""
    c = sweeps.c
    statement = select(sweeps).where(c.state == SweepState.RUNNING.value, c.lease_until >= now).order_by(c.id)
    return tuple(_sweep(row) for row in tx.execute(statement).mappings())


def _free(now: datetime) -> ColumnElement[bool]:
    c = sweeps.c
    return or_(
        c.state == SweepState.WAITING.value,
        and_(c.state == SweepState.RUNNING.value, or_(c.lease_until.is_(None), c.lease_until < now)),
    )


def renew(tx: Connection, sweep_id: int, runner: str, lease_until: datetime) -> bool:
    """False: it was paused or cancelled, or another process works on it. In a transaction that writes, nobody can
    take it away before the commit."""
    c = sweeps.c
    mine = and_(c.id == sweep_id, c.runner == runner[:80], c.state == SweepState.RUNNING.value)
    return tx.execute(update(sweeps).where(mine).values(lease_until=lease_until)).rowcount == 1


def change_state(
    tx: Connection,
    sweep_id: int,
    before: Collection[SweepState],
    state: SweepState,
    *,
    runner: str | None = None,
    finished_at: datetime | None = None,
    problem: str | None = None,
) -> bool:
    """Nobody works on it after that; without `problem` it keeps the one that it has.

    False: it was in none of the states `before`, or `runner` has it no more.
    """
    c = sweeps.c
    where = [c.id == sweep_id, c.state.in_([one.value for one in before])]
    if runner is not None:
        where.append(c.runner == runner[:80])
    values: dict[str, Any] = {
        "state": state.value,
        "runner": "",
        "lease_until": None,
        "finished_at": finished_at,
    }
    if problem is not None:
        values["problem"] = problem[:2000]
    return tx.execute(update(sweeps).where(*where).values(values)).rowcount == 1


def set_progress(tx: Connection, sweep_id: int, counts: Mapping[str, Any], busy_s: float, blocks_done: int) -> None:
    values = {"counts": dict(counts), "busy_s": busy_s, "blocks_done": blocks_done}
    tx.execute(update(sweeps).where(sweeps.c.id == sweep_id).values(values))


def set_problem(tx: Connection, sweep_id: int, runner: str, problem: str) -> None:
    """Where that runner has it."""
    mine = and_(sweeps.c.id == sweep_id, sweeps.c.runner == runner[:80])
    tx.execute(update(sweeps).where(mine).values(problem=problem[:2000]))


def set_compared(tx: Connection, sweep_id: int, other_id: int) -> None:
    tx.execute(update(sweeps).where(sweeps.c.id == sweep_id).values(compared_with=other_id))


def add_block(tx: Connection, sweep_id: int, block: str, counts: Mapping[str, Any], now: datetime) -> None:
    values = {"sweep_id": sweep_id, "block": block, "done_at": now, "counts": dict(counts)}
    tx.execute(insert(sweep_blocks).values(values))


def blocks_done(tx: Connection, sweep_id: int) -> frozenset[str]:
    statement = select(sweep_blocks.c.block).where(sweep_blocks.c.sweep_id == sweep_id)
    return frozenset(tx.execute(statement).scalars())


def forget(tx: Connection, before: datetime) -> int:
    """Those that were over before that instant, with what they found; the last one of any ground is not kept apart."""
    c = sweeps.c
    old = select(c.id).where(c.finished_at < before).scalar_subquery()
    tx.execute(update(sweeps).where(c.compared_with.in_(old)).values(compared_with=None))
    return tx.execute(delete(sweeps).where(c.finished_at < before)).rowcount


def _sweep(row: RowMapping) -> StoredSweep:
    known = {field.name for field in fields(SweepRequest)}
    request: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in row["request"].items()
        if name in known
    }
    return StoredSweep(
        sweep_id=row["id"],
        state=SweepState(row["state"]),
        scheduled=row["scheduled"],
        request=SweepRequest(**request),
        who=row["who"],
        created_at=row["created_at"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        blocks_total=row["blocks_total"],
        blocks_done=row["blocks_done"],
        counts=row["counts"],
        busy_s=row["busy_s"],
        compared_with=row["compared_with"],
        runner=row["runner"],
        lease_until=row["lease_until"],
        problem=row["problem"],
    )
