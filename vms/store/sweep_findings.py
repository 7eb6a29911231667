"""Whom a sweep heard, where and how; and what is different from the sweep before."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Text, and_, bindparam, cast, delete, func, insert, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from vms.inventory.device import Problem
from vms.inventory.sweep_differences import Difference, FieldDifference, Kind
from vms.store.page import Page
from vms.store.schema import sweep_differences, sweep_findings
from vms.store.upsert import upsert

_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    address: str
    port: int
    device_id: int | None = None
    outcome: str
    heard_by: tuple[str, ...]
    problems: tuple[Problem, ...] = ()
    told: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingFilter:
    outcome: str = ""
    problem: str = ""
    """A code; `any`: whoever has a problem at all."""
    heard_by: str = ""


def put(tx: Connection, sweep_id: int, findings: Sequence[Finding]) -> None:
    """The same place again replaces what was found there before."""
    rows = [
        {
            "sweep_id": sweep_id,
            "address": one.address,
            "port": one.port,
            "device_id": one.device_id,
            "outcome": one.outcome,
            "heard_by": list(one.heard_by),
            "problems": [asdict(problem) for problem in one.problems],
            "told": dict(one.told),
            "at": one.at,
        }
        for one in findings
    ]
    changed = ("device_id", "outcome", "heard_by", "problems", "told", "at")
    upsert(tx, sweep_findings, rows, lambda excluded: {name: excluded[name] for name in changed})


def set_heard_by(tx: Connection, sweep_id: int, heard: Mapping[tuple[str, int], Sequence[str]]) -> None:
    """They were heard in more ways than one."""
    c = sweep_findings.c
    here = and_(c.sweep_id == sweep_id, c.address == bindparam("a"), c.port == bindparam("p"))
    rows = [{"a": address, "p": port, "by": list(by)} for (address, port), by in heard.items()]
    if rows:
        tx.execute(update(sweep_findings).where(here).values(heard_by=bindparam("by")), rows)


def places(tx: Connection, sweep_id: int) -> dict[tuple[str, int], tuple[str, ...]]:
    """Everywhere that somebody was heard, and in which ways."""
    c = sweep_findings.c
    rows = tx.execute(select(c.address, c.port, c.heard_by).where(c.sweep_id == sweep_id))
    return {(row.address, row.port): tuple(row.heard_by) for row in rows}


def page(
    tx: Connection, sweep_id: int, wanted: FindingFilter | None = None, *, limit: int = 100, offset: int = 0
) -> Page[Finding]:
    """By address, as text."""
    c = sweep_findings.c
    where = [c.sweep_id == sweep_id, *_conditions(wanted or FindingFilter())]
    total = tx.execute(select(func.count()).select_from(sweep_findings).where(*where)).scalar_one()
    statement = select(sweep_findings).where(*where).order_by(c.address, c.port).limit(limit).offset(offset)
    return Page(items=tuple(_finding(row) for row in tx.execute(statement).mappings()), total=total)


def every(tx: Connection, sweep_id: int) -> Iterator[Finding]:
    """All by address and port, a batch in memory at a time."""
    c = sweep_findings.c
    last: tuple[str, int] | None = None
    while True:
        behind = [] if last is None else [or_(c.address > last[0], and_(c.address == last[0], c.port > last[1]))]
        statement = select(sweep_findings).where(c.sweep_id == sweep_id, *behind).order_by(c.address, c.port)
        rows = tx.execute(statement.limit(_BATCH)).mappings().all()
        if not rows:
            return
        yield from (_finding(row) for row in rows)
        last = (rows[-1]["address"], rows[-1]["port"])


def replace_differences(tx: Connection, sweep_id: int, found: Iterable[Difference]) -> None:
    tx.execute(delete(sweep_differences).where(sweep_differences.c.sweep_id == sweep_id))
    rows = [
        {
            "sweep_id": sweep_id,
            "number": number,
            "kind": one.kind.value,
            "device_id": one.device_id,
            "address": one.address,
            "port": one.port,
            "fields": [asdict(field) for field in one.fields],
        }
        for number, one in enumerate(found, 1)
    ]
    for start in range(0, len(rows), _BATCH):
        tx.execute(insert(sweep_differences), rows[start : start + _BATCH])


def differences(
    tx: Connection, sweep_id: int, *, kind: Kind | None = None, limit: int = 100, offset: int = 0
) -> Page[Difference]:
    c = sweep_differences.c
    where = [c.sweep_id == sweep_id, *([c.kind == kind.value] if kind else [])]
    total = tx.execute(select(func.count()).select_from(sweep_differences).where(*where)).scalar_one()
    statement = select(sweep_differences).where(*where).order_by(c.number).limit(limit).offset(offset)
    found = tuple(
        Difference(
            kind=Kind(row["kind"]),
            device_id=row["device_id"],
            address=row["address"],
            port=row["port"],
            fields=tuple(FieldDifference(**field) for field in row["fields"]),
        )
        for row in tx.execute(statement).mappings()
    )
    return Page(items=found, total=total)


def _conditions(wanted: FindingFilter) -> list[ColumnElement[bool]]:
    """Lists lie in the store as JSON text; codes and ways of hearing have no quotation marks in them."""
    c = sweep_findings.c
    found: list[ColumnElement[bool]] = [c.outcome == wanted.outcome] if wanted.outcome else []
    if wanted.problem == "any":
        found.append(cast(c.problems, Text) != "[]")
    elif wanted.problem:
        found.append(cast(c.problems, Text).contains(f'"code": "{wanted.problem}"', autoescape=True))
    if wanted.heard_by:
        found.append(cast(c.heard_by, Text).contains(f'"{wanted.heard_by}"', autoescape=True))
    return found


def _finding(row: RowMapping) -> Finding:
    return Finding(
        address=row["address"],
        port=row["port"],
        device_id=row["device_id"],
        outcome=row["outcome"],
        heard_by=tuple(row["heard_by"]),
        problems=tuple(Problem(**problem) for problem in row["problems"]),
        told=row["told"],
        at=row["at"],
    )
