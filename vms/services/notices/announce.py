"""A notice is asked for, decided by somebody else, withdrawn; whom it covers is fixed when it is approved."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from vms.access.roles import Person, Role, sees_addresses
from vms.core.errors import BadInput, Conflict, NotAllowed
from vms.health.outages.notice import NUMBERED, Notice, NoticeKind, NoticeState, Scope, ScopeKind
from vms.store import events, notices
from vms.store.cameras_in_hand import cameras_in_hand

MOST_VALUES = 20_000
OF_A_CREW = frozenset({ScopeKind.CAMERA, ScopeKind.DEVICE, ScopeKind.POLE, ScopeKind.NODE})
DECIDERS = frozenset({Role.ADMIN, Role.REVIEWER})


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePolicy:
    longest: timedelta = timedelta(days=92)
    late_at_most: timedelta | None = timedelta(days=31)
    """So long after its beginning it may still be handed in, and is shown as late; None: never after it has begun."""
    ahead_at_most: timedelta = timedelta(days=366)


USUAL = NoticePolicy()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeWish:
    kind: NoticeKind
    reason: str
    scope: Scope
    start_at: datetime
    end_at: datetime


def ask(tx: Connection, wish: NoticeWish, person: Person, now: datetime, policy: NoticePolicy = USUAL) -> Notice:
    """Raises BadInput, NotAllowed."""
    _check(wish, now, policy)
    if wish.scope.kind is ScopeKind.NETWORK and not sees_addresses(person):
        raise NotAllowed("your role may not see network addresses", code="role")
    covered = notices.cameras_of_scope(tx, wish.scope)
    if person.maintainer_id is not None:
        outside = covered - cameras_in_hand(tx, person.maintainer_id)
        if wish.scope.kind not in OF_A_CREW or outside:
            raise NotAllowed("a firm's crew announces only for cameras of its open orders", code="firm")
    if not covered:
        raise BadInput("it covers no camera", where="scope")
    notice_id = notices.add(
        tx,
        {
            "kind": wish.kind.value,
            "reason": wish.reason,
            "start_at": wish.start_at,
            "end_at": wish.end_at,
            "asked_at": now,
            "asked_by": person.name,
            "cameras": len(covered),
        },
        wish.scope,
    )
    return _told(tx, notice_id, "asked", person, now)


def decide(
    tx: Connection, notice_id: int, person: Person, *, approve: bool, note: str, now: datetime
) -> Notice:  # fmt: skip
    """By a reviewer or administrator who did not ask for it. Raises NotFound, NotAllowed, Conflict, BadInput."""
    notice = notices.get(tx, notice_id)
    if person.role not in DECIDERS:
        raise NotAllowed("your role does not decide on notices", code="role")
    if notice.asked_by == person.name:
        raise NotAllowed("who asks for a notice does not decide on it", code="own_notice")
    if notice.state is not NoticeState.ASKED:
        raise Conflict(f"it is {notice.state} already", code="decided")
    if not approve and not note.strip():
        raise BadInput("a refusal needs its reason", where="note")
    covered = notices.cameras_of_scope(tx, notice.scope) if approve else set()
    state = NoticeState.APPROVED if approve else NoticeState.REFUSED
    values = {"state": state.value, "decided_at": now, "decided_by": person.name, "note": note}
    notices.change(tx, notice_id, {**values, "cameras": len(covered)} if approve else values)
    if approve:
        notices.cover(tx, notice_id, covered)
    return _told(tx, notice_id, state.value, person, now)


def withdraw(tx: Connection, notice_id: int, person: Person, note: str, now: datetime) -> Notice:
    """By who asked, or a decider. One that has begun ends now and holds for what was; one that has not counts no more.

    Raises NotFound, NotAllowed, Conflict.
    """
    notice = notices.get(tx, notice_id)
    if notice.asked_by != person.name and person.role not in DECIDERS:
        raise NotAllowed("only who asked for it, a reviewer or an administrator withdraws it", code="not_yours")
    if notice.state not in (NoticeState.ASKED, NoticeState.APPROVED):
        raise Conflict(f"it is {notice.state} already", code="decided")
    if notice.state is NoticeState.APPROVED and notice.end_at <= now:
        raise Conflict("it is over; the figures of that time stand", code="over")
    said = note or notice.note
    if notice.covers(now):
        notices.change(tx, notice_id, {"end_at": now, "note": said})
        return _told(tx, notice_id, "ended", person, now)
    notices.change(tx, notice_id, {"state": NoticeState.WITHDRAWN.value, "note": said})
    return _told(tx, notice_id, NoticeState.WITHDRAWN.value, person, now)


def _check(wish: NoticeWish, now: datetime, policy: NoticePolicy) -> None:
    if not wish.reason.strip():
        raise BadInput("a reason is needed", where="reason")
    if wish.end_at <= wish.start_at:
        raise BadInput("it ends before it begins", where="end_at")
    if wish.end_at - wish.start_at > policy.longest:
        raise BadInput(f"longer than {policy.longest.days} days", where="end_at")
    if wish.start_at - now > policy.ahead_at_most:
        raise BadInput(f"it begins more than {policy.ahead_at_most.days} days ahead", where="start_at")
    if wish.start_at < now and (policy.late_at_most is None or now - wish.start_at > policy.late_at_most):
        raise BadInput("it began too long ago to be announced", where="start_at")
    values = wish.scope.values
    if not values or len(values) > MOST_VALUES or any(not value for value in values):
        raise BadInput(f"between 1 and {MOST_VALUES} values", where="scope.values")
    if wish.scope.kind in NUMBERED:
        odd = next((one for one in values if not (one.isascii() and one.isdigit() and len(one) <= 15)), None)
        if odd is not None:
            raise BadInput(f"{odd[:40]!r} is no number", where="scope.values")


def _told(tx: Connection, notice_id: int, what: str, person: Person, now: datetime) -> Notice:
    notice = notices.get(tx, notice_id)
    content = {"what": what, "kind": notice.kind.value, "cameras": notice.cameras, "who": person.name}
    events.append(tx, "notice.changed", notice_id, content, now)
    return notice
