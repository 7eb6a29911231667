"""Which causes explain these falls best: as few as possible, as low as possible, and likelier than chance.

Each hypothesis "this node failed" has a gain in powers of ten: every fall that it explains counts what a fall at that
moment would surprise by, every member that still stands and the rarity of such a failure count against it. Going from
small nodes to large ones, a larger one replaces the smaller ones inside it when it explains more than they do together:
so a feeder is named when all its switches fell, and two switches that failed on their own stay two.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from vms.core.ids import DeviceId
from vms.health.outages.chance import densest, log10_choose
from vms.health.outages.graph import SupplyGraph, rank_of
from vms.health.outages.node import Node, NodeKey, NodeKind, NodeSource
from vms.health.outages.policy import OutagePolicy


@dataclass(frozen=True, slots=True)
class Faller:
    """A device, or a recorder's camera, that fell ill."""

    onset_s: float
    """When it was first seen to be ill, in seconds of any one clock."""
    is_down: bool = True
    """False: in doubt so far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis:
    key: NodeKey
    devices: frozenset[int]
    """Whose falls it explains; of a recorder its cameras."""
    of: int
    """Members that were watched."""
    spread_s: float
    gain: float
    whole: bool
    """False: something unknown below the node, that only a part hangs on."""

    @property
    def because(self) -> str:
        return f"{len(self.devices)} of {max(self.of, len(self.devices))} fell within {self.spread_s:.0f} s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How the hypotheses are weighed."""

    policy: OutagePolicy
    window_s: float
    surprise: float
    """Of one fall, a power of ten."""
    wrong: Mapping[NodeKey, int]
    """How often people found a cause named wrongly, more often than rightly."""


def explain(
    fallers: Mapping[int, Faller],
    graph: SupplyGraph,
    standing: Callable[[NodeKey], int],
    terms: Terms,
) -> list[Hypothesis]:
    """`standing`: how many devices below a node are up. Costs O(falls × nodes above each)."""
    below: dict[NodeKey, list[int]] = {}
    for device_id in fallers:
        for key in graph.above(DeviceId(device_id)):
            below.setdefault(key, []).append(device_id)
    chosen: dict[int, Hypothesis] = {}
    sized = [(standing(key) + len(devices), rank_of(key), key) for key, devices in below.items() if len(devices) > 1]
    for _, _, key in sorted(sized):
        inside = set(below[key])
        free = [one for one in below[key] if (owner := chosen.get(one)) is None or owner.devices <= inside]
        found = weigh(graph.node(key), {one: fallers[one] for one in free}, standing(key), terms)
        if found is None:
            continue
        inner = {id(owner): owner for one in found.devices if (owner := chosen.get(one)) is not None}.values()
        if any(len(owner.devices & found.devices) < terms.policy.share * len(owner.devices) for owner in inner):
            continue
        found = _with_early_birds(found, inner, terms)
        if found.gain > sum(owner.gain for owner in inner):
            chosen.update(dict.fromkeys(found.devices, found))
    return list({id(one): one for one in chosen.values()}.values())


def _with_early_birds(found: Hypothesis, inner: Collection[Hypothesis], terms: Terms) -> Hypothesis:
    """Whoever lost a packet just before seems to have fallen earlier; with its node it belongs to the larger one."""
    devices = found.devices.union(*(owner.devices for owner in inner))
    more = len(devices) - len(found.devices)
    return replace(found, devices=devices, gain=found.gain + more * terms.surprise) if more else found


def weigh(node: Node, fallers: Mapping[int, Faller], standing: int, terms: Terms) -> Hypothesis | None:
    """The best that can be said of one node; None: nothing that is likelier than chance."""
    ordered = sorted(fallers.items(), key=lambda item: (item[1].onset_s, item[0]))
    first, last = densest([faller.onset_s for _, faller in ordered], terms.window_s)
    taken = ordered[first:last]
    if len(taken) < 2:
        return None
    fell, of = len(taken), len(taken) + standing
    best: tuple[float, bool] | None = None
    for gain, whole in _gains(node, fell, of, terms):
        if gain >= terms.policy.least_gain and (best is None or gain > best[0]):
            best = (gain, whole)
    if best is None:
        return None
    return Hypothesis(
        key=node.key,
        devices=frozenset(device_id for device_id, _ in taken),
        of=of,
        spread_s=taken[-1][1].onset_s - taken[0][1].onset_s,
        gain=best[0],
        whole=best[1],
    )


def _gains(node: Node, fell: int, of: int, terms: Terms) -> Iterable[tuple[float, bool]]:
    policy, kind = terms.policy, node.key.kind
    wrong = terms.wrong.get(node.key, 0)
    if wrong and node.source is not NodeSource.TYPED:
        return
    unsure = node.source is NodeSource.LEARNT and not node.confirmed
    prior = policy.priors[kind] + wrong * policy.wrong_prior + (policy.learnt_prior if unsure else 0.0)
    small = kind in (NodeKind.POLE, NodeKind.NVR) and of == policy.least_small
    share = policy.learnt_share if unsure else policy.share
    if fell >= (policy.least_small if small else policy.least) and fell >= share * of:
        yield fell * terms.surprise - (of - fell) * policy.standing_cost - prior, True
    if fell >= policy.parts[kind] and not unsure and not wrong:
        yield fell * terms.surprise - log10_choose(of, fell) - prior - policy.part_prior, False
