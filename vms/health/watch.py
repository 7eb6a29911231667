"""Faults over time: unknown → up → suspect → down, so that one bad reading wakes nobody and three do.

Two ways lead to a camera, its control and its stream, and each counts its failures in a row. The first failure makes
the camera suspect, `down_after` of them make it down; of the stream alone, while the control answers, it takes
`stream_down_after`. A key frame is proof of life whatever the control says. One good look brings it back, more of them
once it has fallen often. Faults of the clock and the picture are opened by k of n looks and leave the status alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from vms.core.ids import CameraId, SessionId
from vms.health.fault import LIFE, Fault, FaultKind, is_worse
from vms.health.flapping import flapping, is_calm, is_dead_after_all, recent
from vms.health.judge import kinds_looked_at
from vms.health.layer import Layer
from vms.health.policy import Policy
from vms.health.reading import Reading
from vms.health.spending import BUDGET
from vms.health.status import Status

OK = "ok"
RIVALS = MappingProxyType({FaultKind.SCENE_CHANGE: FaultKind.OCCLUSION, FaultKind.OCCLUSION: FaultKind.SCENE_CHANGE})
"""Two names that one unchanged view may get in turn: what stands by the one is not told by the other as well, nor ended
and told anew. Each has its own votes."""
CLEARER = 0.05
"""By so much a score must exceed the worst so far to be written down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    camera_id: CameraId
    session_id: SessionId
    from_status: Status
    to_status: Status
    at: datetime
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    camera_id: CameraId
    session_id: SessionId
    status: Status = Status.UNKNOWN
    since: datetime
    because: str = ""
    control_failures: int = 0
    """In a row; so are the next two."""
    stream_failures: int = 0
    good_looks: int = 0
    """Not counted any further once it is up."""
    falls: tuple[datetime, ...] = ()
    """When it last stopped being up, oldest first, within the flapping window."""
    votes: tuple[tuple[FaultKind, int], ...] = ()
    """Per kind the last looks as bits, the newest lowest; kinds without a vote against them are left out."""
    open_faults: tuple[Fault, ...] = ()
    layers: tuple[tuple[Layer, str], ...] = ()
    """Last judgement of each layer: `ok` or the kinds that were named."""
    clock_offset_s: float | None = None
    """As last told; follows the device in steps of the policy."""

    @property
    def failures(self) -> int:
        return max(self.control_failures, self.stream_failures)


class Step(NamedTuple):
    watch: Watch
    flip: Flip | None
    opened: tuple[Fault, ...]
    closed: tuple[Fault, ...]
    is_news: bool
    """Something changed that the store keeps."""
    worsened: tuple[Fault, ...] = ()
    """Open ones that this look saw clearer than any before."""


def step(watch: Watch, reading: Reading, faults: frozenset[Fault], now: datetime, policy: Policy) -> Step:
    """One reading further. `faults` are those that `name_faults` found in it."""
    looked = kinds_looked_at(reading) - _hidden(watch, reading)
    named = {fault.kind: fault for fault in faults}
    after = _count(watch, reading, looked, named, policy)
    status = _status(watch, after, reading, looked, now, policy)
    flip: Flip | None = None
    if status is not watch.status:
        because = _because(named, reading, status)
        flip = Flip(
            camera_id=watch.camera_id,
            session_id=watch.session_id,
            from_status=watch.status,
            to_status=status,
            at=now,
            because=because,
        )
        falls = after.falls
        if watch.status is Status.UP:
            falls = (*recent(falls, now, policy), now)[-policy.flap_most :]
        after = replace(after, status=status, since=now, because=because, falls=falls)
    votes = _vote(after.votes, looked, named, policy)
    opened, closed, still_open = _open_and_close(after, votes, looked, named, now, policy)
    worsened, still_open = _worsen(still_open, opened, named)
    layers = _layers(after.layers, reading, named, still_open)
    offset_s = _clock(after.clock_offset_s, reading, policy)
    is_told = flip is not None or bool(opened or closed or worsened)
    is_seen = layers != watch.layers or offset_s != watch.clock_offset_s
    if not (is_told or is_seen) and votes == watch.votes:
        return Step(after, None, (), (), False)
    changed = replace(after, votes=votes, open_faults=still_open, layers=layers, clock_offset_s=offset_s)
    return Step(changed, flip, opened, closed, is_told or is_seen, worsened)


