"""What a row of a list says of which camera it describes."""

from dataclasses import dataclass

from vms.inventory.identity.keys import real_serial, usable_mac
from vms.inventory.lists.camera_entry import Entry

EntryKey = tuple[object, ...]
ANY_PORT = "any"
"""The list does not say which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    mark: str
    """Of the record; empty: none."""
    gb_device_id: str
    serial: str
    """Upper case; empty: none, or a fake."""
    mac: str
    address: str
    port: int | None
    says_port: bool
    """The list has such a column."""
    channel: str
    says_channel: bool
    name: str
    place: EntryKey

    def keys(self) -> list[EntryKey]:
        """Strongest first; name and place only where there is nothing better."""
        keys: list[EntryKey] = []
        if self.gb_device_id:
            keys.append(("gb", self.gb_device_id))
        if self.serial:
            keys.append(("serial", self.serial, self.channel))
        if self.mac:
            keys.append(("mac", self.mac, self.channel))
        if self.address:
            keys.append(("address", self.address, self.port or ANY_PORT, self.channel))
        return keys or [self.place]


def claim_of(entry: Entry) -> Claim:
    columns, text = entry.columns, entry.text
    port, name = columns.get("port"), text("name")
    return Claim(
        mark=entry.mark,
        gb_device_id=text("gb_device_id"),
        serial=real_serial(text("serial_no"), text("model"), text("manufacturer")),
        mac=usable_mac(text("mac")),
        address=text("address"),
        port=port if isinstance(port, int) else None,
        says_port="port" in columns,
        channel=text("declared_channel"),
        says_channel="declared_channel" in columns,
        name=name,
        place=place_key(name, columns.get("lon"), columns.get("lat")),
    )


def place_key(name: str, lon: object, lat: object) -> EntryKey:
    here = (round(lon, 6), round(lat, 6)) if isinstance(lon, float) and isinstance(lat, float) else (None, None)
    return ("place", name, *here)
