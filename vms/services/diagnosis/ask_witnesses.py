"""Asks devices what they say themselves of a picture in which something was found: rarely, and from their budgets.

A witness that agrees raises the finding and is named with it; one that disagrees closes nothing.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from vms.core.clock import Clock
from vms.core.errors import VmsError
from vms.core.ids import CameraId, DeviceId
from vms.devices.onvif.events import Notification
from vms.health.picture.finding import Thresholds
from vms.health.picture.witness import AGREES, ToldEvent, hear
from vms.health.spending import Reason
from vms.services.read_device_events import read_device_events
from vms.services.spending import OverBudget, Purse
from vms.store import events, incidents, picture_thresholds, picture_witnesses, poll_targets
from vms.store.database import Database
from vms.store.picture_witnesses import DoubtedFault, StoredWitness
from vms.store.secret_box import SecretBox

log = logging.getLogger(__name__)
SAYS = "the device itself says"
WITNESSED_NEWS = "fault.witnessed"
NEVER = frozenset({"events_unsupported", "events_unreadable", "no_login"})


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessPolicy:
    every_s: float = 60.0
    devices: int = 5
    """Asked in one round at most."""
    listens_s: float = 2.0
    again_s: float = 86_400.0
    """A device is asked once a day at most, whatever is found on its channels."""
    never_s: float = 30 * 86_400.0
    """One that offers no events is left alone for so long."""
    fresh_s: float = 3 * 86_400.0
    """Older faults have been looked at by people."""
    shown_within_s: float = 86_400.0
    """Devices whose cameras were shown for an open incident so recently are let alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessDesk:
    database: Database
    box: SecretBox
    purse: Purse
    clock: Clock
    policy: WitnessPolicy = WitnessPolicy()


async def run_witnesses(desk: WitnessDesk, stop: asyncio.Event) -> None:
    """Until `stop` is set."""
    while not stop.is_set():
        try:
            async with asyncio.timeout(desk.policy.every_s):
                await stop.wait()
                return
        except TimeoutError:
            pass
        try:
            await ask_due(desk)
        except SQLAlchemyError as problem:
            log.warning("devices cannot be asked about their pictures: %s", problem)


async def ask_due(desk: WitnessDesk) -> int:
    """One round. How many devices were asked."""
    due = await asyncio.to_thread(_due, desk)
    for device_id, found in due.items():
        try:
            told = await _ask(desk, device_id)
        except OverBudget:
            continue
        except VmsError as problem:
            await asyncio.to_thread(_keep, desk, found, (), problem.code)
        else:
            await asyncio.to_thread(_keep, desk, found, told, "")
    return len(due)


async def _ask(desk: WitnessDesk, device_id: DeviceId) -> tuple[Notification, ...]:
    return await read_device_events(
        desk.database,
        desk.box,
        device_id,
        "jobs",
        desk.clock,
        within_s=desk.policy.listens_s,
        purse=desk.purse,
        reason=Reason.DIAGNOSIS,
    )


def _due(desk: WitnessDesk) -> dict[DeviceId, list[DoubtedFault]]:
    """The devices to ask now, those with the finding most in doubt first; what was said before is named again where a
    newer look has written over it."""
    now, policy = desk.clock(), desk.policy
    with desk.database.reading() as tx:
        open_ones = picture_witnesses.doubted(tx, now - timedelta(seconds=policy.fresh_s))
        if not open_ones:
            return {}
        ids = [one.camera_id for one in open_ones]
        known = picture_witnesses.of_cameras(tx, ids)
        thresholds = picture_thresholds.thresholds_of(tx, ids)
        shown = incidents.cameras_shown_since(tx, now - timedelta(seconds=policy.shown_within_s))
        busy = poll_targets.devices_of_cameras(tx, shown) if shown else set()
    _say_again(desk, [one for one in open_ones if _is_lost(one, known.get(one.camera_id))], known)
    asked = {one.device_id: known[one.camera_id] for one in open_ones if one.camera_id in known}
    waiting: dict[DeviceId, list[DoubtedFault]] = {}
    for one in sorted(open_ones, key=lambda fault: _doubt(fault, thresholds)):
        if one.device_id not in busy and not _was_asked(asked.get(one.device_id), now, policy):
            waiting.setdefault(one.device_id, []).append(one)
    return dict(list(waiting.items())[: policy.devices])


def _doubt(one: DoubtedFault, thresholds: dict[CameraId, Thresholds]) -> float:
    """How far beyond its threshold it is: the least is the most in doubt."""
    limit = thresholds.get(one.camera_id, Thresholds()).noticed_from(one.kind)
    return abs((one.score if one.score is not None else 1.0) - limit)


def _was_asked(before: StoredWitness | None, now: datetime, policy: WitnessPolicy) -> bool:
    if before is None:
        return False
    rests_s = policy.never_s if before.because in NEVER else policy.again_s
    return now - before.asked_at < timedelta(seconds=rests_s)


def _keep(desk: WitnessDesk, found: Sequence[DoubtedFault], told: Sequence[Notification], because: str) -> None:
    now = desk.clock()
    said = [
        ToldEvent(
            topic=one.topic,
            sources=tuple(value for _, value in one.source),
            state=next((value for name, value in one.data if name.lower() in ("state", "value")), ""),
        )
        for one in told
    ]
    with desk.database.writing() as tx:
        alone = poll_targets.channels_of(tx, found[0].device_id) == 1
        witnesses = {}
        for one in found:
            heard = hear(said, one.channel, alone=alone)
            witnesses[one.camera_id] = StoredWitness(
                camera_id=one.camera_id,
                asked_at=now,
                offers=tuple(sorted(heard.offers)),
                says=tuple(sorted(heard.says)),
                because=because,
            )
        picture_witnesses.put_many(tx, witnesses.values())
        for one in found:
            if one.kind in witnesses[one.camera_id].says:
                _name_both(tx, one, witnesses[one.camera_id], raises=True)
                content = {"fault_id": one.fault_id, "kind": one.kind.value}
                events.append(tx, WITNESSED_NEWS, one.camera_id, content, now)


def _is_lost(one: DoubtedFault, witness: StoredWitness | None) -> bool:
    agreed = witness is not None and one.kind in witness.says and witness.asked_at >= one.opened_at
    return agreed and SAYS not in one.because


def _say_again(desk: WitnessDesk, lost: Sequence[DoubtedFault], known: dict[CameraId, StoredWitness]) -> None:
    """A worse look since has put its own words there; its score stands as it is."""
    if lost:
        with desk.database.writing() as tx:
            for one in lost:
                _name_both(tx, one, known[one.camera_id], raises=False)


def _name_both(tx: Connection, one: DoubtedFault, witness: StoredWitness, *, raises: bool) -> None:
    kinds = ", ".join(witness.says)
    score = min(1.0, round(one.score + AGREES, 3)) if raises and one.score is not None else one.score
    said = f"the device itself says: {kinds}"
    picture_witnesses.agree(tx, one.fault_id, f"{one.because}; {said}" if one.because else said, score)
