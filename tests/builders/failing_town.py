"""A town of 40 switches whose parts fail by scripts: the real watch judges every look, the real book every fall.

Only devices that something happens to are looked at: a look at a healthy camera changes nothing.
"""

import heapq
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from vms.core.ids import CameraId, DeviceId, SessionId
from vms.health.judge import name_faults
from vms.health.last_straw import is_last_straw, pause_before_last_s
from vms.health.outages.book import OutageBook
from vms.health.outages.graph import CameraPlace, SupplyGraph
from vms.health.outages.node import Node, NodeKey, NodeKind, NodeSource
from vms.health.outages.outage import Outage
from vms.health.outages.policy import OutagePolicy
from vms.health.pace import turns_between_looks
from vms.health.policy import Policy
from vms.health.reading import ControlReading, NetworkReading, Reading
from vms.health.status import Status
from vms.health.watch import Watch, step

START = datetime(2026, 5, 1, 12, tzinfo=UTC)
SESSION = SessionId(1)
SWITCHES, PER_SWITCH, PER_FEEDER = 40, 25, 4
CHANNELS = 8
INTERVAL_S = 60.0
LOST_SHARE = 0.001
"""Of single questions: of a thousand devices, twenty lose one look in twenty."""
TICK_S = 5.0
UP, ANSWERS = NetworkReading(connected=True), ControlReading(answered=True)
AWAY = NetworkReading(connected=False, because="timeout")


class Script(StrEnum):
    CAMERA = "single camera"
    SWITCH = "switch"
    FEEDER = "feeder with its switches"
    RECORDER = "recorder"
    POLE = "pole"
    PART = "part of a switch"
    FLAPPING = "flapping link"
    WAVES = "feeder, recovery in waves"
    LEFT = "switch, one camera stays away"
    OVERLAP = "two causes at once"
    BLIP = "blip and lost packets"


class Knowledge(StrEnum):
    TYPED = "typed"
    LEARNT = "learnt"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Device:
    device_id: DeviceId
    cameras: tuple[CameraId, ...]
    switch: int
    pole: int | None
    phase_s: float


@dataclass(slots=True)
class Cause:
    """What really failed, and since when; at least one order is due for it."""

    devices: frozenset[DeviceId]
    start_s: float
    kind: Script
    key: NodeKey | None = None
    """What a perfect answer names; None: nothing known."""


@dataclass(slots=True)
class Town:
    devices: tuple[Device, ...]
    graph: SupplyGraph
    knowledge: dict[int, Knowledge]

    def of_switch(self, switch: int) -> list[Device]:
        return [device for device in self.devices if device.switch == switch]


