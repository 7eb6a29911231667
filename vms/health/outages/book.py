"""The outages of a town as its news comes in: which falls have one cause, who joins, who comes back, when it is over.

Take in the news, then `decide`; what was decided is kept by the caller together with how far the news were read. The
whole book can be made again from what was kept. Each step costs what changed, not what there is.
"""

import heapq
from collections import deque
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from vms.core.ids import CameraId, DeviceId
from vms.health.fault import LIFE, FaultKind
from vms.health.outages.census import LINE, Census, Ill
from vms.health.outages.chance import surprise
from vms.health.outages.explain import Faller, Hypothesis, Terms, explain, weigh
from vms.health.outages.graph import SupplyGraph
from vms.health.outages.node import NodeKey, NodeKind
from vms.health.outages.outage import Decisions, Move, Outage
from vms.health.outages.policy import OutagePolicy
from vms.health.pace import turns_between_looks
from vms.health.status import Status


class OutageBook:
    """Holds what changes; knows no clock. `wrong`: how often a cause was found named wrongly more than rightly."""

    def __init__(self, graph: SupplyGraph, policy: OutagePolicy, wrong: Mapping[NodeKey, int] | None = None) -> None:
        self.policy = policy
        self._wrong = wrong or {}
        self._census = Census(graph)
        self._open: dict[int, Outage] = {}
        self._by_cause: dict[NodeKey, list[Outage]] = {}
        self._ended: deque[Outage] = deque()
        self._fresh: dict[CameraId, None] = {}
        self._due: list[tuple[datetime, CameraId]] = []
        self._undecided: dict[CameraId, None] = {}
        self._doubtful: dict[CameraId, None] = {}
        self._left: list[tuple[CameraId, Outage, datetime]] = []
        self._emptied: dict[CameraId, datetime] = {}
        self._lone: deque[datetime] = deque()
        self._strays: dict[CameraId, Outage] = {}

    @property
    def graph(self) -> SupplyGraph:
        return self._census.graph

    def open_outages(self) -> Iterable[Outage]:
        return self._open.values()

    @property
    def is_waiting(self) -> bool:
        """Falls are not decided yet."""
        return bool(self._undecided)

    def is_due(self, now: datetime) -> bool:
        """Time alone lets something be decided: a fall stands alone, or an outage ends without its last cameras."""
        if self._due and self._due[0][0] <= now:
            return True
        return any(outage.last_back is not None and self._has_settled(outage, now) for outage in self._open.values())

    def outage_of(self, camera_id: CameraId) -> Outage | None:
        ill = self._census.ill.get(camera_id)
        return None if ill is None else ill.outage

    def take_graph(self, graph: SupplyGraph) -> None:
        self._census.take_graph(graph)

    def restore(
        self,
        up: Iterable[CameraId],
        ill: Mapping[CameraId, Ill],
        outages: Iterable[Outage],
        decided_until: datetime,
    ) -> None:
        """As it was kept. `ill` name their outages; `outages`: those that are open, and those that ended lately.

        What had settled by `decided_until` is not decided again.
        """
        census = self._census
        census.up, census.ill = set(up), dict(ill)
        census.count(census.up, (camera_id for camera_id, one in ill.items() if one.is_down))
        for outage in outages:
            self._strays.update(dict.fromkeys(outage.members, outage))
            if outage.closed_at is not None:
                self._ended.append(outage)
                continue
            self._put(outage)
            for camera_id in sorted(outage.down):
                known = ill.get(camera_id)
                if known is not None and known.is_down:
                    known.outage = outage
                else:
                    self._left.append((camera_id, outage, decided_until))
        for camera_id, one in ill.items():
            if not one.is_down:
                self._doubtful[camera_id] = None
            elif one.outage is None and not one.alone:
                one.alone = self._settles_at(one) <= decided_until
                if not one.alone:
                    self._await(camera_id, one)

    def flipped(self, camera_id: CameraId, to: Status, at: datetime) -> None:
        """The watch says so."""
        census = self._census
        if to in (Status.SUSPECT, Status.DOWN):
            census.set_up(camera_id, False)
            if camera_id not in census.ill:
                census.ill[camera_id] = Ill(onset=at)
                self._doubtful[camera_id] = None
            return
        self._leave(camera_id, at)
        census.set_up(camera_id, to is Status.UP)

    def opened(self, camera_id: CameraId, kind: FaultKind, at: datetime) -> None:
        """A fault of any kind; those that do not speak against life are passed over."""
        if kind not in LIFE:
            return
        census = self._census
        ill = census.ill.setdefault(camera_id, Ill(onset=at))
        was_down = ill.is_down or camera_id in self._emptied
        if not ill.is_down:
            census.set_up(camera_id, False)
            census.set_down(camera_id, True)
        self._emptied.pop(camera_id, None)
        self._doubtful.pop(camera_id, None)
        by_line = ill.by_line
        ill.faults[kind] = at
        if ill.down_at is None or (kind in LINE and not by_line and not was_down):
            ill.down_at = at
        if kind in LINE and not by_line:
            if ill.line_onset is None:
                ill.line_onset = at if was_down else ill.onset
            if was_down and ill.outage is None:
                ill.alone, ill.down_at = ill.barred, at
        if ill.outage is None and not ill.alone:
            self._await(camera_id, ill)
            self._fresh[camera_id] = None

    def closed(self, camera_id: CameraId, kind: FaultKind, at: datetime) -> None:
        ill = self._census.ill.get(camera_id)
        if ill is None or ill.faults.pop(kind, None) is None:
            return
        if not ill.is_down:
            self._census.set_down(camera_id, False)
            self._emptied[camera_id] = at

    def decide(self, now: datetime) -> Decisions:
        """What follows from the news so far."""
        done = Decisions()
        self._settle_comebacks(done)
        self._let_join(done, now)
        if self._fresh:
            self._find_early(done, now)
        self._fresh.clear()
        self._find_due(done, now)
        if done.found or done.moves:
            self._rise_to_parents(done, now)
        self._end(done, now)
        return done

    def nothing_yet(self) -> Decisions:
        """Of a turn in the middle of the news."""
        return Decisions()

    # -- coming back

    def _leave(self, camera_id: CameraId, at: datetime) -> None:
        ill = self._census.ill.pop(camera_id, None)
        if ill is None:
            return
        if ill.is_down:
            self._census.set_down(camera_id, False)
        for waiting in (self._doubtful, self._undecided, self._fresh, self._emptied):
            waiting.pop(camera_id, None)
        if ill.outage is not None:
            self._left.append((camera_id, ill.outage, at))

    def _settle_comebacks(self, done: Decisions) -> None:
        """Also who has no fault against life any more although nobody saw it up: it is not watched any longer."""
        for camera_id, at in list(self._emptied.items()):
            self._leave(camera_id, at)
        for camera_id, outage, at in self._left:
            outage.down.discard(camera_id)
            outage.last_back = max(at, outage.last_back or at)
            done.moves.append(Move(outage=outage, camera_id=camera_id, at=at, inside=False))
        self._left.clear()

    def _end(self, done: Decisions, now: datetime) -> None:
        for outage in list(self._open.values()):
            if outage.down and outage.last_back is not None and self._has_settled(outage, now):
                for camera_id in sorted(outage.down):
                    ill = self._census.ill[camera_id]
                    ill.outage, ill.alone, ill.barred = None, True, True
                    done.moves.append(Move(outage=outage, camera_id=camera_id, at=now, inside=False, on_its_own=True))
                    done.alone.append(camera_id)
                outage.down.clear()
            if not outage.down:
                outage.closed_at = outage.last_back or now
                self._drop(outage)
                self._ended.append(outage)
                done.closed.append(outage)
        while self._ended and now - (self._ended[0].closed_at or now) > timedelta(seconds=2 * self.policy.reopen_s):
            for camera_id in self._ended.popleft().members:
                self._strays.pop(camera_id, None)

    def _has_settled(self, outage: Outage, now: datetime) -> bool:
        """Few are still away, and everybody has been looked at again since the last one came back."""
        policy = self.policy
        if len(outage.down) > max(1, int(policy.left_share * len(outage.members))):
            return False
        if len(outage.down) == len(outage.members) or outage.last_back is None:
            return False
        age_s = (outage.last_back - outage.opened_at).total_seconds()
        looks = int(age_s // policy.interval_s)
        pause_s = turns_between_looks(looks, policy.interval_s, policy.backoff_max_s) * policy.interval_s
        wait_s = pause_s + policy.interval_s + policy.left_grace_s
        return now - outage.last_back >= timedelta(seconds=wait_s)

    # -- falling

    def _await(self, camera_id: CameraId, ill: Ill) -> None:
        self._undecided[camera_id] = None
        heapq.heappush(self._due, (self._settles_at(ill), camera_id))

    def _settles_at(self, ill: Ill) -> datetime:
        wait_s = self.policy.settle_s if ill.by_line else self.policy.stream_window_s
        return (ill.down_at or ill.onset) + timedelta(seconds=wait_s)

    def _let_join(self, done: Decisions, now: datetime) -> None:
        if not self._open:
            return
        for camera_id in self._fresh:
            ill = self._census.ill.get(camera_id)
            if ill is None or not ill.is_down or ill.outage is not None:
                continue
            outage = self._outage_above(camera_id, ill)
            if outage is not None:
                self._take_in(outage, camera_id, ill, done)
                done.changed.append(outage)

    def _outage_above(self, camera_id: CameraId, ill: Ill) -> Outage | None:
        device_id = self.graph.device_of(camera_id)
        if device_id is None:
            return None
        known = self._strays.get(camera_id)
        if known is not None and known.closed_at is None and camera_id in known.members:
            return known
        for key in (_nvr(device_id), *self.graph.above(device_id)):
            for outage in self._by_cause.get(key, ()):
                if self._may_join(outage, camera_id, ill):
                    return outage
        return None

    def _may_join(self, outage: Outage, camera_id: CameraId, ill: Ill) -> bool:
        if camera_id in outage.members:
            return True
        onset = ill.line_onset or ill.onset
        away_s = (onset - outage.opened_at).total_seconds()
        if not outage.whole:
            return self._fell_with(outage, onset)
        still_dead = 2 * len(outage.down) >= len(outage.members)
        return still_dead and -self.policy.window_s <= away_s <= self.policy.join_s

    def _find_early(self, done: Decisions, now: datetime) -> None:
        """Enough are down and the others in doubt: said before each has failed as often as it takes."""
        policy = self.policy
        lines = self._line_fallers(camera_id for camera_id in self._undecided)
        if len(lines) < policy.least:
            return
        doubtful = self._line_fallers(self._doubtful, in_doubt=True)
        for found in explain({**doubtful, **lines}, self.graph, self._census.standing, self._terms(now)):
            down = found.devices & lines.keys()
            if found.whole and len(down) >= max(policy.least, policy.early_share * len(found.devices)):
                self._found(found, down, done, now)

    def _find_due(self, done: Decisions, now: datetime) -> None:
        due: set[CameraId] = set()
        while self._due and self._due[0][0] <= now:
            _, camera_id = heapq.heappop(self._due)
            if camera_id in self._undecided:
                due.add(camera_id)
        if not due:
            return
        lines = [camera_id for camera_id in due if self._census.ill[camera_id].by_line]
        streams = [camera_id for camera_id in due if not self._census.ill[camera_id].by_line]
        if lines:
            self._find_lines(lines, done, now)
        if streams:
            self._find_streams(streams, done, now)
        for camera_id in sorted(due & self._undecided.keys()):
            del self._undecided[camera_id]
            self._census.ill[camera_id].alone = True
            self._lone.append(now)
            done.alone.append(camera_id)

    def _find_lines(self, due: list[CameraId], done: Decisions, now: datetime) -> None:
        fallers = self._line_fallers(self._undecided)
        wanted = {self.graph.device_of(camera_id) for camera_id in due}
        for found in explain(fallers, self.graph, self._census.standing, self._terms(now)):
            if wanted & found.devices:
                self._found(found, found.devices, done, now)
        for camera_id in due:
            ill = self._census.ill[camera_id]
            if camera_id in self._undecided and (outage := self._outage_above(camera_id, ill)) is not None:
                self._take_in(outage, camera_id, ill, done)
                done.changed.append(outage)
        for device_id in sorted(one for one in wanted if one is not None):
            if not self._fell_with_neighbours(device_id, done):
                self._find_recorder(device_id, done, now, self._terms(now), line=True)

    def _fell_with_neighbours(self, device_id: DeviceId, done: Decisions) -> bool:
        """Joins an outage whose members nobody is sure of, when it fell just with them and is their neighbour."""
        cameras = [camera_id for camera_id in self.graph.cameras_of(device_id) if camera_id in self._undecided]
        if not cameras:
            return True
        onset = min(self._onset(camera_id) for camera_id in cameras)
        for outage in self._open.values():
            unsure = not outage.whole or not self.graph.node(outage.cause).confirmed
            if unsure and self._fell_with(outage, onset) and self._is_neighbour(device_id, outage):
                for camera_id in cameras:
                    self._take_in(outage, camera_id, self._census.ill[camera_id], done)
                    self._strays[camera_id] = outage
                done.changed.append(outage)
                return True
        return False

    def _fell_with(self, outage: Outage, onset: datetime) -> bool:
        """At the same time, as far as looks once a minute can tell, of which some get lost."""
        away_s = (onset - outage.fell_from).total_seconds()
        return abs(away_s) <= self.policy.window_s or 0 <= away_s <= outage.spread_s + self.policy.window_s

    def _is_neighbour(self, device_id: DeviceId, outage: Outage) -> bool:
        """In the network, or else the region, of one of them."""
        member = self.graph.device_of(min(outage.members))
        if member is None:
            return False
        mine, theirs = self.graph.above(device_id), set(self.graph.above(member))
        for kind in (NodeKind.SUBNET, NodeKind.REGION):
            found = next((key for key in mine if key.kind is kind), None)
            if found is not None:
                return found in theirs
        return False

    def _find_streams(self, due: list[CameraId], done: Decisions, now: datetime) -> None:
        terms = self._terms(now, self.policy.stream_window_s)
        devices = {device_id for camera_id in due if (device_id := self.graph.device_of(camera_id)) is not None}
        for device_id in sorted(devices):
            self._find_recorder(device_id, done, now, terms, line=False)
        waiting: dict[int, Faller] = {}
        for camera_id in self._undecided:
            ill, owner = self._census.ill[camera_id], self.graph.device_of(camera_id)
            if owner is not None and not ill.by_line and len(self.graph.cameras_of(owner)) == 1:
                waiting[owner] = Faller(ill.onset.timestamp())
        for found in explain(waiting, self.graph, self._census.standing, terms):
            if devices & found.devices:
                self._found(found, found.devices, done, now)

    def _find_recorder(self, device_id: DeviceId, done: Decisions, now: datetime, terms: Terms, *, line: bool) -> None:
        """One device with several cameras."""
        fallers: dict[int, Faller] = {
            camera_id: Faller((ill.line_onset or ill.onset if line else ill.onset).timestamp())
            for camera_id in self.graph.cameras_of(device_id)
            if camera_id in self._undecided and (ill := self._census.ill[camera_id]).by_line == line
        }
        if len(fallers) < 2:
            return
        key = _nvr(device_id)
        found = weigh(self.graph.node(key), fallers, self._census.standing(key), terms)
        if found is not None:
            self._open_outage(found, [CameraId(one) for one in found.devices], done, now)

    def _line_fallers(self, cameras: Iterable[CameraId], *, in_doubt: bool = False) -> dict[int, Faller]:
        """Devices of which everything has fallen, by the first of their cameras."""
        fallers: dict[int, Faller] = {}
        for camera_id in cameras:
            ill, device_id = self._census.ill[camera_id], self.graph.device_of(camera_id)
            if device_id is None or self._census.stands(device_id) or not (in_doubt or ill.by_line):
                continue
            onset_s = (ill.line_onset or ill.onset).timestamp()
            known = fallers.get(device_id)
            if known is None or onset_s < known.onset_s:
                fallers[device_id] = Faller(onset_s)
        return fallers

    def _terms(self, now: datetime, window_s: float | None = None) -> Terms:
        policy = self.policy
        window_s = policy.window_s if window_s is None else window_s
        while self._lone and now - self._lone[0] > timedelta(seconds=policy.rate_over_s):
            self._lone.popleft()
        watched_days = self.graph.devices * policy.rate_over_s / 86_400.0
        seen = policy.falls_per_day * policy.belief_days + len(self._lone)
        per_day = seen / (policy.belief_days + watched_days)
        rate = max(policy.falls_per_day, per_day)
        return Terms(policy=policy, window_s=window_s, surprise=surprise(rate, window_s), wrong=self._wrong)

    # -- outages

    def _found(self, found: Hypothesis, devices: Iterable[int], done: Decisions, now: datetime) -> None:
        """With every camera of these devices that is down and nobody's yet."""
        cameras = [
            camera_id
            for device_id in devices
            for camera_id in self.graph.cameras_of(DeviceId(device_id))
            if camera_id in self._undecided
        ]
        self._open_outage(found, cameras, done, now)

    def _open_outage(self, found: Hypothesis, cameras: list[CameraId], done: Decisions, now: datetime) -> None:
        onset = min(self._onset(camera_id) for camera_id in cameras)
        outage = self._same_as_before(found, cameras, onset)
        node = self.graph.node(found.key)
        because = _because(found)
        if outage is None:
            outage = Outage(
                cause=found.key,
                name=node.name,
                source=node.source,
                whole=found.whole,
                because=because,
                opened_at=onset,
                fell_from=onset,
                found_at=now,
            )
            done.found.append(outage)
        elif outage.closed_at is not None:
            outage.closed_at, outage.last_back = None, None
            self._ended.remove(outage)
            done.reopened.append(outage)
        else:
            outage.whole = outage.whole or found.whole
            done.changed.append(outage)
        outage.fell_from = onset
        outage.spread_s = found.spread_s
        self._put(outage)
        for camera_id in sorted(cameras):
            self._take_in(outage, camera_id, self._census.ill[camera_id], done)

    def _same_as_before(self, found: Hypothesis, cameras: list[CameraId], onset: datetime) -> Outage | None:
        """The one that is open already, or that ended a short while ago."""
        for outage in self._by_cause.get(found.key, ()):
            if found.whole or not outage.members.isdisjoint(cameras):
                return outage
        for outage in reversed(self._ended):
            if outage.cause != found.key or outage.closed_at is None:
                continue
            if onset - outage.closed_at > timedelta(seconds=self.policy.reopen_s):
                continue
            if (found.whole and outage.whole) or 2 * len(outage.members.intersection(cameras)) >= len(cameras):
                return outage
        return None

    def _take_in(self, outage: Outage, camera_id: CameraId, ill: Ill, done: Decisions) -> None:
        ill.outage, ill.alone = outage, False
        self._undecided.pop(camera_id, None)
        outage.members.add(camera_id)
        outage.down.add(camera_id)
        done.moves.append(Move(outage=outage, camera_id=camera_id, at=self._onset(camera_id), inside=True))

    def _put(self, outage: Outage) -> None:
        if id(outage) not in self._open:
            self._open[id(outage)] = outage
            self._by_cause.setdefault(outage.cause, []).append(outage)

    def _drop(self, outage: Outage) -> None:
        del self._open[id(outage)]
        same = self._by_cause[outage.cause]
        same.remove(outage)
        if not same:
            del self._by_cause[outage.cause]

    def _rise_to_parents(self, done: Decisions, now: datetime) -> None:
        """When everything below a parent is gone within a while, the parent is the cause: one outage of several."""
        touched = [*done.found, *(move.outage for move in done.moves if move.inside)]
        parents = dict.fromkeys(parent for outage in touched for parent in self.graph.ancestors(outage.cause))
        for parent in parents:
            if parent not in self._by_cause and self._all_children_fell(parent):
                self._rise(parent, done, now)

    def _all_children_fell(self, parent: NodeKey) -> bool:
        census, share = self._census, self.policy.share
        children = [
            (census.fallen(child), census.standing(child)) for child in self.graph.children(parent)
        ]  # fmt: skip
        watched = [(fell, stand) for fell, stand in children if fell + stand]
        together = (census.fallen(parent), census.standing(parent))
        if len(watched) < 2 or any(fell < share * (fell + stand) for fell, stand in (*watched, together)):
            return False
        doubtful = (self.graph.device_of(camera_id) for camera_id in self._doubtful)
        return not any(one is not None and self.graph.hangs_on(one, parent) for one in doubtful)

    def _rise(self, parent: NodeKey, done: Decisions, now: datetime) -> None:
        node = self.graph.node(parent)
        if self._wrong.get(parent) or not node.confirmed:
            return
        since = now - timedelta(seconds=self.policy.gather_s + self.policy.window_s)
        inner = [
            outage
            for outage in self._open.values()
            if outage.whole and outage.opened_at >= since and parent in self.graph.ancestors(outage.cause)
        ]
        fallen = self._census.fallen(parent)
        covered = {self.graph.device_of(camera_id) for outage in inner for camera_id in outage.down}
        if len(inner) < 2 or len(covered) < self.policy.share * fallen:
            return
        first = min(inner, key=lambda outage: (outage.opened_at, outage.outage_id or 0))
        self._drop(first)
        first.cause, first.name, first.source = parent, node.name, node.source
        first.because = f"all {len(inner)} below it fell: {len(covered)} of {fallen + self._census.standing(parent)}"
        self._put(first)
        for outage in inner:
            if outage is not first:
                self._absorb(outage, first, done, now)
        for camera_id in list(self._undecided):
            device_id, ill = self.graph.device_of(camera_id), self._census.ill[camera_id]
            if device_id is not None and ill.by_line and self.graph.hangs_on(device_id, parent):
                self._take_in(first, camera_id, ill, done)
        done.changed.append(first)

    def _absorb(self, outage: Outage, into: Outage, done: Decisions, now: datetime) -> None:
        for camera_id in sorted(outage.down):
            done.moves.append(Move(outage=outage, camera_id=camera_id, at=now, inside=False))
            self._take_in(into, camera_id, self._census.ill[camera_id], done)
        outage.down.clear()
        outage.closed_at = now
        self._drop(outage)
        done.absorbed.append((outage, into))

    def _onset(self, camera_id: CameraId) -> datetime:
        ill = self._census.ill[camera_id]
        return ill.line_onset or ill.onset


def _nvr(device_id: DeviceId) -> NodeKey:
    return NodeKey(NodeKind.NVR, str(device_id))


def _because(found: Hypothesis) -> str:
    return f"{len(found.devices)} of {found.of} fell within {found.spread_s:.0f} s"
