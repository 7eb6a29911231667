"""Which camera does a row of a list describe? By its strongest key; a stronger key that differs forbids a weaker match.

National id, else serial number and channel, else MAC and channel, else address, port and channel, else name and place.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from vms.core.ids import CameraId
from vms.inventory.identity.keys import real_serial, usable_mac
from vms.inventory.lists.camera_entry import Entry

EntryKey = tuple[object, ...]
ANY_PORT = "any"
"""The list has no such column: then an address means a camera where only one is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A camera that may be meant: what was declared of it and what its device says."""

    camera_id: CameraId
    gb_device_id: str = ""
    serials: frozenset[str] = frozenset()
    macs: frozenset[str] = frozenset()
    addresses: frozenset[tuple[str, int | None]] = frozenset()
    channels: frozenset[str] = frozenset({""})
    """Every way to name the channel: as entered, the device's token, its number, nothing where it is the only one."""
    place: EntryKey | None = None


def entry_keys(entry: Entry) -> list[EntryKey]:
    """Strongest first; name and place only where there is nothing better."""
    channel = entry.text("declared_channel")
    keys: list[EntryKey] = []
    if gb_device_id := entry.text("gb_device_id"):
        keys.append(("gb", gb_device_id))
    if serial := _serial(entry):
        keys.append(("serial", serial, channel))
    if mac := usable_mac(entry.text("mac")):
        keys.append(("mac", mac, channel))
    if address := entry.text("address"):
        port = entry.columns.get("port", ANY_PORT)
        keys.append(("address", address, port, channel))
    return keys or [place_key(entry.text("name"), entry.columns.get("lon"), entry.columns.get("lat"))]


def place_key(name: str, lon: object, lat: object) -> EntryKey:
    here = (round(lon, 6), round(lat, 6)) if isinstance(lon, float) and isinstance(lat, float) else (None, None)
    return ("place", name, *here)


class Matcher:
    """Finds among candidates."""

    __slots__ = ("_by_key",)

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        by_key: dict[EntryKey, list[Candidate]] = {}
        for candidate in candidates:
            for key in _candidate_keys(candidate):
                by_key.setdefault(key, []).append(candidate)
        self._by_key: Mapping[EntryKey, Sequence[Candidate]] = by_key

    def find(self, entry: Entry, keys: Iterable[EntryKey]) -> Candidate | None:
        """The one with the lowest id where several fit. `keys`: of entry_keys."""
        for key in keys:
            fitting = [candidate for candidate in self._by_key.get(key, ()) if not _contradict(entry, candidate)]
            if len(fitting) > 1 and key[0] == "address" and key[2] == ANY_PORT:
                continue
            if fitting:
                return min(fitting, key=lambda candidate: candidate.camera_id)
        return None


def _candidate_keys(candidate: Candidate) -> Iterable[EntryKey]:
    if candidate.gb_device_id:
        yield ("gb", candidate.gb_device_id)
    for channel in candidate.channels:
        yield from (("serial", serial, channel) for serial in candidate.serials)
        yield from (("mac", mac, channel) for mac in candidate.macs)
        yield from (("address", address, port, channel) for address, port in candidate.addresses)
        yield from {("address", address, ANY_PORT, channel) for address, _ in candidate.addresses}
    if candidate.place:
        yield candidate.place


def _contradict(entry: Entry, candidate: Candidate) -> bool:
    gb_device_id, serial, mac = entry.text("gb_device_id"), _serial(entry), usable_mac(entry.text("mac"))
    if gb_device_id and candidate.gb_device_id:
        return gb_device_id != candidate.gb_device_id
    if serial and candidate.serials:
        return serial not in candidate.serials
    return bool(mac and candidate.macs and mac not in candidate.macs)


def _serial(entry: Entry) -> str:
    return real_serial(entry.text("serial_no"), entry.text("model"), entry.text("manufacturer"))
