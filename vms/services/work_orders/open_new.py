"""Faults become orders: one for a camera, one for an outage, each fault once.

A fault of a camera that has an open order comes to that order. What healed by itself and is back soon is the same order
again; what comes back after a repair that was closed is a new order that says which one it repeats.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

from vms.core.ids import CameraId, OrderId, OwnerId
from vms.health.fault import LIFE, Severity, is_worse
from vms.health.outage_words import outage_cause
from vms.maintenance.assignment import AssignmentRule, first_that_fits
from vms.maintenance.of_most import region_of_most, tier_of_most
from vms.maintenance.order import PROGRAM, Action, Order, OrderState, OrderStep, Outcome, Refusal
from vms.maintenance.policy import OrderPolicy
from vms.maintenance.scope import Scope
from vms.maintenance.service_level import ServiceLevel, deadlines, level_for
from vms.places.land import Land
from vms.services.work_orders.order_book import OrderBook
from vms.store import maintainers, order_facts, regions, service_levels, work_orders
from vms.store.order_facts import Candidate, OpenOutage, OutageCamera
from vms.store.work_orders import About, StoredOrder

_RANK = {Severity.CRITICAL: 0, Severity.MAJOR: 1, Severity.MINOR: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    orders: tuple[OrderId, ...] = ()
    of_outages: int = 0
    reopened: int = 0
    faults_added: int = 0
    unassigned: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """An order that is to be opened."""

    about: About
    scope: Scope
    detected_at: datetime
    fault_ids: tuple[int, ...]


class Opener:
    """Knows the rules and levels of this moment."""

    def __init__(self, book: OrderBook, policy: OrderPolicy) -> None:
        self._book = book
        self._policy = policy
        self._rules: list[AssignmentRule] = maintainers.rules(book.tx)
        self._levels: list[ServiceLevel] = service_levels.every(book.tx)
        self._land = regions.land(book.tx)
        since = book.now - timedelta(seconds=policy.many_within_s)
        self._fallen: Counter[int | None] = Counter(order_facts.cameras_fallen_since(book.tx, since))
        self._fallen_since = since

    def make(self, wanted: Sequence[Wanted], why: str = "", who: str = PROGRAM) -> list[StoredOrder]:
        """In the store, numbered, assigned where a rule fits, each with its deadlines."""
        ruled = [(one, first_that_fits(self._rules, one.scope, self._land)) for one in wanted]
        for one, rule in ruled:
            if one.detected_at >= self._fallen_since:
                self._fallen[None if rule is None else rule.maintainer_id] += one.about.cameras
        new = [self._order(one, rule) for one, rule in ruled]
        day = self._book.now.astimezone(self._policy.zone).date()
        made = work_orders.insert_many(self._book.tx, new, day, self._book.now)
        links = [(stored.order_id, fault) for stored, one in zip(made, wanted, strict=True) for fault in one.fault_ids]
        work_orders.add_faults(self._book.tx, links)
        self._book.opened(made, why, who)
        return made

    def deadlines_of(self, scope: Scope, about: About, start: datetime) -> tuple[datetime, datetime, int] | None:
        """Respond by, repair by, and the level's id; None where no level fits."""
        level = level_for(self._levels, scope, self._land)
        if level is None:
            return None
        calendar = self._book.hours.of(level.level_id, scope.maintainer_id)
        together = max(about.cameras, self._fallen[scope.maintainer_id])
        found = deadlines(level, start, calendar, together)
        return found.respond_by, found.repair_by, level.level_id

    def _order(self, one: Wanted, rule: AssignmentRule | None) -> tuple[Order, About]:
        firm = None if rule is None else rule.maintainer_id
        found = self.deadlines_of(replace(one.scope, maintainer_id=firm), one.about, one.detected_at)
        order = Order(
            state=OrderState.DETECTED if rule is None else OrderState.ASSIGNED,
            maintainer_id=firm,
            crew="" if rule is None else rule.crew,
            detected_at=one.detected_at,
            respond_by=found[0] if found else None,
            repair_by=found[1] if found else None,
            assigned_at=None if rule is None else self._book.now,
        )
        return order, replace(one.about, level_id=found[2] if found else None)


