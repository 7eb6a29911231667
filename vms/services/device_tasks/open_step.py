"""Everything that a step needs, read from the store in one go: the device, its login, the camera's name."""

from dataclasses import dataclass
from typing import Any

from vms.devices.budget import Login
from vms.devices.configure.hand import Hand
from vms.devices.onvif.client import OnvifClient
from vms.devices.who_answers import ask_openly
from vms.inventory.identity.known_device import KnownDevice
from vms.inventory.identity.open_evidence import Answerer
from vms.services.device_tasks.desk import TaskDesk
from vms.services.device_tasks.kind import Case
from vms.services.device_tasks.kinds import is_per_channel, kind_of
from vms.services.device_tasks.whose import why_not
from vms.store import cameras, credentials, devices
from vms.store.credentials import StoredLogin
from vms.store.device_tasks import Step, StepState, Task


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenStep:
    task: Task
    step: Step
    device: KnownDevice
    login: StoredLogin | None
    case: Case
    why_not: str
    """Not empty: a rule of the house says no, or the device has refused the login that we have."""


def open_step(desk: TaskDesk, task: Task, step: Step) -> OpenStep:
    """Blocking. Raises NotFound where the device is gone, PersonMustAct where its login cannot be opened."""
    with desk.database.reading() as tx:
        device = devices.get(tx, step.device_id)
        login = credentials.login_of(tx, desk.box, device.credential_id)
        found = cameras.by_ids(tx, [] if step.camera_id is None else [step.camera_id])
        whole = not is_per_channel(kind_of(task.kind))
        because = why_not(tx, device, step.camera_id, desk.configurable, whole_device=whole)
    if not because and login is not None and device.login_refused_version == login.version:
        because = "the device has refused the login that is known for it; nobody signs in before it changes"
    camera = found[0] if found else None
    undoes = task.undo_of is not None
    return OpenStep(
        task=task,
        step=step,
        device=device,
        login=login,
        why_not=because,
        case=Case(
            parameters=task.parameters,
            channel=step.channel,
            camera_name="" if camera is None else camera.declared.name,
            observed_name="" if camera is None else camera.observed_name,
            profiles={} if camera is None else {stream.role.value: stream.profile for stream in camera.streams},
            undo_to=step.wanted if undoes and step.state is StepState.WAITING else None,
        ),
    )


async def another_answers(desk: TaskDesk, opened: OpenStep) -> bool:
    """Asked openly, so that neither a login is shown to a device that is not ours nor a setting made on it. False
    where nobody can say."""
    return await ask_openly(hand_for(desk, opened, None).client, opened.device.observed) is Answerer.ANOTHER


def hand_for(desk: TaskDesk, opened: OpenStep, login: StoredLogin | None) -> Hand:
    """A new one for each login."""
    return hand_of(opened.device, login, timeout_s=desk.timing.request_s, clock=desk.clock, budget=desk.budget)


def hand_of(device: KnownDevice, login: StoredLogin | None, **how: Any) -> Hand:
    """`how`: as OnvifClient takes it."""
    signs_in = None
    if login is not None:
        version = f"{login.credential_id}.{login.version}"
        signs_in = Login(username=login.username, password=login.password, version=version)
    observed = device.observed
    client = OnvifClient(
        observed.address, observed.port, quirks=observed.quirks, policy=device.policy, login=signs_in, **how
    )
    return Hand(client)
