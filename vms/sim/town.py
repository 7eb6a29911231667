"""A made-up town of about 1.2 km square, for where no map can be had: streets, blocks of buildings, key places."""

import itertools
import math
import random

import numpy as np

from vms.core.geo import LocalFrame, Wgs84
from vms.places.crossings import road_crossings
from vms.places.town import Building, Place, PlaceKind, Road, Town

MIDDLE = Wgs84(113.62, 34.75)
HALF_M = 600.0
STREETS_EACH_WAY = 9
EAST_WEST = ("人民路", "建设路", "解放路", "和平路", "中山路", "文化路", "花园路", "新华路", "青年路")
NORTH_SOUTH = ("中原街", "长江街", "黄河街", "东风街", "健康街", "友爱街", "丰产街", "顺河街", "南关街")
KEY_PLACES = (
    ("school", "第一小学"),
    ("school", "第三中学"),
    ("hospital", "人民医院"),
    ("bank", "商业银行人民路支行"),
    ("bank", "农业银行建设路支行"),
    ("marketplace", "中原农贸市场"),
    ("townhall", "区政府"),
    ("police", "解放路派出所"),
    ("station", "长途汽车站"),
    ("mall", "花园百货"),
    ("kindergarten", "新华幼儿园"),
    ("fuel", "和平路加油站"),
)


def generated_town(seed: int) -> Town:
    """The same town for the same seed."""
    rng = random.Random(seed)
    frame = LocalFrame(MIDDLE)
    lines_m = [_street_offset_m(i, rng) for i in range(STREETS_EACH_WAY)]
    buildings: list[Building] = []
    for west, east in itertools.pairwise(lines_m):
        for south, north in itertools.pairwise(lines_m):
            buildings += _block(frame, west, east, south, north, rng, first=len(buildings))
    roads = _roads(frame, lines_m)
    corner = HALF_M + 20
    return Town(
        name="演示城",
        attribution="generated, no map data",
        buildings=tuple(buildings),
        roads=tuple(roads),
        places=(*_places(frame, lines_m, buildings, rng), *road_crossings(roads)),
        boundary=frame.to_lonlat_array(
            np.array([[-corner, -corner], [corner, -corner], [corner, corner], [-corner, corner]])
        ),
    )


def _street_offset_m(index: int, rng: random.Random) -> float:
    step = 2 * HALF_M / (STREETS_EACH_WAY - 1)
    return -HALF_M + index * step + (rng.uniform(-15, 15) if 0 < index < STREETS_EACH_WAY - 1 else 0.0)


def _roads(frame: LocalFrame, lines_m: list[float]) -> list[Road]:
    """One road per street and crossing-to-crossing stretch kept as one line, so that crossings are shared corners."""
    roads = []
    for at, offset in enumerate(lines_m):
        kind = "primary" if at == 4 else "secondary" if at % 2 == 0 else "residential"
        speed = 50.0 if kind != "residential" else 30.0
        for names, xy in (
            (EAST_WEST, [(x, offset) for x in lines_m]),
            (NORTH_SOUTH, [(offset, y) for y in lines_m]),
        ):
            roads.append(
                Road(
                    line=frame.to_lonlat_array(np.array(xy)),
                    name=names[at],
                    kind=kind,
                    speed_km_h=speed,
                    source_id=f"made/road/{names[at]}",
                )
            )
    return roads


def _block(
    frame: LocalFrame, west: float, east: float, south: float, north: float, rng: random.Random, first: int
) -> list[Building]:
    """Houses along the block's edge with gaps between them, and now and then one in its yard."""
    kerb_m, gap_m = 13.0, 7.0
    x0, x1, y0, y1 = west + kerb_m, east - kerb_m, south + kerb_m, north - kerb_m
    boxes: list[tuple[float, float, float, float]] = []
    for columns, low, high in ((3, y0, y0 + rng.uniform(18, 26)), (3, y1 - rng.uniform(18, 26), y1)):
        width = (x1 - x0 - gap_m * (columns - 1)) / columns
        for column in range(columns):
            if rng.random() < 0.9:
                left = x0 + column * (width + gap_m)
                boxes.append((left, low, left + width * rng.uniform(0.8, 1.0), high))
    if rng.random() < 0.6:
        boxes.append((x0 + 25, (y0 + y1) / 2 - 7, x1 - 25, (y0 + y1) / 2 + 7))
    return [
        Building(
            outline=frame.to_lonlat_array(np.array([(a, b), (c, b), (c, d), (a, d)])),
            height_m=round(rng.choice((7, 10, 18, 21, 33, 54)) * rng.uniform(0.9, 1.1), 1),
            source_id=f"made/building/{first + at}",
        )
        for at, (a, b, c, d) in enumerate(boxes)
    ]


def _places(frame: LocalFrame, lines_m: list[float], buildings: list[Building], rng: random.Random) -> list[Place]:
    places = []
    for (category, name), building in zip(KEY_PLACES, rng.sample(buildings, len(KEY_PLACES)), strict=True):
        x, y = frame.to_xy_array(building.outline).mean(axis=0)
        street = min(range(len(lines_m)), key=lambda i: abs(lines_m[i] - y))
        address = f"{EAST_WEST[street]}{1 + int((x + HALF_M) / 6)}号"
        at_door = frame.to_wgs84(float(x), float(y) + math.copysign(16.0, lines_m[street] - y))
        places.append(
            Place(
                kind=PlaceKind.KEY_PLACE,
                name=name,
                position=frame.to_wgs84(float(x), float(y)),
                category=category,
                address=address,
                source_id=f"made/place/{name}",
            )
        )
        places.append(Place(kind=PlaceKind.ENTRANCE, name=f"{name}正门", position=at_door, category=category))
    places.append(
        Place(kind=PlaceKind.SQUARE, name="中心广场", position=frame.to_wgs84(lines_m[4] + 12, lines_m[4] + 12))
    )
    for at, offset in enumerate(lines_m):
        for step in range(int(2 * HALF_M / 50)):
            along = -HALF_M + 25 + step * 50
            number = f"{at:02d}{step:05d}"
            places.append(Place(kind=PlaceKind.POLE, name=number, position=frame.to_wgs84(along, offset + 6.5)))
            house = Place(
                kind=PlaceKind.ADDRESS,
                name=f"{EAST_WEST[at]}{1 + step * 8}号",
                position=frame.to_wgs84(along, offset - 9.0),
                address=f"{EAST_WEST[at]}{1 + step * 8}号",
            )
            places.append(house)
    return places
