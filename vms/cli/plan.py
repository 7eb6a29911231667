"""`vms plan` and `vms private list|import|remove`: where the next cameras should stand, and where none may look in."""

import getpass
import tomllib
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from vms.app.stage import agreements, open_database
from vms.cli.kernels import tell_of_compiling
from vms.cli.output import print_json, print_table, progress, say
from vms.cli.server import AsJson, Config, Db, settings_of, store_of
from vms.core.clock import system_clock
from vms.core.errors import BadInput
from vms.planning.catalogue import DEFAULT_TYPES, CameraType
from vms.services.plans.desk import keep_made_plan
from vms.services.plans.ground import load_ground
from vms.services.plans.keep_private import keep_private
from vms.services.plans.polygons import as_geojson, read_area, read_json_file, read_polygons
from vms.services.plans.request import LONGEST_PROOF_S, MOST, PlanRequest
from vms.services.plans.work_out import WorkedOut, work_out
from vms.store import private_areas

private_commands = typer.Typer(help="Windows and yards that no planned camera may look into.", no_args_is_help=True)
_STAGES = 7
System = Annotated[str, typer.Option("--coordinates", help="of the GeoJSON file: wgs84, gcj02 or bd09")]


def add_to(app: typer.Typer) -> None:
    app.command("plan")(plan)
    private_commands.command("list")(list_areas)
    private_commands.command("import")(import_areas)
    private_commands.command("remove")(remove_area)
    app.add_typer(private_commands, name="private")


