"""Kind `set_osd_name`: the name in the picture becomes the archive's; its place and font stay."""

from collections.abc import Mapping
from typing import Any

from vms.core.clock import Clock
from vms.devices.configure.hand import Hand
from vms.devices.configure.osd import OsdNow, read_osd, remove_osd, write_osd
from vms.services.device_tasks.kind import Case, Judged, Reading, Unfit
from vms.services.device_tasks.parameters import only, whole_number
from vms.store.device_tasks import Values

LEAST_OF_A_CUT = 4
"""Characters that must be left for a text that the device has cut to be called done."""


class SetOsdName:
    """Parameters: `longest` (characters; longer names are cut). Devices tell no limit of their own; one that cuts in
    silence is called done with a note, one that refuses is `refused`, and the message says how long the name was."""

    per_channel = True
    undoable = True

    def check(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        only(parameters, "longest")
        return {"longest": whole_number(parameters, "longest", 1, 200)}

    async def read(self, hand: Hand, case: Case) -> Reading:
        token = "" if case.undo_to is None else str(case.undo_to.get("token") or "")
        try:
            now = await read_osd(hand, case.channel, token=token, known_as=case.observed_name)
        except LookupError as nothing:
            raise Unfit(str(nothing)) from nothing
        return Reading(values={"token": now.token, "text": now.words if now.token else None}, raw=now)

    def plan(self, now: Reading, case: Case) -> dict[str, Any] | None:
        told: OsdNow = now.raw
        if case.undo_to is not None:
            wanted = {"token": told.token, "text": case.undo_to["text"]}
        else:
            name = " ".join(case.camera_name.split())
            if not name:
                raise Unfit("the archive has no name for this camera")
            wanted = {"token": told.token, "text": name[: case.parameters["longest"] or None].strip()}
        return None if now.values["text"] == wanted["text"] else wanted

    async def write(self, hand: Hand, now: Reading, wanted: Values, clock: Clock) -> None:
        told: OsdNow = now.raw
        if wanted["text"] is None:
            if told.token:
                await remove_osd(hand, told.token)
            return
        await write_osd(hand, told, wanted["text"])

    def judge(self, now: Reading, wanted: Values) -> Judged:
        text, name = now.values["text"], wanted["text"]
        if text == name:
            return Judged(done=True)
        if name and text and len(text) >= LEAST_OF_A_CUT and name.startswith(text):
            return Judged(done=True, note=f"the device shows the first {len(text)} of {len(name)} characters")
        long = f" (the name has {len(name)} characters)" if name and len(name) > LEAST_OF_A_CUT else ""
        return Judged(done=False, note=f"the text in the picture is {text!r}{long}")
