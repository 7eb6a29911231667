"""`vms cameras`, `vms edit`."""

import csv
import sys
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any

import typer
from sqlalchemy import Connection

from vms.access.roles import Person, Role
from vms.cli.output import print_json, print_table, progress, say, say_as_it_is
from vms.cli.server import AsJson, Config, Db, store_of
from vms.core.clock import system_clock
from vms.core.errors import BadInput
from vms.core.ids import UserId
from vms.inventory.filters.expression import is_judged, parse_filter
from vms.inventory.lists.camera_entry import FORMULA_SIGNS
from vms.inventory.tier import Tier
from vms.services.archive.keep_judged import catch_up
from vms.services.edits.apply_edit import begin_edit, run_edit
from vms.services.edits.plan_edit import EditRequest
from vms.services.edits.preview_edit import Preview, preview_edit
from vms.services.edits.undo_edit import begin_undo
from vms.store import camera_board, camera_pages, cameras
from vms.store.camera_filter import CameraFilter
from vms.store.camera_order import JUDGED
from vms.store.database import Database
from vms.store.edits import Edit

COLUMNS = (
    *("id", "name", "tier", "status", "life_cycle", "lon", "lat", "streams", "since", "because", "region_code"),
    *("region", "owner", "manufacturer", "model", "serial_no", "firmware", "address", "port", "gb_device_id"),
    *("pole_code", "install_address", "installed_on", "open_faults", "problems", "changed_at"),
)
_SHOWN = "id,name,tier,status,life_cycle"
_BATCH = 500
OFFICE = Person(user_id=UserId(0), name="vms edit", role=Role.ADMIN)


class TableFormat(StrEnum):
    TABLE = "table"
    CSV = "csv"


def add_to(app: typer.Typer) -> None:
    app.command("cameras")(list_cameras)
    app.command()(edit)


