"""`vms incident` and `vms feeds`: what the command desk does, without a browser."""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from vms.access.decide import IncidentScene
from vms.access.roles import LOOKERS, Person
from vms.app.stage import agreements, open_database
from vms.cli.output import print_json, print_table, say
from vms.cli.server import AsJson, Config, Db, settings_of
from vms.core.clock import system_clock
from vms.core.errors import BadInput, NotAllowed
from vms.core.geo import Wgs84
from vms.core.ids import IncidentId
from vms.inventory.camera import CoordinateSystem
from vms.services.coverage.answers import Feed
from vms.services.coverage.coverage_now import CoverageNow
from vms.services.coverage.memory import CoverageMemory
from vms.services.open_incident import Report, open_incident
from vms.services.sign_in import ADMINISTRATOR
from vms.store import incidents, users
from vms.store.database import Database

As = Annotated[str, typer.Option("--as", help="user in whose name it is done")]
Lon = Annotated[float | None, typer.Option(min=-180, max=180, help="degrees")]
Lat = Annotated[float | None, typer.Option(min=-90, max=90, help="degrees")]


def add_to(app: typer.Typer) -> None:
    app.command()(incident)
    app.command()(feeds)


def incident(
    config: Config = None,
    lon: Lon = None,
    lat: Lat = None,
    system: Annotated[CoordinateSystem, typer.Option(help="of lon and lat")] = CoordinateSystem.WGS84,
    address: Annotated[str, typer.Option(help="address text, place name or crossing")] = "",
    pole: Annotated[str, typer.Option(help="pole number")] = "",
    category: Annotated[str, typer.Option()] = "",
    level: Annotated[int, typer.Option(min=1, max=4, help="1 is the gravest")] = 3,
    summary: Annotated[str, typer.Option()] = "",
    user: As = ADMINISTRATOR,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Report an incident."""
    settings = settings_of(config, db)
    database = open_database(settings)
    try:
        memory = CoverageMemory(database, agreements(settings), system_clock)
        report = Report(
            x=lon,
            y=lat,
            system=system,
            address_text=address,
            pole_code=pole,
            category=category,
            level=level,
            summary=summary,
        )
        opened = open_incident(database, report, looker(database, user), CoverageNow(memory).locate, system_clock())
    finally:
        database.close()
    if as_json:
        print_json(asdict(opened))
    else:
        say(f"incident {opened.incident_id} ({opened.incident_no}) at {opened.position.lon}, {opened.position.lat}")


def feeds(
    config: Config = None,
    incident_id: Annotated[int | None, typer.Option("--incident", help="rank for this incident")] = None,
    lon: Lon = None,
    lat: Lat = None,
    limit: Annotated[int, typer.Option(min=1, max=50)] = 12,
    user: As = ADMINISTRATOR,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Rank the feeds that see an incident or a point, with the reason for each."""
    settings = settings_of(config, db)
    database = open_database(settings)
    now = system_clock()
    try:
        memory = CoverageMemory(database, agreements(settings), system_clock)
        memory.load()
        with database.reading() as tx:
            scene = incidents.scene(tx, incident_id) if incident_id is not None else _scene(lon, lat)
        person = looker(database, user)
        ranked = CoverageNow(memory).feeds(scene, person, limit, now)
        rows = [_row(feed) for feed in ranked]
        if incident_id is not None:
            with database.writing() as tx:
                incidents.keep_shown(tx, incident_id, person.user_id, rows, now)
    finally:
        database.close()
    if as_json:
        print_json({"lon": scene.position.lon, "lat": scene.position.lat, "feeds": rows})
        return
    print_table(
        ("rank", "camera", "status", "sees", "px/m", "m", "reason"),
        (
            (f.rank, f.name, f.status.value, f.sees, f"{f.density_px_per_m:.0f}", f"{f.distance_m:.0f}", f.sentence_en)
            for f in ranked
        ),
    )


def _scene(lon: float | None, lat: float | None) -> IncidentScene:
    if lon is None or lat is None:
        raise BadInput("say where: --incident, or --lon and --lat", where="feeds")
    return IncidentScene(incident_id=IncidentId(0), position=Wgs84(lon, lat), open=True)


def _row(feed: Feed) -> dict[str, Any]:
    return {
        "rank": feed.rank,
        "camera_id": feed.camera_id,
        "name": feed.name,
        "tier": feed.tier.value,
        "status": feed.status.value,
        "lon": feed.position.lon,
        "lat": feed.position.lat,
        "distance_m": round(feed.distance_m, 1),
        "density_px_per_m": round(feed.density_px_per_m, 1),
        "sees": feed.sees,
        "usable": feed.usable,
        "access": {"decision": feed.decision.verdict.value, "because_en": feed.decision.because_en},
        "sentence_en": feed.sentence_en,
        "sentence_zh": feed.sentence_zh,
        "terms": [asdict(term) for term in feed.terms],
    }


def looker(database: Database, name: str) -> Person:
    """The same roles as at the console's doors. Raises BadInput, NotAllowed."""
    with database.reading() as tx:
        found = users.with_hash(tx, name)
    if found is None:
        raise BadInput("no such user; `vms serve` makes the first administrator", where=name)
    person = found[0].person
    if person.role not in LOOKERS:
        raise NotAllowed(f"{name} is {person.role.value}, and that role may not do this", code="role")
    return person