def open_for_faults(book: OrderBook, policy: OrderPolicy) -> Opened:
    severities = [severity for severity in Severity if not is_worse(policy.least_severity, severity)]
    found = order_facts.candidates(book.tx, severities, policy.tiers, book.now)
    if not found:
        return Opened()
    standing = order_facts.open_orders_of_cameras(book.tx, {one.camera_id for one in found})
    settled_before = book.now - timedelta(seconds=policy.settle_s)
    more = [one for one in found if _comes_to(standing.get(one.camera_id), one, settled_before)]
    added = _add_to_standing(book, standing, more)
    alone = [one for one in found if one.camera_id not in standing]
    settled = {one.camera_id for one in alone if one.opened_at <= settled_before}
    groups = _by_camera([one for one in alone if one.camera_id in settled])
    before = order_facts.last_ended_orders(
        book.tx, groups, book.now - timedelta(seconds=max(policy.repeat_s, policy.flap_s))
    )
    opener = Opener(book, policy)
    wanted, reopened = [], 0
    for camera_id, group in groups.items():
        last = before.get(camera_id)
        back_at = min(one.opened_at for one in group)
        new = _wanted(group, last, policy)
        if last is not None and _is_flapping(last, back_at, policy):
            reopened += _reopen(book, opener, last, new, [one.fault_id for one in group])
        else:
            wanted.append(new)
    made = opener.make(wanted)
    return Opened(
        orders=tuple(one.order_id for one in made),
        reopened=reopened,
        faults_added=added,
        unassigned=sum(one.order.maintainer_id is None for one in made),
    )


def open_for_outages(book: OrderBook, policy: OrderPolicy) -> Opened:
    settled_before = book.now - timedelta(seconds=policy.settle_s)
    found = order_facts.outages_to_order(book.tx, settled_before, policy.no_order_for, book.now)
    if not found:
        return Opened()
    ids = [one.outage_id for one in found]
    lying = order_facts.cameras_of_outages(book.tx, ids)
    worst = order_facts.worst_of_outages(book.tx, ids)
    since = book.now - timedelta(seconds=max(policy.repeat_s, policy.flap_s))
    before = order_facts.last_ended_of_outages(book.tx, ids, since)
    opener, land = Opener(book, policy), regions.land(book.tx)
    wanted, reopened = [], 0
    for one in found:
        last = before.get(one.outage_id)
        new = _of_outage(one, lying.get(one.outage_id, ()), worst.get(one.outage_id), last, land)
        if last is not None and _is_flapping(last, one.fell_at, policy):
            reopened += _reopen(book, opener, last, new, ())
        else:
            wanted.append(new)
    made = opener.make(wanted)
    book.write()
    order_facts.link_faults_of_outages(book.tx)
    return Opened(
        orders=tuple(one.order_id for one in made),
        of_outages=len(made),
        reopened=reopened,
        unassigned=sum(one.order.maintainer_id is None for one in made),
    )


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


def _reopen(book: OrderBook, opener: Opener, last: StoredOrder, new: Wanted, fault_ids: Sequence[int]) -> bool:
    """With deadlines that count from when it came back."""
    about = new.about
    kinds = tuple(dict.fromkeys((*about.kinds, *last.about.kinds)))
    about = replace(about, kinds=kinds, level_id=last.about.level_id, repeat_of=last.about.repeat_of)
    scope = replace(new.scope, maintainer_id=last.order.maintainer_id)
    found = opener.deadlines_of(scope, about, new.detected_at)
    step = OrderStep(
        action=Action.REOPEN,
        at=book.now,
        note=f"it is back: {about.cause}",
        respond_by=found[0] if found else None,
        repair_by=found[1] if found else None,
    )
    if isinstance(book.step(replace(last, about=about), step), Refusal):
        return False
    work_orders.add_faults(book.tx, [(last.order_id, fault_id) for fault_id in fault_ids])
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
