"""`vms coverage who-sees`: everybody with a point in sight, filled up with the nearest."""

import json
from typing import Annotated

import typer

from vms.api.show_seers import seer_texts
from vms.app.stage import agreements, open_database
from vms.cli.kernels import tell_of_compiling
from vms.cli.linkage import looker
from vms.cli.output import print_json, print_table, say
from vms.cli.server import AsJson, Config, Db, settings_of
from vms.core.clock import system_clock
from vms.core.geo import Wgs84
from vms.services.coverage.coverage_now import CoverageNow
from vms.services.coverage.memory import SOMEBODY, CoverageMemory


def add_to(group: typer.Typer) -> None:
    group.command("who-sees")(who_sees)


def who_sees(
    lon: Annotated[float, typer.Option(min=-180, max=180, help="degrees")],
    lat: Annotated[float, typer.Option(min=-90, max=90, help="degrees")],
    k: Annotated[int, typer.Option("--k", min=1, max=200, help="at least so many cameras, if there are")] = 16,
    permitted: Annotated[bool, typer.Option("--permitted", help="only cameras that the user may look at")] = False,
    user: Annotated[str, typer.Option("--as", help="user in whose name; else what an operator may see")] = "",
    config: Config = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Who sees a point, else who is nearest; in sight first, each part nearest first."""
    tell_of_compiling()
    settings = settings_of(config, db)
    database = open_database(settings)
    try:
        memory = CoverageMemory(database, agreements(settings), system_clock, counts_demand=False)
        memory.load(tell=False)
        person = looker(database, user) if user else SOMEBODY
        found = CoverageNow(memory).who_sees(Wgs84(lon, lat), person, k, system_clock(), permitted=permitted)
    finally:
        database.close()
    rows = [json.loads(text) for text in seer_texts(found)]
    if as_json:
        print_json({"lon": lon, "lat": lat, "cameras": rows})
        return
    if not rows:
        say("there is no approved camera with a position: nobody sees anything; `vms import` takes a list of them in")
        return
    print_table(
        ("camera", "status", "sight", "px/m", "m", "usable", "because"),
        (
            (
                row["name"],
                row["status"],
                row["sight"],
                f"{row['density_px_per_m']:.0f}",
                f"{row['distance_m']:.0f}",
                row["usable"],
                row["access"]["because_en"],
            )
            for row in rows
        ),
    )
