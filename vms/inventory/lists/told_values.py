"""What a device says of a camera that nobody has entered yet, as the columns of a list: to be completed and read in."""

import re

from vms.inventory.archive.fields import field
from vms.inventory.archive.values import Value, is_empty, read_value
from vms.inventory.device import ObservedDevice

_UNREADABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]+")


def told_values(name: str, channel: str, told: ObservedDevice) -> dict[str, Value]:
    """By column, as a list that is read in would hold it; what it could not hold is left out."""
    given: dict[str, str | int] = {
        "name": name,
        "serial_no": told.serial_no,
        "mac": told.mac,
        "address": told.address,
        "port": told.port,
        "channel": channel,
        "manufacturer": told.manufacturer,
        "model": told.model,
    }
    found: dict[str, Value] = {}
    for column, value in given.items():
        one = field(column)
        try:
            read = read_value(one, _UNREADABLE.sub(" ", value)[: one.longest] if isinstance(value, str) else value)
        except ValueError:
            continue
        if not is_empty(read):
            found[column] = read
    return found
