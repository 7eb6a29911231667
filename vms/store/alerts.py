"""Channels by which people are told, and the messages that collect for them, as rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from vms.core.errors import NotFound
from vms.core.ids import MaintainerId
from vms.health.fault import Severity
from vms.maintenance.alert import AlertItem, Moment, Pace, Wants
from vms.store import events
from vms.store.calendars import zone_from
from vms.store.page import Page
from vms.store.schema import alert_channels, alerts, dispatch
from vms.store.upsert import upsert

READER = "alerts"
"""Name of who reads the news for messages, in `dispatch`."""


class ChannelKind(StrEnum):
    WEBHOOK = "webhook"
    MAIL = "mail"


class AlertState(StrEnum):
    COLLECTING = "collecting"
    SENDING = "sending"
    """Its items are settled; until it has arrived it is sent again and again."""
    SENT = "sent"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    channel_id: int
    name: str
    kind: ChannelKind
    target: str
    secret: bytes | None
    """Sealed."""
    wants: Wants
    pace: Pace
    enabled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    alert_id: int
    channel_id: int
    state: AlertState
    items: tuple[AlertItem, ...]
    opened_at: datetime
    due_at: datetime
    tries: int
    sent_at: datetime | None
    answer: str


def channels(tx: Connection, *, enabled: bool = False) -> list[Channel]:
    """By name."""
    statement = select(alert_channels).order_by(alert_channels.c.name)
    if enabled:
        statement = statement.where(alert_channels.c.enabled)
    return [_channel(row) for row in tx.execute(statement).mappings()]


def channel_named(tx: Connection, name: str) -> Channel:
    """Raises NotFound."""
    statement = select(alert_channels).where(alert_channels.c.name == name)
    row = tx.execute(statement).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no channel {name}")
    return _channel(row)


def put_channel(
    tx: Connection,
    name: str,
    *,
    kind: ChannelKind,
    target: str,
    wants: Wants,
    pace: Pace,
    enabled: bool,
    secret: bytes | None = None,
) -> Channel:
    """A new one, or changed. No secret: the one that it has stays."""
    c = alert_channels.c
    values: dict[str, Any] = {
        "kind": kind.value,
        "target": target,
        "wants": {
            "moments": [one.value for one in wants.moments],
            "severities": [one.value for one in wants.severities],
            "regions": list(wants.regions),
            "maintainers": list(wants.maintainers),
        },
        "batch_s": pace.batch_s,
        "most_per_hour": pace.most_per_hour,
        "quiet": [list(span) for span in pace.quiet],
        "time_zone": pace.zone.key,
        "enabled": enabled,
    }
    if secret is not None:
        values["secret"] = secret
    if tx.execute(update(alert_channels).where(c.name == name).values(values)).rowcount == 0:
        tx.execute(insert(alert_channels).values(name=name, **values))
    return channel_named(tx, name)


def remove_channel(tx: Connection, name: str) -> None:
    """With what it had still to tell. Raises NotFound."""
    channel = channel_named(tx, name)
    tx.execute(delete(alerts).where(alerts.c.channel_id == channel.channel_id))
    tx.execute(delete(alert_channels).where(alert_channels.c.id == channel.channel_id))


def read_up_to(tx: Connection) -> int | None:
    """The last event that was turned into messages; None: never looked."""
    return tx.execute(select(dispatch.c.event_id).where(dispatch.c.name == READER)).scalar_one_or_none()


def news_waiting(tx: Connection) -> bool:
    """Whether anything was written since the last look."""
    last = read_up_to(tx)
    return last is None or bool(events.after(tx, last, 1))


def note_read(tx: Connection, event_id: int, now: datetime) -> None:
    row = {"name": READER, "event_id": event_id, "at": now}
    upsert(tx, dispatch, [row], lambda new: {"event_id": new["event_id"], "at": new["at"]})


def collecting(tx: Connection, channel_ids: Iterable[int]) -> dict[int, Alert]:
    """Per channel the message that still takes items."""
    a = alerts.c
    statement = select(alerts).where(a.channel_id.in_(list(channel_ids)), a.state == AlertState.COLLECTING.value)
    return {row["channel_id"]: _alert(row) for row in tx.execute(statement.order_by(a.id)).mappings()}


def open_alert(
    tx: Connection, channel_id: int, state: AlertState, items: Sequence[AlertItem], due_at: datetime, now: datetime
) -> Alert:
    values = {
        "channel_id": channel_id,
        "state": state.value,
        "items": [item_to_json(item) for item in items],
        "opened_at": now,
        "due_at": due_at,
    }
    number = tx.execute(insert(alerts).values(values).returning(alerts.c.id)).scalar_one()
    return get(tx, number)


def get(tx: Connection, alert_id: int) -> Alert:
    """Raises NotFound."""
    row = tx.execute(select(alerts).where(alerts.c.id == alert_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no message {alert_id}")
    return _alert(row)


def set_items(tx: Connection, alert_id: int, items: Sequence[AlertItem], due_at: datetime) -> None:
    values = {"items": [item_to_json(item) for item in items], "due_at": due_at}
    tx.execute(update(alerts).where(alerts.c.id == alert_id).values(values))


def due(
    tx: Connection, now: datetime, limit: int = 20, *, kind: ChannelKind | None = None, busy: Iterable[int] = ()
) -> list[Alert]:
    """What is to be looked at now, of enabled channels that are not busy: one of each, the longest due first."""
    a, c = alerts.c, alert_channels.c
    waiting = a.state.in_([AlertState.COLLECTING.value, AlertState.SENDING.value])
    free = select(c.id).where(c.enabled, c.id.not_in(list(busy)))
    if kind is not None:
        free = free.where(c.kind == kind.value)
    place = func.row_number().over(partition_by=a.channel_id, order_by=(a.due_at, a.id)).label("place")
    found = select(a.id, place).where(waiting, a.due_at <= now, a.channel_id.in_(free)).subquery()
    first = select(alerts).join(found, found.c.id == a.id).where(found.c.place == 1).order_by(a.due_at, a.id)
    return [_alert(row) for row in tx.execute(first.limit(limit)).mappings()]


def take(tx: Connection, alert: Alert, until: datetime) -> bool:
    """This process sends it now; until then nobody else does. False: another has it."""
    a = alerts.c
    mine = (a.id == alert.alert_id, a.state == alert.state.value, a.due_at == alert.due_at, a.tries == alert.tries)
    values = {"state": AlertState.SENDING.value, "due_at": until, "tries": alert.tries + 1}
    return tx.execute(update(alerts).where(*mine).values(values)).rowcount == 1


def settle(
    tx: Connection, alert_id: int, state: AlertState, answer: str, *, sent_at: datetime | None, due_at: datetime
) -> None:
    values = {"state": state.value, "answer": answer[:500], "sent_at": sent_at, "due_at": due_at}
    tx.execute(update(alerts).where(alerts.c.id == alert_id).values(values))


def begun_since(tx: Connection, channel_id: int, since: datetime) -> list[datetime]:
    """When messages of this channel were closed for more items and first sent, as far as they count for its pace."""
    a = alerts.c
    gone = a.state != AlertState.COLLECTING.value
    rows = tx.execute(select(a.sent_at, a.due_at).where(a.channel_id == channel_id, gone, a.due_at > since))
    return [row.sent_at or row.due_at for row in rows]


def page(tx: Connection, *, limit: int = 50, offset: int = 0) -> Page[Alert]:
    """The newest first."""
    total = tx.execute(select(func.count()).select_from(alerts)).scalar_one()
    statement = select(alerts).order_by(alerts.c.id.desc()).limit(limit).offset(offset)
    return Page(items=tuple(_alert(row) for row in tx.execute(statement).mappings()), total=total)


def forget(tx: Connection, before: datetime) -> int:
    """Those that are over."""
    a = alerts.c
    over = a.state.in_([AlertState.SENT.value, AlertState.GIVEN_UP.value])
    return tx.execute(delete(alerts).where(over, a.opened_at < before)).rowcount


def item_to_json(item: AlertItem) -> dict[str, Any]:
    return {
        "moment": item.moment.value,
        "order_id": item.order_id,
        "number": item.number,
        "cause": item.cause,
        "severity": item.severity.value,
        "region_code": item.region_code,
        "also_in": list(item.also_in),
        "ring_id": item.ring_id,
        "maintainer_id": item.maintainer_id,
        "cameras": item.cameras,
        "at": item.at.isoformat(),
        "word": item.word,
    }


def item_from_json(value: Mapping[str, Any]) -> AlertItem:
    return AlertItem(
        moment=Moment(value["moment"]),
        order_id=value["order_id"],
        number=value["number"],
        cause=value["cause"],
        severity=Severity(value["severity"]),
        region_code=value["region_code"],
        also_in=tuple(value.get("also_in", ())),
        ring_id=value.get("ring_id", 0),
        maintainer_id=None if value["maintainer_id"] is None else MaintainerId(value["maintainer_id"]),
        cameras=value["cameras"],
        at=datetime.fromisoformat(value["at"]),
        word=value["word"],
    )


def _channel(row: RowMapping) -> Channel:
    wants = row["wants"]
    return Channel(
        channel_id=row["id"],
        name=row["name"],
        kind=ChannelKind(row["kind"]),
        target=row["target"],
        secret=row["secret"],
        wants=Wants(
            moments=tuple(Moment(one) for one in wants.get("moments", ())),
            severities=tuple(Severity(one) for one in wants.get("severities", ())),
            regions=tuple(wants.get("regions", ())),
            maintainers=tuple(MaintainerId(one) for one in wants.get("maintainers", ())),
        ),
        pace=Pace(
            batch_s=row["batch_s"],
            most_per_hour=row["most_per_hour"],
            quiet=tuple((first, until) for first, until in row["quiet"]),
            zone=zone_from(row["time_zone"], "time_zone"),
        ),
        enabled=row["enabled"],
    )


def _alert(row: RowMapping) -> Alert:
    return Alert(
        alert_id=row["id"],
        channel_id=row["channel_id"],
        state=AlertState(row["state"]),
        items=tuple(item_from_json(one) for one in row["items"]),
        opened_at=row["opened_at"],
        due_at=row["due_at"],
        tries=row["tries"],
        sent_at=row["sent_at"],
        answer=row["answer"],
    )
