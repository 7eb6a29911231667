"""`vms ring`: where somebody can be by now, which ways out are watched, and where a ring would close."""

from typing import Annotated

import typer

from vms.app.stage import agreements, open_database
from vms.cli.kernels import tell_of_compiling
from vms.cli.output import print_json, print_table, say
from vms.cli.server import AsJson, Config, Db, settings_of
from vms.core.clock import system_clock
from vms.core.geo import Wgs84
from vms.roads.travel import Travel
from vms.services.coverage.memory import CoverageMemory
from vms.services.rings.find_ring import find_ring, read_minutes
from vms.services.rings.ring_answers import ArcView
from vms.services.rings.ring_document import ring_document
from vms.services.rings.road_memory import RoadMemory


def add_to(app: typer.Typer) -> None:
    app.command()(ring)


def ring(
    lon: Annotated[float, typer.Option(min=-180, max=180, help="degrees")],
    lat: Annotated[float, typer.Option(min=-90, max=90, help="degrees")],
    minutes: Annotated[str, typer.Option(help="fan of times, such as 5,10,15")] = "5,10,15",
    travel: Annotated[Travel, typer.Option(help="way of travel")] = Travel.CAR,
    ago: Annotated[float, typer.Option(min=0, max=1440, help="minutes that have gone by already")] = 0.0,
    shapes: Annotated[bool, typer.Option(help="with the outline of each area and the roads inside")] = False,
    config: Config = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Find the ring around a place: the boundary, who watches it, the smallest closed ring, its leaks."""
    times = read_minutes(minutes)
    tell_of_compiling()
    settings = settings_of(config, db)
    database = open_database(settings)
    try:
        memory = CoverageMemory(database, agreements(settings), system_clock, counts_demand=False)
        memory.load(tell=False)
        roads = RoadMemory(memory)
        found = find_ring(roads, Wgs84(lon, lat), times, travel, elapsed_s=60.0 * ago, with_lines=shapes)
    finally:
        database.close()
    if as_json:
        print_json(ring_document(found))
        return
    print_table(
        ("minutes", "ways out", "watched", "leaks"),
        (
            (f"{one.minutes:g}", len(one.watched) + len(one.leaks), len(one.watched), len(one.leaks))
            for one in found.minutes
        ),
    )
    cut = found.cut
    if found.map_ends:
        say("the map ends within these times: roads cut off at its rim count as ways out")
    say(
        f"the smallest ring between {cut.inner_s / 60:.0f} and {cut.beyond_s / 60:.0f} min has "
        f"{len(cut.arcs)} roads, {len(cut.leaks)} of them watched by nobody"
    )
    if cut.note:
        say(cut.note)
    print_table(
        ("reached after", "road", "lon", "lat", "cameras"),
        ((f"{arc.arrives_s:.0f} s", arc.road or arc.kind, arc.lon, arc.lat, _cameras(arc.views)) for arc in cut.arcs),
    )


def _cameras(views: tuple[ArcView, ...]) -> str:
    return ", ".join(str(view.camera_id) for view in views) or "nobody"
