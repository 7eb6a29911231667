"""`vms coverage gaps`: what ought to be seen at this moment and is not, and why."""

from typing import Annotated

import typer

from vms.app.stage import agreements, open_database
from vms.cli.kernels import tell_of_compiling
from vms.cli.output import print_json, print_table
from vms.cli.server import AsJson, Config, Db, settings_of
from vms.core.clock import system_clock
from vms.coverage.gap_identity import match_gaps, spot_of
from vms.coverage.gap_place import GapPlace, place_of_gap
from vms.coverage.gap_words import check_gap_words
from vms.coverage.gaps import Gap, GapCause
from vms.coverage.ground import Ground
from vms.coverage.totals import totals_of
from vms.places.street_corners import StreetCorners
from vms.services.coverage.gap_place_words import gap_place_words
from vms.services.coverage.memory import CoverageMemory
from vms.store import coverage_gap_list, coverage_gaps
from vms.store.coverage_gap_list import GapFilter, GapRecord
from vms.store.database import Database

_ALL = 1_000_000


def add_to(group: typer.Typer) -> None:
    group.command("gaps")(gaps)


def gaps(
    cause: Annotated[str, typer.Option(help=", ".join(GapCause))] = "",
    ground: Annotated[str, typer.Option("--class", help=", ".join(Ground))] = "",
    region: Annotated[str, typer.Option(help="its code; without those below it")] = "",
    night: Annotated[bool, typer.Option("--night", help="those by night only")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000, help="what is worth most first")] = 1000,
    config: Config = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """What nobody sees well enough at this moment, stretch by stretch, with the cause."""
    check_gap_words(cause=cause, ground=ground, before="--")
    tell_of_compiling()
    settings = settings_of(config, db)
    database = open_database(settings)
    try:
        memory = CoverageMemory(database, agreements(settings), system_clock)
        memory.load(tell=False)
        chosen = [
            gap
            for gap in memory.gaps()
            if cause in ("", gap.cause)
            and ground in ("", gap.ground)
            and region in ("", gap.region)
            and (gap.night_only or not night)
        ]
        chosen.sort(key=lambda gap: (-gap.weighted_m, gap.name, gap.from_m))
        wanted = GapFilter(cause=cause, ground=ground, region_code=region)
        records = _records(database, chosen[:limit], wanted)
    finally:
        database.close()
    totals = totals_of(memory.tally)
    corners = StreetCorners(memory.town.places)
    places = [place_of_gap(gap, gap.line, corners) for gap in chosen[:limit]]
    rows = [
        {**_row(gap, record), "where": _where(place)}
        for gap, record, place in zip(chosen[:limit], records, places, strict=True)
    ]
    if as_json:
        print_json(
            {
                "road_m": round(totals.road_m, 3),
                "covered_road_m": round(totals.covered_road_m, 3),
                "places": totals.places,
                "covered_places": totals.covered_places,
                "by_cause_m": {one.value: round(metres, 3) for one, metres in totals.by_cause_m.items()},
                "total": len(chosen),
                "gaps": rows,
            }
        )
        return
    share = f"{totals.covered_road_m / totals.road_m * 100:.1f} %" if totals.road_m else "–"
    typer.echo(f"roads {share} of {totals.road_m:,.0f} m, key places {totals.covered_places} of {totals.places}")
    print_table(
        ("where", "", "class", "cause", "length m", "counts m", "worth"),
        (
            (
                g.name,
                gap_place_words(where)[0],
                g.ground.value,
                g.cause.value,
                f"{g.to_m - g.from_m:.0f}" if g.length_m else "",
                f"{g.length_m:.0f}" if g.length_m else "",
                f"{g.weighted_m:.0f}",
            )
            for g, where in zip(chosen[:limit], places, strict=True)
        ),
    )


def _where(place: GapPlace) -> dict[str, object]:
    return {
        "side": place.side or "",
        "crossing": place.crossing,
        "way": place.way or "",
        "from_m": round(place.from_m, 1),
        "to_m": round(place.to_m, 1),
    }


def _records(database: Database, found: list[Gap], wanted: GapFilter) -> list[GapRecord | None]:
    """What is written down of each, where it is."""
    with database.reading() as tx:
        known = coverage_gaps.at_places(tx, {gap.key for gap in found}, closed=False)
        written = {one.gap_id: one for one in coverage_gap_list.page(tx, wanted, limit=_ALL).items}
    matched = match_gaps([one.spot for one in known], [spot_of(gap) for gap in found])
    of_gap = {later: written.get(known[earlier].gap_id) for earlier, later in matched.same}
    return [of_gap.get(number) for number in range(len(found))]


def _row(gap: Gap, record: GapRecord | None) -> dict[str, object]:
    """As over HTTP; nobody knows yet what people make of one that is not written down."""
    return {
        "id": None if record is None else str(record.gap_id),
        "kind": gap.kind.value,
        "ground": gap.ground.value,
        "cause": gap.cause.value,
        "night_only": gap.night_only,
        "name": gap.name,
        "length_m": round(gap.length_m, 3) or None,
        "line_m": round(gap.to_m - gap.from_m, 1) or None,
        "weighted_m": round(gap.weighted_m, 3),
        "category": gap.category,
        "region_code": gap.region,
        "need_px_per_m": gap.need_px_per_m,
        "need_views": gap.need_views,
        "best_density_px_per_m": round(gap.best_px_per_m, 1) or None,
        "camera_ids": list(gap.camera_ids),
        "since": None if record is None else record.since,
        "uncovered_since": None if record is None else record.uncovered_since,
        "state": None if record is None else record.state,
        "state_at": None if record is None else record.state_at,
        "assigned_to": "" if record is None else record.assigned_to,
        "plan_id": None if record is None else record.plan_id,
        "closed_at": None,
        "reopened": 0 if record is None else record.reopened,
        "geometry": gap.geometry,
    }
