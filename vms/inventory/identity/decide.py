"""Which known device is this? Decided from several keys, never from the address alone; doubts are shown, not merged.

    keys say one device, nothing against it ............... SameDevice
    … but its serial number or network card is another .... Conflict
    … by serial number and one MAC, just heard elsewhere .. Conflict: two devices, or one with two addresses
    … by one kind, elsewhere, only one tells another kind . Conflict
    keys point at several devices ......................... the one that all of them name, else Conflict
    a key that several known devices share ................ tells nothing by itself; the address may tell them apart
    only the TLS key is known ............................. SameDevice at its address, else Conflict; nothing if shared
    no key known, the address's device is of another key .. NewDevice
    no key at all, address + maker + model agree .......... SameDevice, where the known one has no key either
    no key at all, nothing but the address ................ Unproven

A changed endpoint reference speaks against nobody: some devices make a new one at each start; nor does another TLS key,
which a certificate's renewal brings. A Conflict is stored apart from all the devices it names, so the next time its own
record is the one that all of its keys name. Keys that a person gave to a device (by merging) are believed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from vms.core.ids import DeviceId
from vms.inventory.device import ObservedDevice
from vms.inventory.identity.keys import TELLING, DeviceKey, KeyKind, usable_keys
from vms.inventory.identity.reason import Reason, ReasonCode, because, sentences

AT_ONCE = timedelta(minutes=2)
"""Within this time nothing is taken down, put up elsewhere and started."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownIdentity:
    """A device of the inventory, as far as it matters here. All that hold a key of the evidence or were heard at its
    address have to be handed in."""

    device_id: DeviceId
    keys: frozenset[DeviceKey]
    given: frozenset[DeviceKey] = frozenset()
    """Those of the keys that a person gave to it."""
    manufacturer: str = ""
    model: str = ""
    address: str = ""
    port: int = 0
    last_seen_at: datetime | None = None
    has_cameras: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decision:
    evidence: tuple[Reason, ...]

    @property
    def reasons(self) -> tuple[str, ...]:
        """The evidence as English sentences."""
        return sentences(self.evidence)


