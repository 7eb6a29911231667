"""The outages that are open and those that ended lately: which of them a fall belongs to, and when one is over."""

from collections import deque
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from vms.core.ids import CameraId, DeviceId
from vms.health.outages.census import Census, Ill
from vms.health.outages.explain import Hypothesis
from vms.health.outages.node import NodeKey, NodeKind
from vms.health.outages.outage import Outage
from vms.health.outages.policy import OutagePolicy
from vms.health.outages.search import fell_at, recorder_key
from vms.health.pace import turns_between_looks


class OutageRoll:
    def __init__(self, census: Census, policy: OutagePolicy) -> None:
        self._census = census
        self._policy = policy
        self._open: dict[int, Outage] = {}
        self._by_cause: dict[NodeKey, list[Outage]] = {}
        self._ended: deque[Outage] = deque()
        self._member_of: dict[CameraId, Outage] = {}
        """Its latest outage, also where it does not hang on the cause as far as is known."""

    def open_ones(self) -> list[Outage]:
        return list(self._open.values())

    def is_open(self, cause: NodeKey) -> bool:
        return cause in self._by_cause

    def put(self, outage: Outage) -> None:
        """It is open, for the first time or again."""
        if outage in self._ended:
            self._ended.remove(outage)
        if id(outage) not in self._open:
            self._open[id(outage)] = outage
            self._by_cause.setdefault(outage.cause, []).append(outage)

    def remember(self, outage: Outage) -> None:
        """It is over; it may come again."""
        self._ended.append(outage)

    def drop(self, outage: Outage) -> None:
        """It is open no more, or not with this cause."""
        del self._open[id(outage)]
        same = self._by_cause[outage.cause]
        same.remove(outage)
        if not same:
            del self._by_cause[outage.cause]

    def enter(self, outage: Outage, cameras: Iterable[CameraId]) -> None:
        self._member_of.update(dict.fromkeys(cameras, outage))

    def forget_old(self, now: datetime) -> None:
        long_ago = now - timedelta(seconds=2 * self._policy.reopen_s)
        while self._ended and (self._ended[0].closed_at or now) < long_ago:
            gone = self._ended.popleft()
            for camera_id in gone.members:
                if self._member_of.get(camera_id) is gone:
                    del self._member_of[camera_id]

    def above(self, camera_id: CameraId, ill: Ill) -> Outage | None:
        """The open one that a camera which fell now belongs to."""
        graph = self._census.graph
        device_id = graph.device_of(camera_id)
        known = self._member_of.get(camera_id)
        if known is not None and known.closed_at is None:
            return known
        if device_id is None:
            return None
        for key in (recorder_key(device_id), *graph.above(device_id)):
            for outage in self._by_cause.get(key, ()):
                if self._may_join(outage, fell_at(ill)):
                    return outage
        return None

    def beside(self, device_id: DeviceId, onset: datetime) -> Outage | None:
        """One whose members nobody is sure of: the device fell just with them and is their neighbour."""
        for outage in self._open.values():
            unsure = not outage.whole or not self._is_sure(outage.cause)
            if unsure and self._fell_with(outage, onset) and self._is_neighbour(device_id, outage):
                return outage
        return None

    def same_as_before(self, found: Hypothesis, cameras: Collection[CameraId], onset: datetime) -> Outage | None:
        """The one that is open already, or that ended a short while ago."""
        for outage in self._by_cause.get(found.key, ()):
            if found.whole or not outage.members.isdisjoint(cameras):
                return outage
        for outage in reversed(self._ended):
            if outage.cause != found.key or outage.closed_at is None:
                continue
            if onset - outage.closed_at > timedelta(seconds=self._policy.reopen_s):
                continue
            if (found.whole and outage.whole) or 2 * len(outage.members.intersection(cameras)) >= len(cameras):
                return outage
        return None

    def has_settled(self, outage: Outage, now: datetime) -> bool:
        """Few are still away, and everybody has been looked at again since the last one came back."""
        policy = self._policy
        away = len(outage.down)
        if outage.last_back is None or away == len(outage.members):
            return False
        if away > max(1, int(policy.left_share * len(outage.members))):
            return False
        looks = int((outage.last_back - outage.opened_at).total_seconds() // policy.interval_s)
        pause_s = turns_between_looks(looks, policy.interval_s, policy.backoff_max_s) * policy.interval_s
        wait_s = pause_s + policy.interval_s + policy.left_grace_s
        return now - outage.last_back >= timedelta(seconds=wait_s)

    def _may_join(self, outage: Outage, onset: datetime) -> bool:
        if not outage.whole:
            return self._fell_with(outage, onset)
        away_s = (onset - outage.opened_at).total_seconds()
        still_dead = 2 * len(outage.down) >= len(outage.members)
        return still_dead and -self._policy.window_s <= away_s <= self._policy.join_s

    def _fell_with(self, outage: Outage, onset: datetime) -> bool:
        """At the same time, as far as looks once a minute can tell, of which some get lost."""
        away_s = (onset - outage.fell_from).total_seconds()
        return abs(away_s) <= self._policy.window_s or 0 <= away_s <= outage.spread_s + self._policy.window_s

    def _is_sure(self, cause: NodeKey) -> bool:
        """A node that was taken out meanwhile is not."""
        node = self._census.graph.find(cause)
        return node is not None and node.confirmed

    def _is_neighbour(self, device_id: DeviceId, outage: Outage) -> bool:
        """In the network, or else the region, of one of them."""
        graph = self._census.graph
        member = graph.device_of(min(outage.members))
        if member is None:
            return False
        mine, theirs = graph.above(device_id), set(graph.above(member))
        for kind in (NodeKind.SUBNET, NodeKind.REGION):
            found = next((key for key in mine if key.kind is kind), None)
            if found is not None:
                return found in theirs
        return False
