"""A city's inventory in a database, as large as wanted: regions, owners, cameras with names and positions, statuses."""

import random
from datetime import datetime
from itertools import count

from sqlalchemy import Connection, case, func, insert, literal, select

from vms.core.geo import Wgs84
from vms.inventory.camera import Declared, LifeCycle, Pose
from vms.inventory.tier import Tier
from vms.places.regions import Region, RegionLevel
from vms.store import cameras, owners, regions
from vms.store.database import Database
from vms.store.schema import cameras as camera_table
from vms.store.schema import watches
from vms.store.watch_sessions import start_session

COUNTY = "410105"
STREETS = ("建设路", "人民路", "文化路", "中原路", "解放路", "北环路", "南阳路", "东明路")
PLACES = ("路口", "北门", "南门", "停车场", "公交站", "小区大门", "学校东侧", "菜市场")
COMMUNITIES = 5
OWNERS = ("市公安局", "交通管理支队", "第一小学", "商业银行", "花园百货", "中原物业", "长途汽车站", "人民医院")
DIFFERENT = 5000
DOWN_EVERY = 40


def fill(database: Database, number: int, now: datetime, *, seed: int = 7) -> None:
    """`number` cameras in use; every fortieth is down, the others are up. The first DIFFERENT are entered as the store
    enters them; the others are copies of their rows, which is what makes a hundred thousand affordable."""
    chance = random.Random(seed)
    with database.writing() as tx:
        regions.replace(tx, _regions())
        owner_ids = [owners.ensure(tx, name, Tier.UNIT, now) for name in OWNERS]
    codes = [region.code for region in _regions() if region.level is RegionLevel.COMMUNITY]
    serial = count(1)
    with database.writing() as tx:
        rows = [
            cameras.new_columns(
                _declared(next(serial), chance, codes),
                life_cycle=LifeCycle.APPROVED,
                owner_id=chance.choice(owner_ids),
                now=now,
            )
            for _ in range(min(DIFFERENT, number))
        ]
        cameras.add_many(tx, rows, now)
        _copy(tx, number)
        _watch(tx, start_session(tx, 3600.0, now), now)


def _copy(tx: Connection, number: int) -> None:
    """The rows that are there, again and again under new ids, until there are `number`."""
    columns = [column for column in camera_table.c if column.name != "id" and column.computed is None]
    there = tx.execute(select(func.count()).select_from(camera_table)).scalar_one()
    while there < number:
        some = select(*columns).where(camera_table.c.id <= number - there)
        tx.execute(insert(camera_table).from_select([column.name for column in columns], some))
        there = tx.execute(select(func.count()).select_from(camera_table)).scalar_one()


def _declared(serial: int, chance: random.Random, codes: list[str]) -> Declared:
    street, place = chance.choice(STREETS), chance.choice(PLACES)
    position = Wgs84(113.55 + chance.random() * 0.2, 34.70 + chance.random() * 0.12)
    return Declared(
        name=f"{street}{chance.randrange(1, 400)}号{place}",
        tier=chance.choice(list(Tier)),
        region_code=chance.choice(codes),
        install_address=f"{street}{chance.randrange(1, 400)}号",
        pole_code=f"{1_000_000 + serial}",
        serial_no=f"SN{serial:08d}",
        manufacturer=chance.choice(("HAIKAN", "DAHUAN", "UNIVUE")),
        pose=Pose(position=position, bearing_deg=float(chance.randrange(360)), h_fov_deg=70.0, max_view_m=80.0),
    )


def _watch(tx: Connection, session: int, now: datetime) -> None:
    down = camera_table.c.id % DOWN_EVERY == 0
    values = {
        "session_id": literal(session),
        "status": case((down, "down"), else_="up"),
        "since": literal(now, watches.c.since.type),
        "because": case((down, "unreachable: timeout"), else_="answers"),
        "layers": literal({}, watches.c.layers.type),
        "updated_at": literal(now, watches.c.updated_at.type),
    }
    told = select(camera_table.c.id, *values.values())
    tx.execute(insert(watches).from_select(["camera_id", *values], told))


def _regions() -> list[Region]:
    found = [Region(code=COUNTY, name="金水区", level=RegionLevel.COUNTY)]
    for n, street in enumerate(STREETS, 1):
        code = f"{COUNTY}{n:03d}"
        found.append(Region(code=code, name=f"{street}街道", level=RegionLevel.STREET, parent=COUNTY))
        found.extend(
            Region(code=f"{code}{m:03d}", name=f"{street}第{m}社区", level=RegionLevel.COMMUNITY, parent=code)
            for m in range(1, COMMUNITIES + 1)
        )
    return found
