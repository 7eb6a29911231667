"""Map files that were uploaded: kept until the jobs process has read them, one after the other."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, cast

from vms.core.clock import Clock, system_clock
from vms.core.errors import BadInput, VmsError
from vms.inventory.tier import Tier
from vms.maps.map_file import ReadOptions, open_map
from vms.maps.tags import plain_text
from vms.services.maps.dead_readers import end_dead_imports, runner_name
from vms.services.maps.import_file import digest_of, read_into
from vms.services.maps.sweep_maps import remove_cells, sweep_maps
from vms.services.maps.take_candidates import take_candidates
from vms.services.maps.write_version import LEASE
from vms.store import map_versions
from vms.store.database import Database
from vms.store.map_versions import CANDIDATES, TOWN, MapVersion, NewVersion, VersionState

log = logging.getLogger(__name__)

SUFFIXES = (".geojson", ".json", ".pbf")
LOOK_EVERY_S = 1.0
FORGOTTEN_AFTER_S = 86_400


@contextmanager
def upload(folder: Path, name: str) -> Iterator[tuple[Path, BinaryIO]]:
    """A file of its own; gone at the end unless it was taken over. Raises BadInput for a name of another kind."""
    if not name.lower().endswith(SUFFIXES):
        raise BadInput("a map ends in .geojson, .json or .osm.pbf", where="name")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with NamedTemporaryFile(dir=folder, prefix="upload-", suffix=_suffix(name), delete=False) as out:
        path = Path(out.name)
        try:
            yield path, cast(BinaryIO, out)
        finally:
            path.unlink(missing_ok=True)


def enter(
    database: Database,
    path: Path,
    *,
    name: str,
    source: str,
    options: ReadOptions,
    candidates: bool,
    tier: Tier | None = None,
    with_near: bool = False,
    who: str,
    clock: Clock = system_clock,
) -> MapVersion:
    """The file waits to be read; it now belongs to that import. `tier`, `with_near`: as `take_candidates` has them."""
    if candidates and not name.lower().endswith(".pbf"):
        raise BadInput("cameras are read from an extract of OpenStreetMap (.osm.pbf)", where="name")
    try:
        file = open_map(path, options)
    except BadInput as refused:
        raise BadInput(refused.reason, where="name") from refused
    own_name = file.facts.name if name.lower().endswith(".pbf") else Path(name).name.split(".")[0]
    new = NewVersion(
        source=plain_text(source)[:80] or plain_text(own_name)[:80] or "map",
        kind=CANDIDATES if candidates else TOWN,
        file_name=plain_text(Path(name).name),
        file_sha256=digest_of(path, options),
        options={"upload": True, **asdict(options), "tier": tier and tier.value, "with_near": with_near},
        who=who,
        state=VersionState.WAITING,
    )
    with database.writing() as tx:
        version_id = map_versions.begin(tx, new, clock())
        path.rename(_kept(path.parent, version_id, name))
        return map_versions.get(tx, version_id)


async def run_map_imports(database: Database, folder: Path, stop: asyncio.Event, clock: Clock = system_clock) -> None:
    """Until told to stop; one at a time. A process that dies leaves the file, and another one begins it anew."""
    await asyncio.to_thread(_clear, database, folder, clock)
    while not stop.is_set():
        try:
            worked = await asyncio.to_thread(read_next, database, folder, clock)
        except Exception:  # the head of the loop: a database that is busy now is asked again
            log.exception("an uploaded map could not be read; tried again")
            worked = False
        if not worked:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY_S):
                    await stop.wait()


def read_next(database: Database, folder: Path, clock: Clock) -> bool:
    """False: nothing waits."""
    runner = runner_name()
    with database.reading() as tx:
        if not map_versions.any_waiting(tx, clock()):
            return False
    with database.writing() as tx:
        version = map_versions.take(tx, runner, clock(), LEASE)
    if version is None:
        return False
    path = _kept(folder, version.version_id, version.file_name)
    remove_cells(database, version.version_id)
    try:
        _read(database, version, path, runner, clock)
    except VmsError as refused:
        log.warning("map %s: %s", version.file_name, refused.message)
        _end(database, version, VersionState.FAILED, clock, problem=refused.message.replace(str(path), "").strip(": "))
    path.unlink(missing_ok=True)
    return True


def _read(database: Database, version: MapVersion, path: Path, runner: str, clock: Clock) -> None:
    if not path.is_file():
        raise BadInput("the file is not here any more; upload it again", where=version.file_name)
    if version.kind == CANDIDATES:
        told = version.options.get("tier")
        near = bool(version.options.get("with_near"))
        done = take_candidates(database, path, tier=Tier(told) if told else None, with_near=near, clock=clock)
        _end(database, version, VersionState.DONE, clock, counts=asdict(done), progress=1.0)
        return
    options = ReadOptions(
        system=version.options["system"],
        layers=tuple(version.options["layers"]),
        skip_bad=version.options["skip_bad"],
        attribution=version.options["attribution"],
        border=version.options.get("border", ""),
    )
    read_into(
        database,
        version.version_id,
        path,
        source=version.source,
        options=options,
        runner=runner,
        clock=clock,
        told=lambda _: None,
    )


def _end(database: Database, version: MapVersion, state: VersionState, clock: Clock, **values: object) -> None:
    with database.writing() as tx:
        map_versions.end(tx, version.version_id, state, clock(), **values)


def _clear(database: Database, folder: Path, clock: Clock) -> None:
    """What nobody reads any more: cells, and files that were forgotten for a day."""
    end_dead_imports(database, clock())
    sweep_maps(database, clock())
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name.startswith(("upload-", "import-")) and time.time() - path.stat().st_mtime > FORGOTTEN_AFTER_S:
            path.unlink(missing_ok=True)


def _kept(folder: Path, version_id: int, name: str) -> Path:
    return folder / f"import-{version_id}{_suffix(name)}"


def _suffix(name: str) -> str:
    return next((suffix for suffix in SUFFIXES if name.lower().endswith(suffix)), ".geojson")
