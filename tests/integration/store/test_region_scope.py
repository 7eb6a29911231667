"""Lists narrowed to a region hold what the office's board counts there, whatever the codes look like."""

from datetime import UTC, datetime

from tests.builders.stored_cameras import store_camera
from vms.health.board import Ground
from vms.places.land import Land
from vms.places.regions import Region, RegionLevel
from vms.store import camera_pages, regions
from vms.store.camera_filter import CameraFilter
from vms.store.database import Database

NOW = datetime(2026, 5, 4, 8, tzinfo=UTC)
TREE = (
    Region(code="410000", name="省", level=RegionLevel.PROVINCE),
    Region(code="410100", name="市", level=RegionLevel.CITY, parent="410000"),
    Region(code="410102", name="中原区", level=RegionLevel.COUNTY, parent="410100"),
    Region(code="410105", name="金水区", level=RegionLevel.COUNTY, parent="410100"),
    Region(code="410105001000", name="街道", level=RegionLevel.STREET, parent="410105"),
    Region(code="411000", name="另一市", level=RegionLevel.CITY, parent="410000"),
    Region(code="4101999", name="别处", level=RegionLevel.COUNTY, parent="411000"),
)
CODES = ("", "410100", "410102", "410105", "410105001000", "410105001007", "410105999000", "4101999", "410199", "99_1")


def test_codes_with_trailing_zeros_are_found_by_the_tree_as_the_board_counts_them(database: Database) -> None:
    with database.writing() as tx:
        regions.replace(tx, TREE)
    ids = {code: store_camera(database, NOW, region_code=code) for code in CODES}
    with database.reading() as tx:
        tree = regions.tree(tx)
        for asked in (*(region.code for region in TREE), "4101", "99", "99_", "98"):
            listed = camera_pages.every_id(tx, CameraFilter(region_code=asked), NOW, limit=50)
            ground, land = Ground(tree, asked), Land.of(TREE)
            assert set(listed) == {ids[code] for code in CODES if ground.part_of(code) is not None}, asked
            assert set(listed) == {ids[code] for code in CODES if land.holds(asked, code)}, asked
        inside = Ground(tree, "410100")
        assert [inside.part_of(code) for code in ("410105999000", "410105001007", "410199")] == ["410105"] * 2 + [None]
