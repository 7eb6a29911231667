"""A step whose outcome can be read: read, plan, write once, read back; after an interruption read first."""

import asyncio
import dataclasses

from vms.core.errors import BadInput
from vms.devices.configure.hand import AnswerLost, ChangeRefused, Hand, NotSent
from vms.devices.http import ExchangeFailed
from vms.devices.onvif.client import CallRefused, NotOnvif, SignInRefused
from vms.services.device_tasks.desk import TaskDesk
from vms.services.device_tasks.keep import finish, in_tx, sent, signed_in
from vms.services.device_tasks.kind import Judged, Kind, Reading, Unfit
from vms.services.device_tasks.open_step import OpenStep, hand_for
from vms.store import device_tasks
from vms.store.device_tasks import StepState, TaskState, Values

AGAIN = 2
"""So often is a change sent at most, where reading proves that the first never took effect."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class StepByReading:
    desk: TaskDesk
    kind: Kind
    opened: OpenStep

    async def begin(self) -> None:
        """From `waiting`."""
        desk, opened = self.desk, self.opened
        hand = hand_for(desk, opened, opened.login)
        try:
            now = await self._read(hand)
        except Unfit as unfit:
            await finish(desk, opened, StepState.REFUSED, str(unfit))
            return
        except (ExchangeFailed, NotOnvif, CallRefused, SignInRefused) as failed:
            await self._could_not_read(failed)
            return
        await signed_in(desk, opened, opened.login)
        try:
            wanted = self.kind.plan(now, opened.case)
        except Unfit as unfit:
            await finish(desk, opened, StepState.REFUSED, str(unfit), before=now.values)
            return
        if wanted is None:
            words = "it is so already"
            await finish(desk, opened, StepState.UNCHANGED, words, before=now.values, after=now.values)
        elif await sent(desk, opened, now.values, wanted):
            await self._send(hand, now, wanted)

    async def resolve(self) -> None:
        """From `sent`, after an interruption: only what the device tells counts."""
        desk, opened = self.desk, self.opened
        wanted = opened.step.wanted or {}
        hand = hand_for(desk, opened, opened.login)
        try:
            now = await self._read(hand)
        except (ExchangeFailed, NotOnvif, CallRefused, SignInRefused, Unfit) as failed:
            words = f"it was sent, then the work was interrupted; now the device cannot be read: {failed}"
            await finish(desk, opened, StepState.UNKNOWN, words)
            return
        judged = self.kind.judge(now, wanted)
        if judged.done:
            words = _and("found done after an interruption", judged.note)
            await finish(desk, opened, StepState.DONE, words, after=now.values)
            return
        state = opened.task.state
        if state is TaskState.RUNNING:
            if await sent(desk, opened, None, wanted):
                await self._send(hand, now, wanted)
        elif state is TaskState.PAUSED:
            await in_tx(desk, lambda tx: device_tasks.put_back(tx, opened.step))
        else:
            await finish(desk, opened, StepState.CANCELLED, "cancelled; the device is as it was", after=now.values)

    async def _read(self, hand: Hand) -> Reading:
        await hand.meet()
        return await self.kind.read(hand, self.opened.case)

    async def _could_not_read(self, failed: ExchangeFailed | NotOnvif | CallRefused | SignInRefused) -> None:
        desk, opened = self.desk, self.opened
        if isinstance(failed, SignInRefused):
            await signed_in(desk, opened, opened.login, refused=failed.tried)
            words = "the device refused the login" if failed.tried else "the device wants a login; none is known"
            await finish(desk, opened, StepState.FAILED, f"{words}: {failed.message}")
        elif isinstance(failed, CallRefused):
            await finish(desk, opened, StepState.REFUSED, f"the device does not offer this: {failed.message}")
        else:
            await finish(desk, opened, StepState.FAILED, f"the device was not reached: {failed}")

    async def _send(self, hand: Hand, now: Reading, wanted: Values) -> None:
        desk, opened = self.desk, self.opened
        for attempt in range(1, AGAIN + 1):
            lost = ""
            try:
                await self.kind.write(hand, now, wanted, desk.clock)
            except ChangeRefused as refused:
                if not refused.signed_in:
                    await signed_in(desk, opened, opened.login, refused=True)
                await finish(desk, opened, StepState.REFUSED, f"the device says no: {refused.message}")
                return
            except (NotSent, Unfit, BadInput) as never:
                await finish(desk, opened, StepState.FAILED, f"nothing was sent: {never}")
                return
            except AnswerLost as no_answer:
                lost = no_answer.message
            try:
                after, judged = await self._read_back(hand, wanted)
            except (ExchangeFailed, NotOnvif, CallRefused, SignInRefused, Unfit) as failed:
                words = f"it was sent; afterwards the device could not be read: {failed}"
                await finish(desk, opened, StepState.UNKNOWN, words)
                return
            if judged.done:
                note = _and("the answer was lost, the device has it", judged.note) if lost else judged.note
                await finish(desk, opened, StepState.DONE, note, after=after.values)
                return
            if not lost or attempt == AGAIN or not await sent(desk, opened, None, wanted):
                break
            now = after
        if lost:
            words = f"the answer was lost ({lost}) and the device stayed as it was: {judged.note}"
            await finish(desk, opened, StepState.FAILED, words, after=after.values)
            return
        words = f"the device said yes and stayed as it was: {judged.note}"
        await finish(desk, opened, StepState.UNCHANGED, words, after=after.values)

    async def _read_back(self, hand: Hand, wanted: Values) -> tuple[Reading, Judged]:
        """The first reading that shows the change, else the last; one that fails counts when it is the last."""
        pauses = self.desk.timing.read_back_after_s
        found: tuple[Reading, Judged] | None = None
        for number, pause_s in enumerate(pauses, 1):
            await asyncio.sleep(pause_s)
            try:
                now = await self._read(hand)
            except (ExchangeFailed, NotOnvif):
                if number == len(pauses) and found is None:
                    raise
                continue
            found = now, self.kind.judge(now, wanted)
            if found[1].done:
                break
        assert found is not None
        return found


def _and(*sentences: str) -> str:
    return "; ".join(one for one in sentences if one)
