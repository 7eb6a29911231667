"""What is different from an earlier sweep, where both looked: new, gone, moved, changed.

A device is the same by its id, or where it has none by its place. What a device did not tell this time is no change.
Where only one of the two looked, nobody is new, gone or moved.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

Place = tuple[str, int]
_Key = tuple[str, int | Place]


class Kind(StrEnum):
    NEW = "new"
    GONE = "gone"
    """Found then, looked for now, not heard."""
    MOVED = "moved"
    """The same device, at none of the places where it was."""
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """Somebody answered at this place in one sweep."""

    address: str
    port: int
    device_id: int | None = None
    told: Mapping[str, str] = field(default_factory=dict)
    """What it said of itself, by field; empty: it did not say."""
    heard_by: tuple[str, ...] = ()

    @property
    def place(self) -> Place:
        return self.address, self.port


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldDifference:
    name: str
    before: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    kind: Kind
    device_id: int | None
    address: str
    """Now; of one that is gone: then."""
    port: int
    fields: tuple[FieldDifference, ...] = ()


def _everywhere(_sighting: Sighting) -> bool:
    return True


def differences(
    before: Iterable[Sighting],
    now: Iterable[Sighting],
    *,
    looked_at_now: Callable[[Sighting], bool] = _everywhere,
    looked_at_then: Callable[[Sighting], bool] = _everywhere,
) -> tuple[Difference, ...]:
    """In the order of kinds and places. `looked_at_now` is asked of those who were heard then, `looked_at_then` of
    those who are heard now."""
    then, today = _grouped(before), _grouped(now)
    pairs = _pairs(then, today)
    found: list[Difference] = []
    for key, sightings in then.items():
        all_looked_at = all(map(looked_at_now, sightings))
        if key in pairs:
            found += _compared(sightings, today[pairs[key]], all_looked_at=all_looked_at)
        elif all_looked_at:
            found.append(_whole(Kind.GONE, sightings[0]))
    matched = set(pairs.values())
    for key, sightings in today.items():
        seen_then = next((one for one in sightings if looked_at_then(one)), None)
        if key not in matched and seen_then is not None:
            found.append(_whole(Kind.NEW, seen_then))
    order = list(Kind)
    return tuple(sorted(found, key=lambda one: (order.index(one.kind), one.address, one.port, one.device_id or 0)))


def _grouped(sightings: Iterable[Sighting]) -> dict[_Key, list[Sighting]]:
    """By device, each in the order of its places."""
    groups: defaultdict[_Key, list[Sighting]] = defaultdict(list)
    for sighting in sorted(sightings, key=lambda one: one.place):
        key: _Key = ("place", sighting.place) if sighting.device_id is None else ("device", sighting.device_id)
        groups[key].append(sighting)
    return dict(groups)


def _pairs(then: Mapping[_Key, list[Sighting]], today: Mapping[_Key, list[Sighting]]) -> dict[_Key, _Key]:
    """The same key on both sides; else the same place, where one of the two does not say which device it is."""
    pairs = {key: key for key in then if key in today}
    at_place = {one.place: key for key, some in today.items() if key not in pairs for one in some}
    taken: set[_Key] = set()
    for key, some in then.items():
        if key in pairs:
            continue
        for sighting in some:
            other = at_place.get(sighting.place)
            if other is not None and other not in taken and "place" in (key[0], other[0]):
                pairs[key] = other
                taken.add(other)
                break
    return pairs


def _compared(before: Sequence[Sighting], now: Sequence[Sighting], *, all_looked_at: bool) -> list[Difference]:
    """It has moved where nobody answers any more at all the places where it was; otherwise it may have one more."""
    found: list[Difference] = []
    if all_looked_at and not {one.place for one in before} & {one.place for one in now}:
        told = FieldDifference(name="address", before=_text(before[0]), now=_text(now[0]))
        found.append(_whole(Kind.MOVED, now[0], (told,)))
    old, new = _told(before), _told(now)
    fields = tuple(
        FieldDifference(name=name, before=old[name], now=new[name])
        for name in sorted(old.keys() & new.keys())
        if old[name] != new[name]
    )
    if fields:
        found.append(_whole(Kind.CHANGED, now[0], fields))
    return found


def _told(sightings: Sequence[Sighting]) -> dict[str, str]:
    """Over all places where it answered: the first that said something."""
    told: dict[str, str] = {}
    for sighting in sightings:
        for name, value in sighting.told.items():
            if value:
                told.setdefault(name, value)
    return told


def _whole(kind: Kind, sighting: Sighting, fields: tuple[FieldDifference, ...] = ()) -> Difference:
    return Difference(
        kind=kind, device_id=sighting.device_id, address=sighting.address, port=sighting.port, fields=fields
    )


def _text(sighting: Sighting) -> str:
    return f"[{sighting.address}]:{sighting.port}" if ":" in sighting.address else f"{sighting.address}:{sighting.port}"
