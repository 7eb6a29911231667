"""`vms coverage views`: what each camera of a sheet sees between the buildings of the map, as GeoJSON."""

import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from vms.cli.kernels import tell_of_compiling
from vms.cli.output import print_json, progress, say
from vms.cli.server import AsJson, Config, Db, store_of
from vms.core.errors import BadInput
from vms.core.geo import LocalFrame
from vms.coverage.density import IEC_62676_4_2014, IEC_62676_4_2025, DensityProfile
from vms.coverage.poses import rows_of_poses
from vms.coverage.view import Views, compute_views
from vms.coverage.walls import Walls
from vms.places.packed import PackedBuildings, PackedRoads, to_degrees
from vms.places.town import Town
from vms.services.coverage.listed_poses import ListedPose, read_pose_sheet
from vms.services.coverage.views_document import on_map, views_document
from vms.services.maps.town_now import town_now


class Edition(StrEnum):
    OF_2014 = "2014"
    OF_2025 = "2025"
    BOTH = "both"


_PROFILES: dict[Edition, tuple[DensityProfile, ...]] = {
    Edition.OF_2014: (IEC_62676_4_2014,),
    Edition.OF_2025: (IEC_62676_4_2025,),
    Edition.BOTH: (IEC_62676_4_2014, IEC_62676_4_2025),
}


def add_to(group: typer.Typer) -> None:
    group.command("views")(views)


def views(
    cameras: Annotated[
        Path,
        typer.Option(
            help="CSV: id, lon, lat, height_m, bearing_deg, tilt_deg, h_fov_deg, range_m, width_px; empty: unknown"
        ),
    ],
    output: Annotated[Path, typer.Option(help="GeoJSON file to write")],
    snap: Annotated[
        bool, typer.Option(help="move cameras that the map puts on or in a building before its wall")
    ] = True,
    profile: Annotated[Edition, typer.Option(help="edition of IEC 62676-4 for the bands")] = Edition.BOTH,
    band_shapes: Annotated[bool, typer.Option(help="bands as polygons too, not as areas alone")] = True,
    config: Config = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Compute the ground that every camera of a sheet sees, with its density bands.

    Per camera: area_m2 is what it sees between its dead zone and its far limit. in_sight_m2 is the plain line of sight
    up to range_m of the answer, the dead zone with it; a tilt told shortens that range, and walls lower than a high
    camera hide less. sight_to_range_m2 is the plain line of sight between walls without end, up to the range of the
    sheet, without dead zone, tilt and height: compare this with other tools. on_map: false stands outside the map.
    """
    sheet = read_pose_sheet(cameras)
    if sheet.ignored and not as_json:
        say(f"columns that mean nothing here: {', '.join(sheet.ignored)}")
    tell_of_compiling()
    town = _town(config, db)
    if not town.buildings and not as_json:
        say("the map has no buildings: nothing stands in the way; `vms map import` takes one in")
    walls = Walls.of_town(town, frame=None if town.buildings or town.roads else _frame(sheet.rows))
    computed = compute_views(
        [row.pose for row in sheet.rows],
        walls,
        width_px=[row.width_px for row in sheet.rows],
        indoor=[row.indoor for row in sheet.rows],
        ptz=[row.ptz for row in sheet.rows],
        snapping=snap,
    )
    areas = computed.areas_m2()
    to_range_m2 = _to_range_m2(sheet.rows, computed, snapping=snap)
    here = on_map(computed, walls.frame.to_xy_array(_corners(town)))
    with progress(as_json) as bar:
        parts = views_document(
            sheet.rows,
            bar.track(computed, total=len(computed), description="views"),
            to_range_m2.tolist(),
            here,
            _PROFILES[profile],
            frame=walls.frame,
            attribution=town.attribution,
            band_shapes=band_shapes,
        )
        _write(output, parts)
    snapped = int((computed.packed.situation == 1).sum())
    indoor = int(computed.packed.indoor.sum())
    if as_json:
        print_json(
            {
                "output": str(output),
                "cameras": len(computed),
                "snapped": snapped,
                "indoor": indoor,
                "off_map": here.count(False),
                "area_m2": float(areas.sum()),
            }
        )
        return
    if town.buildings and not all(here):
        say(f"{here.count(False)} of {len(here)} cameras stand outside the map: nothing stands in their way there")
    say(f"{len(computed)} views, {snapped} snapped, {indoor} indoor, {areas.sum() / 1e4:.1f} ha in all: {output}")


def _to_range_m2(rows: Sequence[ListedPose], computed: Views, *, snapping: bool) -> NDArray[np.float64]:
    """The plain line of sight of each; swept once more only where height or tilt made it a view over roofs or a shorter
    one."""
    plain = [replace(row.pose, tilt_deg=None, mount_height_m=None) for row in rows]
    walls, packed = computed.walls, computed.packed
    told = {"indoor": [row.indoor for row in rows], "ptz": [row.ptz for row in rows]}
    wanted = rows_of_poses(plain, walls.frame, **told)
    found = Views(walls, packed._replace(near_m=np.zeros_like(packed.near_m))).areas_m2()
    other = np.flatnonzero((wanted.range_m != packed.range_m) | (packed.lofty != 0)).tolist()
    if other:
        some = {name: [values[number] for number in other] for name, values in told.items()}
        found[other] = compute_views([plain[number] for number in other], walls, snapping=snapping, **some).areas_m2()
    return found


def _town(config: Path | None, db: str | None) -> Town:
    with store_of(config, db) as database, database.reading() as tx:
        return town_now(tx)


def _corners(town: Town) -> NDArray[np.float64]:
    """Opposite ones of each building and road, in degrees."""
    boxes = [PackedBuildings.of(town.buildings).boxes(), PackedRoads.of(town.roads).boxes()]
    return to_degrees(np.concatenate(boxes).reshape(-1, 2))


def _frame(rows: tuple[ListedPose, ...]) -> LocalFrame | None:
    """Without a map metres are counted around the first camera."""
    return LocalFrame(rows[0].pose.position) if rows else None


def _write(path: Path, parts: Iterable[str]) -> None:
    """All or nothing: whoever reads the file never meets half of it. Raises BadInput."""
    try:
        handle, name = tempfile.mkstemp(dir=path.resolve().parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.writelines(parts)
            Path(name).chmod(0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as problem:
        raise BadInput(f"cannot be written: {problem.strerror}", where=str(path)) from problem
