"""`vms assessment`."""

import os
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from vms.app.stage import open_database
from vms.assessment.grouping import GroupBy
from vms.cli.output import print_json, print_table, progress, say
from vms.cli.server import AsJson, Config, Db, settings_of
from vms.core.clock import system_clock
from vms.core.errors import BadInput
from vms.services.archive.archive_memory import ArchiveMemory
from vms.services.assessment.office import Question, assess_here, assess_office
from vms.services.assessment.report_page import report_page
from vms.services.assessment.report_sheet import report_sheet
from vms.services.assessment.said import group_name, heading, shown

_SHOWN = ("online_rate", "intact_rate", "image_quality_rate", "recording_integrity", "fault_fix_ok")


def add_to(app: typer.Typer) -> None:
    app.command()(assessment)


def assessment(
    first: Annotated[str, typer.Option("--from", help="first day, e.g. 2026-10-01")],
    last: Annotated[str, typer.Option("--to", help="last day, which belongs to it")],
    by: Annotated[GroupBy, typer.Option(help="what the cameras are grouped by")] = GroupBy.REGION,
    region: Annotated[str, typer.Option(help="a region's code: only what lies in it")] = "",
    profile: Annotated[str, typer.Option(help="targets and weights; empty: the office's default")] = "",
    out: Annotated[Path | None, typer.Option(help="write a report: .xlsx, or .html to print")] = None,
    config: Config = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """The assessment figures (考核指标) of any days: rates, scores and ranks, exactly from what was watched."""
    settings = settings_of(config, db)
    question = Question(_day(first, "--from"), _day(last, "--to"), by, region, profile)
    if out is not None and out.suffix not in (".xlsx", ".html"):
        raise BadInput("a report is .xlsx or .html", where="--out")
    if out is not None and not (out.parent.is_dir() and os.access(out.parent, os.W_OK)):
        raise BadInput(f"there is no folder {out.parent} that may be written", where="--out")
    if out is not None and out.is_dir():
        raise BadInput(f"{out} is a folder", where="--out")
    database = open_database(settings)
    try:
        with progress(as_json) as bar:
            bar.add_task("assessing", total=None)
            here = assess_here(database, ArchiveMemory(database))
            made = assess_office(database, question, settings.zone, system_clock(), assess=here)
    finally:
        database.close()
    if out is not None:
        is_sheet = out.suffix == ".xlsx"
        out.write_bytes(report_sheet(made) if is_sheet else report_page(made, "zh", settings.town).encode())
        say(f"written to {out}")
    if as_json:
        print_json(made)
        return
    for line in heading(made, "en")[:2]:
        say(line)
    names = {one["kind"]: one["name"] for one in made["method"]}
    print_table(
        ("rank", by.value, "cameras", "score", *(names[kind] for kind in _SHOWN)),
        (_row(group, by) for group in [*made["groups"], made["total"]]),
    )
    for one in made["total"]["figures"]:
        if one["value"] is None:
            say(f"{names[one['kind']]}: not told, {one['because']}")


def _row(group: dict[str, Any], by: GroupBy) -> list[object]:
    figures = {one["kind"]: one for one in group["figures"]}
    score = "" if group["score"] is None else f"{group['score']:.2f}"
    values = (shown(figures[kind]["value"], "share", "en") for kind in _SHOWN)
    return [group["rank"] or "", group_name(group, by.value, "en"), group["cameras"], score, *values]


def _day(text: str, where: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"not a day such as 2026-10-01: {text!r}", where=where) from None
