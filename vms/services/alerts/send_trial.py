"""One message to see whether a channel works."""

from datetime import datetime

from vms.access.roles import Person
from vms.core.errors import Conflict
from vms.health.fault import Severity
from vms.maintenance.alert import AlertItem, Moment
from vms.store import alerts
from vms.store.alerts import Alert, AlertState
from vms.store.database import Database


def put_trial(database: Database, name: str, person: Person, now: datetime) -> Alert:
    """It is sent within seconds by whoever sends the others. Raises NotFound, Conflict."""
    with database.writing() as tx:
        channel = alerts.channel_named(tx, name)
        if not channel.enabled:
            raise Conflict(f"{name} is switched off")
        item = AlertItem(
            moment=Moment.TRIAL,
            order_id=0,
            number="",
            cause=f"试发 trial, {person.name}",
            severity=Severity.CRITICAL,
            cameras=0,
            at=now,
        )
        return alerts.open_alert(tx, channel.channel_id, AlertState.SENDING, [item], now, now)
