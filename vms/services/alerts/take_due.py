"""Which messages go out now: at most one of a channel, each taken for some time before it is sent.

Whatever dies meanwhile, it is sent again under the same id.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from vms.maintenance.alert import AlertItem, plan
from vms.store import alerts, order_facts
from vms.store.alerts import Alert, AlertState, Channel, ChannelKind
from vms.store.database import Database

TAKEN_FOR_S = 120.0


def take_due(
    database: Database, now: datetime, room: Mapping[ChannelKind, int], busy: Collection[int]
) -> list[tuple[Channel, Alert]]:
    """`room`: how many of each kind may be begun. `busy`: channels that are being sent to."""
    with database.reading() as tx:
        if not any(alerts.due(tx, now, 1, kind=kind, busy=busy) for kind, places in room.items() if places > 0):
            return []
    with database.writing() as tx:
        channels = {one.channel_id: one for one in alerts.channels(tx)}
        taken = []
        for kind, places in room.items():
            for alert in alerts.due(tx, now, max(0, places), kind=kind, busy=busy):
                channel = channels[alert.channel_id]
                mine = _take(tx, channel, alert, now)
                if mine is not None:
                    taken.append((channel, mine))
        return taken


def _take(tx: Connection, channel: Channel, alert: Alert, now: datetime) -> Alert | None:
    """What of it goes out now; the rest waits on."""
    if alert.state is AlertState.COLLECTING:
        sent_at = alerts.begun_since(tx, channel.channel_id, now - timedelta(hours=1))
        delivery = plan(alert.items, channel.pace, sent_at, now)
        if not delivery.now:
            alerts.set_items(tx, alert.alert_id, delivery.held, delivery.until or now + timedelta(minutes=1))
            return None
        alerts.set_items(tx, alert.alert_id, _as_many_as_now(tx, delivery.now), alert.due_at)
        if delivery.held and delivery.until is not None:
            held_until = delivery.until
            alerts.open_alert(tx, channel.channel_id, AlertState.COLLECTING, delivery.held, held_until, now)
    if not alerts.take(tx, alert, now + timedelta(seconds=TAKEN_FOR_S)):
        return None
    return alerts.get(tx, alert.alert_id)


def _as_many_as_now(tx: Connection, items: Sequence[AlertItem]) -> list[AlertItem]:
    """Who joined an outage while the message collected is told with it."""
    now = order_facts.cameras_of_orders(tx, {item.order_id for item in items})
    return [replace(item, cameras=max(item.cameras, now.get(item.order_id, 0))) for item in items]
