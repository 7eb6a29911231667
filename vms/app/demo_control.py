"""The pretend city's switches, turned from the console; only in the demo."""

import json
import math
import random
from collections.abc import Sequence
from typing import Any

import httpx

from vms.api.rooms import DemoDevice, DemoSwitch
from vms.core.errors import BadInput, NotFound, TryAgain
from vms.core.geo import Wgs84
from vms.core.ids import CameraId
from vms.coverage.sightings import ViewState
from vms.services.coverage.memory import CoverageMemory

WITHIN_S = 5.0
SPOTS_TRIED = 60
IN_FRONT_M = 15.0
FAULTS = (
    "off",
    "silent",
    "slow",
    "stream_dead",
    "login_changed",
    "clock_skewed",
    "frozen",
    "black",
    "bright",
    "blurred",
    "occluded",
    "turned_aside",
    "shaking",
)


class CityControl:
    """Speaks to the control interface of a pretend city on loopback."""

    def __init__(self, address: str, memory: CoverageMemory) -> None:
        self._http = httpx.Client(base_url=f"http://{address}", timeout=WITHIN_S)
        self._memory = memory

    def devices(self) -> Sequence[DemoDevice]:
        return [
            DemoDevice(
                address=row["address"],
                names=tuple(row["names"]),
                tier=row["tier"],
                switch=row["switch"],
                position=Wgs84(row["lon"], row["lat"]),
                faults=tuple(row["faults"]),
            )
            for row in self._ask("GET", "/devices")["devices"]
        ]

    def switches(self) -> Sequence[DemoSwitch]:
        return [
            DemoSwitch(name=row["switch"], devices=len(row["addresses"]), broken=row["broken"])
            for row in self._ask("GET", "/switches")["switches"]
        ]

    def fault_names(self) -> Sequence[str]:
        return FAULTS

    def set_fault(self, *, address: str | None, switch: str | None, channel: str | None, fault: str, on: bool) -> None:
        asked: dict[str, Any] = {"on": on}
        if switch is not None:
            asked["switch"] = switch
        else:
            asked |= {"address": address, "fault": fault}
            if channel is not None:
                asked["channel"] = self._number(address, channel)
        self._ask("POST", "/faults", asked)

    def spot_for_incident(self) -> Wgs84:
        """In front of a camera by chance, where most usable views meet. Raises TryAgain while nothing sees anything."""
        memory = self._memory
        known = memory.known()
        best: tuple[int, Wgs84] | None = None
        for camera_id in random.sample(known, min(SPOTS_TRIED, len(known))):
            with memory.lock:
                spot = in_front(memory, camera_id)
                count = sum(seen.sees and seen.state is ViewState.USABLE for seen in memory.index.who_sees(spot))
            if best is None or count > best[0]:
                best = (count, spot)
        if best is None or best[0] == 0:
            raise TryAgain("no camera sees anything yet")
        return best[1]

    def _number(self, address: str | None, token: str) -> int:
        for row in self._ask("GET", "/devices")["devices"]:
            if row["address"] == address and token in row["tokens"]:
                number: int = row["tokens"].index(token) + 1
                return number
        raise NotFound(f"{address} has no channel {token}")

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        try:
            response = self._http.request(method, path, json=body)
            answer = response.json()
        except (httpx.TransportError, json.JSONDecodeError) as problem:
            raise TryAgain(f"the pretend city does not answer: {problem}") from problem
        if not response.is_success:
            raise BadInput(str(answer.get("error", "refused")), where="the pretend city")
        return answer


def in_front(memory: CoverageMemory, camera_id: CameraId) -> Wgs84:
    """Some metres along the middle of its view; the caller holds the lock."""
    view = memory.index.view(camera_id)
    x, y = memory.walls.frame.to_xy(view.position)
    middle_rad = float(view.packed.start_rad[view.row] + view.packed.width_rad[view.row] / 2.0)
    return memory.walls.frame.to_wgs84(x + IN_FRONT_M * math.cos(middle_rad), y + IN_FRONT_M * math.sin(middle_rad))
