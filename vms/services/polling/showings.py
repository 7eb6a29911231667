"""Writes down that a device is shown a login that it has never let us in with, before it is shown: no crash makes the
poller show it a second time. Nothing is written about logins that are known to work."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError

from vms.services.credentials.first_showing import SURELY_OVER, login_key
from vms.services.polling.roster import PolledDevice
from vms.store.credentials import StoredLogin
from vms.store.login_attempts import AttemptState, of_device_key

log = logging.getLogger(__name__)


class Notes(Protocol):
    def note(self, device: str, login: str, state: AttemptState | None) -> asyncio.Future[None]:
        """Done when it is committed."""
        ...


class Showings:
    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    async def begin(self, device: PolledDevice) -> bool:
        """Whether the device may be shown its login now; committed when this returns."""
        login = device.login
        if login is None or not login.credential_id or device.login_worked or device.shown == login:
            return True
        try:
            await asyncio.shield(self._note(device, login, AttemptState.SENT))
        except SQLAlchemyError as problem:
            log.warning("%s:%d is not signed in to: %s", device.target.address, device.target.port, problem)
            return False
        device.shown = login
        return True

    async def refused(self, device: PolledDevice, login: StoredLogin | None) -> None:
        """Also where it had worked before: it is known at once, before the refusal is kept with the device."""
        if login is None or not login.credential_id or device.shown == login:
            return
        try:
            await asyncio.shield(self._note(device, login, AttemptState.SENT))
        except SQLAlchemyError as problem:
            log.warning("%s:%d refused: %s", device.target.address, device.target.port, problem)

    def worked(self, device: PolledDevice, login: StoredLogin | None) -> None:
        if login is None or device.shown != login:
            return
        device.shown = None
        device.login_worked = device.login == login
        self._note(device, login, AttemptState.WORKED)

    def end(self, device: PolledDevice) -> None:
        """Of a round. What was refused is settled when that is kept with the device; else nothing was refused."""
        login, device.shown = device.shown, None
        if login is not None and not (device.refuses_login and device.login == login):
            self._note(device, login, None)

    def _note(self, device: PolledDevice, login: StoredLogin, state: AttemptState | None) -> asyncio.Future[None]:
        return self._notes.note(of_device_key(device.target.device_id), login_key(login), state)


def learn_how_it_went(
    device: PolledDevice, states: Mapping[tuple[str, str], tuple[AttemptState, datetime]], now: datetime
) -> bool:
    """Of a device in doubt. True: whoever showed it was killed, and it counts as refused from now on."""
    if device.login is None:
        device.login_in_doubt = False
        return False
    state, at = states.get((of_device_key(device.target.device_id), login_key(device.login)), (None, now))
    device.login_worked = state is AttemptState.WORKED
    device.login_in_doubt = state is AttemptState.SENT and now - at < SURELY_OVER
    if state is AttemptState.SENT and not device.login_in_doubt:
        device.refused(device.login)
        return True
    return False
