"""Takes a list of cameras into the inventory: row by row, again and again, and on from where it was interrupted."""

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from vms.core.clock import Clock, system_clock
from vms.core.errors import Conflict
from vms.inventory.camera import LifeCycle
from vms.inventory.lists.camera_entry import Entry, RowError, parse_entry
from vms.inventory.lists.column_mapping import NO_MAPPING, ColumnMapping, mapping_as_json, mapping_from_json
from vms.inventory.lists.entry_columns import CellReader
from vms.services.lists.list_file import CameraFile, Cells, fingerprint
from vms.services.lists.store_rows import Outcome, RowStore
from vms.services.lists.table import ListFormat, format_of
from vms.store import code_tables, imports
from vms.store.database import Database
from vms.store.imports import MOST_ERRORS, NewImport, StoredImport

BATCH = 500
"""Most rows in one transaction: what is reported as accepted is on the disk, and never half a row."""
LEAST_BATCH = 20
HELD_S = 0.12
"""How long a transaction should keep others from writing; the batches grow and shrink to that."""
TURN_S = 0.02
"""Between two batches, so that others come to write: they try every few milliseconds (see Database.writing)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """What decides what the rows of a file become."""

    mapping: ColumnMapping = NO_MAPPING
    mapping_name: str = ""
    sheet: str = ""
    file_format: ListFormat | None = None
    life_cycle: LifeCycle = LifeCycle.APPROVED
    file_name: str = ""
    """As people know it; empty: the path's."""

    def as_json(self) -> dict[str, Any]:
        return {
            "mapping": mapping_as_json(self.mapping),
            "sheet": self.sheet,
            "life_cycle": self.life_cycle.value,
            "format": self.file_format.value if self.file_format else "",
        }


def request_from_json(content: Mapping[str, Any], what: NewImport) -> ImportRequest:
    """Of an import that was entered before."""
    return ImportRequest(
        mapping=mapping_from_json(content["mapping"]),
        mapping_name=what.mapping,
        sheet=content["sheet"],
        file_format=ListFormat(content["format"]) if content["format"] else None,
        life_cycle=LifeCycle(content["life_cycle"]),
        file_name=what.file_name,
    )


@dataclass(slots=True)
class ImportResult:
    """Figures grow while the import runs; of one that goes on they begin with what was done before."""

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
    import_id: int | None = None
    resumed_after_row: int = 0
    finished: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "dry_run": self.dry_run,
            **self.figures(),
            "rejected": [
                {"row": error.row, "field": error.field, "value": error.value, "reason": error.reason}
                for error in self.rejected
            ],
            "ignored_columns": list(self.ignored_columns),
            "import_id": self.import_id,
            "resumed_after_row": self.resumed_after_row,
        }

    def figures(self) -> dict[str, int]:
        names = ("rows", "created", "updated", "unchanged", "rejected_rows")
        return {name: getattr(self, name) for name in names}


def begin_import(
    database: Database, path: Path, request: ImportRequest, *, who: str, clock: Clock, dry_run: bool = False
) -> StoredImport:
    """Enters the import, or finds the one of this file that was interrupted."""
    what = NewImport(
        file_name=(request.file_name or path.name).encode("utf-8", "replace").decode("utf-8"),
        sha256=fingerprint(path),
        mapping=request.mapping_name,
        conditions=hashlib.sha256(json.dumps(request.as_json(), sort_keys=True).encode()).hexdigest(),
        request=request.as_json(),
        dry_run=dry_run,
        who=who,
    )
    with database.writing() as tx:
        return imports.begin(tx, what, clock())


