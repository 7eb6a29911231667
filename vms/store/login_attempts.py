"""Logins that are being shown to devices: written down before, so that after a crash none is shown a second time.

Of a place (`address:port`) a row goes when the login worked, or when the refusal is kept with the device. Of a device
of the inventory (`of_device_key`) the row of the login that let us in stays: it needs no note before it is shown again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, bindparam, delete, select

from vms.store.schema import login_attempts
from vms.store.upsert import put_new, upsert

_BATCH = 400


class AttemptState(StrEnum):
    SENT = "sent"
    """Nobody knows how it went: the program ended in between. It counts as refused until a person knows better."""
    REFUSED = "refused"
    WORKED = "worked"
    """Of a device of the inventory alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    device: str
    """`address:port`, or `of_device_key`."""
    login: str
    """`credential id:version`"""
    mark: str = ""
    """Who it was shown to, as far as that was told without a login (`OpenEvidence.marks`)."""
    state: AttemptState


def begin(tx: Connection, attempt: Attempt, now: datetime) -> bool:
    """False: there is a row of it already."""
    return put_new(tx, login_attempts, _row(attempt, now))


def put(tx: Connection, attempts: Iterable[Attempt], now: datetime) -> None:
    rows = [_row(one, now) for one in attempts]
    upsert(tx, login_attempts, rows, lambda excluded: {"state": excluded.state, "at": excluded.at})


def of_device(tx: Connection, device: str) -> list[Attempt]:
    c = login_attempts.c
    rows = tx.execute(select(c.login, c.mark, c.state).where(c.device == device).order_by(c.login, c.mark))
    return [Attempt(device=device, login=row.login, mark=row.mark, state=AttemptState(row.state)) for row in rows]


def of_device_key(device_id: int) -> str:
    """Not an address: a device of the inventory, wherever it is."""
    return f"device {device_id}"


def of_devices(tx: Connection, device_ids: Iterable[int]) -> dict[tuple[str, str], tuple[AttemptState, datetime]]:
    """(device's key, login) → how it stands, and since when, of devices of the inventory."""
    c = login_attempts.c
    found: dict[tuple[str, str], tuple[AttemptState, datetime]] = {}
    wanted = [of_device_key(device_id) for device_id in device_ids]
    for start in range(0, len(wanted), _BATCH):
        chosen = c.device.in_(wanted[start : start + _BATCH])
        for row in tx.execute(select(c.device, c.login, c.state, c.at).where(chosen)):
            found[row.device, row.login] = (AttemptState(row.state), row.at)
    return found


def drop_older(tx: Connection, worked: Sequence[Attempt]) -> None:
    """What is known of other logins of these devices, which are no longer shown."""
    c = login_attempts.c
    chosen = (c.device == bindparam("of"), c.login != bindparam("but"))
    rows = [{"of": one.device, "but": one.login} for one in worked]
    if rows:
        tx.execute(delete(login_attempts).where(*chosen), rows)


def settle(tx: Connection, attempts: Iterable[tuple[str, str, str]]) -> None:
    """These (device, login, mark) were not refused."""
    c = login_attempts.c
    for device, login, mark in attempts:
        mine = (c.device == device, c.login == login, c.mark == mark)
        tx.execute(delete(login_attempts).where(*mine))


def forget(tx: Connection, devices: Sequence[str]) -> None:
    """All of these devices: kept elsewhere, or a person says that they may be tried again."""
    for start in range(0, len(devices), _BATCH):
        tx.execute(delete(login_attempts).where(login_attempts.c.device.in_(devices[start : start + _BATCH])))


def _row(one: Attempt, now: datetime) -> dict[str, object]:
    return {"device": one.device, "login": one.login, "mark": one.mark, "state": one.state.value, "at": now}
