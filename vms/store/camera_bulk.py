"""Columns of many records changed at once, with their history, their search words and the news of it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, select, update

from vms.core.ids import CameraId
from vms.store import camera_changes, events, search_columns
from vms.store.camera_changes import Author, FieldChange
from vms.store.schema import cameras

_ALWAYS = ("id", "shown_name", "shown_owner", "life_cycle", "tier", "entered_x", "entered_y", "entered_system")
_BATCH = 500


def rows_of(
    tx: Connection, camera_ids: Sequence[int], columns: Collection[str], *, lock: bool = False
) -> list[RowMapping]:
    """By id: these columns and what decides about a change. Locked: nobody else changes them until the end."""
    wanted = [cameras.c[name] for name in dict.fromkeys((*_ALWAYS, *columns))]
    found: list[RowMapping] = []
    ordered = sorted(set(camera_ids))
    for start in range(0, len(ordered), _BATCH):
        statement = select(*wanted).where(cameras.c.id.in_(ordered[start : start + _BATCH])).order_by(cameras.c.id)
        found.extend(tx.execute(statement.with_for_update() if lock else statement).mappings())
    return found


def change(
    tx: Connection,
    found: Iterable[tuple[Mapping[str, Any] | RowMapping, Mapping[str, Any]]],
    author: Author,
    now: datetime,
) -> None:
    """(the row as it is, the columns that are to be different). Columns of the record, `owner_id`, `life_cycle`."""
    changed = [(row, columns) for row, columns in found if columns]
    by_columns: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row, columns in changed:
        new = {f"new_{name}": value for name, value in columns.items()}
        by_columns.setdefault(tuple(sorted(columns)), []).append({"the_id": row["id"], **new})
    for names, rows in by_columns.items():
        values: dict[str, Any] = {name: bindparam(f"new_{name}", type_=cameras.c[name].type) for name in names}
        tx.execute(update(cameras).where(cameras.c.id == bindparam("the_id")).values(**values, changed_at=now), rows)
    camera_changes.keep(tx, [one for row, columns in changed for one in _history(row, columns)], author, now)
    renamed = [row["id"] for row, columns in changed if search_columns.MADE_OF & set(columns)]
    search_columns.refresh(tx, renamed)
    events.append_many(tx, "camera.changed", [(row["id"], _news(row, columns)) for row, columns in changed], now)


def _history(row: Mapping[str, Any] | RowMapping, columns: Mapping[str, Any]) -> Iterable[FieldChange]:
    for name, value in columns.items():
        yield FieldChange(camera_id=CameraId(row["id"]), field=name, before=row[name], after=value)


def _news(row: Mapping[str, Any] | RowMapping, columns: Mapping[str, Any]) -> dict[str, Any]:
    news: dict[str, Any] = {"fields": sorted(columns)}
    if "life_cycle" in columns:
        news["life_cycle"] = {"from": row["life_cycle"], "to": columns["life_cycle"]}
    return news
