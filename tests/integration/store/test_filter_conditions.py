"""Filter expressions asked of SQLite and PostgreSQL."""

import pytest

from tests.builders.listed_cameras import NOW, Town, a_listed_town
from vms.core.errors import NotAllowed
from vms.inventory.filters.expression import parse_filter
from vms.inventory.filters.fields import FIELDS
from vms.services.archive.keep_judged import catch_up
from vms.store import camera_pages
from vms.store.camera_filter import CameraFilter
from vms.store.database import Database

CASES = {
    "tier=unit": {"south_gate"},
    "层级=单位 或 层级=住户": {"south_gate", "shop"},
    "tier not in (unit, household)": {"north_gate", "gone", "found"},
    "status=up": {"north_gate"},
    "状态=离线": {"south_gate"},
    "status=unknown": {"shop", "gone"},
    "status in (up, unknown)": {"north_gate", "shop", "gone"},
    "not status=up": {"south_gate", "shop", "gone", "found"},
    "has:status": {"north_gate", "south_gate", "found"},
    "region=410105": {"north_gate"},
    "region=410105*": {"north_gate", "south_gate"},
    "region in 410105": {"north_gate", "south_gate"},
    "region in (410103, 410105001)": {"south_gate", "shop"},
    'region=""': {"gone", "found"},
    'name~"门"': {"north_gate", "south_gate"},
    "name=北门主口": {"north_gate"},
    "name=*门": {"south_gate"},
    "name=北*口": {"north_gate"},
    "name~ipc": set(),
    "name!~门": {"shop", "gone", "found"},
    "name~100%": set(),
    "name~_": set(),
    "manufacturer=HIKVISION": {"north_gate"},
    "manufacturer~大华": {"south_gate"},
    "manufacturer=dahua": set(),
    "not manufacturer~hik": {"south_gate", "shop", "gone", "found"},
    "model=p3245": {"found"},
    "firmware=V-IPC*": {"south_gate"},
    "serial_no=sn-aaa1": {"north_gate"},
    "mac=4419b6000001": {"north_gate"},
    "mac~ac:cc": {"found"},
    "address in 10.1.0.0/24": {"north_gate", "south_gate"},
    "address=10.1.0.5": {"north_gate"},
    "address in (10.1.1.0/24, 10.2.0.7)": {"found", "shop"},
    "address not in 10.0.0.0/8": {"gone"},
    "address=10.1.*": {"north_gate", "south_gate", "found"},
    "address~.0.7": {"shop"},
    'address=""': {"gone"},
    "port=8000": {"north_gate", "south_gate", "found"},
    "owner~便民": {"shop"},
    'owner=""': {"north_gate", "south_gate", "gone", "found"},
    "has:owner": {"shop"},
    "fault=unreachable": {"south_gate"},
    "has:fault": {"south_gate"},
    "problem=clock_missing": {"south_gate"},
    "problem~clock": {"south_gate"},
    "problem=no": set(),
    "has:problem": {"south_gate"},
    "not has:problem": {"north_gate", "shop", "gone", "found"},
    "installed_on<2024-01-01": {"north_gate"},
    "installed_on>=2024": {"shop"},
    "installed_on=2023-06": {"north_gate"},
    "installed_on!=2023": {"south_gate", "shop", "gone", "found"},
    'installed_on=""': {"south_gate", "gone", "found"},
    "retention_days>=30": {"north_gate"},
    "not retention_days>=30": {"south_gate", "shop", "gone", "found"},
    "position_type=10": {"north_gate", "south_gate"},
    "position_type=1": {"north_gate"},
    "position_type in (1, 2)": {"north_gate"},
    "has:position_type": {"north_gate", "south_gate"},
    "has:position": {"north_gate", "shop"},
    "lon>113.625": {"shop"},
    "indoor=是": {"shop"},
    "login_refused=否": {"north_gate", "south_gate", "shop", "gone", "found"},
    "life_cycle in (pending, retired)": {"gone", "found"},
    "point_class=1": {"north_gate"},
    "mount_height_m<6.5": {"north_gate"},
    "since>=2026-01-10": {"north_gate", "south_gate", "found"},
    "channel=v0": {"north_gate", "south_gate", "found"},
    "pole=p-001": {"north_gate"},
    "created_at>2026-01-10T12:30": {"south_gate", "shop"},
    "tier=unit and status=down and not (has:position or region=4101)": {"south_gate"},
    'name="x\' or 1=1 --"': set(),
}


@pytest.fixture
def town(database: Database) -> Town:
    return a_listed_town(database)


def ids(database: Database, text: str) -> set[int]:
    wanted = CameraFilter(expression=parse_filter(text), sees_addresses=True)
    with database.reading() as tx:
        return set(camera_pages.id_page(tx, wanted, now=NOW, limit=500).ids)


def test_every_filter_finds_what_people_mean_and_not_of_it_the_rest(database: Database, town: Town) -> None:
    everybody = {town.north_gate, town.south_gate, town.shop, town.gone, town.found}
    for text, names in CASES.items():
        meant = {getattr(town, name) for name in names}
        assert ids(database, text) == meant, text
        assert ids(database, f"not ({text})") == everybody - meant, f"not ({text})"


def test_every_field_can_be_asked_for_and_not_and_always_divides_all_cameras(database: Database, town: Town) -> None:
    catch_up(database, NOW)
    for item in FIELDS:
        having, lacking = ids(database, f"has:{item.name}"), ids(database, f"not has:{item.name}")
        assert having | lacking == {town.north_gate, town.south_gate, town.shop, town.gone, town.found}, item.name
        assert not having & lacking, item.name


def test_who_may_not_read_addresses_cannot_find_them_out_by_filtering(database: Database, town: Town) -> None:
    for text in ("address=10.1.0.5", "not has:ipv6", "tier=unit or port=80"):
        with database.reading() as tx, pytest.raises(NotAllowed, match="may not filter by"):
            camera_pages.id_page(tx, CameraFilter(expression=parse_filter(text)), now=NOW)
