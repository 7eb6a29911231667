"""`vms identity`: doubts about which device or camera something is, their answers, and the way back."""

import getpass
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Connection

from vms.cli.output import print_json, print_table, say
from vms.cli.server import AsJson, Config, Db, store_of
from vms.core.clock import system_clock
from vms.core.errors import BadInput
from vms.core.ids import CameraId, DeviceId
from vms.inventory.identity.conflict_kind import ConflictKind, Decision, answers_to
from vms.inventory.identity.keys import DeviceKey
from vms.services.identity.join_cameras import join_cameras
from vms.services.identity.merge_devices import merge_devices
from vms.services.identity.replace_device import channel_for, replace_device
from vms.services.identity.resolve_conflict import Answered, resolve_conflict
from vms.services.identity.split_device import split_device
from vms.services.identity.undo_identity_action import undo_identity_action
from vms.store import cameras, conflicts, devices, identity_actions
from vms.store.camera_changes import Author
from vms.store.conflicts import StoredConflict
from vms.store.identity_actions import IdentityAction

commands = typer.Typer(
    help="Which device, which camera is it? What is asked, what was decided, and back.", no_args_is_help=True
)
OWN = "new"
"""In `--bind CHANNEL=new`: a camera of its own."""

Why = Annotated[str, typer.Option(help="kept with what is done")]
Limit = Annotated[int, typer.Option(min=1, max=500)]


def add_to(app: typer.Typer) -> None:
    commands.command("conflicts")(list_conflicts)
    commands.command()(decide)
    for command in (merge, split, replace, join, actions, undo):
        commands.command()(command)
    app.add_typer(commands, name="identity")


def list_conflicts(limit: Limit = 100, config: Config = None, db: Db = None, as_json: AsJson = False) -> None:
    """What is asked, the oldest first, with its evidence and the answers that fit."""
    with store_of(config, db) as database, database.reading() as tx:
        page = conflicts.page(tx, limit=limit)
    if as_json:
        print_json({"total": page.total, "items": [conflict_json(one) for one in page.items]})
        return
    for one in page.items:
        say(f"conflict {one.conflict_id}: {_QUESTIONS[one.kind]} (at {one.address}:{one.port})")
        about = [f"devices {', '.join(map(str, one.device_ids))}"]
        about += [f"cameras {', '.join(map(str, one.camera_ids))}"] if one.camera_ids else []
        say("  " + "; ".join(about) + (f"; put off: {one.note}" if one.note else ""))
        for reason in one.reasons:
            say(f"  - {reason}")
        say(f"  answers: {', '.join(answers_to(one.kind))}")
    say(f"{len(page.items)} of {page.total} open" if page.total else "nothing is asked")