def _count(
    watch: Watch, reading: Reading, looked: frozenset[FaultKind], named: dict[FaultKind, Fault], policy: Policy
) -> Watch:
    playing = reading.stream is not None and reading.stream.playing
    control, stream = watch.control_failures, watch.stream_failures
    control_looked = FaultKind.UNREACHABLE in looked or FaultKind.NO_ANSWER in looked
    if playing:
        control = 0
    elif control_looked:
        failed = FaultKind.UNREACHABLE in named or FaultKind.NO_ANSWER in named
        control = control + 1 if failed else 0
    if FaultKind.STREAM_DEAD in looked:
        stream = stream + 1 if FaultKind.STREAM_DEAD in named else 0
    good = watch.good_looks
    if control_looked or FaultKind.STREAM_DEAD in looked:
        if control or stream:
            good = 0
        elif watch.status is not Status.UP:
            good = min(good + 1, policy.flap_most)
    if (control, stream, good) == (watch.control_failures, watch.stream_failures, watch.good_looks):
        return watch
    return replace(watch, control_failures=control, stream_failures=stream, good_looks=good)


def _status(
    before: Watch,
    after: Watch,
    reading: Reading,
    looked: frozenset[FaultKind],
    now: datetime,
    policy: Policy,
) -> Status:
    if not looked & LIFE:
        return before.status
    if after.failures == 0:
        return Status.UP if after.good_looks >= _good_looks_needed(before, now, policy) else before.status
    if before.status is Status.DOWN or after.control_failures >= policy.down_after:
        return Status.DOWN
    most = max(policy.stream_down_after, policy.down_after) if _answers(after, reading) else policy.down_after
    return Status.DOWN if after.stream_failures >= most else Status.SUSPECT


def _answers(watch: Watch, reading: Reading) -> bool:
    """Whether the control speaks for it; of a camera that has none the stream speaks alone."""
    if reading.control is not None:
        return reading.control.answered
    return watch.control_failures == 0 and (Layer.CONTROL, OK) in watch.layers


def _good_looks_needed(watch: Watch, now: datetime, policy: Policy) -> int:
    if watch.status in (Status.UNKNOWN, Status.UP):
        return 1
    return max(1, 1 + len(recent(watch.falls, now, policy)) - policy.flap_free)


def _vote(
    votes: tuple[tuple[FaultKind, int], ...],
    looked: frozenset[FaultKind],
    named: dict[FaultKind, Fault],
    policy: Policy,
) -> tuple[tuple[FaultKind, int], ...]:
    if not votes and not named:
        return votes
    tally = dict(votes)
    for kind in looked:
        mask = (1 << policy.votes_for(kind).of) - 1
        tally[kind] = (tally.get(kind, 0) << 1 | (kind in named)) & mask
    return tuple(sorted((kind, bits) for kind, bits in tally.items() if bits))


def _open_and_close(
    after: Watch,
    votes: tuple[tuple[FaultKind, int], ...],
    looked: frozenset[FaultKind],
    named: dict[FaultKind, Fault],
    now: datetime,
    policy: Policy,
) -> tuple[tuple[Fault, ...], tuple[Fault, ...], tuple[Fault, ...]]:
    """(opened, closed, open afterwards). A fault that got worse is closed and opened anew."""
    if not after.open_faults and not named:
        return (), (), ()
    tally = dict(votes)
    open_now = {fault.kind: fault for fault in after.open_faults}
    opened: list[Fault] = []
    closed: list[Fault] = []
    if after.falls and after.falls[-1] == now and FaultKind.FLAPPING not in open_now:
        flaps = flapping(after.falls, now, policy)
        if flaps is not None:
            opened.append(flaps)
            open_now[flaps.kind] = flaps
    was_flapping = open_now.get(FaultKind.FLAPPING)
    only_flaps = was_flapping is not None and not is_dead_after_all(after.status, after.since, now, policy)
    for kind in sorted(looked | open_now.keys()):
        fault, was = named.get(kind), open_now.get(kind)
        enough = tally.get(kind, 0).bit_count() >= policy.votes_for(kind).needed
        if kind in LIFE:
            enough = (enough or after.status is Status.DOWN) and not only_flaps
        rival = RIVALS.get(kind)
        if was is None:
            if fault is not None and enough and rival not in open_now:
                opened.append(fault)
                open_now[kind] = fault
        elif fault is not None:
            if is_worse(fault.severity, was.severity):
                closed.append(was)
                opened.append(fault)
                open_now[kind] = fault
        elif _is_over(kind, after, looked, named, enough or _is_still_seen(kind, rival, tally, policy)):
            closed.append(was)
            del open_now[kind]
    if was_flapping is not None and (is_calm(after.status, after.since, now, policy) or LIFE & open_now.keys()):
        closed.append(was_flapping)
        del open_now[FaultKind.FLAPPING]
    return tuple(opened), tuple(closed), tuple(open_now[kind] for kind in sorted(open_now))


