"""The pretend city's panel: there in the demo, nowhere else."""

from collections.abc import Sequence
from pathlib import Path

from tests.builders.web import SQUARE, put_camera, running_web
from vms.access.roles import Role
from vms.api.rooms import DemoDevice, DemoSwitch
from vms.core.geo import Wgs84
from vms.store.database import Database


class OneSwitch:
    """A city of one device behind one switch, as the panel sees it."""

    def __init__(self) -> None:
        self.faults: set[str] = set()

    def devices(self) -> Sequence[DemoDevice]:
        device = DemoDevice(
            address="127.24.64.1",
            names=("路口",),
            tier="government",
            switch="s1",
            position=SQUARE,
            faults=tuple(self.faults),
        )
        return [device]

    def switches(self) -> Sequence[DemoSwitch]:
        return [DemoSwitch(name="s1", devices=1, broken="off" in self.faults)]

    def fault_names(self) -> Sequence[str]:
        return ["off", "occluded"]

    def set_fault(self, *, address: str | None, switch: str | None, channel: str | None, fault: str, on: bool) -> None:
        (self.faults.add if on else self.faults.discard)(fault)

    def spot_for_incident(self) -> Wgs84:
        return SQUARE


async def test_switches_are_broken_and_mended_from_the_panel(sqlite_database: Database, tmp_path: Path) -> None:
    async with running_web(sqlite_database, tmp_path, demo=OneSwitch()) as web:
        camera_id = put_camera(web, address="127.24.64.1")
        operator = await web.signed_in(Role.OPERATOR)
        assert (await operator.get("/system")).json()["demo"] is True
        assert (await operator.post("/demo/faults", json={"switch": "s1", "fault": "off", "on": True})).json()["ok"]
        panel = (await operator.get("/demo/devices")).json()
        assert panel["switches"] == [{"name": "s1", "devices": 1, "broken": True}]
        assert panel["devices"][0]["camera_ids"] == [camera_id]
        opened = await operator.post("/demo/incident")
        assert (opened.json()["lon"], opened.json()["open"]) == (SQUARE.lon, True)


async def test_the_panel_refuses_what_it_does_not_know_and_who_may_not(
    sqlite_database: Database, tmp_path: Path
) -> None:
    async with running_web(sqlite_database, tmp_path, demo=OneSwitch()) as web:
        operator, planner = await web.signed_in(Role.OPERATOR), await web.signed_in(Role.PLANNER)
        for body in (
            {"switch": "s1", "fault": "explode", "on": True},
            {"fault": "off", "on": True},
            {"switch": "s1", "address": "127.24.64.1", "fault": "off", "on": True},
        ):
            assert (await operator.post("/demo/faults", json=body)).status_code == 400
        assert (await planner.get("/demo/devices")).status_code == 403
