"""`vms task start|list|status|pause|resume|cancel|look-again|undo`."""

import asyncio
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from vms.access.roles import Person, Role
from vms.app.stage import open_box, open_database, task_desk
from vms.cli.output import print_json, print_table, say
from vms.cli.server import AsJson, Config, Db, settings_of, store_of
from vms.config import Settings
from vms.core.clock import system_clock
from vms.core.errors import BadInput
from vms.core.ids import UserId
from vms.services.device_tasks.desk import TaskDesk
from vms.services.device_tasks.plan_task import TaskRequest, start_task
from vms.services.device_tasks.preview_task import Preview, preview_task
from vms.services.device_tasks.run_tasks import run_one
from vms.services.device_tasks.steer_task import Steering, steer_task
from vms.services.device_tasks.undo_task import undo_task
from vms.services.take_in_settings import read_credential
from vms.store import device_tasks
from vms.store.database import Database
from vms.store.device_tasks import StepState, TaskState

OFFICE = Person(user_id=UserId(0), name="vms task", role=Role.ADMIN)
"""Whoever may read the database."""
MOST_SHOWN = 10_000
tasks = typer.Typer(help="Tasks on many devices: set, reboot, change passwords, read back, undo.", no_args_is_help=True)
TaskId = Annotated[int, typer.Argument(help="number of the task")]
Here = Annotated[bool, typer.Option("--here", help="work on it in this process until it is over")]


def add_to(app: typer.Typer) -> None:
    tasks.command()(start)
    tasks.command("list")(list_tasks)
    tasks.command()(status)
    tasks.command()(pause)
    tasks.command()(resume)
    tasks.command()(cancel)
    tasks.command("look-again")(look_again)
    tasks.command()(undo)
    app.add_typer(tasks, name="task")


def start(
    kind: Annotated[str, typer.Argument(help="set_clock, set_ntp, set_osd_name, set_encoder, change_password, …")],
    filter_: Annotated[str, typer.Option("--filter", help="the cameras that this filter finds")] = "",
    camera: Annotated[list[int] | None, typer.Option(help="a camera's number; may be repeated")] = None,
    set_: Annotated[list[str] | None, typer.Option("--set", help="a parameter, NAME=VALUE; may be repeated")] = None,
    why: Annotated[str, typer.Option(help="for the record")] = "",
    password_file: Annotated[
        Path | None, typer.Option(help="change_password: file with the new one; else made")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="read the devices and show what would change")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="do not ask")] = False,
    here: Here = False,
    config: Config = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Change something on many devices. The server's jobs process works on it, or this one with --here."""
    settings = settings_of(config, db)
    asked = TaskRequest(
        kind=kind,
        parameters=_parameters(set_ or ()),
        camera_ids=tuple(camera or ()),
        expression=filter_,
        why=why,
        password="" if password_file is None else read_credential(kind, "", password_file).password,
    )
    database = open_database(settings)
    try:
        desk = task_desk(settings, database)
        if dry_run or not (yes or as_json):
            preview = asyncio.run(preview_task(desk, asked, OFFICE, limit=MOST_SHOWN))
            _show_preview(preview, as_json=as_json)
            if dry_run:
                return
            typer.confirm(f"Start it on {len(preview.plan.steps)} devices?", abort=True, err=True)
        task_id = start_task(database, open_box(settings), asked, OFFICE, desk.configurable, system_clock())
        _work_and_show(settings, database, task_id, here=here, as_json=as_json)
    finally:
        database.close()


def list_tasks(config: Config = None, db: Db = None, as_json: AsJson = False) -> None:
    """The latest fifty."""
    with store_of(config, db) as database, database.reading() as tx:
        page = device_tasks.page(tx)
        counted = device_tasks.counts(tx, [task.task_id for task in page.items])
    if as_json:
        shown = [
            {
                "id": task.task_id,
                "kind": task.kind,
                "state": task.state,
                "who": task.who,
                "why": task.why,
                "undo_of": task.undo_of,
                "counts": counted[task.task_id],
            }
            for task in page.items
        ]
        print_json({"tasks": shown, "total": page.total})
        return
    print_table(
        ("task", "kind", "state", "steps", "who", "why"),
        ((t.task_id, t.kind, t.state.value, _words(counted[t.task_id]), t.who, t.why) for t in page.items),
    )


def status(task_id: TaskId, config: Config = None, db: Db = None, as_json: AsJson = False) -> None:
    """How far it is, and what each device made of it."""
    settings = settings_of(config, db)
    database = open_database(settings)
    try:
        _show(database, task_id, as_json=as_json)
    finally:
        database.close()


