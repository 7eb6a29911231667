"""Kind `set_ntp`: from which servers a device has its time."""

from collections.abc import Mapping
from typing import Any

from vms.core.clock import Clock
from vms.core.errors import BadInput
from vms.devices.configure.hand import Hand
from vms.devices.configure.set_ntp import read_ntp, write_ntp
from vms.services.device_tasks.kind import Case, Judged, Reading
from vms.services.device_tasks.parameters import hosts, only, yes_or_no
from vms.store.device_tasks import Values


class SetNtp:
    """Parameters: `servers` (addresses or names, at most 4) or `from_dhcp`."""

    per_channel = False
    undoable = True

    def check(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        only(parameters, "servers", "from_dhcp")
        servers, from_dhcp = hosts(parameters, "servers", 4), yes_or_no(parameters, "from_dhcp")
        if from_dhcp == bool(servers):
            raise BadInput("either servers or from_dhcp is wanted", where="parameters.servers")
        return {"from_dhcp": from_dhcp, "servers": servers}

    async def read(self, hand: Hand, case: Case) -> Reading:
        now = await read_ntp(hand)
        return Reading(values={"from_dhcp": now.from_dhcp, "servers": list(now.servers)})

    def plan(self, now: Reading, case: Case) -> dict[str, Any] | None:
        wanted = dict(case.parameters if case.undo_to is None else case.undo_to)
        return None if self.judge(now, wanted).done else wanted

    async def write(self, hand: Hand, now: Reading, wanted: Values, clock: Clock) -> None:
        await write_ntp(hand, from_dhcp=wanted["from_dhcp"], servers=tuple(wanted["servers"]))

    def judge(self, now: Reading, wanted: Values) -> Judged:
        told = now.values
        if wanted["from_dhcp"]:
            return Judged(done=told["from_dhcp"], note="" if told["from_dhcp"] else "it has servers of its own")
        servers = ", ".join(told["servers"]) or "none"
        done = not told["from_dhcp"] and list(told["servers"]) == list(wanted["servers"])
        return Judged(done=done, note="" if done else f"its servers are {servers}")
