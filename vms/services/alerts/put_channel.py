"""A channel is made or changed: its target checked, its secret made where a webhook has none."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from vms.access.roles import Person
from vms.core.errors import BadInput, NotFound
from vms.maintenance.alert import Pace, Wants
from vms.maintenance.calendar import check_spans
from vms.services.alerts.target import Networks, check_literal, mail_addresses, webhook_target
from vms.store import alerts, events
from vms.store.alerts import Channel, ChannelKind
from vms.store.database import Database
from vms.store.secret_box import SecretBox


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelAsked:
    name: str
    kind: ChannelKind
    target: str
    secret: str | None
    wants: Wants
    pace: Pace
    enabled: bool


def put_channel(
    database: Database, box: SecretBox, networks: Networks, asked: ChannelAsked, person: Person, now: datetime
) -> tuple[Channel, str | None]:
    """The channel, and the secret where one was made: shown once. Raises BadInput."""
    check_spans(asked.pace.quiet, "quiet")
    if asked.pace.is_quiet_all_day:
        raise BadInput("quiet hours that last all day: nothing would ever be told", where="quiet")
    if asked.kind is ChannelKind.WEBHOOK:
        check_literal(webhook_target(asked.target), networks)
    else:
        mail_addresses(asked.target)
        if asked.secret is not None:
            raise BadInput("only webhooks are signed", where="secret")
    with database.writing() as tx:
        made = None
        if asked.kind is ChannelKind.WEBHOOK and asked.secret is None and not _has_secret(tx, asked.name):
            made = secrets.token_urlsafe(32)
        secret = asked.secret or made
        channel = alerts.put_channel(
            tx,
            asked.name,
            kind=asked.kind,
            target=asked.target,
            wants=asked.wants,
            pace=asked.pace,
            enabled=asked.enabled,
            secret=None if secret is None else box.seal(secret),
        )
        content = {"name": asked.name, "kind": asked.kind.value, "enabled": asked.enabled, "by": person.name}
        events.append(tx, "alerts.channel_changed", channel.channel_id, content, now)
    return channel, made


def _has_secret(tx: Connection, name: str) -> bool:
    try:
        return alerts.channel_named(tx, name).secret is not None
    except NotFound:
        return False
