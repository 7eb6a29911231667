"""The program chooses reference pictures from the stills that are kept: normal ones, a few cameras at a time.

An owner's no takes them away again, and what no row names is cleared away once a day.
"""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlalchemy.exc import SQLAlchemyError

from vms.core.clock import Clock
from vms.core.errors import NotFound
from vms.core.geo import Wgs84
from vms.health.picture.baseline import Baseline, Light, own_light
from vms.health.picture.daylight import light_taken_by
from vms.health.picture.diagnose import diagnose
from vms.health.picture.finding import Thresholds
from vms.media.diagnosis.measure import measure_still
from vms.media.trouble import PictureFailed
from vms.services.diagnosis.light_of_still import light_of_still
from vms.services.diagnosis.reference_files import clear_away, keep_file, read_reference
from vms.services.diagnosis.reference_of_camera import Folders
from vms.store import picture_baselines, picture_thresholds, reference_pictures, stills
from vms.store.camera_positions import positions_of
from vms.store.database import Database
from vms.store.reference_pictures import HOME, PROGRAM, Reference
from vms.store.stills import Still

log = logging.getLogger(__name__)
KNOWN_FROM = 8
"""Pictures from which a camera's normal is known well enough to call one of them normal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferencePace:
    """Every camera is thought of within some hours; few of them want a reference."""

    every_s: float = 30.0
    window: int = 500
    """Cameras looked through in one round, by what is kept of their stills."""
    stills: int = 40
    """Decoded in one round at most."""
    fresh_s: float = 3600.0
    """Older stills are not looked at."""
    private_every_s: float = 120.0
    clear_every_s: float = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    chosen: int
    looked_at: int
    """Stills that were decoded."""
    after: int
    """The last camera that was thought of; 0: begin again."""


async def run_references(
    database: Database, folders: Folders, stop: asyncio.Event, clock: Clock, pace: ReferencePace | None = None
) -> None:
    """Until `stop` is set."""
    pace = pace or ReferencePace()
    loop, after = asyncio.get_running_loop(), 0
    private_s = clear_s = float("-inf")
    while not stop.is_set():
        try:
            if loop.time() - private_s >= pace.private_every_s:
                await asyncio.to_thread(remove_private, database, folders, clock())
                private_s = loop.time()
            after = (await asyncio.to_thread(choose_some, database, folders, after, clock(), pace)).after
            if loop.time() - clear_s >= pace.clear_every_s:
                await asyncio.to_thread(clear_away, database, folders.references)
                clear_s = loop.time()
        except (SQLAlchemyError, OSError) as problem:
            log.warning("reference pictures cannot be chosen: %s", problem)
        try:
            async with asyncio.timeout(pace.every_s):
                await stop.wait()
        except TimeoutError:
            pass


def choose_some(
    database: Database, folders: Folders, after: int, now: datetime, pace: ReferencePace | None = None
) -> Round:
    """The next cameras after an id that want a reference. Blocking."""
    pace = pace or ReferencePace()
    with database.reading() as tx:
        since = now - timedelta(seconds=pace.fresh_s)
        found, until = reference_pictures.wanting(tx, after, since, pace.window)
        ids = [still.camera_id for still in found]
        normals = picture_baselines.of_cameras(tx, ids)
        at_presets = picture_baselines.at_presets(tx, [one.camera_id for one in found if one.stands is not None])
        thresholds = picture_thresholds.thresholds_of(tx, ids)
        have = reference_pictures.kept_of(tx, ids)
        places = positions_of(tx, ids)
        private = stills.private_cameras(tx, now) if ids else frozenset()
    chosen = looked_at = 0
    for still in found:
        camera_id, preset, place = still.camera_id, preset_of(still), places.get(still.camera_id)
        light = light_of_still(still, place)
        learnt = at_presets.get(camera_id, {}).get(preset, {}).values() if preset else normals.get(camera_id, ())
        known = {
            kept.light: kept.normal for kept in learnt if kept.normal is not None and kept.normal.seen >= KNOWN_FROM
        }
        if (
            camera_id in private
            or not known
            or still.statistics.get("findings", 0)
            or (camera_id, preset, light) in have
        ):
            continue
        if looked_at == pace.stills:
            return Round(chosen=chosen, looked_at=looked_at, after=camera_id - 1)
        looked_at += 1
        baseline = Baseline(lights=MappingProxyType(known))
        normal = _if_normal(folders, still, place, baseline, thresholds.get(camera_id, Thresholds()))
        if normal is not None and (camera_id, preset, normal[0]) not in have:
            chosen += _keep(database, folders, still, normal)
    return Round(chosen=chosen, looked_at=looked_at, after=until or 0)


def remove_private(database: Database, folders: Folders, now: datetime) -> int:
    """References of cameras of which no picture may be kept any more. Returns how many."""
    with database.reading() as tx:
        mine = stills.private_cameras(tx, now) & reference_pictures.cameras_with_any(tx)
    if not mine:
        return 0
    with database.writing() as tx:
        files = reference_pictures.forget(tx, mine)
    for file in files:
        (folders.references / file).unlink(missing_ok=True)
    return len(files)


def preset_of(still: Still) -> str:
    """Whose view it shows; not for one that was taken between presets."""
    return HOME if still.stands is None else still.stands.preset


def _if_normal(
    folders: Folders, still: Still, place: Wgs84 | None, baseline: Baseline, thresholds: Thresholds
) -> tuple[Light, bytes] | None:
    """None: gone, unreadable, or something is wrong with it."""
    try:
        jpeg = read_reference(folders.stills, still.file)
        statistics = measure_still(jpeg).statistics
    except (PictureFailed, NotFound):
        return None
    light = light_taken_by(place, still.at, own_light(statistics))
    if light not in baseline.lights or diagnose(statistics, baseline, thresholds, light):
        return None
    return light, jpeg


def _keep(database: Database, folders: Folders, still: Still, normal: tuple[Light, bytes]) -> bool:
    """False: a person was faster, or nothing may be kept of it meanwhile."""
    light, jpeg = normal
    camera_id, preset = still.camera_id, preset_of(still)
    file = keep_file(folders.references, camera_id, preset, light, jpeg)
    with database.writing() as tx:
        if (camera_id, preset, light) in reference_pictures.kept_of(tx, [camera_id]):
            return False
        if camera_id not in stills.of_cameras(tx, [camera_id]):
            return False
        new = Reference(camera_id=camera_id, preset=preset, light=light, at=still.at, file=file, chosen_by=PROGRAM)
        reference_pictures.put(tx, new)
    return True
