"""`vms map …`: buildings, roads and places from map files, and the cameras that maps know."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from vms.cli.output import print_json, print_table, progress, say
from vms.cli.server import AsJson, Config, Db, store_of
from vms.core.clock import system_clock
from vms.inventory.tier import Tier
from vms.maps.cell_code import LAYERS
from vms.maps.map_file import ReadOptions
from vms.services.maps.idle_barriers import OF_NO_KIND, OFF_ROADS
from vms.services.maps.import_file import Imported, import_file
from vms.services.maps.remove_map import remove_map
from vms.services.maps.take_candidates import take_candidates
from vms.store import map_versions

maps = typer.Typer(help="Maps: buildings, roads, places; cameras that maps know.", no_args_is_help=True)

Name = Annotated[str, typer.Option("--source", help="whose map it is; its earlier version is replaced, others stay")]
System = Annotated[str, typer.Option("--coordinates", help="of a GeoJSON file: wgs84, gcj02 or bd09")]
Layers = Annotated[
    list[str] | None, typer.Option("--layer", help=f"only {', '.join(LAYERS[:-1])} or {LAYERS[-1]}; repeatable")
]
SkipBad = Annotated[bool, typer.Option("--skip-bad", help="leave broken features out instead of refusing the file")]
Border = Annotated[
    str, typer.Option(help="name of the area in the file whose outline is the town's: its exits lie there")
]
Attribution = Annotated[str, typer.Option(help="shown wherever the map is, where the file does not say")]


def add_to(app: typer.Typer) -> None:
    maps.command("import")(map_import)
    maps.command("list")(map_list)
    maps.command("remove")(map_remove)
    maps.command("candidates")(map_candidates)
    app.add_typer(maps, name="map")


def map_import(
    file: Annotated[Path, typer.Argument(help=".osm.pbf or .geojson")],
    source: Name = "",
    coordinates: System = "wgs84",
    layer: Layers = None,
    skip_bad: SkipBad = False,
    attribution: Attribution = "",
    border: Border = "",
    config: Config = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Take in a map file. A second import of the same source updates it; the town is what all sources show."""
    options = ReadOptions(
        system=coordinates,
        layers=tuple(layer or ()),
        skip_bad=skip_bad,
        attribution=attribution.strip()[:200],
        border=border.strip()[:80],
    )
    with store_of(config, db) as database, progress(as_json) as bar:
        task = bar.add_task(file.name, total=100)
        done = import_file(
            database,
            file,
            source=source,
            options=options,
            on_progress=lambda share: bar.update(task, completed=round(100 * share)),
        )
    if as_json:
        told = asdict(done)
        idle = told.pop("idle")
        print_json({"name": done.source, **told, **idle})
        return
    for line in sentences(done):
        say(line)


def map_list(config: Config = None, db: Db = None, as_json: AsJson = False) -> None:
    """The sources that the town is made of."""
    with store_of(config, db) as database, database.reading() as tx:
        found = map_versions.current(tx)
    if as_json:
        print_json([{"source": one.source, "at": one.finished_at, **one.counts, "attribution": one.attribution,
                     "file": one.file_name, "version": one.version_id} for one in found])  # fmt: skip
        return
    headings = ("source", "buildings", "roads", "railways", "places", "idle barriers", "taken in", "attribution")
    layers = ("building", "road", "railway", "place")
    print_table(
        headings,
        (
            (
                one.source,
                *(one.counts.get(layer, 0) for layer in layers),
                _idle(one.counts),
                one.finished_at,
                one.attribution,
            )
            for one in found
        ),
    )


def _idle(counts: Mapping[str, int]) -> str:
    """Barriers that stop nobody, and why."""
    why = {OFF_ROADS: "off roads", OF_NO_KIND: "of no known kind"}
    return ", ".join(f"{counts[name]} {words}" for name, words in why.items() if name in counts)


def map_remove(
    source: Annotated[str, typer.Argument(help="as `vms map list` names it")],
    config: Config = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Take a source out of the town; the others stay."""
    with store_of(config, db) as database:
        removed = remove_map(database, source, system_clock())
    if as_json:
        print_json({"removed": removed.source})
    else:
        say(f"{removed.source} is out of the map")


def map_candidates(
    file: Annotated[Path, typer.Argument(help=".osm.pbf")],
    tier: Annotated[Tier | None, typer.Option(help="of all of them; else as the map tells")] = None,
    with_near: Annotated[
        bool, typer.Option("--with-near", help="also where the archive has a camera within 5 m")
    ] = False,
    config: Config = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Make drafts of the cameras that a map knows (man_made=surveillance); a person completes and submits each."""
    with store_of(config, db) as database:
        done = take_candidates(database, file, tier=tier, with_near=with_near)
    if as_json:
        print_json(done)
        return
    say(f"{done.found} cameras on the map: {done.drafts} new drafts, {done.known} known already, "
        f"{done.near} left out because the archive has one within 5 m")  # fmt: skip


def sentences(done: Imported) -> list[str]:
    counts = f"{done.buildings} buildings, {done.roads} roads, {done.railways} railways, {done.places} places"
    counts += f", {done.land} areas of water and green, {done.waterways} waterways"
    lines = [f"{done.source}: {counts}; {done.attribution}"]
    if done.ended:
        lines.insert(
            0, f"{done.ended} imports had been broken off, their processes are gone; what they left is cleared away"
        )
    if not done.attribution:
        lines.append("nobody is named whose map it is; name them with --attribution, for it is shown with the map")
    if not done.is_new:
        lines.append("nothing has changed since its last import")
    else:
        lines.append(f"{done.added} added, {done.changed} changed, {done.removed} removed")
    if done.left_out:
        lines.append(f"{done.left_out} broken features left out, the first: {done.broken[0]}")
    return [*lines, *done.idle.sentences()]
