"""Gives a camera the next free national device id of its centre, industry, type and network."""

from dataclasses import dataclass
from datetime import datetime

from vms.access.roles import Person
from vms.core.errors import BadInput, Conflict
from vms.core.ids import CameraId
from vms.inventory.archive.codes import CodeTables
from vms.inventory.archive.gb_device_id import (
    CAMERA_TYPES,
    NETWORK_CAMERA,
    PROVINCES,
    GbDeviceId,
    centre_of,
    first_free,
    is_id,
)
from vms.services.archive.change_record import apply
from vms.store import cameras, code_tables, gb_serials
from vms.store.camera_changes import Author
from vms.store.database import Database

_INDUSTRY = {"government": "00", "community": "01", "unit": "02", "household": "03"}
_PRIVATE_NETWORK, _POLICE_NETWORK = "8", "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedId:
    centre: str = ""
    """8 digits; empty: the camera's civil code and 00."""
    industry: str = ""
    """2 digits; empty: as is usual for the tier."""
    device_type: str = NETWORK_CAMERA
    network: str = ""
    """1 digit; empty: as is usual for the tier."""
    replace: bool = False
    """Also where the camera has a valid id already."""
    why: str = ""


def generate_gb_device_id(
    database: Database, camera_id: CameraId, wanted: WantedId, person: Person, now: datetime
) -> str:
    """Two at once never get the same. Raises NotFound, BadInput that names the part, Conflict."""
    with database.writing() as tx:
        gb_serials.one_at_a_time(tx)
        row = cameras.locked_columns(tx, camera_id)
        if is_id(row["gb_device_id"]) and not wanted.replace:
            raise Conflict(f"it has the national device id {row['gb_device_id']} already", code="has_id")
        parts = _parts(wanted, row["region_code"], row["tier"])
        _check(parts, code_tables.every(tx))
        serial = first_free(gb_serials.taken(tx, parts.prefix))
        if serial is None:
            raise Conflict(f"all serial numbers of {parts.prefix} are given", code="no_serial_left")
        made = f"{parts.prefix}{serial:06d}"
        author = Author(who=person.name, why=wanted.why or "generated")
        apply(tx, row, {"gb_device_id": made}, author, now)
    return made


def _parts(wanted: WantedId, region_code: str, tier: str) -> GbDeviceId:
    centre = wanted.centre or centre_of(region_code)
    if centre is None:
        raise BadInput("the camera needs a civil code of at least six digits first", where="region_code")
    network = wanted.network or (_POLICE_NETWORK if tier == "government" else _PRIVATE_NETWORK)
    return GbDeviceId(
        centre=centre,
        industry=wanted.industry or _INDUSTRY[tier],
        device_type=wanted.device_type,
        network=network,
        serial=0,
    )


def _check(parts: GbDeviceId, codes: CodeTables) -> None:
    lengths = (("centre", parts.centre, 8), ("industry", parts.industry, 2), ("device_type", parts.device_type, 3))
    for name, digits, length in (*lengths, ("network", parts.network, 1)):
        if len(digits) != length or not (digits.isascii() and digits.isdecimal()):
            raise BadInput(f"not {length} digits", where=name)
    if parts.device_type not in CAMERA_TYPES:
        raise BadInput(f"{parts.device_type} is no camera's device type", where="device_type")
    for name, table, code in (("industry", "gb_industry", parts.industry), ("network", "gb_network", parts.network)):
        if not codes.knows(table, code):
            raise BadInput(f"no {name} {code} is known", where=name)
    if parts.centre[:2] not in PROVINCES:
        raise BadInput(f"no province {parts.centre[:2]} is known", where="centre")