@dataclass(frozen=True, slots=True, kw_only=True)
class SameDevice(_Decision):
    device_id: DeviceId


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDevice(_Decision):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict(_Decision):
    device_ids: tuple[DeviceId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unproven(_Decision):
    """Something answers where this device was heard last, and says nothing of who it is."""

    device_id: DeviceId


Identity = SameDevice | NewDevice | Conflict | Unproven


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """What speaks for and against one known device."""

    known: KnownIdentity
    matching: frozenset[KeyKind]
    """Without the TLS key."""
    same_tls: bool
    against: tuple[KeyKind, ...]
    at_address: bool
    is_given: bool
    """A person said that one of the matching keys is its own."""
    same_cards: int
    """How many network cards are the same."""

    @property
    def may_be_shared(self) -> bool:
        """All that matches is what makers are known to give to several units."""
        by_itself = KeyKind.ENDPOINT_REFERENCE not in self.matching or len(self.matching) == 1
        return self.same_cards < 2 and by_itself


def decide(observed: ObservedDevice, known: Sequence[KnownIdentity], now: datetime | None = None) -> Identity:
    """`now`: when it was observed; without it nobody can say that a device is at two places at once."""
    keys = usable_keys(observed)
    cases = sorted((_case(observed, keys, device) for device in known), key=lambda case: case.known.device_id)
    pointed_at = [case for case in cases if case.matching]
    if pointed_at:
        return _by_keys(pointed_at, observed, now)
    return _by_tls(observed, keys, cases) or _by_address(observed, keys, [case for case in cases if case.at_address])


def _case(observed: ObservedDevice, keys: Sequence[DeviceKey], known: KnownIdentity) -> _Case:
    same_maker = _agree(observed.manufacturer, known.manufacturer)
    matching: set[KeyKind] = set()
    against: list[KeyKind] = []
    is_given = same_tls = False
    for kind in KeyKind:
        ours = {key for key in keys if key.kind == kind}
        both = ours & known.keys
        if both and (same_maker or kind != KeyKind.SERIAL):
            is_given = is_given or bool(both & known.given)
            if kind is KeyKind.TLS_KEY:
                same_tls = True
            else:
                matching.add(kind)
        elif kind in TELLING and ours and any(key.kind == kind for key in known.keys):
            against.append(kind)
    return _Case(
        known=known,
        matching=frozenset(matching),
        same_tls=same_tls,
        against=tuple(against),
        at_address=(known.address, known.port) == (observed.address, observed.port),
        is_given=is_given,
        same_cards=len({key for key in keys if key.kind == KeyKind.MAC} & known.keys),
    )


def _by_keys(cases: Sequence[_Case], observed: ObservedDevice, now: datetime | None) -> Identity:
    named_by = {kind: [case for case in cases if kind in case.matching] for kind in KeyKind}
    telling = {kind: named for kind, named in named_by.items() if named}
    agreed = _named_by_all(cases, telling)
    if not agreed:
        # keys disagree: those that several devices share tell nothing
        telling = {kind: named for kind, named in telling.items() if len(named) == 1}
        agreed = _named_by_all(cases, telling) if telling else []
    if len(agreed) > 1:
        return _among_sharers(agreed)
    if len(agreed) == 1 and not agreed[0].against:
        return _unless_elsewhere(agreed[0], observed, now)
    evidence = [reason for case in cases for reason in (_for(case), *_against(case))]
    return Conflict(device_ids=tuple(case.known.device_id for case in cases), evidence=tuple(evidence))


def _named_by_all(cases: Sequence[_Case], telling: dict[KeyKind, list[_Case]]) -> list[_Case]:
    return [case for case in cases if all(case in named for named in telling.values())]


def _unless_elsewhere(case: _Case, observed: ObservedDevice, now: datetime | None) -> SameDevice | Conflict:
    """Units that nobody has compared yet can share a serial number and a MAC: being at two places gives them away, and
    that only one of them tells another key. Two equal network cards are no accident, nor is an endpoint reference
    beside another key: such a device has two addresses."""
    known = case.known
    elsewhere = known.address != observed.address and (":" in known.address) == (":" in observed.address)
    if not elsewhere or not case.may_be_shared or case.is_given:
        return _same(case)
    keys = _ordered(case.matching)
    ago = AT_ONCE if now is None or known.last_seen_at is None else abs(now - known.last_seen_at)
    if ago < AT_ONCE:
        seconds = int(ago.total_seconds())
        reason = because(ReasonCode.AT_TWO_PLACES, device=known.device_id, keys=keys, seconds=seconds)
        return Conflict(device_ids=(known.device_id,), evidence=(reason,))
    if len(case.matching) == 1 and known.has_cameras and observed.channels:  # both told all that they tell
        ours = {key.kind for key in usable_keys(observed)} & TELLING
        theirs = {key.kind for key in known.keys} & TELLING
        if ours != theirs:
            others = _ordered(frozenset(KeyKind(kind) for kind in ours ^ theirs))
            reason = because(ReasonCode.ONLY_ONE_TELLS, keys=keys, device=known.device_id, others=others)
            return Conflict(device_ids=(known.device_id,), evidence=(reason,))
    return _same(case)


def _among_sharers(sharers: Sequence[_Case]) -> Identity:
    """Several devices hold the same keys (fakes that nobody listed): the address or the TLS key tells them apart."""
    fitting = [case for case in sharers if not case.against]
    if not fitting:
        shared = _ordered(frozenset().union(*(case.matching for case in sharers)))
        return NewDevice(evidence=(because(ReasonCode.SHARED_KEYS, keys=shared, count=len(sharers)),))
    here = [case for case in fitting if case.at_address]
    chosen = here or [case for case in fitting if case.same_tls]
    if len(chosen) == 1:
        return _same(chosen[0])
    ids = tuple(case.known.device_id for case in fitting)
    return Conflict(device_ids=ids, evidence=(because(ReasonCode.NOTHING_TELLS_APART, count=len(ids)),))


def _by_tls(
    observed: ObservedDevice, keys: Sequence[DeviceKey], cases: Sequence[_Case]
) -> SameDevice | Conflict | None:
    """Nothing but the TLS key is known; one that several have tells nothing."""
    sharers = [case for case in cases if case.same_tls]
    fitting = [case for case in sharers if not case.against]
    here = [case for case in fitting if case.at_address]
    if len(here) == 1 and _same_make(observed, here[0].known) and not _tells_first(keys, here[0]):
        return _same(here[0])
    if len(sharers) == 1 and fitting and not any(key.kind in TELLING for key in keys):
        only = fitting[0]
        if only.is_given:
            return _same(only)
        reason = because(ReasonCode.WEAK_KEY, keys=(KeyKind.TLS_KEY,), device=only.known.device_id)
        return Conflict(device_ids=(only.known.device_id,), evidence=(reason,))
    return None


def _tells_first(keys: Sequence[DeviceKey], case: _Case) -> bool:
    """It tells a lasting key and the known one, which has cameras, never did."""
    tells_us = any(key.kind in TELLING for key in keys)
    return tells_us and case.known.has_cameras and not any(key.kind in TELLING for key in case.known.keys)


def _by_address(observed: ObservedDevice, keys: Sequence[DeviceKey], here: Sequence[_Case]) -> Identity:
    said = [_at_place(observed, keys, case) for case in here]
    same = [decision for decision in said if isinstance(decision, SameDevice)]
    conflicts = [decision for decision in said if isinstance(decision, Conflict)]
    unproven = [decision for decision in said if isinstance(decision, Unproven)]
    if len(same) == 1:
        return same[0]
    if same:
        return Unproven(device_id=same[0].device_id, evidence=(because(ReasonCode.SEVERAL_HERE),))
    if conflicts:
        return conflicts[0]
    if unproven:
        return unproven[0]
    evidence = tuple(reason for decision in said for reason in decision.evidence)
    return NewDevice(evidence=evidence or (because(ReasonCode.UNKNOWN_KEYS),))


def _at_place(observed: ObservedDevice, keys: Sequence[DeviceKey], case: _Case) -> Identity:
    """Against one device that was heard at this address and shares no key."""
    known = case.known
    device = known.device_id
    if case.against:
        reason = because(ReasonCode.OTHER_KEY_HERE, device=device, key=case.against[0])
        return NewDevice(evidence=(reason,))
    if not _same_make(observed, known):
        return NewDevice(evidence=(because(ReasonCode.OTHER_MAKE_HERE, device=device),))
    tells_us = any(key.kind in TELLING for key in keys)
    told_before = any(key.kind in TELLING for key in known.keys)
    if tells_us and told_before:
        return NewDevice(evidence=(because(ReasonCode.NO_SHARED_KEY_HERE, device=device),))
    if _tells_first(keys, case):
        reason = because(ReasonCode.TOLD_NOTHING_BEFORE, device=device)
        return Conflict(device_ids=(device,), evidence=(reason,))
    if tells_us:
        return SameDevice(device_id=device, evidence=(because(ReasonCode.TELLS_NOW),))
    named = all((observed.manufacturer, observed.model, known.manufacturer, known.model))
    if named and not told_before:
        return SameDevice(device_id=device, evidence=(because(ReasonCode.SAME_MAKE_HERE),))
    return Unproven(device_id=device, evidence=(because(ReasonCode.ADDRESS_ONLY),))


def _same(case: _Case) -> SameDevice:
    return SameDevice(device_id=case.known.device_id, evidence=(_for(case),))


def _for(case: _Case) -> Reason:
    code = ReasonCode.SAME_KEYS_HERE if case.at_address else ReasonCode.SAME_KEYS
    kinds = case.matching | ({KeyKind.TLS_KEY} if case.same_tls else frozenset())
    return because(code, keys=_ordered(kinds), device=case.known.device_id)


def _against(case: _Case) -> list[Reason]:
    return [because(ReasonCode.OTHER_KEY, key=kind, device=case.known.device_id) for kind in case.against]


def _ordered(kinds: frozenset[KeyKind]) -> tuple[str, ...]:
    return tuple(kind.value for kind in KeyKind if kind in kinds)


def _same_make(observed: ObservedDevice, known: KnownIdentity) -> bool:
    return _agree(observed.manufacturer, known.manufacturer) and _agree(observed.model, known.model)


def _agree(one: str, other: str) -> bool:
    """Nothing said contradicts nothing."""
    a, b = one.strip().casefold(), other.strip().casefold()
    return not a or not b or a == b
