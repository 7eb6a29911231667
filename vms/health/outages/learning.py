"""What fails together again and again hangs on something that nobody has typed in: a hidden switch, a shared supply.

Only devices that fell within the same window in the same place are ever compared, so the cost follows the falls.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from statistics import mean, median

from vms.core.ids import DeviceId

Place = str


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningPolicy:
    window_s: float = 75.0
    least_events: int = 3
    """So often two devices must have fallen together."""
    least_share: float = 0.6
    """Of all falls of either (Jaccard), those alone at their weight."""
    lone_weight: float = 0.25
    """A fall alone says little: who hangs on a weak switch may have a weak cable as well."""
    least_devices: int = 3
    most_devices: int = 500
    """More falling together are a matter of the town, not of a hidden switch."""
    known_overlap: float = 0.7
    """A group so like the members of a known node is not proposed; see also `rejected_overlap`."""
    rejected_overlap: float = 0.5


@dataclass(frozen=True, slots=True)
class Fall:
    device_id: DeviceId
    at_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenGroup:
    """A proposal: these seem to hang on one thing."""

    devices: frozenset[DeviceId]
    place: Place
    events: int
    """How often most of them fell together."""
    surely: float
    """How much of their falls they share, 0 … 1."""
    spread_s: float
    """Within so long, in the middle case."""
    last_at_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Joint:
    place: Place
    devices: frozenset[DeviceId]
    spread_s: float
    at_s: float


@dataclass(slots=True)
class _Forest:
    """Which devices are linked, over any number of links."""

    parent: dict[DeviceId, DeviceId] = field(default_factory=dict)

    def root(self, one: DeviceId) -> DeviceId:
        while (above := self.parent.setdefault(one, one)) != one:
            self.parent[one] = self.parent[above]
            one = above
        return one

    def link(self, a: DeviceId, b: DeviceId) -> None:
        self.parent[self.root(a)] = self.root(b)


def hidden_groups(
    falls: Iterable[Fall], place_of: Callable[[DeviceId], Place], policy: LearningPolicy
) -> list[HiddenGroup]:
    """The surest first. Falls of one device within the window count once."""
    joints, often = _joint_falls(falls, place_of, policy)
    pairs: Counter[tuple[DeviceId, DeviceId]] = Counter()
    for joint in joints:
        pairs.update(combinations(sorted(joint.devices), 2))
    forest = _Forest()
    strong: dict[tuple[DeviceId, DeviceId], float] = {}
    for (a, b), together in pairs.items():
        share = together / (often[a] + often[b] - together)
        if together >= policy.least_events and share >= policy.least_share:
            strong[a, b] = share
            forest.link(a, b)
    groups: dict[DeviceId, set[DeviceId]] = {}
    for pair in strong:
        groups.setdefault(forest.root(pair[0]), set()).update(pair)
    found = [group for one in groups.values() if (group := _group(one, joints, strong, policy)) is not None]
    return sorted(found, key=lambda group: (-group.surely, -len(group.devices), min(group.devices)))


def alike(a: Collection[DeviceId], b: Collection[DeviceId]) -> float:
    """How much of both they share, 0 … 1 (Jaccard)."""
    one, other = set(a), set(b)
    return len(one & other) / len(one | other) if one or other else 0.0


def most_alike(group: Collection[DeviceId], others: Mapping[int, Collection[DeviceId]]) -> tuple[int | None, float]:
    """Which of the others, and how much."""
    best: tuple[int | None, float] = (None, 0.0)
    for key, members in others.items():
        share = alike(group, members)
        if share > best[1]:
            best = (key, share)
    return best


def _joint_falls(
    falls: Iterable[Fall], place_of: Callable[[DeviceId], Place], policy: LearningPolicy
) -> tuple[list[_Joint], dict[DeviceId, float]]:
    """What fell together, and how often each device fell; with too many at once nothing is said about anybody."""
    by_place: dict[Place, list[Fall]] = {}
    for fall in falls:
        place = place_of(fall.device_id)
        if place:
            by_place.setdefault(place, []).append(fall)
    joints: list[_Joint] = []
    often: dict[DeviceId, float] = {}
    for place, listed in by_place.items():
        for cluster in _clusters(sorted(listed, key=lambda fall: (fall.at_s, fall.device_id)), policy.window_s):
            devices = frozenset(fall.device_id for fall in cluster)
            if len(devices) > policy.most_devices:
                continue
            is_joint = len(devices) >= policy.least_devices
            for device_id in devices:
                often[device_id] = often.get(device_id, 0.0) + (1.0 if is_joint else policy.lone_weight)
            if is_joint:
                spread_s = cluster[-1].at_s - cluster[0].at_s
                joints.append(_Joint(place=place, devices=devices, spread_s=spread_s, at_s=cluster[0].at_s))
    return joints, often


def _clusters(ordered: Sequence[Fall], window_s: float) -> Iterable[list[Fall]]:
    """One after the other, each no longer than the window."""
    cluster: list[Fall] = []
    for fall in ordered:
        if cluster and fall.at_s - cluster[0].at_s > window_s:
            yield cluster
            cluster = []
        cluster.append(fall)
    if cluster:
        yield cluster


def _group(
    linked: set[DeviceId],
    joints: Sequence[_Joint],
    strong: Mapping[tuple[DeviceId, DeviceId], float],
    policy: LearningPolicy,
) -> HiddenGroup | None:
    """Without those that are linked to few of the others: a chain of pairs is no group."""
    links = Counter(one for pair in strong if pair[0] in linked for one in pair)
    devices = frozenset(one for one in linked if links[one] >= (len(linked) - 1) / 2)
    if len(devices) < policy.least_devices:
        return None
    shared = [joint for joint in joints if 2 * len(joint.devices & devices) > len(devices)]
    shares = [share for (a, b), share in strong.items() if a in devices and b in devices]
    if len(shared) < policy.least_events or not shares:
        return None
    return HiddenGroup(
        devices=devices,
        place=shared[0].place,
        events=len(shared),
        surely=round(mean(shares), 3),
        spread_s=median(joint.spread_s for joint in shared),
        last_at_s=max(joint.at_s for joint in shared),
    )
