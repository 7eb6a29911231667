"""All kinds of tasks, and who may start which."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from vms.access.roles import Role
from vms.core.errors import BadInput
from vms.services.device_tasks.kind import Kind
from vms.services.device_tasks.parameters import only, whole_number
from vms.services.device_tasks.set_clock import SetClock
from vms.services.device_tasks.set_encoder import SetEncoder
from vms.services.device_tasks.set_ntp import SetNtp
from vms.services.device_tasks.set_osd_name import SetOsdName


class TaskKind(StrEnum):
    SET_CLOCK = "set_clock"
    SET_NTP = "set_ntp"
    SET_OSD_NAME = "set_osd_name"
    SET_ENCODER = "set_encoder"
    CHANGE_PASSWORD = "change_password"  # noqa: S105 - a name
    REBOOT = "reboot"
    READ_FIRMWARE = "read_firmware"


BY_READING: Mapping[TaskKind, Kind] = {
    TaskKind.SET_CLOCK: SetClock(),
    TaskKind.SET_NTP: SetNtp(),
    TaskKind.SET_OSD_NAME: SetOsdName(),
    TaskKind.SET_ENCODER: SetEncoder(),
}
"""What became of a change is read from the device; the others have ways of their own."""

SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 32


def kind_of(name: str) -> TaskKind:
    """Raises BadInput."""
    try:
        return TaskKind(name)
    except ValueError:
        raise BadInput(f"one of {', '.join(TaskKind)} is wanted", where="kind") from None


def check_parameters(kind: TaskKind, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """As they are kept. Raises BadInput that names one."""
    if kind in BY_READING:
        return BY_READING[kind].check(parameters)
    if kind is TaskKind.CHANGE_PASSWORD:
        only(parameters, "length")
        length = whole_number(parameters, "length", SHORTEST_PASSWORD, LONGEST_PASSWORD)
        return {"length": length or 16}
    only(parameters)
    return {}


def is_per_channel(kind: TaskKind) -> bool:
    return kind in BY_READING and BY_READING[kind].per_channel


def is_undoable(kind: TaskKind) -> bool:
    return kind is TaskKind.CHANGE_PASSWORD or (kind in BY_READING and BY_READING[kind].undoable)


def may_start(role: Role, kind: TaskKind) -> bool:
    return role is Role.ADMIN or (role is Role.MAINTAINER and kind is not TaskKind.CHANGE_PASSWORD)
