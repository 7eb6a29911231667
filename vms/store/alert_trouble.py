"""Channels whose messages do not arrive, or wait for their turn too long: told where channels are listed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, func, or_, select

from vms.store.alerts import AlertState
from vms.store.schema import alerts

LATE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelTrouble:
    since: datetime
    """When the oldest message was opened that has not arrived."""
    messages: int
    tries: int
    """Of that among them which was tried most often."""
    answer: str
    """Of the last attempt that failed; empty: none failed yet, they are late."""


def channel_trouble(tx: Connection, now: datetime) -> dict[int, ChannelTrouble]:
    """By channel; those where all is well are left out. What was given up counts until another message arrives."""
    a = alerts.c
    arrived = (
        select(a.channel_id, func.max(a.sent_at).label("at"))
        .where(a.state == AlertState.SENT.value)
        .group_by(a.channel_id)
        .subquery()
    )
    waits = a.state.in_([AlertState.COLLECTING.value, AlertState.SENDING.value])
    failed = or_(
        and_(a.state == AlertState.SENDING.value, a.answer != ""),
        and_(a.state == AlertState.GIVEN_UP.value, or_(arrived.c.at.is_(None), a.due_at > arrived.c.at)),
    )
    place = func.row_number().over(partition_by=a.channel_id, order_by=(a.answer == "", a.id.desc()))
    wrong = (
        select(a.channel_id, a.opened_at, a.tries, a.answer, place.label("place"))
        .outerjoin(arrived, arrived.c.channel_id == a.channel_id)
        .where(or_(failed, and_(waits, a.due_at < now - LATE)))
        .subquery()
    )
    w = wrong.c
    counts = select(w.channel_id, func.min(w.opened_at).label("since"), func.count(), func.max(w.tries)).group_by(
        w.channel_id
    )
    answers = {row.channel_id: row.answer for row in tx.execute(select(w.channel_id, w.answer).where(w.place == 1))}
    return {
        channel_id: ChannelTrouble(since=since, messages=messages, tries=tries, answer=answers[channel_id])
        for channel_id, since, messages, tries in tx.execute(counts)
    }
