"""Takes a list of cameras (CSV or TOML) into the inventory: row by row, again and again, whole or not at all."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from vms.core.clock import Clock, system_clock
from vms.core.ids import CameraId, OwnerId
from vms.inventory.camera import LifeCycle
from vms.inventory.camera_entry import Entry, RowError, parse_entry
from vms.inventory.entry_matching import EntryKey, Matcher, entry_keys
from vms.inventory.tier import Tier
from vms.services.camera_files import CameraFile, Cells, FileFormat
from vms.store import camera_lists, cameras, owners
from vms.store.camera_lists import ListedCamera
from vms.store.database import Database

BATCH = 500
"""Rows in one transaction: what is reported as accepted is on the disk, and never half a row."""
MOST_ERRORS = 10_000


@dataclass(slots=True)
class ImportResult:
    """Figures grow while the import runs."""

    dry_run: bool = False
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[RowError] = field(default_factory=list)
    """The first ten thousand errors; a row can have several."""
    rejected_rows: int = 0
    ignored_columns: tuple[str, ...] = ()
    last_row: int = 0
    """Every row up to this one is stored or among the rejected."""

    def as_json(self) -> dict[str, Any]:
        return {
            "dry_run": self.dry_run,
            "rows": self.rows,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected_rows": self.rejected_rows,
            "rejected": [
                {"row": error.row, "field": error.field, "value": error.value, "reason": error.reason}
                for error in self.rejected
            ],
            "ignored_columns": list(self.ignored_columns),
        }

    def reject(self, errors: Sequence[RowError]) -> None:
        self.rejected_rows += 1
        self.rejected.extend(errors[: MOST_ERRORS - len(self.rejected)])


def import_cameras(
    database: Database,
    path: Path,
    *,
    file_format: FileFormat | None = None,
    dry_run: bool = False,
    life_cycle: LifeCycle = LifeCycle.APPROVED,
    clock: Clock = system_clock,
    on_accepted: Callable[[ImportResult], None] | None = None,
) -> ImportResult:
    """Idempotent: a row finds its camera by national id, else serial number and channel, else MAC and channel, else
    address, port and channel, else name and place. Columns that the list does not have are left as they are; an empty
    cell empties. `on_accepted` is called after each commit.

    Raises BadInput for a file that cannot be read at all. The cameras need not be online.
    """
    file = CameraFile(path, file_format)
    result = ImportResult(dry_run=dry_run)
    run = _Import(database, result, life_cycle, clock)
    for batch in _batches(file.rows(), result):
        run.take(batch)
        if batch:
            result.last_row = batch[-1].row
        result.ignored_columns = file.ignored_columns
        if on_accepted is not None:
            on_accepted(result)
    result.ignored_columns = file.ignored_columns
    return result


def _batches(rows: Iterable[Cells | RowError], result: ImportResult) -> Iterator[list[Entry]]:
    batch: list[Entry] = []
    for row in rows:
        result.rows += 1
        parsed = [row] if isinstance(row, RowError) else parse_entry(row.row, row.cells)
        if isinstance(parsed, Entry):
            batch.append(parsed)
        else:
            result.reject(parsed)
        if len(batch) >= BATCH:
            yield batch
            batch = []
    yield batch


@dataclass(slots=True)
class _Plan:
    """What one batch will do."""

    create: list[Entry] = field(default_factory=list)
    change: list[tuple[Entry, ListedCamera]] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)


class _Import:
    def __init__(self, database: Database, result: ImportResult, life_cycle: LifeCycle, clock: Clock) -> None:
        self._database = database
        self._result = result
        self._life_cycle = life_cycle
        self._clock = clock
        self._row_of_camera: dict[CameraId, int] = {}
        self._row_of_key: dict[int, int] = {}
        """By hash of the key; only a dry run needs it beyond its batch, as it finds nothing in the store."""

    def take(self, batch: Sequence[Entry]) -> None:
        if not batch:
            return
        if self._result.dry_run:
            with self._database.reading() as tx:
                plan, changed, done = self._store(tx, batch)
        else:
            self._row_of_key.clear()
            with self._database.writing() as tx:
                plan, changed, done = self._store(tx, batch)
        self._row_of_camera |= done
        self._count(plan, changed)

    def _store(self, tx: Connection, batch: Sequence[Entry]) -> tuple[_Plan, int, dict[CameraId, int]]:
        """The plan, how many cameras really changed, and which row each camera came from."""
        now = self._clock()
        plan = self._plan(camera_lists.like(tx, batch), batch)
        dry = self._result.dry_run
        owner_ids = {} if dry else _owner_ids(tx, batch, self._clock)
        changes = []
        for entry, camera in plan.change:
            columns = self._wanted(entry, camera, owner_ids)
            differing = [name for name, value in columns.items() if camera.columns[name] != value]
            if dry and entry.owner and camera.columns["owner_id"] is None:
                differing.append("owner_id")
            if differing:
                changes.append((camera, columns, differing))
        done = {camera.candidate.camera_id: entry.row for entry, camera in plan.change}
        if not dry:
            camera_lists.change_many(tx, changes, now)
            rows = [
                camera_lists.new_columns(entry, life_cycle=self._life_cycle, owner_id=_owner(entry, owner_ids), now=now)
                for entry in plan.create
            ]
            done |= dict(zip(cameras.add_many(tx, rows, now), (entry.row for entry in plan.create), strict=True))
        return plan, len(changes), done

    def _plan(self, known: Sequence[ListedCamera], batch: Sequence[Entry]) -> _Plan:
        plan = _Plan()
        matcher = Matcher(camera.candidate for camera in known)
        by_id = {camera.candidate.camera_id: camera for camera in known}
        touched: dict[CameraId, int] = {}
        for entry in batch:
            found = matcher.find(entry)
            keys = entry_keys(entry)
            before = self._row_of_key.get(hash(keys[0]))
            if found is not None:
                before = before or touched.get(found.camera_id) or self._row_of_camera.get(found.camera_id)
            if before is not None:
                plan.errors.append(_twice(entry, keys[0], before))
                continue
            self._row_of_key.update((hash(key), entry.row) for key in keys)
            if found is None:
                plan.create.append(entry)
            else:
                touched[found.camera_id] = entry.row
                plan.change.append((entry, by_id[found.camera_id]))
        return plan

    def _wanted(
        self, entry: Entry, camera: ListedCamera, owner_ids: Mapping[tuple[str, str], OwnerId]
    ) -> dict[str, Any]:
        columns = dict(camera.columns) | dict(entry.columns)
        if entry.owner and (owner_id := _owner(entry, owner_ids)) is not None:
            columns["owner_id"] = owner_id
        if columns["life_cycle"] == LifeCycle.PENDING.value and not camera.by_registration:
            columns["life_cycle"] = self._life_cycle.value
        return columns

    def _count(self, plan: _Plan, changed: int) -> None:
        result = self._result
        result.created += len(plan.create)
        result.updated += changed
        result.unchanged += len(plan.change) - changed
        for error in plan.errors:
            result.reject([error])


def _owner_ids(tx: Connection, batch: Sequence[Entry], clock: Clock) -> dict[tuple[str, str], OwnerId]:
    wanted = {(entry.owner, entry.text("tier")) for entry in batch if entry.owner}
    return {(name, tier): owners.ensure(tx, name, Tier(tier), clock()) for name, tier in sorted(wanted)}


def _owner(entry: Entry, owner_ids: Mapping[tuple[str, str], OwnerId]) -> OwnerId | None:
    return owner_ids.get((entry.owner, entry.text("tier"))) if entry.owner else None


def _twice(entry: Entry, key: EntryKey, before: int) -> RowError:
    field_name = {"gb": "gb_device_id", "serial": "serial_no", "place": "name"}.get(str(key[0]), str(key[0]))
    return RowError(
        row=entry.row, field=field_name, value=str(key[1]), reason=f"row {before} describes this camera already"
    )
