"""`vms coverage who-sees`: everybody with a point in sight, filled up with the nearest."""

from dataclasses import asdict
from typing import Annotated

import typer

from vms.app.stage import agreements, open_database
from vms.cli.output import print_json, print_table
from vms.cli.server import AsJson, Config, Db, settings_of
from vms.core.clock import system_clock
from vms.core.geo import Wgs84
from vms.services.coverage.memory import CoverageMemory


def add_to(group: typer.Typer) -> None:
    group.command("who-sees")(who_sees)


def who_sees(
    lon: Annotated[float, typer.Option(min=-180, max=180, help="degrees")],
    lat: Annotated[float, typer.Option(min=-90, max=90, help="degrees")],
    k: Annotated[int, typer.Option("--k", min=1, max=200, help="at least so many cameras")] = 16,
    config: Config = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Who sees a point, else who is nearest; in sight first, each part nearest first."""
    settings = settings_of(config, db)
    database = open_database(settings)
    try:
        memory = CoverageMemory(database, agreements(settings), system_clock)
        memory.load()
        found = memory.index.candidates(Wgs84(lon, lat), k)
    finally:
        database.close()
    if as_json:
        print_json({"lon": lon, "lat": lat, "cameras": [asdict(seen) for seen in found]})
        return
    print_table(
        ("camera", "sight", "px/m", "m"),
        ((s.camera_id, s.sight.value, f"{s.density_px_per_m:.0f}", f"{s.distance_m:.0f}") for s in found),
    )
