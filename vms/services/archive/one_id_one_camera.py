"""A person gives a camera a national device id: no other camera that is not retired may have it."""

from typing import Any

from sqlalchemy import Connection

from vms.core.errors import BadInput
from vms.store import gb_serials


def refuse_taken_id(tx: Connection, camera_id: int | None, gb_device_id: Any) -> None:
    """`camera_id`: None for one that is not there yet. Raises BadInput that names the camera. Doubles that are there
    already stay findings of the archive. Of two at once one is refused where both began with `one_at_a_time`, before
    they locked a row."""
    if (held := taken_by(tx, camera_id, gb_device_id)) is not None:
        raise BadInput(held, where="gb_device_id", code="id_taken")


def one_at_a_time(tx: Connection) -> None:
    """Until the end of the transaction nobody else gives an id."""
    gb_serials.one_at_a_time(tx)


def taken_by(tx: Connection, camera_id: int | None, gb_device_id: Any) -> str | None:
    """In words which other camera has it; for a preview, which holds nothing back."""
    held = gb_serials.holder(tx, str(gb_device_id), camera_id) if gb_device_id else None
    return None if held is None else f"camera {held[0]} ({held[1]}) has this national device id already"
