"""Kind `read_firmware`: what runs on the device now; nothing is sent that changes it."""

import dataclasses

from sqlalchemy import Connection

from vms.devices.configure.firmware import read_information
from vms.devices.http import ExchangeFailed
from vms.devices.onvif.client import CallRefused, NotOnvif, SignInRefused
from vms.services.device_tasks.desk import TaskDesk
from vms.services.device_tasks.keep import finish, in_tx, note_sign_in, signed_in
from vms.services.device_tasks.open_step import OpenStep, hand_for
from vms.store import device_tasks, devices, events
from vms.store.device_tasks import StepState


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class StepFirmware:
    desk: TaskDesk
    opened: OpenStep

    async def begin(self) -> None:
        desk, opened = self.desk, self.opened
        hand = hand_for(desk, opened, opened.login)
        known = opened.device.observed.firmware
        try:
            await hand.meet()
            told = await read_information(hand)
        except SignInRefused as refused:
            await signed_in(desk, opened, opened.login, refused=refused.tried)
            await finish(desk, opened, StepState.FAILED, f"the device refused the login: {refused.message}")
            return
        except (ExchangeFailed, NotOnvif, CallRefused) as failed:
            await finish(desk, opened, StepState.FAILED, f"the device was not read: {failed}")
            return
        before, after = {"firmware": known}, {"firmware": told.firmware, "model": told.model}
        changed = told.firmware != known
        words = f"was {known or 'not known'}" if changed else ""

        def keep(tx: Connection) -> None:
            now = desk.clock()
            note_sign_in(tx, desk, opened, opened.login, refused=False)
            if changed:
                device = devices.get(tx, opened.device.device_id)
                devices.update_observed(
                    tx, device.device_id, dataclasses.replace(device.observed, firmware=told.firmware), now
                )
                events.append(tx, "device.changed", device.device_id, {"fields": ["firmware"]}, now)
            device_tasks.finish_step(tx, opened.step, StepState.DONE, words, now, before=before, after=after)

        await in_tx(desk, keep)

    async def resolve(self) -> None:
        """It is never `sent`."""
        await self.begin()
