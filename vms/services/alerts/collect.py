"""News of orders and rings become messages: one pass over the events, each event once, in one transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from vms.access.hide_addresses import without_addresses
from vms.core.ids import MaintainerId
from vms.health.fault import Severity
from vms.maintenance.alert import AlertItem, Moment, is_wanted
from vms.store import alerts, events, regions
from vms.store.alerts import AlertState
from vms.store.events import Event

AT_A_TIME = 2000
MOST_ITEMS = 1000
"""Of one message; what comes beyond opens the next."""
_MOMENT_OF = {
    "order.opened": Moment.OPENED,
    "order.reopened": Moment.REOPENED,
    "order.assigned": Moment.ASSIGNED,
    "order.transferred": Moment.TRANSFERRED,
    "order.sent_back": Moment.SENT_BACK,
    "order.late": Moment.LATE,
    "order.suspended": Moment.SUSPENDED,
    "order.closed": Moment.CLOSED,
    "ring.opened": Moment.RING_OPENED,
    "ring.closed": Moment.RING_CLOSED,
}


def collect(tx: Connection, now: datetime) -> int:
    """How many events were read; as many as AT_A_TIME: there may be more. The first time nothing of before is told."""
    last = alerts.read_up_to(tx)
    if last is None:
        alerts.note_read(tx, events.latest_id(tx), now)
        return 0
    news = events.after(tx, last, AT_A_TIME)
    if not news:
        return 0
    items = [item for item in map(item_of, news) if item is not None]
    if items:
        _share_out(tx, items, now)
    alerts.note_read(tx, news[-1].event_id, now)
    return len(news)


def item_of(event: Event) -> AlertItem | None:
    """Without addresses: a message leaves the house, and nobody knows who reads it."""
    moment = _MOMENT_OF.get(event.kind)
    if moment is None or event.subject is None:
        return None
    content = event.content
    if event.kind.startswith("ring."):
        return _about_ring(event, moment)
    firm = content.get("maintainer_id")
    return AlertItem(
        moment=moment,
        order_id=event.subject,
        number=content["number"],
        cause=without_addresses(content["cause"]),
        severity=Severity(content["severity"]),
        region_code=content["region_code"],
        maintainer_id=None if firm is None else MaintainerId(firm),
        cameras=content["cameras"],
        at=event.at,
        word=content.get("word", ""),
    )


def _about_ring(event: Event, moment: Moment) -> AlertItem:
    content = event.content
    first, *others = content.get("regions") or [""]
    return AlertItem(
        moment=moment,
        order_id=0,
        number=content["name"],
        cause=without_addresses(content["cause"]),
        severity=Severity(content["severity"]),
        region_code=first,
        also_in=tuple(others),
        ring_id=event.subject or 0,
        cameras=content["cameras"],
        at=event.at,
        word=f"{content['points']}/{content['of']}",
    )


def _share_out(tx: Connection, items: Sequence[AlertItem], now: datetime) -> None:
    channels, land = alerts.channels(tx, enabled=True), regions.land(tx)
    standing = alerts.collecting(tx, [channel.channel_id for channel in channels])
    for channel in channels:
        wanted = [item for item in items if is_wanted(channel.wants, item, land)]
        if not wanted:
            continue
        known = standing.get(channel.channel_id)
        due_at = now + timedelta(seconds=channel.pace.batch_s)
        if known is not None and len(known.items) + len(wanted) <= MOST_ITEMS:
            urgent = any(item.severity is Severity.CRITICAL for item in wanted)
            sooner = min(known.due_at, due_at) if urgent else known.due_at
            alerts.set_items(tx, known.alert_id, (*known.items, *wanted), sooner)
            continue
        for start in range(0, len(wanted), MOST_ITEMS):
            some = wanted[start : start + MOST_ITEMS]
            alerts.open_alert(tx, channel.channel_id, AlertState.COLLECTING, some, due_at, now)
