"""Tells people what happens to orders, until stopped: news in, messages out, at least once and never in a flood."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.exc import SQLAlchemyError

from vms.core.clock import Clock, system_clock
from vms.core.errors import BadInput, PersonMustAct
from vms.maintenance.alert import next_try
from vms.services.alerts.collect import AT_A_TIME, collect
from vms.services.alerts.mail import MailServer, send_mail
from vms.services.alerts.message import as_json, as_mail, delivery_id
from vms.services.alerts.take_due import take_due
from vms.services.alerts.target import Networks, mail_addresses, webhook_target
from vms.services.alerts.webhook import Told, call_webhook
from vms.store import alerts
from vms.store.alerts import Alert, AlertState, Channel, ChannelKind
from vms.store.database import Database
from vms.store.secret_box import SecretBox

log = logging.getLogger(__name__)
AT_ONCE = {ChannelKind.WEBHOOK: 32, ChannelKind.MAIL: 8}
"""Each kind has places of its own: letters that hang leave webhooks theirs."""


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


class SendingDesk:
    """What is under way: one message of a channel at a time, so that a slow receiver keeps nobody else waiting."""

    def __init__(
        self, database: Database, open_box: Callable[[], SecretBox], policy: AlertPolicy, clock: Clock
    ) -> None:
        self._database, self._open_box, self._policy, self._clock = database, open_box, policy, clock
        self._under_way: dict[int, tuple[ChannelKind, asyncio.Task[None]]] = {}
        self._threads = ThreadPoolExecutor(AT_ONCE[ChannelKind.MAIL], thread_name_prefix="mail")
        """Its own: letters that hang take no thread from others."""

    @property
    def under_way(self) -> list[asyncio.Task[None]]:
        return [task for _, task in self._under_way.values()]

    async def begin(self, sending: asyncio.TaskGroup) -> bool:
        """News in, and what is due begun. Whether there may be more to do at once."""
        self._under_way = {channel: one for channel, one in self._under_way.items() if not one[1].done()}
        read = await asyncio.to_thread(_collect, self._database, self._clock())
        begun = Counter(kind for kind, _ in self._under_way.values())
        room = {kind: most - begun[kind] for kind, most in AT_ONCE.items()}
        taken = await asyncio.to_thread(take_due, self._database, self._clock(), room, set(self._under_way))
        for channel, alert in taken:
            task = sending.create_task(self._send(channel, alert))
            self._under_way[channel.channel_id] = (channel.kind, task)
        return read == AT_A_TIME

    async def _send(self, channel: Channel, alert: Alert) -> None:
        try:
            told = await self._tell(channel, alert, self._clock())
        except PersonMustAct as problem:
            told = Told(arrived=False, answer=problem.message)
        try:
            await asyncio.to_thread(_settle, self._database, alert, told, self._clock())
        except SQLAlchemyError as problem:
            log.warning("what became of message %d is not kept, it is sent again: %s", alert.alert_id, problem)

    async def _tell(self, channel: Channel, alert: Alert, now: datetime) -> Told:
        policy = self._policy
        if channel.kind is ChannelKind.WEBHOOK:
            if channel.secret is None:
                raise BadInput("the channel has no secret to sign with", where=channel.name)
            secret = (await asyncio.to_thread(self._open_box)).open(channel.secret)
            body = as_json(alert, policy.town, policy.console_url)
            target = webhook_target(channel.target)
            call = (target, body, secret, delivery_id(alert), policy.networks, now)
            return await call_webhook(*call, authority=policy.authority)
        if policy.mail is None:
            raise BadInput("the settings name no mail server", where="alerts.smtp_host")
        to = mail_addresses(channel.target)
        mail = as_mail(alert, to, policy.mail.sender, policy.town, policy.console_url, policy.zone, now)
        return await asyncio.get_running_loop().run_in_executor(self._threads, send_mail, policy.mail, mail)


async def run_alerts(
    database: Database,
    open_box: Callable[[], SecretBox],
    policy: AlertPolicy,
    stop: asyncio.Event,
    *,
    clock: Clock = system_clock,
) -> None:
    desk = SendingDesk(database, open_box, policy, clock)
    async with asyncio.TaskGroup() as sending:
        stopping = sending.create_task(stop.wait())
        while not stop.is_set():
            try:
                busy = await desk.begin(sending)
            except SQLAlchemyError as problem:
                log.warning("messages wait for the database: %s", problem)
                busy = False
            if not busy:
                await asyncio.wait(
                    [stopping, *desk.under_way],
                    timeout=policy.look_every_s,
                    return_when=asyncio.FIRST_COMPLETED,
                )


async def one_round(database: Database, open_box: Callable[[], SecretBox], policy: AlertPolicy, clock: Clock) -> bool:
    """What is due at this moment, until it has gone out. Whether there may be more to do at once."""
    desk = SendingDesk(database, open_box, policy, clock)
    async with asyncio.TaskGroup() as sending:
        more = await desk.begin(sending)
        return more or bool(desk.under_way)


def _collect(database: Database, now: datetime) -> int:
    with database.reading() as tx:
        waiting = alerts.news_waiting(tx)
    if not waiting:
        return 0
    with database.writing() as tx:
        return collect(tx, now)


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
