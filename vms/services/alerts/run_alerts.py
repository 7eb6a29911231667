"""Tells people what happens to orders, until stopped: news in, messages out, at least once and never in a flood.

A message is taken for some time before it is sent: whatever dies meanwhile, it is sent again under the same id.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from vms.core.clock import Clock, system_clock
from vms.core.errors import BadInput, PersonMustAct
from vms.maintenance.alert import AlertItem, next_try, plan
from vms.services.alerts.collect import AT_A_TIME, collect
from vms.services.alerts.mail import MailServer, send_mail
from vms.services.alerts.message import as_json, as_mail, delivery_id
from vms.services.alerts.target import Networks, mail_addresses, webhook_target
from vms.services.alerts.webhook import Told, call_webhook
from vms.store import alerts, order_facts
from vms.store.alerts import Alert, AlertState, Channel, ChannelKind
from vms.store.database import Database
from vms.store.secret_box import SecretBox

log = logging.getLogger(__name__)
TAKEN_FOR_S = 120.0
WIDTH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPolicy:
    networks: Networks = ()
    authority: Path | None = None
    """The office's own, for receivers by https."""
    mail: MailServer | None = None
    town: str = ""
    console_url: str = ""
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    look_every_s: float = 1.0


async def run_alerts(
    database: Database,
    open_box: Callable[[], SecretBox],
    policy: AlertPolicy,
    stop: asyncio.Event,
    *,
    clock: Clock = system_clock,
) -> None:
    while not stop.is_set():
        try:
            busy = await one_round(database, open_box, policy, clock)
        except SQLAlchemyError as problem:
            log.warning("messages wait for the database: %s", problem)
            busy = False
        if not busy:
            try:
                async with asyncio.timeout(policy.look_every_s):
                    await stop.wait()
            except TimeoutError:
                pass


async def one_round(database: Database, open_box: Callable[[], SecretBox], policy: AlertPolicy, clock: Clock) -> bool:
    """Whether there may be more to do at once."""
    read = await asyncio.to_thread(_collect, database, clock())
    taken = await asyncio.to_thread(_take_due, database, clock())
    async with asyncio.TaskGroup() as sending:
        for channel, alert in taken:
            sending.create_task(_send(database, open_box, policy, channel, alert, clock))
    return read == AT_A_TIME or bool(taken)


def _collect(database: Database, now: datetime) -> int:
    with database.reading() as tx:
        waiting = alerts.news_waiting(tx)
    if not waiting:
        return 0
    with database.writing() as tx:
        return collect(tx, now)


def _take_due(database: Database, now: datetime) -> list[tuple[Channel, Alert]]:
    with database.reading() as tx:
        if not alerts.due(tx, now, 1):
            return []
    with database.writing() as tx:
        channels = {one.channel_id: one for one in alerts.channels(tx)}
        taken = []
        for alert in alerts.due(tx, now, WIDTH):
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


async def _send(
    database: Database,
    open_box: Callable[[], SecretBox],
    policy: AlertPolicy,
    channel: Channel,
    alert: Alert,
    clock: Clock,
) -> None:
    try:
        told = await _tell(open_box, policy, channel, alert, clock())
    except PersonMustAct as problem:
        told = Told(arrived=False, answer=problem.message)
    await asyncio.to_thread(_settle, database, alert, told, clock())


async def _tell(
    open_box: Callable[[], SecretBox], policy: AlertPolicy, channel: Channel, alert: Alert, now: datetime
) -> Told:
    if channel.kind is ChannelKind.WEBHOOK:
        if channel.secret is None:
            raise BadInput("the channel has no secret to sign with", where=channel.name)
        secret = (await asyncio.to_thread(open_box)).open(channel.secret)
        body = as_json(alert, policy.town, policy.console_url)
        target = webhook_target(channel.target)
        call = (target, body, secret, delivery_id(alert), policy.networks, now)
        return await call_webhook(*call, authority=policy.authority)
    if policy.mail is None:
        raise BadInput("the settings name no mail server", where="alerts.smtp_host")
    to = mail_addresses(channel.target)
    mail = as_mail(alert, to, policy.mail.sender, policy.town, policy.console_url, policy.zone, now)
    return await asyncio.to_thread(send_mail, policy.mail, mail)


def _settle(database: Database, alert: Alert, told: Told, now: datetime) -> None:
    again = None if told.for_good else next_try(alert.tries, now)
    with database.writing() as tx:
        if told.arrived:
            alerts.settle(tx, alert.alert_id, AlertState.SENT, told.answer, sent_at=now, due_at=now)
        elif again is None:
            alerts.settle(tx, alert.alert_id, AlertState.GIVEN_UP, told.answer, sent_at=None, due_at=now)
        else:
            alerts.settle(tx, alert.alert_id, AlertState.SENDING, told.answer, sent_at=None, due_at=again)
    if not told.arrived:
        log.warning("message %d did not arrive: %s", alert.alert_id, told.answer)
