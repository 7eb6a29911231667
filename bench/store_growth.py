"""What the store grows by in a year, per table: real rows are written, measured with their indexes, and counted up.

How often things happen is assumed (`PER_DAY`) and printed with the figures; the size of a row is measured on SQLite.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import Engine, create_engine, insert, text

from vms.services.forget_old import RetentionRules
from vms.store.schema import metadata
from vms.store.schema.columns import UtcInstant

ROWS = 10_000
BATCH = 500
NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
RULES = RetentionRules()
FALLS_PER_DAY = 0.05
"""Of one camera; as often again it is in doubt for a look and answers at the next."""
PER_DAY: dict[str, tuple[float, int | None]] = {
    "daily_numbers": (9.0, RULES.daily_numbers_days),
    "device_costs": (1.0, RULES.costs_days),
    "credential_uses": (2.0, RULES.logs_days),
    "recording_days": (1.0, RULES.history_days),
    "flips": (5 * FALLS_PER_DAY, RULES.history_days),
    "faults": (FALLS_PER_DAY, RULES.history_days),
    "events": (8 * FALLS_PER_DAY, RULES.events_days),
    "outage_cameras": (FALLS_PER_DAY / 2, RULES.history_days),
    "outages": (FALLS_PER_DAY / 50, RULES.history_days),
    "notice_cameras": (0.01, RULES.history_days),
    "work_orders": (FALLS_PER_DAY / 5, None),
    "work_order_steps": (FALLS_PER_DAY, None),
    "camera_changes": (0.02, None),
    "looks": (0.05, None),
}
"""Rows of one camera in a day, and days that they are kept; None: for ever."""


def some_value(column: Any, number: int) -> Any:
    name, kind = column.name, column.type.python_type
    if isinstance(column.type, UtcInstant):
        return NOON + timedelta(seconds=number)
    if name == "day":
        day = NOON.date() + timedelta(days=number % 400)
        return day if kind is not str else day.isoformat()
    if kind is bool:
        return False
    if kind is int:
        return number + 1
    if kind is float:
        return number + 0.25
    if kind is str:
        length = getattr(column.type, "length", None) or 40
        return f"{number:08} {name}"[: min(length, 24)] if column.unique else name[: min(length, 8)]
    return {"kind": name, "at": NOON.isoformat()}


def written(engine: Engine, name: str) -> float:
    """Bytes a row, with its indexes."""
    table = metadata.tables[name]
    before = size_of(engine, name)
    for start in range(0, ROWS, BATCH):
        rows = [
            {column.name: some_value(column, number) for column in table.columns}
            for number in range(start, start + BATCH)
        ]
        with engine.begin() as tx:
            tx.execute(insert(table), rows)
    return (size_of(engine, name) - before) / ROWS


def size_of(engine: Engine, name: str) -> int:
    said = "select sum(s.pgsize) from dbstat s join sqlite_master m on m.name = s.name where m.tbl_name = :name"
    with engine.connect() as tx:
        return int(tx.execute(text(said), {"name": name}).scalar_one() or 0)


def measure(cameras: int) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{folder}/vms.db")
        metadata.create_all(engine)
        found = []
        for name, (per_day, kept_days) in PER_DAY.items():
            row = written(engine, name)
            year = row * per_day * cameras * 365
            most = year if kept_days is None else row * per_day * cameras * kept_days
            found.append(
                {"table": name, "row_bytes": round(row), "per_camera_day": per_day, "gb_a_year": round(year / 1e9, 2),
                 "kept_days": kept_days, "gb_kept": None if kept_days is None else round(most / 1e9, 2)}
            )  # fmt: skip
        engine.dispose()
    return found


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--cameras", type=int, default=100_000)
    asked.add_argument("--json", action="store_true")
    wanted = asked.parse_args()
    found = measure(wanted.cameras)
    say: Callable[[str], object] = sys.stdout.write
    if wanted.json:
        say(json.dumps(found) + "\n")
        return 0
    say("| table | rows a camera and day | bytes a row | GB a year | kept | GB then |\n|---|---|---|---|---|---|\n")
    for row in found:
        kept = "for ever" if row["kept_days"] is None else f"{row['kept_days']} days"
        then = "grows" if row["gb_kept"] is None else row["gb_kept"]
        say(
            f"| {row['table']} | {row['per_camera_day']:g} | {row['row_bytes']} | {row['gb_a_year']} "
            f"| {kept} | {then} |\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