def plan(
    budget: Annotated[float, typer.Option(help="in the unit of the costs; as shipped 10,000 yuan")],
    area: Annotated[Path, typer.Option(help="GeoJSON with one or more polygons", dir_okay=False)],
    types: Annotated[
        Path | None, typer.Option(help="TOML with [[type]] tables: kinds of camera and their cost")
    ] = None,
    finer_px_per_m: Annotated[float, typer.Option(min=0.0, max=2000.0, help="ask for at least this density")] = 0.0,
    views: Annotated[int, typer.Option(min=1, max=4, help="from so many different points (back-up cover)")] = 1,
    spacing_m: Annotated[float, typer.Option(min=3.0, max=200.0, help="between two sites at least")] = 15.0,
    turn_first: Annotated[bool, typer.Option("--turn-first", help="count the turns as done")] = False,
    without_faulty: Annotated[bool, typer.Option("--without-faulty", help="ill cameras see nothing")] = False,
    prove_s: Annotated[float, typer.Option(min=0.0, max=LONGEST_PROOF_S, help="look so long for a proof")] = 0.0,
    name: Annotated[str, typer.Option(help="keep the plan under this name")] = "",
    coordinates: System = "wgs84",
    config: Config = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Where the next cameras should stand for this money, and how near that is to the best there can be."""
    shape = as_geojson(read_area(read_json_file(area), system=coordinates))
    request = PlanRequest(
        area=shape,
        budget=budget,
        types=DEFAULT_TYPES if types is None else read_types(types),
        finer_px_per_m=finer_px_per_m,
        views=views,
        spacing_m=spacing_m,
        turn_first=turn_first,
        count_faulty=not without_faulty,
        prove_s=prove_s,
    )
    tell_of_compiling()
    settings = settings_of(config, db)
    database = open_database(settings)
    try:
        with progress(as_json) as bar:
            task = bar.add_task("ground", total=_STAGES)

            def told(stage: str) -> None:
                bar.update(task, description=stage, advance=1)

            loaded = load_ground(database, agreements(settings), system_clock, count_faulty=request.count_faulty)
            made = work_out(database, loaded, request, say=told)
        plan_id = None
        if name:
            plan_id = keep_made_plan(database, name, request, made, getpass.getuser(), system_clock())
    finally:
        database.close()
    if as_json:
        print_json(document_of(made, request, plan_id))
        return
    _tell(made, request, plan_id)


def document_of(made: WorkedOut, request: PlanRequest, plan_id: int | None) -> dict[str, Any]:
    """`sites` in the order to build; one entry per camera, those with one `site` share a pole."""
    told = dict(made.result)
    return {
        "plan_id": plan_id,
        "budget": request.budget,
        "cost": told["cost"],
        "covered_share_before": told["share_before"],
        "covered_share": told["share_after"],
        "bound": told["share_bound"],
        "gain_of_bound": told["of_bound"],
        "guarantee": told["guarantee"],
        "proven": told["proven"],
        "sites": [
            {
                "number": one.number,
                "site": one.about["site"],
                "kind": one.about["kind"],
                "label": one.about["label"],
                "lon": one.lon,
                "lat": one.lat,
                "bearing_deg": one.bearing_deg,
                "type": one.about["type"],
                "cost": one.cost,
                "spent": one.about["spent"],
                "gain": one.gain,
                "covered_share": one.about["share"],
                "road_m": one.about["road_m"],
                "places": one.about["places"],
                "roads": one.about["roads"],
                "gap_ids": one.about["gap_ids"],
                "whole_entrances": one.about["whole_entrances"],
                "half_entrances": one.about["half_entrances"],
            }
            for one in made.cameras
        ],
        **{
            name: told[name]
            for name in (
                *("turns", "moves", "onlookers", "spots", "candidates", "refused", "refused_areas", "proof_gap"),
                "entrances",
            )
        },
        "sites_looked_at": told["sites"],
    }


def read_types(path: Path) -> tuple[CameraType, ...]:
    """Raises BadInput that names the table and the key."""
    if not path.is_file():
        raise BadInput("no such file", where=str(path))
    try:
        told = tomllib.loads(path.read_text("utf-8"))
    except (ValueError, OSError) as broken:
        raise BadInput(f"not TOML: {broken}", where=str(path)) from broken
    tables = told.get("type")
    if not isinstance(tables, list):
        raise BadInput("[[type]] tables are wanted", where=str(path))
    known = {name: type(value) for name, value in asdict(CameraType(name="")).items()}
    found = []
    for number, table in enumerate(tables, 1):
        where = f"{path} [[type]] {number}"
        if not isinstance(table, dict) or not isinstance(table.get("name"), str):
            raise BadInput("a `name` is wanted", where=where)
        for key, value in table.items():
            if key not in known:
                raise BadInput(f"unknown key `{key}`", where=where)
            _check_value(key, value, known[key], where)
        lenses: dict[str, Any] = {key: tuple(value) for key, value in table.items() if known[key] is tuple}
        found.append(CameraType(**{**table, **lenses}))
    return tuple(found)


def _check_value(key: str, value: object, kind: type, where: str) -> None:
    if kind is str:
        if not isinstance(value, str):
            raise BadInput(f"`{key}` is a text", where=where)
    elif kind is bool:
        if not isinstance(value, bool):
            raise BadInput(f"`{key}` is true or false", where=where)
    elif kind is tuple:
        if not isinstance(value, list) or not all(_is_number(one) for one in value):
            raise BadInput(f"`{key}` is a list of numbers", where=where)
    elif not isinstance(value, int | float) or isinstance(value, bool):
        raise BadInput(f"`{key}` is a number", where=where)
    elif not 0 <= value <= MOST:
        raise BadInput(f"`{key}` is a number of at least 0 and at most 1,000,000,000", where=where)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _tell(made: WorkedOut, request: PlanRequest, plan_id: int | None) -> None:
    told = made.result
    print_table(
        ("no.", "site", "on", "lon", "lat", "bearing", "type", "cost", "spent", "gain", "covered", "roads"),
        (
            (
                one.number,
                one.about["site"],
                one.about["kind"],
                f"{one.lon:.6f}",
                f"{one.lat:.6f}",
                f"{one.bearing_deg:.0f}°",
                one.about["type"],
                f"{one.cost:.2f}",
                f"{one.about['spent']:.2f}",
                f"{one.gain:.0f}",
                f"{one.about['share']:.1%}",
                ", ".join(one.about["roads"][:2]),
            )
            for one in made.cameras
        ),
    )
    proof = "proven to be the best" if told["proven"] else f"at least {told['of_bound']:.1%} of the best possible gain"
    say(
        f"covered {told['share_before']:.1%} now, {told['share_after']:.1%} for {told['cost']:.2f} of"
        f" {request.budget:.2f}; nobody reaches more than {told['share_bound']:.1%}: {proof}"
    )
    if (entrances := told["entrances"])["asked"]:
        say(
            f"entrances: {entrances['whole_before']} of {entrances['asked']} have all the cameras they want now,"
            f" {entrances['whole']} then; some of them: {entrances['half_before']} now, {entrances['half']} then"
        )
    for turn in told["turns"][:5]:
        say(f"turn first: {turn['name']} from {turn['bearing_before_deg']:.0f}° to {turn['bearing_after_deg']:.0f}°")
    if told["refused"]:
        say(f"{told['refused']} candidates were refused: they look into private areas")
    for look in told["onlookers"][:5]:
        say(f"looks into {look['area']} already: {look['name']} (camera {look['camera_id']})")
    if plan_id is not None:
        say(f"kept as plan {plan_id}")


def list_areas(config: Config = None, db: Db = None, as_json: AsJson = False) -> None:
    """What is marked, and why."""
    with store_of(config, db) as database, database.reading() as tx:
        found = private_areas.page(tx, limit=100_000, offset=0).items
    if as_json:
        print_json({"areas": found})
        return
    print_table(
        ("id", "name", "reason", "by", "at"), ((a.area_id, a.name, a.reason, a.added_by, a.added_at) for a in found)
    )


def import_areas(
    file: Annotated[Path, typer.Argument(help="GeoJSON; each polygon with `name` and `reason`")],
    reason: Annotated[str, typer.Option(help="of those that bring none")] = "",
    coordinates: System = "wgs84",
    config: Config = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Mark windows and yards. The same file twice adds nothing."""
    drawn = read_polygons(read_json_file(file), system=coordinates)
    with store_of(config, db) as database:
        kept = keep_private(database, drawn, getpass.getuser(), system_clock(), reason=reason)
    if as_json:
        print_json(kept)
        return
    say(f"{kept.added} added, {kept.known} known already")


def remove_area(
    area_id: Annotated[int, typer.Argument(help="number of the area")], config: Config = None, db: Db = None
) -> None:
    """Unmark one."""
    with store_of(config, db) as database, database.writing() as tx:
        private_areas.remove(tx, area_id)
    say(f"area {area_id} is no longer private")
