"""Takes a map file into the store as a version of its source, in bounded memory."""

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from vms.core.clock import Clock, system_clock
from vms.core.errors import BadInput, Conflict, VmsError
from vms.core.visible import with_escapes
from vms.maps.cell_code import BUILDING, LAND, PLACE, RAILWAY, ROAD, WATERWAY
from vms.maps.cell_sorter import CellSorter
from vms.maps.map_file import Facts, ReadOptions, open_map
from vms.maps.tags import plain_text
from vms.services.maps.dead_readers import end_dead_imports, runner_name
from vms.services.maps.idle_barriers import IdleBarriers, idle_barriers
from vms.services.maps.sweep_maps import sweep_maps
from vms.services.maps.write_version import LEASE, Told, VersionWriter, begin_version, give_up
from vms.store import map_versions
from vms.store.database import Database
from vms.store.map_versions import TOWN, MapVersion, NewVersion

READING = 0.7
"""The share of the work that reading is."""
TELL_EVERY = 2_000
_READER = "5"
"""Another number: the same file may become something else than before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    version_id: int
    source: str
    attribution: str
    is_new: bool
    """False: the source was so already."""
    buildings: int = 0
    roads: int = 0
    railways: int = 0
    places: int = 0
    land: int = 0
    """Water and green."""
    waterways: int = 0
    added: int = 0
    changed: int = 0
    removed: int = 0
    left_out: int = 0
    """Broken features."""
    broken: list[str] = field(default_factory=list)
    """What is wrong with the first of them."""
    idle: IdleBarriers = field(default_factory=IdleBarriers)
    ended: int = 0
    """Imports that were broken off before, and whose process is gone."""


def import_file(
    database: Database,
    path: Path,
    *,
    source: str = "",
    options: ReadOptions | None = None,
    who: str = "command line",
    clock: Clock = system_clock,
    on_progress: Told = lambda _: None,
) -> Imported:
    """In place of an earlier map of this source; those of other sources stay. `source`: empty: the file's own name, or
    `OpenStreetMap` for an extract of it.

    A file that has been taken in just so changes nothing. Raises BadInput that says what is wrong and where, and
    Conflict while another process takes in a map of this source.
    """
    wanted = options or ReadOptions()
    file = open_map(path, wanted)
    name = plain_text(source)[:80] or file.facts.name[:80]
    digest = digest_of(path, wanted)
    ended = end_dead_imports(database, clock())
    sweep_maps(database, clock())
    with database.reading() as tx:
        before = map_versions.current_of(tx, name)
        held = [one for one in map_versions.being_read(tx) if one.source == name and one.kind == TOWN]
    if before is not None and before.file_sha256 == digest:
        return replace(_unchanged(database, before), ended=ended)
    if held:
        raise _taken(held[0])
    runner = runner_name()
    version_id = begin_version(
        database,
        clock,
        NewVersion(
            source=name,
            file_name=with_escapes(path.name)[:200],
            file_sha256=digest,
            options=asdict(wanted),
            who=who,
            runner=runner,
            lease=LEASE,
        ),
    )
    done = read_into(
        database, version_id, path, source=name, options=wanted, runner=runner, clock=clock, told=on_progress
    )
    return replace(done, ended=ended)


def read_into(
    database: Database,
    version_id: int,
    path: Path,
    *,
    source: str,
    options: ReadOptions,
    runner: str,
    clock: Clock,
    told: Told,
) -> Imported:
    """The work of an import that has begun. Whatever goes wrong, the version fails and says so."""
    problem = "interrupted"
    try:
        file = open_map(path, options)
        writer = VersionWriter(database, clock, version_id, runner, told)
        with CellSorter() as sorter:
            for count, (layer, item) in enumerate(file.items()):
                sorter.add(layer, item)
                if count % TELL_EVERY == 0:
                    writer.tell(READING * file.share_read)
            if not any(sorter.counts.values()):
                raise _nothing(path, file.facts)
            written = writer.write(
                sorter,
                attribution=file.facts.attribution,
                boundary=file.facts.boundary,
                before=READING,
                left_out=file.facts.bad,
                broken=file.facts.bad_told,
            )
    except VmsError as refused:
        problem = refused.message
        raise
    else:
        problem = ""
    finally:
        if problem:
            give_up(database, clock, version_id, problem)
    counts = written.counts
    return Imported(
        version_id=written.version_id,
        source=source,
        attribution=file.facts.attribution,
        is_new=written.is_new,
        buildings=counts.get(BUILDING, 0),
        roads=counts.get(ROAD, 0),
        railways=counts.get(RAILWAY, 0),
        places=counts.get(PLACE, 0),
        land=counts.get(LAND, 0),
        waterways=counts.get(WATERWAY, 0),
        added=counts["added"],
        changed=counts["changed"],
        removed=counts["removed"],
        left_out=file.facts.bad,
        broken=file.facts.bad_told,
        idle=written.idle,
    )


def digest_of(path: Path, options: ReadOptions) -> str:
    """Of the file's bytes and how they are read."""
    digest = hashlib.sha256(json.dumps([_READER, asdict(options)], sort_keys=True).encode())
    with path.open("rb") as file:
        while content := file.read(1 << 20):
            digest.update(content)
    return digest.hexdigest()


def _taken(held: MapVersion) -> Conflict:
    until = f"until {held.held_until:%Y-%m-%d %H:%M:%S} UTC" if held.held_until else "for now"
    who = f"{held.source} is being taken in by {held.runner} already"
    return Conflict(f"{who}; it is held {until}, and longer while that goes on")


def _nothing(path: Path, facts: Facts) -> BadInput:
    why = f"; {facts.bad} features are broken, the first: {facts.bad_told[0]}" if facts.bad_told else ""
    return BadInput(f"the map shows neither roads nor buildings nor places{why}", where=str(path))


def _unchanged(database: Database, before: MapVersion) -> Imported:
    """Other sources may have brought the roads for its barriers, or taken them away."""
    with database.reading() as tx:
        standing = map_versions.standing(tx)
        idle = idle_barriers(tx, before.version_id, [one for one in standing if one != before.version_id])
    counts = idle.counted_in(before.counts)
    if counts != dict(before.counts):
        with database.writing() as tx:
            if map_versions.standing(tx) == standing:
                map_versions.tell_counts(tx, before.version_id, counts)
    return Imported(
        version_id=before.version_id,
        source=before.source,
        attribution=before.attribution,
        is_new=False,
        buildings=counts.get(BUILDING, 0),
        roads=counts.get(ROAD, 0),
        railways=counts.get(RAILWAY, 0),
        places=counts.get(PLACE, 0),
        land=counts.get(LAND, 0),
        waterways=counts.get(WATERWAY, 0),
        idle=idle,
    )