def pause(task_id: TaskId, config: Config = None, db: Db = None, as_json: AsJson = False) -> None:
    """Begin nothing new; what is under way is finished."""
    _steer(task_id, Steering.PAUSE, config, db, here=False, as_json=as_json)


def resume(task_id: TaskId, here: Here = False, config: Config = None, db: Db = None, as_json: AsJson = False) -> None:
    """Go on."""
    _steer(task_id, Steering.RESUME, config, db, here=here, as_json=as_json)


def cancel(task_id: TaskId, config: Config = None, db: Db = None, as_json: AsJson = False) -> None:
    """Stop for good; what was changed stays changed."""
    _steer(task_id, Steering.CANCEL, config, db, here=False, as_json=as_json)


def look_again(
    task_id: TaskId, here: Here = False, config: Config = None, db: Db = None, as_json: AsJson = False
) -> None:
    """Find out once more what became of the steps that are unknown."""
    _steer(task_id, Steering.LOOK_AGAIN, config, db, here=here, as_json=as_json)


def undo(
    task_id: TaskId,
    why: Annotated[str, typer.Option(help="for the record")] = "",
    here: Here = False,
    config: Config = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Give every device back what was read of it before."""
    settings = settings_of(config, db)
    database = open_database(settings)
    try:
        made = undo_task(database, task_id, OFFICE, why, system_clock())
        _work_and_show(settings, database, made, here=here, as_json=as_json)
    finally:
        database.close()


def _steer(task_id: int, steering: Steering, config: Path | None, db: str | None, *, here: bool, as_json: bool) -> None:
    settings = settings_of(config, db)
    database = open_database(settings)
    try:
        steer_task(database, task_id, steering, OFFICE, system_clock())
        _work_and_show(settings, database, task_id, here=here, as_json=as_json)
    finally:
        database.close()


def _work_and_show(settings: Settings, database: Database, task_id: int, *, here: bool, as_json: bool) -> None:
    if here:
        desk: TaskDesk = task_desk(settings, database)
        asyncio.run(run_one(desk, task_id))
    _show(database, task_id, as_json=as_json)


def _show(database: Database, task_id: int, *, as_json: bool) -> None:
    with database.reading() as tx:
        task = device_tasks.get(tx, task_id)
        counted = device_tasks.counts(tx, [task_id])[task_id]
        page = device_tasks.steps_page(tx, task_id, limit=MOST_SHOWN)
    if as_json:
        shown = {"id": task_id, **asdict(replace(task, secret=None))}
        del shown["secret"], shown["task_id"]
        steps = [{**asdict(one.step), "address": one.address, "camera_name": one.camera_name} for one in page.items]
        print_json({"task": shown, "counts": counted, "steps": steps, "total": page.total})
        return
    print_table(
        ("device", "address", "camera", "state", "message"),
        (
            (one.step.device_id, one.address, one.camera_name, one.step.state.value, one.step.message)
            for one in page.items
            if one.step.state is not StepState.WAITING
        ),
    )
    left_out = "".join(f"; {count} cameras left out: {why}" for why, count in task.left_out.items())
    say(f"task {task_id} ({task.kind}) is {task.state.value}: {_words(counted) or 'no steps'}{left_out}")
    if task.state in (TaskState.WAITING, TaskState.RUNNING):
        say("the server's jobs process works on it; see: vms task status")


def _show_preview(preview: Preview, *, as_json: bool) -> None:
    plan = preview.plan
    if as_json:
        print_json(
            {
                "kind": plan.kind,
                "parameters": plan.parameters,
                "devices": len(plan.steps),
                "left_out": plan.left_out,
                "items": preview.rows,
            }
        )
        return
    print_table(
        ("device", "address", "camera", "is", "shall be", "message"),
        (
            (row.device_id, row.address, row.camera_name, _values(row.before), _values(row.wanted), row.message)
            for row in preview.rows
        ),
    )
    for why, count in plan.left_out.items():
        say(f"{count} cameras are left out: {why}")


def _parameters(given: list[str] | tuple[str, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in given:
        name, sign, value = one.partition("=")
        if not sign or not name.strip():
            raise BadInput("NAME=VALUE is wanted", where="--set")
        found[name.strip()] = value
    return found


def _values(values: Any) -> str:
    return "" if values is None else ", ".join(f"{name}={value}" for name, value in values.items())


def _words(counted: dict[str, int]) -> str:
    return ", ".join(f"{count} {state}" for state, count in sorted(counted.items()))
