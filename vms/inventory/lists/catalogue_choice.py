"""Which cameras a GB/T 28181 catalogue names: those in service, each under a sound national id that is there once."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from vms.core.ids import CameraId
from vms.inventory.archive.codes import CodeTables
from vms.inventory.archive.gb_device_id import CAMERA_TYPES, type_of, wrong_parts
from vms.inventory.camera import LifeCycle

_NOT_IN_SERVICE = {
    LifeCycle.PENDING: "not in service: nobody has accepted it yet",
    LifeCycle.DRAFT: "not in service: its record is a draft",
    LifeCycle.SUBMITTED: "not in service: its record waits for approval",
    LifeCycle.RETIRED: "not in service: retired",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenCamera:
    camera_id: CameraId
    name: str
    """As it is shown."""
    gb_device_id: str
    life_cycle: LifeCycle
    is_named: bool = True
    """By a person."""
    catalogue_id: str = ""
    """Under which it goes out; each is there once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotInCatalogue:
    camera_id: CameraId
    name: str
    gb_device_id: str
    reason: str


def choose(
    cameras: Iterable[ChosenCamera], codes: CodeTables, *, without_valid_id: bool
) -> tuple[list[ChosenCamera], list[NotInCatalogue]]:
    """In their order. `without_valid_id`: those go out under their number, which is no id of anybody."""
    chosen: list[ChosenCamera] = []
    left_out: list[NotInCatalogue] = []
    holders: dict[str, CameraId] = {}
    for one in cameras:
        reason, number = "", ""
        if not one.life_cycle.in_service:
            reason = _NOT_IN_SERVICE[one.life_cycle]
        elif wrong := wrong_id(one.gb_device_id, codes):
            reason, number = ("", str(one.camera_id)) if without_valid_id else (wrong, "")
        elif one.gb_device_id in holders:
            reason = f"camera {holders[one.gb_device_id]} has this national id and comes first"
        if reason:
            left_out.append(
                NotInCatalogue(camera_id=one.camera_id, name=one.name, gb_device_id=one.gb_device_id, reason=reason)
            )
        else:
            holders.setdefault(one.gb_device_id, one.camera_id)
            chosen.append(replace(one, catalogue_id=number or one.gb_device_id))
    return chosen, left_out


def wrong_id(gb_device_id: str, codes: CodeTables) -> str:
    """Why it is no camera's national id; empty: it is one."""
    if not gb_device_id:
        return "it has no national id"
    if wrong := wrong_parts(gb_device_id, codes):
        return f"its national id: {'; '.join(english for english, _ in wrong)}"
    kind = type_of(gb_device_id)
    return "" if kind in CAMERA_TYPES else f"its national id: the device type {kind} is no camera's (digits 11 to 13)"
