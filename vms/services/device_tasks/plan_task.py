"""A task on many devices is planned: which devices have a step, which cameras are left out and why."""

import secrets
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from vms.access.agreement import Agreements
from vms.access.roles import Person, sees_addresses
from vms.core.errors import BadInput, NotAllowed, NotFound
from vms.core.ids import CameraId
from vms.inventory.camera import Camera
from vms.inventory.filters.expression import parse_filter
from vms.services.device_tasks.kinds import (
    LONGEST_PASSWORD,
    SHORTEST_PASSWORD,
    TaskKind,
    check_parameters,
    is_per_channel,
    kind_of,
    may_start,
)
from vms.services.device_tasks.whose import NOT_IN_SERVICE, judge
from vms.store import camera_pages, cameras, device_tasks, devices
from vms.store.camera_filter import CameraFilter
from vms.store.database import Database
from vms.store.device_tasks import NewStep
from vms.store.secret_box import SecretBox

MOST_CAMERAS = 100_000
NO_DEVICE = "the camera has no device"
_BATCH = 500
_LETTERS = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Nothing that is read wrongly, or that a device takes for something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRequest:
    kind: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    camera_ids: tuple[int, ...] = ()
    expression: str = ""
    """Or the cameras that this filter finds."""
    why: str = ""
    password: str = field(default="", repr=False)
    """For change_password; empty: one is made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    kind: TaskKind
    parameters: Mapping[str, Any]
    steps: tuple[NewStep, ...]
    left_out: Mapping[str, int]
    """Cameras without a step, by the reason."""


def plan_task(tx: Connection, asked: TaskRequest, person: Person, configurable: Agreements, now: datetime) -> Plan:
    """Nothing is asked of any device. Raises BadInput, NotAllowed, NotFound."""
    kind = kind_of(asked.kind)
    if not may_start(person.role, kind):
        raise NotAllowed("your role may not start this task", code="role")
    parameters = check_parameters(kind, asked.parameters)
    ids = _chosen(tx, asked, person, now)
    left_out: Counter[str] = Counter()
    steps: dict[tuple[int, str], NewStep] = {}
    for start in range(0, len(ids), _BATCH):
        for step, because in _steps(tx, ids[start : start + _BATCH], kind, configurable):
            if step is None:
                left_out[because] += 1
            else:
                steps.setdefault((step.device_id, step.channel), step)
    return Plan(kind=kind, parameters=parameters, steps=tuple(steps.values()), left_out=dict(left_out))


def start_task(
    database: Database,
    box: SecretBox,
    asked: TaskRequest,
    person: Person,
    configurable: Agreements,
    now: datetime,
) -> int:
    """Its id; a runner takes it up. Raises BadInput, NotAllowed, NotFound."""
    if not asked.why.strip():
        raise BadInput("say why, for the record", where="why")
    with database.writing() as tx:
        plan = plan_task(tx, asked, person, configurable, now)
        if not plan.steps:
            because = "; ".join(f"{count}: {why}" for why, count in plan.left_out.items())
            raise BadInput(f"no device is left of this choice ({because or 'it is empty'})", where="filter")
        secret = None
        if plan.kind is TaskKind.CHANGE_PASSWORD:
            secret = box.seal(_password(asked.password, plan.parameters["length"]))
        elif asked.password:
            raise BadInput("only change_password takes a password", where="password")
        return device_tasks.add(
            tx,
            kind=plan.kind.value,
            parameters=plan.parameters,
            secret=secret,
            left_out=plan.left_out,
            steps=plan.steps,
            undo_of=None,
            who=person.name,
            why=asked.why.strip(),
            now=now,
        )


def _chosen(tx: Connection, asked: TaskRequest, person: Person, now: datetime) -> Sequence[CameraId]:
    if bool(asked.camera_ids) == bool(asked.expression.strip()):
        raise BadInput("either cameras or a filter is wanted", where="filter")
    if asked.expression.strip():
        addresses = sees_addresses(person)
        wanted = CameraFilter(expression=parse_filter(asked.expression), sees_addresses=addresses)
        found = camera_pages.every_id(tx, wanted, now, limit=MOST_CAMERAS + 1)
    else:
        found = [CameraId(one) for one in dict.fromkeys(asked.camera_ids)]
        known = {camera.camera_id for camera in cameras.by_ids(tx, found[: MOST_CAMERAS + 1])}
        if missing := [one for one in found[: MOST_CAMERAS + 1] if one not in known]:
            raise NotFound(f"there is no camera {missing[0]}")
    if len(found) > MOST_CAMERAS:
        raise BadInput(f"at most {MOST_CAMERAS} cameras at once", where="filter")
    return found


def _steps(
    tx: Connection, ids: Sequence[CameraId], kind: TaskKind, configurable: Agreements
) -> Iterator[tuple[NewStep | None, str]]:
    """A step, or why there is none, for each camera; a device as a whole is judged by all of its cameras in service."""
    chosen = cameras.by_ids(tx, ids)
    known = {device.device_id: device for device in devices.by_ids(tx, _device_ids(chosen))}
    siblings: dict[int, list[Camera]] = {}
    for camera in cameras.by_ids(tx, cameras.ids_of_devices(tx, known)):
        if camera.device_id is not None and camera.life_cycle.in_service:
            siblings.setdefault(camera.device_id, []).append(camera)
    for camera in chosen:
        device = known.get(camera.device_id) if camera.device_id is not None else None
        if device is None:
            yield None, NO_DEVICE
            continue
        if not camera.life_cycle.in_service:
            yield None, NOT_IN_SERVICE
            continue
        per_channel = is_per_channel(kind)
        judged = [camera] if per_channel else siblings.get(device.device_id, [])
        if because := judge(device, judged, configurable):
            yield None, because
            continue
        channel = camera.channel if per_channel else ""
        yield NewStep(device_id=device.device_id, channel=channel, camera_id=camera.camera_id), ""


def _device_ids(chosen: Sequence[Camera]) -> list[int]:
    return [camera.device_id for camera in chosen if camera.device_id is not None]


def _password(given: str, length: int) -> str:
    if not given:
        while True:
            made = "".join(secrets.choice(_LETTERS) for _ in range(length))
            if any(c.islower() for c in made) and any(c.isupper() for c in made) and any(c.isdigit() for c in made):
                return made
    if not SHORTEST_PASSWORD <= len(given) <= LONGEST_PASSWORD or not given.isascii() or not given.isprintable():
        words = f"{SHORTEST_PASSWORD} to {LONGEST_PASSWORD} printable ASCII characters are wanted"
        raise BadInput(words, where="password")
    return given
