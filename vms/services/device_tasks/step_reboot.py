"""Kind `reboot`: told once and never again; seen to go and to come back. No device tells that it was started anew."""

import dataclasses

from vms.devices.configure.hand import AnswerLost, ChangeRefused, Hand, NotSent
from vms.devices.configure.reboot import answers, reboot, wait_until
from vms.devices.http import ExchangeFailed
from vms.devices.onvif.client import NotOnvif, SignInRefused
from vms.services.device_tasks.desk import TaskDesk
from vms.services.device_tasks.keep import finish, mark, sent, signed_in
from vms.services.device_tasks.open_step import OpenStep, hand_for
from vms.store.device_tasks import StepState

ANSWERED, WENT = "answered", "went"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class StepReboot:
    desk: TaskDesk
    opened: OpenStep

    async def begin(self) -> None:
        desk, opened = self.desk, self.opened
        hand = hand_for(desk, opened, opened.login)
        try:
            await hand.meet()
        except SignInRefused as refused:
            await signed_in(desk, opened, opened.login, refused=refused.tried)
            await finish(desk, opened, StepState.FAILED, f"the device refused the login: {refused.message}")
            return
        except (ExchangeFailed, NotOnvif) as failed:
            await finish(desk, opened, StepState.FAILED, f"the device was not reached: {failed}")
            return
        if not await sent(desk, opened, {"answers": True}, {"rebooted": True}):
            return
        answered = True
        try:
            await reboot(hand)
        except ChangeRefused as refused:
            await signed_in(desk, opened, opened.login, refused=not refused.signed_in)
            await finish(desk, opened, StepState.REFUSED, f"the device says no: {refused.message}")
            return
        except NotSent as never:
            await finish(desk, opened, StepState.FAILED, f"nothing was sent: {never}")
            return
        except AnswerLost:
            answered = False
        else:
            await signed_in(desk, opened, opened.login)
            await mark(desk, opened, add=ANSWERED)
        await self._watch_it_go(hand, answered=answered)

    async def resolve(self) -> None:
        """From `sent`, after an interruption. A reboot is not repeated, whatever is seen."""
        desk, opened = self.desk, self.opened
        hand = hand_for(desk, opened, opened.login)
        if WENT in opened.step.marks or not await answers(hand):
            await mark(desk, opened, add=WENT)
            await self._watch_it_come(hand)
            return
        said = "the device said yes" if ANSWERED in opened.step.marks else "nobody heard an answer"
        words = f"told to reboot, then the work was interrupted; {said}; it answers now. Whether it was away nobody saw"
        await finish(desk, opened, StepState.UNKNOWN, words, after={"answers": True})

    async def _watch_it_go(self, hand: Hand, *, answered: bool) -> None:
        desk, opened, timing = self.desk, self.opened, self.desk.timing
        went = await wait_until(hand, answering=False, within_s=timing.goes_within_s, look_every_s=timing.look_every_s)
        if went:
            await mark(desk, opened, add=WENT)
            await self._watch_it_come(hand)
        elif answered:
            words = f"the device said yes and was there all of {timing.goes_within_s:g} s"
            await finish(desk, opened, StepState.UNCHANGED, words, after={"answers": True})
        else:
            words = f"the answer was lost; the device was there all of {timing.goes_within_s:g} s"
            await finish(desk, opened, StepState.UNKNOWN, words, after={"answers": True})

    async def _watch_it_come(self, hand: Hand) -> None:
        desk, opened, timing = self.desk, self.opened, self.desk.timing
        back = await wait_until(hand, answering=True, within_s=timing.back_within_s, look_every_s=timing.look_every_s)
        if back:
            await finish(desk, opened, StepState.DONE, "it went and came back", after={"answers": True})
            return
        words = f"it went and was not back after {timing.back_within_s:g} s"
        await finish(desk, opened, StepState.FAILED, words, after={"answers": False})
