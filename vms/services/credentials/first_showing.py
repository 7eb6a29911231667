"""A device is shown a login for the first time: written down before, so that no crash makes us show it a second time.

Where a row says that it was shown and nobody knows how it went, it counts as refused until it changes, or a person says
that it may be tried again.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from vms.core.clock import Clock
from vms.core.ids import DeviceId
from vms.store import login_attempts
from vms.store.credentials import StoredLogin
from vms.store.database import Database
from vms.store.login_attempts import Attempt, AttemptState

SURELY_OVER = timedelta(seconds=60)
"""Whoever showed it would have said by now how it went: he was killed."""
WAIT_S = 8.0
LOOK_EVERY_S = 0.1


@dataclass(slots=True)
class Showing:
    allowed: bool
    """False: somebody is showing it just now, or nobody knows how that went."""
    first: bool = False
    """It has never worked there."""
    worked: bool = False
    """To be set by whoever shows it, when the device lets him in."""


def login_key(login: StoredLogin) -> str:
    return f"{login.credential_id}:{login.version}"


@asynccontextmanager
async def first_showing(
    database: Database, device_id: DeviceId | None, login: StoredLogin | None, clock: Clock
) -> AsyncIterator[Showing]:
    """Around whatever shows the login. A refusal must be kept with the device before this ends. One that is known to
    work costs one look into the store; one that is stored nowhere, or of a device that is not, nothing."""
    if device_id is None or login is None or not login.credential_id:
        yield Showing(allowed=True)
        return
    state = await _once_it_is_known(database, device_id, login, clock)
    showing = Showing(allowed=state in (None, AttemptState.WORKED), first=state is None)
    try:
        yield showing
    finally:
        if state is None:
            await asyncio.shield(asyncio.to_thread(_end, database, device_id, login, showing.worked, clock()))


async def _once_it_is_known(
    database: Database, device_id: DeviceId, login: StoredLogin, clock: Clock
) -> AttemptState | None:
    """As `_begin`; while somebody else is showing it just now, we wait a moment for how that goes."""
    until_s = time.monotonic() + WAIT_S
    while True:
        state, since = await asyncio.to_thread(_begin, database, device_id, login, clock())
        is_under_way = state is AttemptState.SENT and clock() - since < SURELY_OVER
        if not is_under_way or time.monotonic() > until_s:
            return state
        await asyncio.sleep(LOOK_EVERY_S)


async def note_worked(database: Database, device_id: DeviceId | None, login: StoredLogin | None, now: datetime) -> None:
    """At once, where the showing goes on for long."""
    if device_id is not None and login is not None and login.credential_id:
        await asyncio.to_thread(_end, database, device_id, login, True, now)


def _begin(
    database: Database, device_id: DeviceId, login: StoredLogin, now: datetime
) -> tuple[AttemptState | None, datetime]:
    """How it stood before, and since when; None: it is shown for the first time, and that is written down now."""
    with database.reading() as tx:
        known = _state_since(tx, device_id, login)
    if known is not None:
        return known
    with database.writing() as tx:
        if login_attempts.begin(tx, _attempt(device_id, login, AttemptState.SENT), now):
            return None, now
        return _state_since(tx, device_id, login) or (AttemptState.SENT, now)


def _end(database: Database, device_id: DeviceId, login: StoredLogin, worked: bool, now: datetime) -> None:
    with database.writing() as tx:
        if worked:
            attempt = _attempt(device_id, login, AttemptState.WORKED)
            login_attempts.put(tx, [attempt], now)
            login_attempts.drop_older(tx, [attempt])
        elif _state(tx, device_id, login) is AttemptState.SENT:
            login_attempts.settle(tx, [(login_attempts.of_device_key(device_id), login_key(login), "")])


def _state(tx: Connection, device_id: int, login: StoredLogin) -> AttemptState | None:
    found = _state_since(tx, device_id, login)
    return None if found is None else found[0]


def _state_since(tx: Connection, device_id: int, login: StoredLogin) -> tuple[AttemptState, datetime] | None:
    return login_attempts.of_devices(tx, [device_id]).get((login_attempts.of_device_key(device_id), login_key(login)))


def _attempt(device_id: DeviceId, login: StoredLogin, state: AttemptState) -> Attempt:
    return Attempt(device=login_attempts.of_device_key(device_id), login=login_key(login), state=state)
