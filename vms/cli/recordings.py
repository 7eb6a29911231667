"""`vms recordings check|play`: one camera's recording and caption, asked for now; a moment of it, played now."""

import asyncio
import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import Annotated

import typer

from vms.app.stage import open_database, recording_desk
from vms.cli.output import print_json, print_table, say
from vms.cli.server import AsJson, Config, Db, settings_of
from vms.core.ids import CameraId
from vms.health.footage import whole_days
from vms.health.words import in_words
from vms.services.recordings.check_device import CheckDesk
from vms.services.recordings.check_now import check_now
from vms.services.recordings.judge_camera import Judged
from vms.services.recordings.play_now import play_now

recordings = typer.Typer(help="What cameras and recorders have kept.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    recordings.callback()(_recordings)
    recordings.command()(check)
    recordings.command()(play)
    app.add_typer(recordings, name="recordings")


def _recordings() -> None:
    pass


def check(
    camera: Annotated[int, typer.Option(help="number of the camera")],
    config: Config = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Ask the camera's device now; what is found is stored. Ends with 1 where it cannot be told."""
    with _desk(config, db) as desk:
        found = asyncio.run(check_now(desk, CameraId(camera)))
    if as_json:
        print_json(_document(found))
    else:
        _tell(found)
    raise typer.Exit(1 if found.check.because else 0)


def play(
    camera: Annotated[int, typer.Option(help="number of the camera")],
    config: Config = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Play a moment of the camera's recordings now; what comes of it is stored. Ends with 1 where it does not play."""
    with _desk(config, db) as desk:
        sample = asyncio.run(play_now(desk, CameraId(camera)))
    if as_json:
        print_json(asdict(sample))
    else:
        words = in_words(sample.because)[0]
        said = {True: "it plays", False: "it does not play", None: "it cannot be told"}[sample.ok]
        when = "" if sample.of is None else f" ({sample.of:%Y-%m-%d %H:%M:%S} UTC)"
        say(f"{said}{when}" + (f": {words}" if words else ""))
    raise typer.Exit(0 if sample.ok else 1)


@contextmanager
def _desk(config: Config, db: Db) -> Iterator[CheckDesk]:
    settings = settings_of(config, db)
    database = open_database(settings)
    try:
        yield replace(recording_desk(settings, database), who=getpass.getuser())
    finally:
        database.close()


def _document(found: Judged) -> dict[str, object]:
    return {
        "check": asdict(found.check),
        "days": [
            {
                "day": day.day.isoformat(),
                "plan_s": day.planned.total_seconds(),
                "recorded_s": day.recorded.total_seconds(),
                "expired_s": day.expired.total_seconds(),
                "missing_s": day.missing.total_seconds(),
                "gaps": [[gap.start, gap.end] for gap in day.gaps],
            }
            for day, _ in found.days
        ],
        "caption": None if found.caption is None else asdict(found.caption),
        "faults": [asdict(fault) for fault in found.faults.values() if fault is not None],
    }


def _tell(found: Judged) -> None:
    check = found.check
    if check.because:
        say(f"it cannot be told: {in_words(check.because)[0]}")
    if check.oldest_at is not None and check.days_kept is not None:
        say(f"oldest recording: {check.oldest_at:%Y-%m-%d %H:%M} UTC, {whole_days(check.days_kept)} days ago")
    hours = ((day.day, day.planned, day.recorded, day.expired, day.missing) for day, _ in found.days)
    print_table(("day", "planned", "recorded", "expired", "missing"), ([str(cell) for cell in row] for row in hours))
    for kind, fault in found.faults.items():
        if fault is None:
            say(f"{in_words(kind)[0]}: no")
        else:
            say(f"{in_words(fault.kind)[0]}: {in_words(fault.because)[0]}")