def a_town(chance: random.Random) -> Town:
    """Per switch a recorder with 8 channels and 17 cameras, some in pairs on a pole; six of ten switches are typed."""
    devices: list[Device] = []
    next_camera, next_device = 1, 1
    for switch in range(SWITCHES):
        sizes = [CHANNELS] + [1] * (PER_SWITCH - CHANNELS)
        for number, size in enumerate(sizes):
            cameras = tuple(CameraId(next_camera + k) for k in range(size))
            pole = switch * 100 + (number + 1) // 2 if 1 <= number <= 6 else None
            devices.append(Device(DeviceId(next_device), cameras, switch, pole, chance.uniform(0, INTERVAL_S)))
            next_camera += size
            next_device += 1
    knowledge = {
        switch: chance.choices(tuple(Knowledge), weights=(6, 2, 2))[0] for switch in range(SWITCHES)
    }  # fmt: skip
    nodes, members = [], []
    for feeder in range(SWITCHES // PER_FEEDER):
        nodes.append(Node(key=feeder_key(feeder), name=f"feeder {feeder}", source=NodeSource.TYPED))
    for switch, known in knowledge.items():
        if known is Knowledge.UNKNOWN:
            continue
        typed = known is Knowledge.TYPED
        nodes.append(
            Node(
                key=switch_key(switch),
                name=f"switch {switch}",
                source=NodeSource.TYPED if typed else NodeSource.LEARNT,
                parent=feeder_key(switch // PER_FEEDER) if typed else None,
                confirmed=typed,
            )
        )
        found = [device for device in devices if device.switch == switch]
        members += [(device.device_id, switch_key(switch)) for device in (found if typed else found[1:])]
        if not typed:
            members += [(device.device_id, feeder_key(switch // PER_FEEDER)) for device in found]
    for switch, known in knowledge.items():
        if known is Knowledge.UNKNOWN:
            key = feeder_key(switch // PER_FEEDER)
            members += [(device.device_id, key) for device in devices if device.switch == switch]
    places = [
        CameraPlace(
            camera_id=camera_id,
            device_id=device.device_id,
            pole_code="" if device.pole is None else f"P{device.pole}",
            network=f"10.0.{device.switch % 10}.0/24",
            region_code=f"4101{device.switch % 5:02}",
        )
        for device in devices
        for camera_id in device.cameras
    ]
    regions: dict[str, tuple[str, str | None]] = {f"4101{n:02}": (f"district {n}", "4101") for n in range(5)}
    regions["4101"] = ("town", None)
    return Town(tuple(devices), SupplyGraph(places, nodes, members, regions), knowledge)


def switch_key(switch: int) -> NodeKey:
    return NodeKey(NodeKind.SWITCH, str(switch))


def feeder_key(feeder: int) -> NodeKey:
    return NodeKey(NodeKind.POWER_FEEDER, f"f{feeder}")


@dataclass(slots=True)
class Played:
    """How one script went."""

    script: Script
    causes: list[Cause]
    orders: int = 0
    false_downs: int = 0
    strangers: int = 0
    """Cameras in an outage that nothing had happened to."""
    fell_s: list[float] = field(default_factory=list)
    """From each camera's failing until it was called down."""
    detected_s: list[float] = field(default_factory=list)
    """From each cause until its outage, or that it stands alone, was known."""
    named: int = 0
    """Outages that name just what failed."""
    nameable: int = 0
    missed: int = 0
    looks: int = 0
    left_open: int = 0


class Failures:
    """When each device is really away: stretches of seconds from the start."""

    def __init__(self) -> None:
        self.away: dict[DeviceId, list[tuple[float, float]]] = {}
        self.causes: list[Cause] = []
        self.lost: dict[DeviceId, set[int]] = {}
        self.chance = random.Random(0)
        """Whether a question that is repeated gets lost."""

    def fail(
        self, devices: list[Device], start_s: float, end_s: float, chance: random.Random, boot_s: float = 0.0
    ) -> None:
        for device in devices:
            back_s = end_s + chance.uniform(0, boot_s)
            self.away.setdefault(device.device_id, []).append((start_s, back_s))

    def is_away(self, device_id: DeviceId, at_s: float) -> bool:
        return self.away_since(device_id, at_s) is not None

    def away_since(self, device_id: DeviceId, at_s: float) -> float | None:
        return next((start for start, end in self.away.get(device_id, ()) if start <= at_s < end), None)

    def hears_again(self, device_id: DeviceId, at_s: float) -> bool:
        """Whether it answers the question that is repeated."""
        return not self.is_away(device_id, at_s) and self.chance.random() >= LOST_SHARE

    def end_s(self) -> float:
        ends = [end for stretches in self.away.values() for _, end in stretches]
        return max(ends, default=600.0)


def write_script(script: Script, town: Town, chance: random.Random) -> Failures:
    found = Failures()
    if script is Script.OVERLAP:
        kinds = (Script.CAMERA, Script.SWITCH, Script.RECORDER, Script.POLE, Script.PART, Script.FEEDER)
        first, second = chance.sample(range(SWITCHES // PER_FEEDER), 2)
        _one(chance.choice(kinds), found, town, first, chance, chance.uniform(0, 120))
        _one(chance.choice(kinds), found, town, second, chance, chance.uniform(0, 600))
    else:
        _one(script, found, town, chance.randrange(SWITCHES // PER_FEEDER), chance, chance.uniform(0, 60))
    for device in chance.sample(town.devices, 20):
        found.lost.setdefault(device.device_id, set()).add(chance.randrange(20))
    found.chance = random.Random(repr(sorted(found.lost.items())))
    return found


def _one(script: Script, found: Failures, town: Town, feeder: int, chance: random.Random, start_s: float) -> None:
    switch = feeder * PER_FEEDER + chance.randrange(PER_FEEDER)
    below = town.of_switch(switch)
    end_s = start_s + chance.choice((420, 900, 1800, 3600)) + chance.uniform(0, 60)
    known = town.knowledge[switch]
    key = None if known is Knowledge.UNKNOWN else switch_key(switch)
    if script is Script.CAMERA:
        hit = [chance.choice(below[7:])]
        found.fail(hit, start_s, end_s, chance)
        key = None
    elif script is Script.RECORDER:
        hit = below[:1]
        found.fail(hit, start_s, end_s, chance)
        key = NodeKey(NodeKind.NVR, str(hit[0].device_id))
    elif script is Script.POLE:
        pole = chance.choice([device.pole for device in below if device.pole is not None])
        hit = [device for device in below if device.pole == pole]
        found.fail(hit, start_s, end_s, chance, boot_s=90)
        key = NodeKey(NodeKind.POLE, f"P{pole}")
    elif script is Script.PART:
        hit = chance.sample(below, chance.randint(6, 12))
        found.fail(hit, start_s, end_s, chance, boot_s=90)
        key = switch_key(switch) if known is Knowledge.TYPED else None
    elif script is Script.FLAPPING:
        hit, from_s = below, start_s
        for _ in range(chance.randint(2, 4)):
            until_s = from_s + chance.uniform(300, 700)
            found.fail(hit, from_s, until_s, chance)
            from_s = until_s + chance.uniform(150, 900)
    elif script in (Script.FEEDER, Script.WAVES):
        hit = [device for k in range(PER_FEEDER) for device in town.of_switch(feeder * PER_FEEDER + k)]
        for k in range(PER_FEEDER):
            later_s = chance.uniform(0, 900) if script is Script.WAVES else 0.0
            found.fail(town.of_switch(feeder * PER_FEEDER + k), start_s, end_s + later_s, chance, boot_s=180)
        key = feeder_key(feeder)
    elif script is Script.LEFT:
        hit = below
        found.fail(hit[:-1], start_s, end_s, chance, boot_s=120)
        found.fail(hit[-1:], start_s, end_s + 6000, chance)
        found.causes.append(Cause(frozenset({hit[-1].device_id}), end_s, Script.CAMERA))
    elif script is Script.BLIP:
        found.fail(below, start_s, start_s + chance.uniform(5, 100), chance)
        return
    else:
        hit = below
        found.fail(hit, start_s, end_s, chance, boot_s=120)
    found.causes.append(Cause(frozenset(device.device_id for device in hit), start_s, script, key))


def play(script: Script, town: Town, failures: Failures, policy: Policy, rules: OutagePolicy) -> Played:
    """Looks, judges, groups; until everything is over."""
    played = Played(script, failures.causes)
    book = OutageBook(town.graph, rules)
    book.restore((camera for device in town.devices for camera in device.cameras), {}, (), START)
    watches: dict[CameraId, Watch] = {}
    touched = [
        device for device in town.devices if device.device_id in failures.away or device.device_id in failures.lost
    ]
    end_s = failures.end_s() + 2400
    news: dict[CameraId, Status] = {}
    next_tick_s, idle_until_s = 0.0, 0.0
    for at_s, device, failed in _looks(touched, failures, watches, end_s, policy):
        while at_s >= next_tick_s:
            if news or next_tick_s >= idle_until_s:
                _decide(book, next_tick_s, played, failures)
                idle_until_s = next_tick_s + (15.0 if _is_busy(book) else 600.0)
                news.clear()
            next_tick_s += TICK_S
        for camera_id in device.cameras:
            played.looks += 1
            watch = watches.get(camera_id) or _healthy(camera_id)
            reading = Reading(
                camera_id=camera_id,
                at=START + timedelta(seconds=at_s),
                network=AWAY if failed else UP,
                control=None if failed else ANSWERS,
            )
            taken = step(watch, reading, name_faults(reading, policy), reading.at, policy)
            watches[camera_id] = taken.watch
            if taken.flip is not None:
                news[camera_id] = taken.flip.to_status
                book.flipped(camera_id, taken.flip.to_status, reading.at)
                if taken.flip.to_status is Status.DOWN:
                    since_s = failures.away_since(device.device_id, at_s)
                    played.false_downs += since_s is None
                    played.fell_s += [] if since_s is None else [at_s - since_s]
            for fault in taken.closed:
                book.closed(camera_id, fault.kind, reading.at)
            for fault in taken.opened:
                idle_until_s = min(idle_until_s, at_s + TICK_S)
                book.opened(camera_id, fault.kind, reading.at)
    for k in range(20):
        _decide(book, end_s + 120.0 * k, played, failures)
    played.left_open = sum(1 for _ in book.open_outages())
    played.missed = max(0, len(played.causes) - played.orders)
    return played


def _is_busy(book: OutageBook) -> bool:
    return any(True for _ in book.open_outages()) or book.is_waiting


def _decide(book: OutageBook, at_s: float, played: Played, failures: Failures) -> None:
    done = book.decide(START + timedelta(seconds=at_s))
    for outage in done.found:
        played.orders += 1
        _check(outage, book, at_s, played, failures)
    for camera_id in done.alone:
        played.orders += 1
        device_id = book.graph.device_of(camera_id)
        hit = [cause for cause in failures.causes if device_id in cause.devices and cause.kind is Script.CAMERA]
        played.detected_s += [at_s - cause.start_s for cause in hit[:1] if cause.kind is played.script]


def _check(outage: Outage, book: OutageBook, at_s: float, played: Played, failures: Failures) -> None:
    devices = {book.graph.device_of(camera_id) for camera_id in outage.members}
    causes = [cause for cause in failures.causes if devices & cause.devices]
    played.strangers += len(devices - frozenset().union(*(cause.devices for cause in causes)))
    if causes:
        first = max(causes, key=lambda cause: len(devices & cause.devices))
        played.detected_s.append(at_s - first.start_s)
        played.nameable += first.key is not None
        played.named += first.key is not None and first.key == outage.cause


def _looks(
    touched: list[Device], failures: Failures, watches: dict[CameraId, Watch], end_s: float, policy: Policy
) -> Iterator[tuple[float, Device, bool]]:
    """In the order of time, with the poller's back-off. Healthy stretches are passed over."""
    waiting = [(device.phase_s, 0, device.device_id, device) for device in touched]
    heapq.heapify(waiting)
    while waiting:
        at_s, turn, device_id, device = heapq.heappop(waiting)
        if at_s > end_s:
            continue
        failed = failures.is_away(device_id, at_s) or turn in failures.lost.get(device_id, ())
        watch = watches.get(device.cameras[0])
        told_s = at_s
        if failed and watch is not None and is_last_straw(watch, policy):
            told_s += pause_before_last_s(INTERVAL_S)
            failed = not failures.hears_again(device_id, told_s)
        if failed or (watch is not None and watch.status is not Status.UP):
            yield told_s, device, failed
        after = watches.get(device.cameras[0])
        failures_in_row = after.control_failures if after is not None else 0
        turns = turns_between_looks(failures_in_row, INTERVAL_S, 900.0)
        heapq.heappush(waiting, (at_s + turns * INTERVAL_S, turn + turns, device_id, device))


def _healthy(camera_id: CameraId) -> Watch:
    return Watch(camera_id=camera_id, session_id=SESSION, since=START, status=Status.UP)