def decide(
    conflict: Annotated[int, typer.Argument(help="number of the conflict")],
    answer: Annotated[Decision, typer.Argument(help="one of its answers; `later` leaves it open with a note")],
    device: Annotated[int | None, typer.Option(help="same_as: the device that it really is")] = None,
    camera: Annotated[
        int | None, typer.Option(help="same_camera: the record that goes on; replaced: the point")
    ] = None,
    bind: Annotated[
        list[str] | None, typer.Option(help="bind: CHANNEL=CAMERA, or CHANNEL=new for one of its own; may be repeated")
    ] = None,
    why: Why = "",
    config: Config = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Answer a conflict; it is carried out at once, and can be taken back."""
    answered = Answered(
        decision=answer,
        device_id=None if device is None else DeviceId(device),
        camera_id=None if camera is None else CameraId(camera),
        bindings=tuple(_binding(one) for one in bind or ()),
    )

    def act(tx: Connection, author: Author) -> Sequence[IdentityAction]:
        return resolve_conflict(tx, conflict, answered, author, system_clock())

    done = _do(act, why, config, db)
    if as_json:
        print_json({"conflict_id": conflict, "decision": answer, "actions": [action_json(one) for one in done]})
        return
    say(f"conflict {conflict}: {answer.value}")
    _tell(done)


def merge(
    keep: Annotated[int, typer.Argument(help="the device that stays")],
    other: Annotated[int, typer.Argument(help="the device that is the same one")],
    why: Why = "",
    config: Config = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Two records are one device."""
    _act(lambda tx, author: merge_devices(tx, keep, other, author, system_clock()), why, config, db, as_json=as_json)


def split(
    device: Annotated[int, typer.Argument(help="the device whose record is two")],
    camera: Annotated[list[int] | None, typer.Option(help="a camera of the other one; may be repeated")] = None,
    key: Annotated[list[str] | None, typer.Option(help="a key of the other one, KIND=VALUE; may be repeated")] = None,
    why: Why = "",
    config: Config = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """One record is two devices: what is named goes to one of its own."""
    keys = [DeviceKey(*_pair(one, "--key", "KIND=VALUE, such as mac=44:19:b6:0a:1b:2c")) for one in key or ()]
    _act(
        lambda tx, author: split_device(
            tx, device, camera_ids=camera or (), keys=keys, author=author, now=system_clock()
        ),
        why,
        config,
        db,
        as_json=as_json,
    )


def replace(
    camera: Annotated[int, typer.Argument(help="the point that goes on")],
    device: Annotated[int, typer.Argument(help="the new hardware")],
    channel: Annotated[str, typer.Option(help="of the new hardware, where it has several")] = "",
    why: Why = "",
    config: Config = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """New hardware stands at a camera's point: its record and history go on with it."""

    def act(tx: Connection, author: Author) -> IdentityAction:
        point = cameras.get(tx, camera)
        devices.get(tx, device)
        pairs = [(channel_for(tx, point, DeviceId(device), channel), point.camera_id)]
        return replace_device(tx, pairs, DeviceId(device), author, system_clock())

    _act(act, why, config, db, as_json=as_json)


def join(
    keep: Annotated[int, typer.Argument(help="the camera whose record goes on")],
    other: Annotated[int, typer.Argument(help="the camera that is the same one")],
    why: Why = "",
    config: Config = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Two records are one camera."""
    _act(lambda tx, author: join_cameras(tx, keep, other, author, system_clock()), why, config, db, as_json=as_json)


def actions(limit: Limit = 50, config: Config = None, db: Db = None, as_json: AsJson = False) -> None:
    """What was merged, split, replaced, joined, the newest first."""
    with store_of(config, db) as database, database.reading() as tx:
        page = identity_actions.page(tx, limit=limit)
    if as_json:
        print_json({"total": page.total, "items": [action_json(one) for one in page.items]})
        return
    print_table(
        ("action", "at", "who", "what", "devices", "cameras", "why", "taken back by"),
        (
            (one.action_id, f"{one.at:%Y-%m-%d %H:%M}", one.who, one.kind, _numbers(one.device_ids),
             _numbers(one.camera_ids), one.why, one.undone_by)
            for one in page.items
        ),
    )  # fmt: skip


def undo(
    action: Annotated[int, typer.Argument(help="number of the action")],
    why: Why = "",
    config: Config = None,
    db: Db = None,
    as_json: AsJson = False,
) -> None:
    """Everything is as it was before, and a question that it answered is open again; or nothing is changed."""
    _act(
        lambda tx, author: undo_identity_action(tx, action, author, system_clock()),
        why or f"takes identity action {action} back",
        config,
        db,
        as_json=as_json,
    )


def conflict_json(one: StoredConflict) -> dict[str, Any]:
    """One item of `vms identity conflicts --json`; others rely on these names."""
    told = [] if one.kind is not ConflictKind.CHANNELS or one.observed is None else one.observed.channels
    return {
        "id": one.conflict_id,
        "kind": one.kind,
        "found_at": one.found_at,
        "address": one.address,
        "port": one.port,
        "device_id": one.device_id,
        "device_ids": one.device_ids,
        "camera_ids": one.camera_ids,
        "reasons": one.reasons,
        "evidence": [
            {"code": reason.code, "values": dict(reason.values), "sentence": reason.sentence} for reason in one.evidence
        ],
        "channels": [{"channel": channel.token, "name": channel.name} for channel in told],
        "answers": answers_to(one.kind),
        "note": one.note,
    }


def action_json(one: IdentityAction) -> dict[str, Any]:
    """One act of `--json`; others rely on these names."""
    return {
        "id": one.action_id,
        "at": one.at,
        "who": one.who,
        "kind": one.kind,
        "why": one.why,
        "device_ids": one.device_ids,
        "camera_ids": one.camera_ids,
        "new_device_id": one.new_device_id,
        "undone_at": one.undone_at,
        "undone_by": one.undone_by,
    }


_QUESTIONS = {
    ConflictKind.IDENTITY: "which device is this?",
    ConflictKind.REPLACEMENT: "is this the new hardware of a point?",
    ConflictKind.CHANNELS: "which camera is each of its channels?",
    ConflictKind.SAME_CAMERA: "are these two cameras one?",
    ConflictKind.REPLACED_AGAIN: "hardware that was replaced answers again",
}


def _act(
    act: Callable[[Connection, Author], IdentityAction],
    why: str,
    config: Path | None,
    db: str | None,
    *,
    as_json: bool,
) -> None:
    (done,) = _do(lambda tx, author: [act(tx, author)], why, config, db)
    if as_json:
        print_json(action_json(done))
        return
    _tell([done])


def _do(
    act: Callable[[Connection, Author], Sequence[IdentityAction]], why: str, config: Path | None, db: str | None
) -> Sequence[IdentityAction]:
    with store_of(config, db) as database, database.writing() as tx:
        return act(tx, Author(who=getpass.getuser(), why=why))


def _tell(done: Sequence[IdentityAction]) -> None:
    for one in done:
        new = "" if one.new_device_id is None else f"; new device {one.new_device_id}"
        state = (
            f"taken back by {one.undone_by}" if one.undone_by else f"`vms identity undo {one.action_id}` takes it back"
        )
        about = f"devices {_numbers(one.device_ids)}; cameras {_numbers(one.camera_ids)}{new}"
        say(f"action {one.action_id}, {one.kind}: {about}; {state}")


def _numbers(ids: Sequence[int]) -> str:
    return ", ".join(map(str, ids)) or "none"


def _binding(text: str) -> tuple[str, CameraId | None]:
    channel, camera = _pair(text, "--bind", "CHANNEL=CAMERA or CHANNEL=new")
    if camera != OWN and not (camera.isascii() and camera.isdecimal() and len(camera) <= 15):
        raise BadInput(f"{camera!r} is no camera's number", where="--bind")
    return channel, None if camera == OWN else CameraId(int(camera))


def _pair(text: str, where: str, wanted: str) -> tuple[str, str]:
    left, sign, right = text.rpartition("=") if where == "--bind" else text.partition("=")
    if not (left and sign and right):
        raise BadInput(f"{wanted} is wanted", where=where)
    return left, right
