"""Kind `change_password`: the new one is sealed and stored before it is sent, and the old one is forgotten only after
the device has let us in with the new one.

Where nobody knows what became of the change, the new one is shown to the device once, then the old one once, over all
interruptions: each try is written down before it is made.
"""

import asyncio
import dataclasses
from enum import StrEnum

from sqlalchemy import Connection

from vms.core.errors import BadInput, PersonMustAct
from vms.core.ids import CredentialId
from vms.devices.configure.hand import AnswerLost, ChangeRefused, NotSent
from vms.devices.configure.password import read_users, write_password
from vms.devices.http import ExchangeFailed
from vms.devices.onvif.client import CallRefused, NotOnvif, SignInRefused
from vms.inventory.device import AuthScheme
from vms.services.device_tasks.desk import TaskDesk
from vms.services.device_tasks.keep import finish, in_tx, mark, signed_in
from vms.services.device_tasks.open_step import OpenStep, hand_for
from vms.store import credentials, device_tasks, devices, events
from vms.store.credentials import StoredLogin
from vms.store.device_tasks import StepState, Values

TRIED_NEW, TRIED_OLD = "tried_new", "tried_old"


class Entry(StrEnum):
    """What came of showing the device a login."""

    IN = "in"
    REFUSED = "refused"
    WARNED = "warned"
    """Refused, and the device counts: no other login is shown to it."""
    NO_ANSWER = "no_answer"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class StepPassword:
    desk: TaskDesk
    opened: OpenStep

    async def begin(self) -> None:
        desk, opened, old = self.desk, self.opened, self.opened.login
        if old is None or opened.device.observed.quirks.auth is AuthScheme.NONE:
            await finish(desk, opened, StepState.REFUSED, "nobody signs in to this device, or its login is not known")
            return
        hand = hand_for(desk, opened, old)
        try:
            await hand.meet()
            users = await read_users(hand)
        except SignInRefused as refused:
            await signed_in(desk, opened, old, refused=refused.tried)
            await finish(desk, opened, StepState.FAILED, f"the device refused the present login: {refused.message}")
            return
        except CallRefused as refused:
            await finish(desk, opened, StepState.REFUSED, f"the device does not tell its users: {refused.message}")
            return
        except (ExchangeFailed, NotOnvif) as failed:
            await finish(desk, opened, StepState.FAILED, f"the device was not reached: {failed}")
            return
        await signed_in(desk, opened, old)
        if old.username not in users:
            await finish(desk, opened, StepState.REFUSED, f"the device has no user {old.username!r} of its own")
            return
        before = {
            "credential_id": old.credential_id,
            "version": old.version,
            "username": old.username,
            "level": users[old.username],
        }
        try:
            new = await self._store_new(old, before)
        except PersonMustAct as impossible:
            await finish(desk, opened, StepState.REFUSED, impossible.message, before=before)
            return
        if new is None:
            return
        try:
            await write_password(hand, old.username, new.password, users[old.username])
        except ChangeRefused as refused:
            await finish(desk, opened, StepState.REFUSED, f"the device says no: {refused.message}")
        except (NotSent, BadInput) as never:
            await finish(desk, opened, StepState.FAILED, f"nothing was sent: {never}")
        except AnswerLost:
            await self._find_out(new, old, "the answer was lost")
        else:
            await self._find_out(new, old, "the device said yes")

    async def resolve(self) -> None:
        """From `sent`, after an interruption: what the device lets in says what became of it."""
        desk, opened = self.desk, self.opened

        def logins(tx: Connection) -> tuple[StoredLogin | None, StoredLogin | None]:
            return (
                credentials.login_of(tx, desk.box, (opened.step.wanted or {}).get("credential_id")),
                credentials.login_of(tx, desk.box, (opened.step.before or {}).get("credential_id")),
            )

        new, old = await in_tx(desk, logins)
        if new is None or old is None:
            words = "it was sent, then the work was interrupted; one of the two credential sets is gone since"
            await finish(desk, opened, StepState.UNKNOWN, words)
            return
        await self._find_out(new, old, "the work was interrupted")

    async def _store_new(self, old: StoredLogin, before: Values) -> StoredLogin | None:
        """In one transaction: the new login as a credential set, and the step as sent. None: it must not be sent, or
        it is so already."""
        desk, opened = self.desk, self.opened

        def store(tx: Connection) -> StoredLogin | None:
            now = desk.clock()
            new = self._undone(tx, opened.case.undo_to) if opened.task.undo_of is not None else self._made(tx, old)
            if new.credential_id == old.credential_id:
                words = "it has this password already"
                device_tasks.finish_step(tx, opened.step, StepState.UNCHANGED, words, now, before=before)
                return None
            if new.username != old.username:
                raise PersonMustAct("the earlier login was another user's; this user's password is not known any more")
            wanted = {"credential_id": new.credential_id}
            return new if device_tasks.mark_sent(tx, opened.step, desk.runner, before, wanted, now) else None

        return await in_tx(desk, store)

    def _made(self, tx: Connection, old: StoredLogin) -> StoredLogin:
        desk, task = self.desk, self.opened.task
        secret = device_tasks.get(tx, task.task_id, alone=True).secret
        if secret is None:
            raise PersonMustAct("the task's new password is not kept any longer")
        name = f"task {task.task_id} {old.username}"[:80]
        made = credentials.put(tx, desk.box, name, old.username, desk.box.open(secret), desk.clock())
        login = credentials.login_of(tx, desk.box, made)
        assert login is not None
        return login

    def _undone(self, tx: Connection, undo_to: Values | None) -> StoredLogin:
        """The earlier login, if it still is what it was."""
        before = undo_to or {}
        login = credentials.login_of(tx, self.desk.box, before.get("credential_id"))
        if login is None or login.version != before.get("version"):
            raise PersonMustAct("the earlier password is not kept any longer")
        return login

    async def _find_out(self, new: StoredLogin, old: StoredLogin, how: str) -> None:
        desk, opened = self.desk, self.opened
        found = Entry.NO_ANSWER
        if TRIED_NEW not in opened.step.marks:
            found = await self._try(new, TRIED_NEW)
            if found == Entry.IN:
                note = "" if how == "the device said yes" else f"{how}; the device lets the new password in"
                await self._switch(new, old, note)
                return
            if found == Entry.NO_ANSWER:
                words = f"{how}; the device does not answer, so that the new password is not proven. Its login is kept"
                await finish(desk, opened, StepState.UNKNOWN, words)
                return
            if found == Entry.WARNED:
                words = f"{how}; the device refused the new password and counts, so that the old one was not tried"
                await finish(desk, opened, StepState.UNKNOWN, words)
                return
        before = "refused" if found == Entry.REFUSED else "not known to be let in"
        if TRIED_OLD in opened.step.marks:
            words = f"{how}; the new password is {before}, the old one was tried already. A person must look"
            await finish(desk, opened, StepState.UNKNOWN, words)
            return
        found = await self._try(old, TRIED_OLD)
        if found == Entry.IN:
            state = StepState.UNCHANGED if how == "the device said yes" else StepState.FAILED
            await finish(desk, opened, state, f"{how}; the device kept the old password")
        elif found == Entry.NO_ANSWER:
            words = f"{how}; the new password is {before}, and the device does not answer any more"
            await finish(desk, opened, StepState.UNKNOWN, words)
        else:
            words = f"{how}; the new password is {before}, the old one is refused. A person must look"
            await finish(desk, opened, StepState.UNKNOWN, words)

    async def _try(self, login: StoredLogin, its_mark: str) -> Entry:
        """Once, and written down before; a device that cannot be reached has not seen the login and is tried again."""
        desk, opened = self.desk, self.opened
        loop = asyncio.get_running_loop()
        ends_s = loop.time() + desk.timing.sign_in_again_s
        hand = hand_for(desk, opened, login)
        while True:
            try:
                await hand.meet()
                break
            except (ExchangeFailed, NotOnvif, SignInRefused):
                if loop.time() > ends_s:
                    return Entry.NO_ANSWER
                await asyncio.sleep(desk.timing.look_every_s)
        await mark(desk, opened, add=its_mark)
        try:
            await read_users(hand)
        except SignInRefused as refused:
            await signed_in(desk, opened, login, refused=True)
            return Entry.WARNED if refused.warns else Entry.REFUSED
        except (ExchangeFailed, NotOnvif, CallRefused):
            return Entry.NO_ANSWER
        await signed_in(desk, opened, login)
        return Entry.IN

    async def _switch(self, new: StoredLogin, old: StoredLogin, note: str) -> None:
        """The device's login and the step's end in one transaction. The old one is outdated, not refused: nobody tries
        it here while the new one, which goes first, works."""
        desk, opened = self.desk, self.opened

        def switch(tx: Connection) -> None:
            now = desk.clock()
            device_id = opened.device.device_id
            known = devices.get(tx, device_id)
            refused = {one: version for one, version in known.refused_logins.items() if one != new.credential_id}
            devices.set_login(tx, device_id, CredentialId(new.credential_id), refused)
            news = {
                "task": opened.task.task_id,
                "outdated": {"credential_id": old.credential_id, "version": old.version},
            }
            events.append(tx, "device.login_changed", device_id, news, now)
            after = {"credential_id": new.credential_id}
            device_tasks.finish_step(tx, opened.step, StepState.DONE, note, now, after=after)

        await in_tx(desk, switch)
