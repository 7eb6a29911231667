"""Where the presets of a camera that turns look, as people say; and its head and presets read from the device now."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from vms.access.roles import Person
from vms.core.clock import Clock
from vms.core.errors import BadInput, Conflict, TryAgain
from vms.core.ids import CameraId, DeviceId
from vms.coverage.head_aim import Aim, aim_at
from vms.devices.budget import RequestBudget
from vms.devices.configure.hand import Hand
from vms.devices.onvif.operations import Service
from vms.devices.ptz import read_head, read_presets
from vms.health.spending import HEAD_AND_PRESETS
from vms.inventory.camera import Camera, StreamRole
from vms.services.asking import AskingDesk, ask_opened, cost_of, open_device
from vms.services.poses.keep_heads import keep_heads
from vms.services.poses.may_correct import refuse_stranger
from vms.store import camera_changes, cameras, device_costs, heads
from vms.store.camera_changes import Author, FieldChange
from vms.store.database import Database
from vms.store.heads import Head, HeadSeen, KeptPreset, PresetTold, views_told

NO_HEAD = "it offers no pan and tilt, or has no stream to ask by"


@dataclass(frozen=True, slots=True, kw_only=True)
class PresetNow:
    kept: KeptPreset
    aim: Aim | None
    """Where it looks, as told or as the others make it; None: nobody said enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadNow:
    head: Head | None
    """None: it was not asked yet."""
    presets: tuple[PresetNow, ...]


def head_now(tx: Connection, camera_id: CameraId) -> HeadNow:
    kept = heads.presets_of(tx, camera_id)
    told = views_told(kept)
    aims = [None if one.preset.at is None else aim_at(one.preset.at, told) for one in kept]
    return HeadNow(
        head=heads.of_camera(tx, camera_id),
        presets=tuple(PresetNow(kept=one, aim=aim) for one, aim in zip(kept, aims, strict=True)),
    )


def tell_preset(
    database: Database, camera_id: CameraId, token: str, told: PresetTold | None, person: Person, clock: Clock
) -> None:
    """None takes back what was said. Coverage follows the news of it. Raises NotFound, NotAllowed, BadInput."""
    now = clock()
    with database.writing() as tx:
        camera = cameras.get(tx, camera_id)
        refuse_stranger(tx, person, camera_id)
        _turns(camera)
        before = heads.tell(tx, camera_id, token, told, now)
        if told is not None and before.preset.at is None:
            raise BadInput("the device does not tell where this preset is", where="token", code="preset_nowhere")
        change = FieldChange(
            camera_id=camera_id,
            field="preset_view",
            before=in_words(before, before.told),
            after=in_words(before, told),
        )
        camera_changes.keep(tx, [change], Author(who=person.name, why="preset told"), now)


async def read_head_now(desk: AskingDesk, camera_id: CameraId) -> None:
    """From the device, within its day's budget; kept when this returns. Raises NotFound, Conflict; TryAgain where the
    device gives no answer."""
    camera, device_id = await asyncio.to_thread(_asked, desk.database, camera_id)
    profile = profile_of(camera)
    with desk.database.reading() as tx:
        opened = open_device(tx, desk, device_id, lambda _: HEAD_AND_PRESETS, desk.clock())

    async def look(hand: Hand) -> HeadSeen | None:
        await hand.meet()
        if not profile or not await hand.offers(Service.PTZ):
            return None
        presets = await read_presets(hand, profile)
        head = await read_head(hand, profile)
        return HeadSeen(
            camera_id=camera_id, at=desk.clock(), position=head.position, moving=head.moving, presets=presets
        )

    budget = RequestBudget(spacing_s=desk.terms.spacing_s)
    seen = await ask_opened(desk, opened, budget, look)

    def keep() -> None:
        with desk.database.writing() as tx:
            if budget.taken:
                device_costs.add_many(tx, [cost_of(opened, budget.taken, desk.clock())])
            if isinstance(seen, HeadSeen):
                keep_heads(tx, [seen], desk.clock())

    await asyncio.to_thread(keep)
    if seen is None:
        raise Conflict(NO_HEAD, code="ptz_unsupported")
    if isinstance(seen, str):
        raise TryAgain(f"the device could not be asked: {seen}", code=seen)


def profile_of(camera: Camera) -> str:
    """Of its main stream, else of any."""
    ours = sorted(camera.streams, key=lambda stream: stream.role is not StreamRole.MAIN)
    return ours[0].profile if ours else ""


def in_words(kept: KeptPreset, told: PresetTold | None) -> str | None:
    """For the record's history."""
    if told is None:
        return None
    parts: Sequence[tuple[str, float | None]] = (("↓", told.tilt_deg), ("∠", told.h_fov_deg))
    more = "".join(f" {sign}{value:g}°" for sign, value in parts if value is not None)
    return f"{kept.preset.name}: {told.bearing_deg:g}°{more}"


def _asked(database: Database, camera_id: CameraId) -> tuple[Camera, DeviceId]:
    with database.reading() as tx:
        camera = cameras.get(tx, camera_id)
    _turns(camera)
    if not camera.life_cycle.in_service:
        raise Conflict(f"camera {camera_id} is not in service", code="not_in_service")
    if camera.device_id is None:
        raise Conflict(f"camera {camera_id} has no device", code="no_device")
    return camera, camera.device_id


def _turns(camera: Camera) -> None:
    if not camera.ptz:
        raise Conflict(f"camera {camera.camera_id} cannot turn", code="cannot_turn")
