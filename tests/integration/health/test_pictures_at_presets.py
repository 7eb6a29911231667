"""A camera that turns is judged at each of its presets by that preset's own normal, and between them not by any."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from tests.builders.polled_city import PolledCity, polled_city, running_poller, until
from vms.core.clock import system_clock
from vms.core.errors import TryAgain
from vms.core.ids import CameraId
from vms.health.fault import FaultKind
from vms.health.picture.learning import LEAST_PICTURES
from vms.health.spending import DayBudget, usual_budget
from vms.health.turning import Stands
from vms.services.asking import AskingDesk, AskingTerms
from vms.services.poses.preset_views import head_now, read_head_now
from vms.sim.pan_tilt import PRESETS, Direction
from vms.store import faults, heads, picture_baselines, stills
from vms.store.schema import device_costs as cost_table
from vms.store.schema import devices as device_table

QUICK = {"still_every": 1, "interval_s": 0.4, "normals_every_s": 0.1, "burst_gap_s": 0.05, "motion_every_s": 1e9}


def turn(polled: PolledCity, to: Direction) -> None:
    device = polled.city.device(polled.addresses[0])
    device.head(1).go_to(to, device.steady_s())


def seen_at(polled: PolledCity, camera_id: CameraId) -> dict[str, int]:
    with polled.database.reading() as tx:
        kept = picture_baselines.at_presets(tx, [camera_id]).get(camera_id, {})
    return {preset: max(one.normal.seen for one in lights.values() if one.normal) for preset, lights in kept.items()}


def stands(polled: PolledCity, camera_id: CameraId) -> Stands | None:
    with polled.database.reading() as tx:
        still = stills.of_camera(tx, camera_id)
    return None if still is None else still.stands


def kinds(polled: PolledCity) -> set[FaultKind]:
    with polled.database.reading() as tx:
        return {fault.kind for found in faults.standing_faults(tx).values() for fault in found}


async def test_each_preset_is_learnt_for_itself_and_nothing_is_learnt_or_told_between_them(sqlite_database, tmp_path):
    async with (
        polled_city(sqlite_database, tmp_path, first_address="127.81.151.1", cameras=1, ptz=True, **QUICK) as polled,
        running_poller(polled),
    ):
        (camera_id,) = polled.everything
        await until(lambda: seen_at(polled, camera_id).get("1", 0) >= LEAST_PICTURES, 20, "the first preset is known")
        turn(polled, PRESETS["2"][1])
        await until(lambda: seen_at(polled, camera_id).get("2", 0) >= LEAST_PICTURES, 20, "the second is known")
        assert kinds(polled) == set(), "another preset is another view and no change of scene"
        turn(polled, Direction(pan=0.77))
        await until(lambda: stands(polled, camera_id) == Stands(), 10, "a still was taken between presets")
        with polled.database.reading() as tx:
            head = heads.of_camera(tx, camera_id)
            before = {
                one.light: one.written_at for one in picture_baselines.of_cameras(tx, [camera_id]).get(camera_id, [])
            }
        assert head is not None
        assert (head.preset, round(head.position.pan, 2)) == ("", 0.77)
        assert before == {}, "no view without a preset was learnt"
        device = polled.city.device(polled.addresses[0])
        asked = device.operations.get("GetPresets", 0)
        turn(polled, PRESETS["1"][1])
        await until(lambda: stands(polled, camera_id) == Stands(preset="1"), 10, "it is back")
        assert (asked, device.operations.get("GetPresets", 0)) == (1, 1), "presets are read once a day"
    with polled.database.reading() as tx:
        assert [one.preset.name for one in heads.presets_of(tx, camera_id)] == [name for name, _ in PRESETS.values()]
        assert tx.execute(select(cost_table.c.requests)).scalars().all(), "every question was paid for"
    assert kinds(polled) == set()


async def test_a_person_has_the_presets_read_now_and_is_told_why_not(sqlite_database, tmp_path):
    async with polled_city(
        sqlite_database, tmp_path, first_address="127.81.152.1", cameras=1, ptz=True, **QUICK
    ) as polled:
        (camera_id,) = polled.everything
        with polled.database.writing() as tx:
            (device_id,) = polled.device_ids.values()
            tx.execute(update(device_table).where(device_table.c.id == device_id).values(quirks={"auth": "wsse"}))
        turn(polled, PRESETS["3"][1])
        desk = AskingDesk(
            database=polled.database,
            box=polled.box,
            clock=system_clock,
            who="li",
            terms=AskingTerms(budget=usual_budget(60.0), request_s=2.0, device_s=5.0, spacing_s=0.0),
        )
        await read_head_now(desk, camera_id)
        with polled.database.reading() as tx:
            now = head_now(tx, camera_id)
        assert now.head is not None
        assert (now.head.preset, [one.kept.preset.token for one in now.presets]) == ("3", ["1", "2", "3"])
        spent = replace(desk, terms=replace(desk.terms, budget=DayBudget(requests=1, sign_ins=1)))
        with pytest.raises(TryAgain, match="budget"):
            await read_head_now(spent, camera_id)