def _is_still_seen(kind: FaultKind, rival: FaultKind | None, tally: Mapping[FaultKind, int], policy: Policy) -> bool:
    """Whether enough looks saw what stands, by either name."""
    if rival is None:
        return False
    return (tally.get(kind, 0) | tally.get(rival, 0)).bit_count() >= policy.votes_for(kind).needed


def _hidden(watch: Watch, reading: Reading) -> frozenset[FaultKind]:
    """Open faults that something worse stands before: that they are not seen does not close them."""
    if reading.picture is None or not reading.picture.hidden or not watch.open_faults:
        return frozenset()
    return reading.picture.hidden & {fault.kind for fault in watch.open_faults}


def _worsen(
    still_open: tuple[Fault, ...], opened: tuple[Fault, ...], named: dict[FaultKind, Fault]
) -> tuple[tuple[Fault, ...], tuple[Fault, ...]]:
    """(worsened, open afterwards)."""
    clearer = {
        fault.kind: replace(fault, score=now.score, because=now.because)
        for fault in still_open
        if (now := named.get(fault.kind)) is not None
        and now.score is not None
        and now.score >= (fault.score or 0.0) + CLEARER
        and fault not in opened
    }
    if not clearer:
        return (), still_open
    return tuple(clearer.values()), tuple(clearer.get(fault.kind, fault) for fault in still_open)


def forgive(watch: Watch, kinds: frozenset[FaultKind]) -> Watch:
    """Somebody said that there is no such fault: it is not open any more, and no look so far speaks for it."""
    open_faults = tuple(fault for fault in watch.open_faults if fault.kind not in kinds)
    votes = tuple((voted, bits) for voted, bits in watch.votes if voted not in kinds)
    return replace(watch, open_faults=open_faults, votes=votes)


def _is_over(
    kind: FaultKind, after: Watch, looked: frozenset[FaultKind], named: dict[FaultKind, Fault], enough: bool
) -> bool:
    """Whether an open fault that was not named closes; one against life waits for `up` or for another cause."""
    if kind in LIFE:
        return after.status is Status.UP or (kind in looked and bool(LIFE & named.keys()))
    return kind in looked and not enough


def _layers(
    layers: tuple[tuple[Layer, str], ...],
    reading: Reading,
    named: dict[FaultKind, Fault],
    standing: tuple[Fault, ...],
) -> tuple[tuple[Layer, str], ...]:
    """Above a network that failed nothing is known any more, except what this reading itself saw. One look that does
    not show what stands against the picture does not make it whole."""
    found = {} if FaultKind.UNREACHABLE in named else dict(layers)
    for layer, part in (
        (Layer.NETWORK, reading.network),
        (Layer.CONTROL, reading.control),
        (Layer.STREAM, reading.stream),
        (Layer.PICTURE, reading.picture),
    ):
        if part is not None and part.because != BUDGET:
            kinds = {kind for kind, fault in named.items() if fault.layer is layer}
            if layer is Layer.PICTURE:
                kinds |= {fault.kind for fault in standing if fault.layer is layer}
            found[layer] = ",".join(sorted(kinds)) or OK
    return _shared(tuple(sorted(found.items())))


@lru_cache(maxsize=4096)
def _shared(layers: tuple[tuple[Layer, str], ...]) -> tuple[tuple[Layer, str], ...]:
    """Nearly all watches of a town say the same of their layers: one value for all of them."""
    return layers


def _clock(told_s: float | None, reading: Reading, policy: Policy) -> float | None:
    offset_s = reading.control.clock_offset_s if reading.control is not None else None
    if offset_s is None or (told_s is not None and abs(offset_s - told_s) < policy.clock_step_s):
        return told_s
    return offset_s


def _because(named: dict[FaultKind, Fault], reading: Reading, status: Status) -> str:
    if status is Status.UP:
        return "key frame" if reading.stream is not None and reading.stream.playing else "answers"
    faults = sorted((fault for kind, fault in named.items() if kind in LIFE), key=lambda fault: fault.kind)
    return "; ".join(f"{fault.kind}: {fault.because}" if fault.because else str(fault.kind) for fault in faults)


def forsake(watch: Watch, now: datetime, because: str) -> Step:
    """Nobody looks at the camera any more: it was taken out of service, or its device is gone."""
    if watch.status is Status.UNKNOWN:
        return Step(watch, None, (), (), False)
    flip = Flip(
        camera_id=watch.camera_id,
        session_id=watch.session_id,
        from_status=watch.status,
        to_status=Status.UNKNOWN,
        at=now,
        because=because,
    )
    forsaken = replace(watch, status=Status.UNKNOWN, since=now, because=because, layers=())
    return Step(forsaken, flip, (), (), True)
