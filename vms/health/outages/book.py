"""The outages of a town as its news comes in: which falls have one cause, who joins, who comes back, when it is over.

Take in the news, then `decide`; what was decided is kept by the caller together with how far the news were read. The
whole book can be made again from what was kept. Each step costs what changed, not what there is.
"""

import heapq
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from vms.core.ids import CameraId, DeviceId
from vms.health.fault import LIFE, FaultKind
from vms.health.outages.census import LINE, Census, Ill
from vms.health.outages.explain import Hypothesis
from vms.health.outages.graph import SupplyGraph
from vms.health.outages.node import NodeKey, NodeKind
from vms.health.outages.outage import Decisions, Move, Outage
from vms.health.outages.policy import OutagePolicy
from vms.health.outages.roll import OutageRoll
from vms.health.outages.search import Search, fell_at
from vms.health.status import Status


class OutageBook:
    """Holds what changes; knows no clock. `wrong`: how often a cause was found named wrongly more than rightly."""

    def __init__(self, graph: SupplyGraph, policy: OutagePolicy, wrong: Mapping[NodeKey, int] | None = None) -> None:
        self.policy = policy
        self._wrong = wrong or {}
        self._census = Census(graph)
        self._search = Search(self._census, policy, self._wrong)
        self._roll = OutageRoll(self._census, policy)
        self._fresh: dict[CameraId, None] = {}
        self._due: list[tuple[datetime, CameraId]] = []
        self._undecided: dict[CameraId, None] = {}
        self._doubtful: dict[CameraId, None] = {}
        self._left: list[tuple[CameraId, Outage, datetime]] = []
        self._emptied: dict[CameraId, datetime] = {}

    @property
    def graph(self) -> SupplyGraph:
        return self._census.graph

    def open_outages(self) -> Sequence[Outage]:
        return self._roll.open_ones()

    @property
    def is_waiting(self) -> bool:
        """Falls are not decided yet."""
        return bool(self._undecided)

    def is_due(self, now: datetime) -> bool:
        """Time alone lets something be decided: a fall stands alone, or an outage ends without its last cameras."""
        if self._due and self._due[0][0] <= now:
            return True
        return any(self._roll.has_settled(outage, now) for outage in self._roll.open_ones())

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
        *,
        unread: Collection[int] = (),
    ) -> None:
        """As it was kept. `ill` name their outages; `outages`: those that are open, and those that ended lately.

        What had settled by `decided_until` is not decided again, but for cameras of `unread`, whose fall is news.
        """
        census = self._census
        census.up, census.ill = set(up), dict(ill)
        census.count(census.up, (camera_id for camera_id, one in ill.items() if one.is_down))
        for outage in outages:
            self._roll.enter(outage, outage.members)
            if outage.closed_at is not None:
                self._roll.remember(outage)
                continue
            self._roll.put(outage)
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
                one.alone = camera_id not in unread and self._settles_at(one) <= decided_until
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
        self._let_join(self._fresh, done)
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
        for outage in self._roll.open_ones():
            if outage.down and self._roll.has_settled(outage, now):
                self._release(outage, done, now)
            if not outage.down:
                outage.closed_at = outage.last_back or now
                self._roll.drop(outage)
                self._roll.remember(outage)
                done.closed.append(outage)
        self._roll.forget_old(now)

    def _release(self, outage: Outage, done: Decisions, now: datetime) -> None:
        """Who is still away is ill on its own."""
        for camera_id in sorted(outage.down):
            ill = self._census.ill[camera_id]
            ill.outage, ill.alone, ill.barred = None, True, True
            done.moves.append(Move(outage=outage, camera_id=camera_id, at=now, inside=False, on_its_own=True))
            done.alone.append(camera_id)
        outage.down.clear()

    # -- falling

    def _await(self, camera_id: CameraId, ill: Ill) -> None:
        self._undecided[camera_id] = None
        heapq.heappush(self._due, (self._settles_at(ill, alone=True), camera_id))

    def _settles_at(self, ill: Ill, *, alone: bool = False) -> datetime:
        """`alone`: where nobody beside it is in doubt. Everybody was looked at since it was; who fell with it is."""
        wait_s = self.policy.settle_s if ill.by_line else self.policy.stream_window_s
        if alone and ill.by_line:
            wait_s = self.policy.slack_s
        return (ill.down_at or ill.onset) + timedelta(seconds=wait_s)

    def _let_join(self, cameras: Iterable[CameraId], done: Decisions) -> None:
        for camera_id in list(cameras):
            ill = self._census.ill.get(camera_id)
            if camera_id in self._undecided and ill is not None:
                outage = self._roll.above(camera_id, ill)
                if outage is not None:
                    self._take_in(outage, camera_id, ill, done)
                    done.changed.append(outage)

    def _find_early(self, done: Decisions, now: datetime) -> None:
        for cause, down in self._search.early(self._undecided, self._doubtful, now):
            self._open_outage(cause, self._undecided_of(down), done, now)

    def _find_due(self, done: Decisions, now: datetime) -> None:
        due: set[CameraId] = set()
        in_doubt: set[NodeKey] | None = None
        while self._due and self._due[0][0] <= now:
            _, camera_id = heapq.heappop(self._due)
            if camera_id not in self._undecided:
                continue
            settles_at = self._settles_at(self._census.ill[camera_id])
            if settles_at > now:
                in_doubt = in_doubt if in_doubt is not None else self._nodes_in_doubt()
                if self._hangs_on_any(camera_id, in_doubt):
                    again = min(settles_at, now + timedelta(seconds=self.policy.slack_s))
                    heapq.heappush(self._due, (again, camera_id))
                    continue
            due.add(camera_id)
        if not due:
            return
        self._find_lines([one for one in due if self._census.ill[one].by_line], done, now)
        self._find_streams([one for one in due if not self._census.ill[one].by_line], done, now)
        for camera_id in sorted(due & self._undecided.keys()):
            del self._undecided[camera_id]
            self._census.ill[camera_id].alone = True
            self._search.note_alone(now)
            done.alone.append(camera_id)

    def _nodes_in_doubt(self) -> set[NodeKey]:
        """What those hang on that are not down yet; a region is too wide to say anything."""
        devices = self._devices_of(self._doubtful)
        return {key for one in devices for key in self.graph.above(one) if key.kind is not NodeKind.REGION}

    def _hangs_on_any(self, camera_id: CameraId, nodes: set[NodeKey]) -> bool:
        device_id = self.graph.device_of(camera_id)
        return device_id is not None and not nodes.isdisjoint(self.graph.above(device_id))

    def _find_lines(self, due: Sequence[CameraId], done: Decisions, now: datetime) -> None:
        devices = self._devices_of(due)
        for found in self._search.lines(self._undecided, devices, now) if devices else ():
            self._open_outage(found, self._undecided_of(found.devices), done, now)
        self._let_join(due, done)
        for device_id in sorted(devices):
            cameras = self._undecided_of([device_id])
            if not cameras:
                continue
            neighbours = self._roll.beside(device_id, min(self._fell_at(camera_id) for camera_id in cameras))
            if neighbours is not None:
                for camera_id in cameras:
                    self._take_in(neighbours, camera_id, self._census.ill[camera_id], done)
                done.changed.append(neighbours)
            elif (cause := self._search.recorder(device_id, self._undecided, now, line=True)) is not None:
                self._open_outage(cause, [CameraId(one) for one in cause.devices], done, now)

    def _find_streams(self, due: Sequence[CameraId], done: Decisions, now: datetime) -> None:
        devices = self._devices_of(due)
        for device_id in sorted(devices):
            cause = self._search.recorder(device_id, self._undecided, now, line=False)
            if cause is not None:
                self._open_outage(cause, [CameraId(one) for one in cause.devices], done, now)
        for found in self._search.streams(self._undecided, devices, now) if devices else ():
            self._open_outage(found, self._undecided_of(found.devices), done, now)

    def _devices_of(self, cameras: Iterable[CameraId]) -> set[DeviceId]:
        found = (self.graph.device_of(camera_id) for camera_id in cameras)
        return {device_id for device_id in found if device_id is not None}

    def _undecided_of(self, devices: Iterable[int]) -> list[CameraId]:
        cameras = (camera_id for one in devices for camera_id in self.graph.cameras_of(DeviceId(one)))
        return [camera_id for camera_id in cameras if camera_id in self._undecided]

    def _fell_at(self, camera_id: CameraId) -> datetime:
        return fell_at(self._census.ill[camera_id])

    # -- outages

    def _open_outage(self, found: Hypothesis, cameras: list[CameraId], done: Decisions, now: datetime) -> None:
        onset = min(self._fell_at(camera_id) for camera_id in cameras)
        outage = self._roll.same_as_before(found, cameras, onset)
        node = self.graph.node(found.key)
        because = found.because
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
            done.reopened.append(outage)
        else:
            outage.whole = outage.whole or found.whole
            done.changed.append(outage)
        outage.fell_from = onset
        outage.spread_s = found.spread_s
        self._roll.put(outage)
        for camera_id in sorted(cameras):
            self._take_in(outage, camera_id, self._census.ill[camera_id], done)

    def _take_in(self, outage: Outage, camera_id: CameraId, ill: Ill, done: Decisions) -> None:
        ill.outage, ill.alone = outage, False
        self._undecided.pop(camera_id, None)
        outage.members.add(camera_id)
        outage.down.add(camera_id)
        self._roll.enter(outage, [camera_id])
        done.moves.append(Move(outage=outage, camera_id=camera_id, at=self._fell_at(camera_id), inside=True))

    def _rise_to_parents(self, done: Decisions, now: datetime) -> None:
        """When everything below a parent is gone within a while, the parent is the cause: one outage of several."""
        touched = [*done.found, *(move.outage for move in done.moves if move.inside)]
        parents = dict.fromkeys(parent for outage in touched for parent in self.graph.ancestors(outage.cause))
        for parent in parents:
            if not self._roll.is_open(parent) and self._all_children_fell(parent):
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
        node = self.graph.find(parent)
        if node is None or self._wrong.get(parent) or not node.confirmed:
            return
        since = now - timedelta(seconds=self.policy.gather_s + self.policy.window_s)
        inner = [
            outage
            for outage in self._roll.open_ones()
            if outage.whole and outage.opened_at >= since and parent in self.graph.ancestors(outage.cause)
        ]
        fallen = self._census.fallen(parent)
        covered = {self.graph.device_of(camera_id) for outage in inner for camera_id in outage.down}
        if len(inner) < 2 or len(covered) < self.policy.share * fallen:
            return
        first = min(inner, key=lambda outage: (outage.opened_at, outage.outage_id or 0))
        self._roll.drop(first)
        first.cause, first.name, first.source = parent, node.name, node.source
        first.because = f"all {len(inner)} below it fell: {len(covered)} of {fallen + self._census.standing(parent)}"
        self._roll.put(first)
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
        self._roll.drop(outage)
        done.absorbed.append((outage, into))
