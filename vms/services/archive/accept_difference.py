"""Declared and observed do not agree, and a person decides: the device is right, or the record is and that is fine."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection

from vms.access.roles import Person
from vms.core.errors import BadInput, Conflict
from vms.core.ids import CameraId
from vms.inventory.archive.facts import Facts
from vms.inventory.differences import Difference, differences_of, usable_macs_of, usable_serial_of
from vms.services.archive.change_record import apply
from vms.store import accepted_differences, archive_facts, cameras, registrations
from vms.store.camera_changes import Author
from vms.store.database import Database


class Side(StrEnum):
    OBSERVED = "observed"
    DECLARED = "declared"


def accept_difference(
    database: Database,
    camera_id: CameraId,
    field: str,
    side: Side,
    person: Person,
    why: str,
    now: datetime,
    *,
    seen: Difference | None = None,
) -> None:
    """`seen`: what the person was shown; another difference by now is a Conflict. Raises NotFound, Conflict where there
    is no such difference, BadInput where the value follows the owner's registration."""
    with database.writing() as tx:
        row = cameras.locked_columns(tx, camera_id)
        facts = archive_facts.of_cameras(tx, [camera_id], now)[camera_id]
        difference = next((one for one in differences_of(facts) if one.field == field), None)
        if difference is None:
            raise Conflict(f"declared and observed do not differ in {field}", code="no_difference")
        if seen is not None and seen != difference:
            raise Conflict(f"{field} has changed meanwhile: the device says {difference.observed}", code="changed")
        author = Author(who=person.name, why=why)
        if side is Side.DECLARED:
            accepted_differences.put(tx, camera_id, difference, author, now)
            return
        if field == "position":
            _check_free(tx, camera_id)
        accepted_differences.forget(tx, camera_id, field)
        told = why or "what the device says"
        apply(tx, row, observed_columns(facts, field), Author(who=person.name, why=told), now)


def observed_columns(facts: Facts, field: str) -> dict[str, Any]:
    """The declared columns as the device has them."""
    match field:
        case "position":
            lon, lat = facts.observed_lon, facts.observed_lat
            return {"lon": lon, "lat": lat, "entered_x": lon, "entered_y": lat, "entered_system": "wgs84"}
        case "mac":
            return {"mac": usable_macs_of(facts)[0]}
        case "serial_no":
            return {"serial_no": usable_serial_of(facts)[:100]}
        case _:
            value = getattr(facts, f"observed_{field}")
            return {field: value.strip()[:200] if isinstance(value, str) else value}


def _check_free(tx: Connection, camera_id: CameraId) -> None:
    if registrations.of_camera(tx, camera_id) is not None:
        raise BadInput("it changes with the owner's registration", where="position", code="follows_registration")
