"""Which camera does a row of a list describe? By its record's mark, else by its strongest key.

National id, else serial number and channel, else MAC and channel, else address, port and channel, else name and place.
A stronger key that differs forbids a weaker match. Where several cameras fit, the name decides, else nobody does: the
row is in doubt. A retired camera is found where no other is; by where it was, only under its name.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from vms.core.ids import CameraId
from vms.inventory.lists.entry_claim import Claim, EntryKey

_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A camera that may be meant: what was declared of it and what its device says."""

    camera_id: CameraId
    mark: str = ""
    names: tuple[str, ...] = ()
    """As declared, and as its device calls it."""
    gb_device_id: str = ""
    serials: frozenset[str] = frozenset()
    macs: frozenset[str] = frozenset()
    addresses: frozenset[tuple[str, int | None]] = frozenset()
    channels: frozenset[str] = frozenset({""})
    """Every way to name the channel: as entered, the device's token, its number, nothing where it is the only one."""
    place: EntryKey | None = None
    retired: bool = False
    bound: bool = False
    """To a device, which tells some of this itself."""
    row: int = 0
    """Of the list that is taken in, which makes this camera: it has no number yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Nobody can say which camera the row means."""

    field: str
    value: str
    reason: str


FIELD_OF_KEY = {
    "gb": "gb_device_id",
    "serial": "serial_no",
    "mac": "mac",
    "address": "address",
    "place": "name",
    "mark": "record",
}


class Matcher:
    """Finds among candidates; who comes again under its number takes the place of what was known of it."""

    __slots__ = ("_by_key", "_by_mark", "_every")

    def __init__(self, candidates: Iterable[Candidate] = ()) -> None:
        self._by_mark: dict[str, Candidate] = {}
        self._by_key: dict[EntryKey, list[Candidate]] = {}
        self._every: dict[CameraId, Candidate] = {}
        for candidate in candidates:
            self.add(candidate)

    def add(self, candidate: Candidate) -> None:
        if (before := self._every.get(candidate.camera_id)) is not None:
            for key in candidate_keys(before):
                self._by_key[key].remove(before)
        self._every[candidate.camera_id] = candidate
        self._by_mark[candidate.mark] = candidate
        for key in candidate_keys(candidate):
            self._by_key.setdefault(key, []).append(candidate)

    def find(self, claim: Claim, keys: Sequence[EntryKey]) -> Candidate | Doubt | None:
        """`keys`: of the claim. None: no camera that is known. A mark of another inventory says nothing."""
        if claim.mark and (marked := self._by_mark.get(claim.mark)) is not None:
            return self._another(claim, marked) or marked
        for key in keys:
            kind = str(key[0])
            there = self._by_key.get(key if kind == "place" else key[:2])
            if not there:
                continue
            found = _choose(claim, kind, [one for one in there if not one.retired and not _differs(claim, one)])
            left = [one for one in there if one.retired and _may_be_left(claim, one, kind)]
            if found is not None and not _is_named(found, claim):
                left = [one for one in left if claim.name in one.names]
            if left and (found is None or not _is_named(found, claim)):
                return min(left, key=lambda one: one.camera_id)
            if found is not None:
                return found
        return None

    def _another(self, claim: Claim, marked: Candidate) -> Doubt | None:
        """The row has this record's mark, but a key that is another's: parts of the list were sorted or filled down."""
        given = (
            ("gb", claim.gb_device_id, {marked.gb_device_id}),
            ("serial", claim.serial, marked.serials),
            ("mac", claim.mac, marked.macs),
        )
        for kind, value, own in given:
            if value and value not in own:
                there = [one for one in self._by_key.get((kind, value), ()) if not one.retired]
                others = [one for one in there if kind == "gb" or claim.channel in one.channels]
                if others:
                    first, *more = _cameras(others)
                    reason = f"the row is marked as camera {marked.camera_id}, but this belongs to {first}"
                    return Doubt(field=FIELD_OF_KEY[kind], value=value, reason="; ".join((reason, *more)))
        return None


