"""A list that is taken in by a keeper who may not approve: nothing is approved, no tier is moved."""

from dataclasses import replace
from datetime import UTC, datetime

from vms.inventory.camera import Declared, LifeCycle
from vms.inventory.tier import Tier
from vms.services.import_cameras import ImportRequest, import_cameras
from vms.store import cameras

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
SHOP = Declared(name="小店", tier=Tier.HOUSEHOLD, serial_no="DA0900001")
GATE = replace(SHOP, name="北门", tier=Tier.GOVERNMENT, serial_no="DA0900002")
LIST = """name,tier,serial_no,owner
小店,government,DA0900001,市局
北大门,government,DA0900002,市局
新点,government,DA0900003,市局
"""


def test_a_keepers_list_moves_no_tier_and_approves_nothing(database, tmp_path):
    with database.writing() as tx:
        shop, gate = (cameras.add(tx, one, life_cycle=LifeCycle.APPROVED, now=NOW) for one in (SHOP, GATE))
    file = tmp_path / "list.csv"
    file.write_text(LIST)
    result = import_cameras(database, file, request=ImportRequest(life_cycle=LifeCycle.SUBMITTED))
    assert [(error.row, error.field) for error in result.rejected] == [(2, "tier")]
    with database.reading() as tx:
        every = {camera.declared.serial_no: camera for camera in cameras.every(tx)}
    assert (every["DA0900001"].camera_id, every["DA0900001"].declared, every["DA0900001"].life_cycle) == (
        shop,
        SHOP,
        LifeCycle.APPROVED,
    )
    assert (every["DA0900002"].declared.name, every["DA0900002"].life_cycle) == ("北大门", LifeCycle.CHANGING)
    assert every["DA0900002"].camera_id == gate
    assert every["DA0900003"].life_cycle is LifeCycle.SUBMITTED