def list_cameras(
    config: Config = None,
    filter_text: Annotated[str, typer.Option("--filter", help="e.g. 'tier=unit and status=down'")] = "",
    text: Annotated[str, typer.Option(help="words in anything that names a camera; Chinese also by pinyin")] = "",
    tier: Annotated[Tier | None, typer.Option(help="only this tier")] = None,
    sort: Annotated[str, typer.Option(help="a column; with a minus before it the other way round")] = "",
    columns: Annotated[str, typer.Option(help=f"of the table: {', '.join(COLUMNS)}")] = _SHOWN,
    limit: Annotated[int, typer.Option(min=1, max=200_000)] = 100,
    output: Annotated[TableFormat, typer.Option("--format", help="table or csv")] = TableFormat.TABLE,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """List cameras with their status."""
    chosen = _columns(columns)
    wanted = CameraFilter(tier=tier, text=text, expression=parse_filter(filter_text), sees_addresses=True)
    with store_of(config, db) as database:
        if is_judged(wanted.expression) or sort.removeprefix("-") == JUDGED:
            catch_up(database, system_clock())
        with database.reading() as tx:
            page = camera_pages.id_page(tx, wanted, now=system_clock(), sort=sort, limit=limit)
            rows = list(_rows(tx, page.ids))
    if as_json:
        print_json({"total": page.total, "items": rows})
        return
    if output is TableFormat.CSV:
        writer = csv.writer(sys.stdout)
        writer.writerow(chosen)
        writer.writerows([_cell(row[name]) for name in chosen] for row in rows)
        return
    print_table([name.replace("_", " ") for name in chosen], ([row[name] for name in chosen] for row in rows))
    say(f"{len(rows)} of {page.total}")


def edit(
    config: Config = None,
    filter_text: Annotated[str, typer.Option("--filter", help="which cameras, e.g. 'region in 3101'")] = "",
    ids: Annotated[str, typer.Option(help="their numbers, with commas, instead of a filter")] = "",
    set_: Annotated[
        list[str] | None, typer.Option("--set", help="FIELD=VALUE, empty: nothing; may be repeated")
    ] = None,
    why: Annotated[str, typer.Option(help="kept in the history of every camera")] = "",
    undo: Annotated[int | None, typer.Option(help="take the edit of this number back")] = None,
    dry_run: Annotated[bool, typer.Option(help="say what would happen, change nothing")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="do not ask")] = False,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Change fields of many cameras at once, after a look at what would change; or take such an edit back."""
    if (undo is None) == (not set_):
        raise BadInput("either --set FIELD=VALUE or --undo NUMBER", where="edit")
    with store_of(config, db) as database:
        if undo is not None:
            begun = begin_undo(database, undo, OFFICE, system_clock())
            _tell(_run(database, begun, quiet=as_json), as_json)
            return
        request = EditRequest(changes=_changes(set_ or []), filter_text=filter_text, camera_ids=_numbers(ids))
        preview = preview_edit(database, request, system_clock())
        if dry_run or not preview.will_change:
            _show(preview, as_json)
            return
        if not yes:
            _show(preview, as_json=False)
            if as_json or not typer.confirm(f"Change {preview.will_change} cameras?", err=True):
                raise BadInput("nothing was changed; --yes does it without asking", where="edit")
        begun = begin_edit(database, request, OFFICE, why, system_clock(), token=preview.token)
        _tell(_run(database, begun, quiet=as_json), as_json)


def _run(database: Database, begun: Edit, *, quiet: bool) -> Edit:
    with progress(quiet) as bar:
        task = bar.add_task("cameras", total=begun.cameras)
        return run_edit(
            database, begun.edit_id, system_clock, lambda so_far: bar.update(task, completed=so_far.position)
        )


def _show(preview: Preview, as_json: bool) -> None:
    if as_json:
        print_json(preview)
        return
    for row in preview.rows[:20]:
        changes = "; ".join(f"{name}: {row.before[name]!r} → {row.after[name]!r}" for name in row.after)
        say_as_it_is(f"{row.camera_id} {row.name}: {changes}")
    for refusal in preview.refusals[:20]:
        say_as_it_is(f"{refusal.camera_id} {refusal.name}: refused, {refusal.reason}")
    say(
        f"{preview.cameras} cameras: {preview.will_change} change, {preview.unchanged} are so already, "
        f"{preview.refused} refused"
    )


def _tell(edit: Edit, as_json: bool) -> None:
    if as_json:
        told = {"id": edit.edit_id, "state": edit.state, "cameras": edit.cameras, **edit.result}
        print_json(told)
        return
    result = edit.result
    if edit.undone_at is None:
        changed = result.get("changed", 0)
        say(f"edit {edit.edit_id}: {changed} cameras changed; `vms edit --undo {edit.edit_id}` takes it back")
        return
    for one in result.get("left_fields", [])[:20]:
        say_as_it_is(f"{one['camera_id']} {one['name']}: {one['field']} stays, {one['reason']}")
    restored, left = result.get("restored", 0), result.get("left", 0)
    say(f"edit {edit.edit_id} taken back: {restored} cameras; in {left} something stays")


def _rows(tx: Connection, ids: tuple[Any, ...]) -> Iterator[dict[str, Any]]:
    now = system_clock()
    for start in range(0, len(ids), _BATCH):
        some = ids[start : start + _BATCH]
        boards = camera_board.boards(tx, some, now)
        for camera in cameras.by_ids(tx, some):
            board, declared = boards[camera.camera_id], camera.declared
            yield {
                "id": camera.camera_id,
                "name": camera.name,
                "tier": declared.tier,
                "status": board.watch.status,
                "life_cycle": camera.life_cycle,
                "lon": camera.pose.position.lon if camera.pose else None,
                "lat": camera.pose.position.lat if camera.pose else None,
                "streams": len(camera.streams),
                "since": board.watch.since,
                "because": board.watch.because,
                "region_code": declared.region_code,
                "region": board.region_name,
                "owner": board.owner,
                "manufacturer": board.manufacturer,
                "model": board.model,
                "serial_no": board.serial_no,
                "firmware": board.firmware,
                "address": board.address,
                "port": board.port,
                "gb_device_id": declared.gb_device_id,
                "pole_code": declared.pole_code,
                "install_address": declared.install_address,
                "installed_on": declared.installed_on,
                "open_faults": board.open_faults,
                "problems": list(board.problems),
                "changed_at": board.changed_at,
            }


def _columns(text: str) -> list[str]:
    chosen = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in chosen if name not in COLUMNS]
    if unknown or not chosen:
        raise BadInput(f"unknown: {', '.join(unknown)}; known are {', '.join(COLUMNS)}", where="--columns")
    return chosen


def _cell(value: object) -> str:
    """A text that a spreadsheet would take for a formula gets an apostrophe."""
    if isinstance(value, str) and value[:1] in FORMULA_SIGNS and value:
        return f"'{value}"
    return "" if value is None else " ".join(map(str, value)) if isinstance(value, list) else str(value)


def _changes(given: list[str]) -> dict[str, object]:
    found: dict[str, object] = {}
    for one in given:
        name, sign, value = one.partition("=")
        if not sign:
            raise BadInput(f"{one!r} is not FIELD=VALUE", where="--set")
        found[name.strip()] = value
    return found


def _numbers(text: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    wrong = next((part for part in parts if not (part.isascii() and part.isdecimal() and len(part) <= 15)), None)
    if wrong is not None:
        raise BadInput(f"{wrong!r} is no camera's number", where="--ids")
    return tuple(int(part) for part in parts)