def _choose(claim: Claim, kind: str, there: list[Candidate]) -> Candidate | Doubt | None:
    """`there`: cameras that have this key, whatever their channel, and that nothing contradicts."""
    if not there:
        return None
    if kind in ("gb", "place"):
        return _one(claim, there) or _doubt(claim, kind, there, "say a serial number, a MAC or the record's mark too")
    if kind == "address":
        there = _at_port(claim, there)
    fitting = [one for one in there if claim.channel in one.channels]
    if claim.channel:
        found = _one(claim, fitting) if fitting else None
        return found or (_doubt(claim, kind, fitting, "say a national id too") if fitting else None)
    if len(fitting) == 1 and (len(there) == 1 or claim.says_channel):
        return fitting[0]
    named = [one for one in there if claim.name in one.names]
    return named[0] if len(named) == 1 else _doubt(claim, kind, there, "say which channel") if there else None


def _one(claim: Claim, fitting: list[Candidate]) -> Candidate | None:
    """The only one, else the only one that something more speaks for."""
    speaks: tuple[Callable[[Candidate], bool], ...] = (
        lambda one: claim.serial in one.serials,
        lambda one: claim.mac in one.macs,
        lambda one: claim.name in one.names,
        lambda one: (claim.address, claim.port) in one.addresses,
        lambda one: claim.channel in one.channels,
    )
    for proof in speaks:
        if len(fitting) == 1:
            break
        fitting = [one for one in fitting if proof(one)] or fitting
    return fitting[0] if len(fitting) == 1 else None


def _at_port(claim: Claim, there: list[Candidate]) -> list[Candidate]:
    """Those at the port of the row; where none is, those whose port nobody said; all where the row says none."""
    exact = [one for one in there if (claim.address, claim.port) in one.addresses]
    if claim.port is not None:
        return exact or [one for one in there if (claim.address, None) in one.addresses]
    return exact if exact and claim.says_port else there


def _may_be_left(claim: Claim, retired: Candidate, kind: str) -> bool:
    """Does the row mean this camera that is gone? Nothing that is known of both may differ."""
    if kind in ("address", "place") and claim.name not in retired.names:
        return False
    if kind in ("serial", "mac") and claim.channel not in retired.channels:
        return False
    return not (
        (claim.gb_device_id and retired.gb_device_id and claim.gb_device_id != retired.gb_device_id)
        or (claim.serial and retired.serials and claim.serial not in retired.serials)
        or (claim.mac and retired.macs and claim.mac not in retired.macs)
    )


def _is_named(found: Candidate | Doubt, claim: Claim) -> bool:
    return isinstance(found, Candidate) and claim.name in found.names


def candidate_keys(candidate: Candidate) -> Iterable[EntryKey]:
    """Without channels and ports."""
    if candidate.gb_device_id:
        yield ("gb", candidate.gb_device_id)
    for serial in candidate.serials:
        yield ("serial", serial)
    for mac in candidate.macs:
        yield ("mac", mac)
    yield from {("address", address) for address, _ in candidate.addresses}
    if candidate.place:
        yield candidate.place


def _differs(claim: Claim, candidate: Candidate) -> bool:
    if claim.gb_device_id and candidate.gb_device_id:
        return claim.gb_device_id != candidate.gb_device_id
    if claim.serial and candidate.serials:
        return claim.serial not in candidate.serials
    return bool(claim.mac and candidate.macs and claim.mac not in candidate.macs)


def _doubt(claim: Claim, kind: str, there: Sequence[Candidate], told: str) -> Doubt:
    values = {"gb": claim.gb_device_id, "serial": claim.serial, "mac": claim.mac, "address": claim.address}
    value = values.get(kind, claim.name)
    first, *more = _cameras(there)
    return Doubt(field=FIELD_OF_KEY[kind], value=value, reason="; ".join((f"this belongs to {first}", *more, told)))


def _cameras(there: Sequence[Candidate]) -> list[str]:
    ordered = sorted(there, key=lambda one: (one.row, one.camera_id))
    some = [_camera(one) for one in ordered[:_SHOWN]]
    return some if len(ordered) <= _SHOWN else [*some, f"and {len(ordered) - _SHOWN} more"]


def _camera(one: Candidate) -> str:
    channel = min(one.channels - {""}, key=lambda name: (name.isdecimal(), name), default="")
    name = one.names[0] if one.names else "without a name"
    called = f"{name}, channel {channel}" if channel else name
    return f"row {one.row} ({called})" if one.row else f"camera {one.camera_id} ({called})"
