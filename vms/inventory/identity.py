"""Which known device is this? Decided from several keys, never from the address alone; doubts are shown, not merged.

    keys say one device, nothing against it ............... SameDevice
    keys say one device, others say another ............... SameDevice where more speaks for than against, else Conflict
    keys point at several devices ......................... the one that all of them name, else Conflict
    a key that several known devices share ................ tells nothing by itself; the address may tell them apart
    no key known, the address's device is of another key .. NewDevice
    no key at all, address + maker + model agree .......... SameDevice, where the known one has no key either
    no key at all, nothing but the address ................ Unproven

A changed endpoint reference speaks against nobody: some devices make a new one at each start. A Conflict is stored
apart from all the devices it names, so the next time its own record is the one that all of its keys name.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from vms.core.ids import DeviceId
from vms.inventory.device import ObservedDevice
from vms.inventory.keys import DeviceKey, KeyKind, usable_keys


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownIdentity:
    """A device of the inventory, as far as it matters here. All that hold a key of the evidence or were heard at its
    address have to be handed in."""

    device_id: DeviceId
    keys: frozenset[DeviceKey]
    manufacturer: str = ""
    model: str = ""
    address: str = ""
    port: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SameDevice:
    device_id: DeviceId
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDevice:
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    device_ids: tuple[DeviceId, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unproven:
    """Something answers where this device was heard last, and says nothing of who it is."""

    device_id: DeviceId
    reasons: tuple[str, ...]


Identity = SameDevice | NewDevice | Conflict | Unproven


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """What speaks for and against one known device."""

    known: KnownIdentity
    matching: frozenset[KeyKind]
    against: tuple[str, ...]
    at_address: bool


def decide(observed: ObservedDevice, known: Sequence[KnownIdentity]) -> Identity:
    keys = usable_keys(observed)
    cases = [_case(observed, keys, device) for device in known]
    pointed_at = [case for case in cases if case.matching]
    if pointed_at:
        return _by_keys(pointed_at)
    return _by_address(observed, keys, [case for case in cases if case.at_address])


def _case(observed: ObservedDevice, keys: Sequence[DeviceKey], known: KnownIdentity) -> _Case:
    same_maker = _agree(observed.manufacturer, known.manufacturer)
    matching: set[KeyKind] = set()
    against: list[str] = []
    for kind in KeyKind:
        ours = {key for key in keys if key.kind == kind}
        theirs = {key for key in known.keys if key.kind == kind}
        if ours & theirs and (same_maker or kind != KeyKind.SERIAL):
            matching.add(kind)
        elif ours and theirs and kind != KeyKind.ENDPOINT_REFERENCE:
            against.append(f"its {_WORDS[kind]} is another than that of device {known.device_id}")
    return _Case(
        known=known,
        matching=frozenset(matching),
        against=tuple(against),
        at_address=(known.address, known.port) == (observed.address, observed.port),
    )


def _by_keys(cases: Sequence[_Case]) -> Identity:
    named_by = {kind: [case for case in cases if kind in case.matching] for kind in KeyKind}
    telling = {kind: named for kind, named in named_by.items() if named}
    agreed = _named_by_all(cases, telling)
    if not agreed:
        # keys disagree: those that several devices share tell nothing
        telling = {kind: named for kind, named in telling.items() if len(named) == 1}
        agreed = _named_by_all(cases, telling) if telling else []
    if len(agreed) > 1:
        return _among_sharers(agreed)
    if len(agreed) == 1 and len(agreed[0].matching) > len(agreed[0].against):
        return _same(agreed[0])
    reasons = [reason for case in cases for reason in (_for(case), *case.against)]
    return Conflict(device_ids=tuple(sorted(case.known.device_id for case in cases)), reasons=tuple(reasons))


def _named_by_all(cases: Sequence[_Case], telling: dict[KeyKind, list[_Case]]) -> list[_Case]:
    return [case for case in cases if all(case in named for named in telling.values())]


def _among_sharers(sharers: Sequence[_Case]) -> Identity:
    """Several devices hold the same keys (fakes that nobody listed): other keys or the address tell them apart."""
    fitting = [case for case in sharers if not case.against]
    if not fitting:
        shared = ", ".join(sorted({_WORDS[kind] for case in sharers for kind in case.matching}))
        return NewDevice(reasons=(f"its {shared} is shared by {len(sharers)} devices, all of which differ otherwise",))
    if len(fitting) > 1:
        here = [case for case in fitting if case.at_address]
        if len(here) != 1:
            ids = tuple(sorted(case.known.device_id for case in fitting))
            return Conflict(device_ids=ids, reasons=("several devices have these keys and nothing tells them apart",))
        fitting = here
    return _same(fitting[0])


def _by_address(observed: ObservedDevice, keys: Sequence[DeviceKey], here: Sequence[_Case]) -> Identity:
    said = [_at_place(observed, keys, case) for case in sorted(here, key=lambda case: case.known.device_id)]
    same = [decision for decision in said if isinstance(decision, SameDevice)]
    unproven = [decision for decision in said if isinstance(decision, Unproven)]
    if len(same) == 1:
        return same[0]
    if same:
        return Unproven(device_id=same[0].device_id, reasons=("several devices were heard at this address",))
    if unproven:
        return unproven[0]
    reasons = tuple(reason for decision in said for reason in decision.reasons)
    return NewDevice(reasons=reasons or ("none of its keys is known",))


def _at_place(observed: ObservedDevice, keys: Sequence[DeviceKey], case: _Case) -> SameDevice | NewDevice | Unproven:
    """Against one device that was heard at this address and shares no key."""
    known = case.known
    there = f"device {known.device_id} was heard there, but"
    if case.against:
        return NewDevice(reasons=(f"{there} {case.against[0]}",))
    if not (_agree(observed.manufacturer, known.manufacturer) and _agree(observed.model, known.model)):
        return NewDevice(reasons=(f"{there} is of another make",))
    tells_us = any(key.kind != KeyKind.ENDPOINT_REFERENCE for key in keys)
    told_before = any(key.kind != KeyKind.ENDPOINT_REFERENCE for key in known.keys)
    if tells_us and told_before:
        return NewDevice(reasons=(f"{there} shares no key with it",))
    if tells_us:
        return _same_place(known, "the device there had not told who it is before")
    named = all((observed.manufacturer, observed.model, known.manufacturer, known.model))
    if named and not told_before:
        return _same_place(known, "same maker and model at the same address, and neither tells more")
    return Unproven(device_id=known.device_id, reasons=("only the address is known, and an address proves nothing",))


def _same(case: _Case) -> SameDevice:
    return SameDevice(device_id=case.known.device_id, reasons=(_for(case), *case.against))


def _same_place(known: KnownIdentity, reason: str) -> SameDevice:
    return SameDevice(device_id=known.device_id, reasons=(reason,))


def _for(case: _Case) -> str:
    what = " and ".join(_WORDS[kind] for kind in KeyKind if kind in case.matching)
    place = ", at its address" if case.at_address else ""
    return f"same {what} as device {case.known.device_id}{place}"


def _agree(one: str, other: str) -> bool:
    """Nothing said contradicts nothing."""
    a, b = one.strip().casefold(), other.strip().casefold()
    return not a or not b or a == b


_WORDS = {KeyKind.SERIAL: "serial number", KeyKind.MAC: "MAC", KeyKind.ENDPOINT_REFERENCE: "endpoint reference"}
