"""Where uploaded lists wait and are taken in, one after the other, beside the requests; goes on after a restart."""

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO

from sqlalchemy.exc import SQLAlchemyError

from vms.core.clock import Clock
from vms.core.errors import Conflict, VmsError
from vms.services.import_cameras import ImportRequest, begin_import, import_cameras, request_from_json
from vms.services.lists.known_as import known_as
from vms.services.lists.list_file import CameraFile
from vms.services.lists.table import format_of
from vms.store import imports
from vms.store.database import Database
from vms.store.imports import StoredImport

LOG = logging.getLogger(__name__)


class ImportDesk:
    """`folder` holds the files until they are taken in."""

    def __init__(self, database: Database, folder: Path, clock: Clock) -> None:
        self._database = database
        self._folder = folder
        self._clock = clock
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="import")
        self._stop = threading.Event()
        self._at_work: set[int] = set()

    @contextmanager
    def upload(self, name: str) -> Iterator[tuple[Path, BinaryIO]]:
        """A file of its own in the folder, with the ending of `name`; gone at the end unless it was taken over. What is
        wrong with it is said of `name`: nobody learns where the server keeps files."""
        suffix = f".{format_of(Path(name)).value}"
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with NamedTemporaryFile(dir=self._folder, prefix="upload-", suffix=suffix, delete=False) as out:
            path = Path(out.name)
            try:
                with known_as(path, Path(name).name):
                    yield path, out  # type: ignore[misc]
            finally:
                path.unlink(missing_ok=True)

    def begin(self, path: Path, request: ImportRequest, *, who: str, dry_run: bool) -> StoredImport:
        """The file is looked through first: raises BadInput. What was interrupted goes on."""
        CameraFile(path, request.file_format, mapping=request.mapping, sheet=request.sheet)
        entered = begin_import(self._database, path, request, who=who, clock=self._clock, dry_run=dry_run)
        if entered.import_id not in self._at_work:
            path.rename(self._kept(entered))
            self._submit(entered)
        return entered

    def go_on(self) -> None:
        """With what was interrupted; files that nobody needs are cleared away."""
        with self._database.reading() as tx:
            waiting = {self._kept(one): one for one in imports.unfinished(tx)}
        for path in self._folder.iterdir() if self._folder.is_dir() else ():
            if path not in waiting:
                path.unlink(missing_ok=True)
        for path, one in waiting.items():
            if path.is_file():
                self._submit(one)

    def close(self) -> None:
        """What is being taken in stops behind a batch and goes on at the next start."""
        self._stop.set()
        self._worker.shutdown(wait=True, cancel_futures=True)

    def _submit(self, entered: StoredImport) -> None:
        self._at_work.add(entered.import_id)
        self._worker.submit(self._take_in, entered).add_done_callback(_tell_bugs)

    def _take_in(self, entered: StoredImport) -> None:
        path = self._kept(entered)
        try:
            with known_as(path, entered.what.file_name):
                result = import_cameras(
                    self._database,
                    path,
                    request=request_from_json(entered.what.request, entered.what),
                    dry_run=entered.what.dry_run,
                    who=entered.what.who,
                    clock=self._clock,
                    entered=entered,
                    should_stop=self._stop.is_set,
                )
            if result.finished:
                path.unlink(missing_ok=True)
        except Conflict as problem:
            LOG.warning("import %d: %s", entered.import_id, problem)
        except VmsError as problem:
            self._fail(entered, problem.message)
        except SQLAlchemyError as problem:
            LOG.warning("import %d waits for the next start: %s", entered.import_id, problem)
        finally:
            self._at_work.discard(entered.import_id)

    def _fail(self, entered: StoredImport, problem: str) -> None:
        with suppress(SQLAlchemyError), self._database.writing() as tx:
            imports.finish(tx, entered.import_id, self._clock(), problem=problem)
        self._kept(entered).unlink(missing_ok=True)

    def _kept(self, entered: StoredImport) -> Path:
        suffix = Path(entered.what.file_name).suffix.lower()
        return self._folder / f"import-{entered.import_id}{suffix}"


def _tell_bugs(done: Future[None]) -> None:
    if not done.cancelled() and (problem := done.exception()) is not None:
        LOG.error("an import failed", exc_info=problem)