def import_cameras(
    database: Database,
    path: Path,
    *,
    request: ImportRequest | None = None,
    dry_run: bool = False,
    who: str = "import",
    clock: Clock = system_clock,
    entered: StoredImport | None = None,
    on_accepted: Callable[[ImportResult], None] | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> ImportResult:
    """Idempotent: a row finds its camera by national id, else serial number and channel, else MAC and channel, else
    address, port and channel, else name and place. Columns that the list does not have are left as they are; an empty
    cell empties. An import of the same file that was interrupted goes on behind its last row.

    `entered`: of begin_import, where the caller has done that; a dry run is entered only so. `on_accepted` is called
    after each commit. Raises BadInput for a file that cannot be read at all, Conflict where another process has gone on
    with this import. The cameras need not be online.
    """
    wanted = request or ImportRequest()
    file = CameraFile(path, wanted.file_format or format_of(path), mapping=wanted.mapping, sheet=wanted.sheet)
    if entered is None and not dry_run:
        entered = begin_import(database, path, wanted, who=who, clock=clock)
    with database.reading() as tx:
        reader = CellReader(code_tables.every(tx))
        result = _begun(tx, entered, file, dry_run)
    with closing(_Run(database, result, wanted.life_cycle, clock, who, path, entered)) as run:
        for batch in _batches(file.rows(), reader, result.last_row, lambda: run.size):
            if should_stop():
                return result
            run.take(batch)
            if on_accepted is not None and not batch.done_before:
                on_accepted(result)
        run.finish()
    return result


def _begun(tx: Connection, entered: StoredImport | None, file: CameraFile, dry_run: bool) -> ImportResult:
    result = ImportResult(dry_run=dry_run, ignored_columns=file.ignored_columns)
    if entered is not None:
        result.import_id = entered.import_id
        if entered.last_row:
            result.last_row = result.resumed_after_row = entered.last_row
            for name, figure in entered.result.items():
                setattr(result, name, figure)
            result.rejected = list(imports.errors(tx, entered.import_id).items)
    return result


@dataclass(slots=True)
class _Batch:
    done_before: bool = False
    """Stored before the import was interrupted; read again to know which rows were there."""
    rows: int = 0
    last_row: int = 0
    entries: list[Entry] = field(default_factory=list)
    errors: list[list[RowError]] = field(default_factory=list)
    """Of each row that is not among the entries."""


def _batches(
    rows: Iterable[Cells | list[RowError]], reader: CellReader, done: int, size: Callable[[], int]
) -> Iterator[_Batch]:
    batch = _Batch()
    for row in rows:
        parsed = row if isinstance(row, list) else parse_entry(row.row, row.cells, reader)
        number = parsed[0].row if isinstance(parsed, list) else parsed.row
        if batch.rows and (batch.rows >= size() or batch.done_before != (number <= done)):
            yield batch
            batch = _Batch()
        batch.done_before = number <= done
        batch.rows += 1
        batch.last_row = number
        if isinstance(parsed, list):
            batch.errors.append(parsed)
        else:
            batch.entries.append(parsed)
    if batch.rows:
        yield batch


@dataclass(frozen=True, slots=True, kw_only=True)
class _After:
    figures: Mapping[str, int]
    errors: Sequence[RowError]


class _Run:
    def __init__(
        self,
        database: Database,
        result: ImportResult,
        life_cycle: LifeCycle,
        clock: Clock,
        who: str,
        path: Path,
        entered: StoredImport | None,
    ) -> None:
        self._database = database
        self._result = result
        self._clock = clock
        self._entered = entered
        why = f"list {entered.what.file_name}, import {entered.import_id}" if entered else path.name
        self._rows = RowStore(life_cycle=life_cycle, who=who, why=why, dry_run=result.dry_run)
        self.size = BATCH

    def take(self, batch: _Batch) -> None:
        if batch.done_before:
            with self._database.reading() as tx:
                self._rows.recognise(tx, batch.entries)
        elif self._result.dry_run:
            with self._database.reading() as tx:
                outcome = self._rows.store(tx, batch.entries, self._clock())
            self._rows.keep(outcome)
            after = self._after(batch, outcome)
            if self._entered is not None:
                with self._database.writing() as tx:
                    self._advance(tx, batch, after)
            self._accept(batch, after)
        else:
            self._store(batch)

    def close(self) -> None:
        self._rows.close()

    def finish(self) -> None:
        self._result.finished = True
        if self._entered is not None:
            with self._database.writing() as tx:
                imports.finish(tx, self._entered.import_id, self._clock())

    def _store(self, batch: _Batch) -> None:
        with self._database.writing() as tx:
            begun = time.perf_counter()
            outcome = self._rows.store(tx, batch.entries, self._clock())
            after = self._after(batch, outcome)
            self._advance(tx, batch, after)
        held_s = time.perf_counter() - begun
        self._rows.keep(outcome)
        self._accept(batch, after)
        if held_s > 2 * HELD_S:
            self.size = max(LEAST_BATCH, self.size // 2)
        elif held_s < HELD_S:
            self.size = min(BATCH, self.size * 2)
        if self._database.is_sqlite:
            time.sleep(TURN_S)

    def _after(self, batch: _Batch, outcome: Outcome) -> _After:
        """What the result will be when this batch is on the disk."""
        before = self._result
        errors = [*batch.errors, *([error] for error in outcome.errors)]
        figures = {
            "rows": before.rows + batch.rows,
            "created": before.created + outcome.created,
            "updated": before.updated + outcome.updated,
            "unchanged": before.unchanged + outcome.unchanged,
            "rejected_rows": before.rejected_rows + len(errors),
        }
        flat = sorted((error for row in errors for error in row), key=lambda error: error.row)
        return _After(figures=figures, errors=flat[: MOST_ERRORS - len(before.rejected)])

    def _advance(self, tx: Connection, batch: _Batch, after: _After) -> None:
        if self._entered is None:
            return
        if not imports.advance(
            tx,
            self._entered.import_id,
            from_row=self._result.last_row,
            to_row=batch.last_row,
            result=after.figures,
            errors=after.errors,
            now=self._clock(),
        ):
            raise Conflict(f"another process has gone on with import {self._entered.import_id}")

    def _accept(self, batch: _Batch, after: _After) -> None:
        for name, figure in after.figures.items():
            setattr(self._result, name, figure)
        self._result.rejected.extend(after.errors)
        self._result.last_row = batch.last_row
