"""Faults become orders: one for a camera, one for an outage, each fault once.

A fault of a camera that has an open order comes to that order. What healed by itself and is back soon is the same order
again; what comes back after a repair that was closed is a new order that says which one it repeats.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import Connection

from vms.core.ids import CameraId, OwnerId
from vms.health.fault import LIFE, Severity, is_worse
from vms.health.outage_words import outage_cause
from vms.maintenance.clock_start import clock_start
from vms.maintenance.of_most import region_of_most, tier_of_most
from vms.maintenance.order import Action, OrderStep, Outcome, Refusal
from vms.maintenance.policy import OrderPolicy
from vms.maintenance.scope import Scope
from vms.places.land import Land
from vms.services.work_orders.look_after import link_loose_faults
from vms.services.work_orders.opener import Opener, Wanted, count_fallen
from vms.services.work_orders.order_book import OrderBook
from vms.services.work_orders.order_turn import OrderTurn, sliced
from vms.store import notices_since, order_facts, regions, work_orders
from vms.store.order_facts import Candidate, OpenOutage, OutageCamera
from vms.store.work_orders import About, StoredOrder

OUTAGES_AT_ONCE = 20
"""Each is read with all its cameras."""
_RANK = {Severity.CRITICAL: 0, Severity.MAJOR: 1, Severity.MINOR: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    opened: int = 0
    reopened: int = 0
    faults_added: int = 0
    unassigned: int = 0

    def __add__(self, other: "Opened") -> "Opened":
        return Opened(
            opened=self.opened + other.opened,
            reopened=self.reopened + other.reopened,
            faults_added=self.faults_added + other.faults_added,
            unassigned=self.unassigned + other.unassigned,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _ToOpen:
    """What follows from the faults and outages without an order, as they are in one transaction."""

    standing: dict[CameraId, StoredOrder]
    more: list[Candidate]
    """They come to an order that stands."""
    back: list[tuple[StoredOrder, Wanted]]
    """The same order again."""
    wanted: list[Wanted]


def open_for_faults(turn: OrderTurn, policy: OrderPolicy) -> Opened:
    with turn.database.reading() as tx:
        found = _of_faults(tx, policy, turn.now)
        fallen = count_fallen(tx, policy, turn.now, found.wanted)
    cameras = {one.camera_id for one in found.more}
    cameras |= {one.about.camera_id for _, one in found.back if one.about.camera_id is not None}
    cameras |= {one.about.camera_id for one in found.wanted if one.about.camera_id is not None}
    done = Opened()
    for some in sliced(sorted(cameras), turn.at_once):
        with turn.piece() as book:
            still = _of_faults(book.tx, policy, turn.now, some)
            added = _add_to_standing(book, still.standing, still.more)
            done += replace(_open(book, Opener(book, policy, fallen), still), faults_added=added)
    return done


def open_for_outages(turn: OrderTurn, policy: OrderPolicy) -> Opened:
    with turn.database.reading() as tx:
        found = _of_outages(tx, policy, turn.now)
        fallen = count_fallen(tx, policy, turn.now, found.wanted)
    outages = {one.about.outage_id for one in (*found.wanted, *(new for _, new in found.back))}
    done = Opened()
    for some in sliced(sorted(one for one in outages if one is not None), min(turn.at_once, OUTAGES_AT_ONCE)):
        with turn.piece() as book:
            done += _open(book, Opener(book, policy, fallen), _of_outages(book.tx, policy, turn.now, some))
    link_loose_faults(turn)
    return done


def _open(book: OrderBook, opener: Opener, found: _ToOpen) -> Opened:
    reopened = sum(_reopen(book, opener, last, new) for last, new in found.back)
    made = opener.make(found.wanted)
    unassigned = sum(one.order.maintainer_id is None for one in made)
    return Opened(opened=len(made), reopened=reopened, unassigned=unassigned)


def _of_faults(
    tx: Connection, policy: OrderPolicy, now: datetime, among: Collection[int] | None = None
) -> _ToOpen:  # fmt: skip
    """`among`: of a few cameras."""
    severities = [severity for severity in Severity if not is_worse(policy.least_severity, severity)]
    found = order_facts.candidates(tx, severities, policy.tiers, now, among)
    standing = order_facts.open_orders_of_cameras(tx, {one.camera_id for one in found})
    settled_before = now - timedelta(seconds=policy.settle_s)
    alone = [one for one in found if one.camera_id not in standing]
    settled = {one.camera_id for one in alone if one.opened_at <= settled_before}
    groups = _by_camera([one for one in alone if one.camera_id in settled])
    before = order_facts.last_ended_orders(
        tx, groups, now - timedelta(seconds=max(policy.repeat_s, policy.flap_s))
    )  # fmt: skip
    first = min((one.opened_at for group in groups.values() for one in group), default=now)
    announced = notices_since.touching(tx, groups, first, now)
    wanted, back = [], []
    for camera_id, group in groups.items():
        last = before.get(camera_id)
        clock_from = min(clock_start(one.opened_at, announced.get(camera_id, ())) for one in group)
        new = replace(_wanted(group, last, policy), clock_from=clock_from)
        if last is not None and _is_flapping(last, new.detected_at, policy):
            back.append((last, new))
        else:
            wanted.append(new)
    more = [one for one in found if _comes_to(standing.get(one.camera_id), one, settled_before)]
    return _ToOpen(standing=standing, more=more, back=back, wanted=wanted)


def _of_outages(
    tx: Connection, policy: OrderPolicy, now: datetime, among: Collection[int] | None = None
) -> _ToOpen:  # fmt: skip
    """`among`: a few outages."""
    settled_before = now - timedelta(seconds=policy.settle_s)
    found = order_facts.outages_to_order(tx, settled_before, policy.no_order_for, now, among)
    ids = [one.outage_id for one in found]
    lying = order_facts.cameras_of_outages(tx, ids)
    worst = order_facts.worst_of_outages(tx, ids)
    since = now - timedelta(seconds=max(policy.repeat_s, policy.flap_s))
    before = order_facts.last_ended_of_outages(tx, ids, since)
    land = regions.land(tx)
    first = min((one.fell_at for one in found), default=now)
    members = {one.camera_id for cameras in lying.values() for one in cameras}
    announced = notices_since.touching(tx, members, first, now)
    wanted, back = [], []
    for one in found:
        last = before.get(one.outage_id)
        cameras = lying.get(one.outage_id, ())
        starts = (clock_start(one.fell_at, announced.get(camera.camera_id, ())) for camera in cameras)
        new = _of_outage(one, cameras, worst.get(one.outage_id), last, land)
        new = replace(new, clock_from=min(starts, default=one.fell_at))
        if last is not None and _is_flapping(last, one.fell_at, policy):
            back.append((last, new))
        else:
            wanted.append(new)
    return _ToOpen(standing={}, more=[], back=back, wanted=wanted)


def cause_of(group: Sequence[Candidate]) -> str:
    """`unreachable: refused; stream_dead`: as flips say it, so that it can be said in every language."""
    return "; ".join(f"{one.kind}: {one.because}" if one.because else one.kind for one in group)


def _by_camera(found: Sequence[Candidate]) -> dict[CameraId, list[Candidate]]:
    """The worst first."""
    rows = sorted(found, key=lambda one: (one.camera_id, _RANK[one.severity], one.opened_at, one.fault_id))
    return {camera_id: list(group) for camera_id, group in groupby(rows, key=lambda one: one.camera_id)}


def _comes_to(standing: StoredOrder | None, one: Candidate, settled_before: datetime) -> bool:
    """What is new against life waits: it may have fallen with others."""
    if standing is None:
        return False
    return one.opened_at <= settled_before or one.kind not in LIFE or one.kind in standing.about.kinds


def _add_to_standing(book: OrderBook, standing: dict[CameraId, StoredOrder], found: Sequence[Candidate]) -> int:
    for camera_id, group in _by_camera(found).items():
        stored = standing[camera_id]
        step = OrderStep(action=Action.FAULT, at=book.now, note=cause_of(group))
        about = stored.about
        worst = group[0]
        kinds = tuple(dict.fromkeys((*about.kinds, *(one.kind for one in group))))
        fresh = [one for one in group if one.kind not in about.kinds]
        if is_worse(worst.severity, about.severity):
            kinds = tuple(dict.fromkeys((worst.kind, *kinds)))
            about = replace(about, severity=worst.severity, layer=worst.layer)
        cause = "; ".join(part for part in (about.cause, cause_of(fresh)) if part)
        book.step(replace(stored, about=replace(about, kinds=kinds, cause=cause)), step)
    work_orders.add_faults(book.tx, [(standing[one.camera_id].order_id, one.fault_id) for one in found])
    return len(found)


def _is_flapping(last: StoredOrder, back_at: datetime, policy: OrderPolicy) -> bool:
    closed_at = last.order.closed_at
    soon = closed_at is not None and back_at - closed_at <= timedelta(seconds=policy.flap_s)
    return soon and last.order.outcome is Outcome.HEALED


def _reopen(book: OrderBook, opener: Opener, last: StoredOrder, new: Wanted) -> bool:
    """With deadlines that count from when it came back."""
    about = new.about
    kinds = tuple(dict.fromkeys((*about.kinds, *last.about.kinds)))
    about = replace(about, kinds=kinds, level_id=last.about.level_id, repeat_of=last.about.repeat_of)
    scope = replace(new.scope, maintainer_id=last.order.maintainer_id)
    found = opener.deadlines_of(scope, about, new.clock_from or new.detected_at)
    step = OrderStep(
        action=Action.REOPEN,
        at=book.now,
        note=f"it is back: {about.cause}",
        respond_by=found[0] if found else None,
        repair_by=found[1] if found else None,
    )
    if isinstance(book.step(replace(last, about=about), step), Refusal):
        return False
    work_orders.add_faults(book.tx, [(last.order_id, fault_id) for fault_id in new.fault_ids])
    return True


def _wanted(group: Sequence[Candidate], last: StoredOrder | None, policy: OrderPolicy) -> Wanted:
    worst = group[0]
    start = min(one.opened_at for one in group)
    about = About(
        camera_id=worst.camera_id,
        layer=worst.layer,
        kinds=tuple(dict.fromkeys(one.kind for one in group)),
        severity=worst.severity,
        cause=cause_of(group),
        region_code=worst.region_code,
        tier=worst.tier,
        owner_id=worst.owner_id,
        repeat_of=last.order_id if last is not None and _repeats(last, group, policy) else None,
    )
    return Wanted(about, _scope(worst), start, tuple(one.fault_id for one in group))


def _repeats(last: StoredOrder, group: Sequence[Candidate], policy: OrderPolicy) -> bool:
    """The same kind of fault, soon after."""
    same = not set(last.about.kinds).isdisjoint(one.kind for one in group)
    closed_at = last.order.closed_at
    back_at = min(one.opened_at for one in group)
    return same and closed_at is not None and back_at - closed_at <= timedelta(seconds=policy.repeat_s)


def _scope(one: Candidate) -> Scope:
    return Scope(
        region_code=one.region_code,
        tier=one.tier,
        point_class=one.point_class,
        owner_id=one.owner_id,
        layer=one.layer,
        severity=one.severity,
    )


def _of_outage(
    outage: OpenOutage,
    lying: Sequence[OutageCamera],
    worst: tuple[Severity, str, tuple[str, ...]] | None,
    last: StoredOrder | None,
    land: Land,
) -> Wanted:
    """Its area and tier are those of most of its cameras: a few strays send it to nobody else. Its class is the most
    important among them."""
    severity, layer, kinds = worst or (Severity.MAJOR, "network", ())
    tiers = [one.tier for one in lying]
    classes = [one.point_class for one in lying if one.point_class is not None]
    owners = {one.owner_id for one in lying}
    owner: OwnerId | None = owners.pop() if len(owners) == 1 else None
    tier = tier_of_most(tiers)
    region = region_of_most([one.region_code for one in lying], land)
    about = About(
        outage_id=outage.outage_id,
        layer=layer,
        kinds=kinds,
        severity=severity,
        cause=outage_cause(outage.name, outage.because),
        cameras=max(outage.cameras, len(lying), 1),
        region_code=region,
        tier=tier,
        owner_id=owner,
        repeat_of=None if last is None else last.order_id,
    )
    scope = Scope(
        region_code=region,
        tier=tier,
        point_class=min(classes, default=None),
        owner_id=owner,
        layer=layer,
        severity=severity,
    )
    return Wanted(about, scope, outage.fell_at, ())
