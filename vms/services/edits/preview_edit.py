"""What an edit would do, before it is done: how many cameras, from what to what, which are refused and why."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping

from vms.inventory.archive.fields import field_of_column
from vms.inventory.filters.expression import parse_filter
from vms.services.archive.keep_judged import catch_up_for
from vms.services.edits.plan_edit import (
    EditRequest,
    Verdict,
    chosen_ids,
    columns_read,
    judge,
    known_owners,
    read_changes,
)
from vms.store import camera_bulk, owners, registrations
from vms.store.camera_changes import plain
from vms.store.database import Database

SHOWN_ROWS = 100
SHOWN_VALUES = 10
_BATCH = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewRow:
    camera_id: int
    name: str
    before: Mapping[str, Any]
    """By field; what becomes different only."""
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    camera_id: int
    name: str
    reason: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforeValue:
    value: Any
    cameras: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSummary:
    field: str
    changes: int
    """Cameras in which it becomes different."""
    before: tuple[BeforeValue, ...]
    """The most frequent values now, of those that change."""
    other_values: int
    """Cameras with values that are not listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    cameras: int
    will_change: int
    unchanged: int
    refused: int
    fields: tuple[FieldSummary, ...]
    rows: tuple[PreviewRow, ...]
    refusals: tuple[Refusal, ...]
    token: str
    """Stands for all of this: who applies the edit hands it in, and what was previewed is what is done."""


@dataclass(slots=True)
class _Tally:
    digest: Any = field(default_factory=hashlib.sha256)
    changing: list[int] = field(default_factory=list)
    refused: int = 0
    rows: list[PreviewRow] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    before: dict[str, Counter[str]] = field(default_factory=dict)


def preview_edit(database: Database, request: EditRequest, now: datetime) -> Preview:
    """Changes nothing. Raises BadInput, NotFound."""
    catch_up_for(database, parse_filter(request.filter_text), now)
    with database.reading() as tx:
        return preview(tx, request, now)[0]


def preview(tx: Connection, request: EditRequest, now: datetime) -> tuple[Preview, list[int]]:
    """With the ids of the cameras that change."""
    given = read_changes(request.changes)
    ids = chosen_ids(tx, request, now)
    registered, known = registrations.camera_ids(tx), known_owners(tx, given)
    tally = _Tally()
    tally.digest.update(json.dumps({name: plain(value) for name, value in sorted(given.items())}).encode())
    found = 0
    for start in range(0, len(ids), _BATCH):
        rows = camera_bulk.rows_of(tx, ids[start : start + _BATCH], columns_read(given))
        found += len(rows)
        judged = [(row, judge(row, given, registered, known, tx, now)) for row in rows]
        names = _owner_names(tx, judged, str(given.get("owner") or ""))
        for row, verdict in judged:
            _count(tally, row, verdict, names)
    told = Preview(
        cameras=found,
        will_change=len(tally.changing),
        unchanged=found - len(tally.changing) - tally.refused,
        refused=tally.refused,
        fields=tuple(_summary(name, counted) for name, counted in sorted(tally.before.items())),
        rows=tuple(tally.rows),
        refusals=tuple(tally.refusals),
        token=tally.digest.hexdigest(),
    )
    return told, tally.changing


def _count(tally: _Tally, row: Mapping[str, Any] | RowMapping, verdict: Verdict, names: Mapping[int, str]) -> None:
    before = {name: plain(row[name]) for name in verdict.columns}
    after = {name: plain(value) for name, value in verdict.columns.items()}
    tally.digest.update(json.dumps([row["id"], verdict.code, before, after], sort_keys=True).encode())
    if verdict.refused:
        tally.refused += 1
        if len(tally.refusals) < SHOWN_ROWS:
            refusal = Refusal(camera_id=row["id"], name=row["shown_name"], reason=verdict.refused, code=verdict.code)
            tally.refusals.append(refusal)
        return
    if not verdict.columns:
        return
    tally.changing.append(row["id"])
    shown_before, shown_after = by_field(before, names), by_field(after, names)
    for name, value in shown_before.items():
        tally.before.setdefault(name, Counter())[json.dumps(value, ensure_ascii=False)] += 1
    if len(tally.rows) < SHOWN_ROWS:
        shown = PreviewRow(camera_id=row["id"], name=row["shown_name"], before=shown_before, after=shown_after)
        tally.rows.append(shown)


def by_field(columns: Mapping[str, Any], names: Mapping[int, str]) -> dict[str, Any]:
    """As people call them; of an owner the name, by its number in `names`."""
    found: dict[str, Any] = {}
    for column, value in columns.items():
        known = field_of_column(column)
        if column in ("entered_x", "entered_y"):
            continue
        name = known.name if known else column
        found[name] = names.get(value, "") if column == "owner_id" and value is not None else value
    return found


def _owner_names(tx: Connection, judged: Sequence[tuple[RowMapping, Verdict]], given: str) -> dict[int, str]:
    ids = {value for row, verdict in judged if "owner_id" in verdict.columns for value in (row["owner_id"],) if value}
    ids |= {int(verdict.columns["owner_id"]) for _, verdict in judged if verdict.columns.get("owner_id")}
    return {0: given} | {int(owner_id): name for owner_id, name in owners.names(tx, ids).items()}


def _summary(name: str, counted: Counter[str]) -> FieldSummary:
    usual = counted.most_common(SHOWN_VALUES)
    total = sum(counted.values())
    return FieldSummary(
        field=name,
        changes=total,
        before=tuple(BeforeValue(value=json.loads(value), cameras=cameras) for value, cameras in usual),
        other_values=total - sum(cameras for _, cameras in usual),
    )
