"""Kind `set_clock`: the clock is put right, and the time zone set where one is given."""

import re
from collections.abc import Mapping
from typing import Any

from vms.core.clock import Clock
from vms.core.errors import BadInput
from vms.devices.configure.hand import Hand
from vms.devices.configure.set_time import TimeNow, read_time, write_time
from vms.services.device_tasks.kind import Case, Judged, Reading, Unfit
from vms.services.device_tasks.parameters import number, only, words
from vms.store.device_tasks import Values

_POSIX = re.compile(r"(?:<[^>]{1,20}>|[A-Za-z]{2,10})[+-]?\d{1,2}(?::\d{2})?\S{0,40}")


class SetClock:
    """Parameters: `zone` (POSIX, e.g. CST-8; none: as it is), `source` (manual, ntp), `tolerance_s`.

    An undo puts back zone and source; a clock that was wrong is not made wrong again."""

    per_channel = False
    undoable = True

    def check(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        only(parameters, "zone", "source", "tolerance_s")
        zone = words(parameters, "zone", 64)
        if zone and not _POSIX.fullmatch(zone):
            raise BadInput("a POSIX time zone such as CST-8 is wanted", where="parameters.zone")
        source = words(parameters, "source", 10, "manual").lower()
        if source not in ("manual", "ntp"):
            raise BadInput("manual or ntp is wanted", where="parameters.source")
        tolerance_s = number(parameters, "tolerance_s", 0.5, 3600)
        return {"zone": zone, "source": source, "tolerance_s": 2.0 if tolerance_s is None else tolerance_s}

    async def read(self, hand: Hand, case: Case) -> Reading:
        now = await read_time(hand)
        values = {"offset_s": now.offset_s, "zone": now.zone, "source": now.source}
        return Reading(values=values, raw=now)

    def plan(self, now: Reading, case: Case) -> dict[str, Any] | None:
        told: TimeNow = now.raw
        asked = case.parameters
        wanted = {
            "zone": asked["zone"] or told.zone,
            "source": "NTP" if asked["source"] == "ntp" else "Manual",
            "tolerance_s": asked["tolerance_s"],
        }
        if case.undo_to is not None:
            wanted |= {"zone": case.undo_to["zone"], "source": case.undo_to["source"] or "Manual"}
        if told.offset_s is None and wanted["source"] == "Manual":
            raise Unfit("the device tells no usable time, so that nobody can see whether its clock was put right")
        right = self.judge(now, wanted).done
        source_matters = case.undo_to is not None or asked["source"] == "ntp"
        return None if right and (not source_matters or told.source == wanted["source"]) else wanted

    async def write(self, hand: Hand, now: Reading, wanted: Values, clock: Clock) -> None:
        told: TimeNow = now.raw
        await write_time(hand, clock, zone=wanted["zone"], source=wanted["source"], daylight=told.daylight)

    def judge(self, now: Reading, wanted: Values) -> Judged:
        told: TimeNow = now.raw
        if told.zone != wanted["zone"]:
            return Judged(done=False, note=f"the time zone is {told.zone or 'not told'}")
        if wanted["source"] == "NTP":
            return Judged(done=told.source.upper() == "NTP", note=f"its time comes from {told.source or 'nowhere'}")
        if told.offset_s is None or abs(told.offset_s) > wanted["tolerance_s"]:
            return Judged(done=False, note=f"the clock is {told.offset_s} s off")
        return Judged(done=True)
