"""Tiles of views over HTTP: kept until a view in them changes, and only those in which one did."""

from pathlib import Path

import httpx

from tests.builders.coverage import a_building, a_road, a_town, at
from tests.builders.vector_tiles import layers, tile_at
from tests.builders.web import running_web
from vms.access.agreement import Agreements
from vms.access.roles import Role
from vms.core.clock import system_clock
from vms.core.ids import CameraId
from vms.inventory.camera import Declared, LifeCycle, Pose
from vms.inventory.tier import Tier
from vms.services.coverage.coverage_now import CoverageNow
from vms.services.coverage.memory import CoverageMemory
from vms.services.maps.import_map import import_map
from vms.store import cameras, events
from vms.store.database import Database
from vms.store.schema import cameras as camera_table

FAR_M = 9_000.0


def hang(database: Database, x_m: float, bearing_deg: float) -> CameraId:
    pose = Pose(position=at(x_m, 0.0), bearing_deg=bearing_deg, h_fov_deg=80.0, max_view_m=60.0)
    with database.writing() as tx:
        declared = Declared(name="东门", tier=Tier.GOVERNMENT, pose=pose)
        return cameras.add(tx, declared, life_cycle=LifeCycle.APPROVED, now=system_clock())


def turn(database: Database, camera_id: CameraId, bearing_deg: float) -> None:
    now = system_clock()
    with database.writing() as tx:
        changed = camera_table.update().where(camera_table.c.id == camera_id)
        tx.execute(changed.values(bearing_deg=bearing_deg, changed_at=now))
        events.append(tx, "camera.changed", camera_id, {}, now)


def seen(answer: httpx.Response) -> dict[str, list[list[tuple[int, int]]]]:
    return {words["camera_id"]: rings for _, features in layers(answer.content) for words, rings in features}


async def test_a_turned_camera_changes_the_tiles_that_it_looks_into_and_no_others(
    sqlite_database: Database, tmp_path: Path
) -> None:
    database = sqlite_database
    town = a_town([a_building(20.0, 10.0, 40.0, 30.0)], [a_road((-50.0, 0.0), (100.0, 0.0))])
    import_map(database, town, now=system_clock())
    near_id, far_id = hang(database, 0.0, 90.0), hang(database, FAR_M, 90.0)
    memory = CoverageMemory(database, Agreements(), system_clock)
    memory.load(tell=False)
    tiles = [tile_at(at(x_m, 0.0).lon, at(x_m, 0.0).lat, 16) for x_m in (0.0, FAR_M)]
    near, far = (f"/coverage/views/{zoom}/{column}/{row}.mvt" for zoom, column, row in tiles)
    async with running_web(database, tmp_path, coverage=CoverageNow(memory)) as web:
        planner = await web.signed_in(Role.PLANNER)
        before, elsewhere = await planner.get(near), await planner.get(far)
        assert (seen(before).keys(), seen(elsewhere).keys()) == ({str(near_id)}, {str(far_id)})
        assert "status" not in before.text, "states of cameras outdate no tile"
        known = {"If-None-Match": before.headers["etag"]}
        assert (await planner.get(near, headers=known)).status_code == 304

        turn(database, near_id, 270.0)
        after = await planner.get(near, headers=known)
        assert after.status_code == 200
        assert seen(after)[str(near_id)] != seen(before)[str(near_id)]
        unmoved = {"If-None-Match": elsewhere.headers["etag"]}
        assert (await planner.get(far, headers=unmoved)).status_code == 304

        wide = tile_at(at(0.0, 0.0).lon, at(0.0, 0.0).lat, 9)
        counted = await planner.get("/coverage/views/{}/{}/{}.mvt".format(*wide))
        assert [name for name, _ in layers(counted.content)] == ["density"]
        for path, status in (("14/0/0", 200), ("3/1/1", 404), ("10/2000/1", 404)):
            assert (await planner.get(f"/coverage/views/{path}.mvt")).status_code == status, path
