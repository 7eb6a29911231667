"""What other offices call things in their GeoJSON: heights, storeys, names, classes of roads, kinds of places."""

import re
from collections.abc import Iterable, Mapping

from vms.maps.tags import (
    KEY_CATEGORIES,
    RAILWAYS,
    SPEED_KM_H,
    WATERWAYS,
    barred,
    building_height_m,
    is_underground,
    land_kind,
    number,
    plain_text,
    road_kind,
    stopped_by,
)
from vms.places.land_area import GREEN, WATER
from vms.places.town import PlaceKind

HEIGHT = (
    "height_m",
    "height",
    "building_height",
    "bldg_height",
    "render_height",
    "建筑高度",
    "楼高",
    "高度",
    "房屋高度",
)
LEVELS = (
    "building:levels", "levels", "floors", "floor", "storeys", "stories", "num_floors", "floor_count",
    "层数", "楼层数", "楼层", "建筑层数", "地上层数", "总层数",
)  # fmt: skip
NAME = ("name", "名称", "标准名称", "建筑名称", "建筑物名称", "道路名称", "路名", "地名", "单位名称")
NAME_ZH = ("name_zh", "name:zh-hans", "name:zh", "中文名", "中文名称")
NAME_EN = ("name_en", "name:en", "英文名", "英文名称")
SOURCE_ID = ("source_id", "osm_id", "id", "objectid", "fid", "gid", "uuid", "编号", "标识码", "编码")
ROAD_KIND = (
    "highway",
    "kind_detail",
    "kind",
    "road_class",
    "class",
    "fclass",
    "type",
    "道路等级",
    "道路类型",
    "等级",
    "类型",
)
SPEED = ("speed_km_h", "maxspeed", "speed_limit", "speed", "限速", "设计速度", "设计时速")
ONEWAY = ("oneway", "one_way", "is_oneway", "单行", "单行道", "单向")
BRIDGE = ("bridge", "is_bridge", "桥梁", "是否桥梁")
TUNNEL = ("tunnel", "is_tunnel", "隧道", "是否隧道")
CATEGORY = (
    "category", "amenity", "kind", "type", "fclass", "类别", "类型", "单位类型", "场所类型",
    "shop", "tourism", "office", "leisure", "railway", "public_transport",
)  # fmt: skip
ADDRESS = ("address", "addr:full", "addr", "地址", "详细地址", "门牌地址", "门牌")
ENTRANCE = ("entrance", "出入口", "大门", "校门")
POLE = ("pole_code", "pole_no", "杆号", "杆件编号", "灯杆编号", "电杆编号")

_ROAD_WORDS = {
    "高速公路": "motorway", "高速": "motorway", "快速路": "trunk", "城市快速路": "trunk",
    "国道": "trunk", "主干路": "primary", "主干道": "primary", "省道": "primary",
    "次干路": "secondary", "次干道": "secondary", "县道": "secondary", "支路": "tertiary",
    "乡道": "tertiary", "街坊路": "residential", "居住区道路": "residential", "小区道路": "living_street",
    "内部道路": "service", "步行街": "pedestrian", "人行道": "footway", "自行车道": "cycleway",
    "major_road": "primary", "minor_road": "residential", "street": "residential", "path": "path",
}  # fmt: skip
_RAIL_WORDS = {"铁路": "rail", "地铁": "subway", "轻轨": "light_rail", "有轨电车": "tram"}
_PLACE_WORDS = {
    "学校": "school", "小学": "school", "中学": "school", "幼儿园": "kindergarten",
    "大学": "university", "高校": "university", "医院": "hospital", "诊所": "clinic",
    "卫生院": "clinic", "银行": "bank", "派出所": "police", "公安局": "police",
    "消防站": "fire_station", "政府": "townhall", "政府机关": "government", "法院": "courthouse",
    "菜市场": "marketplace", "农贸市场": "marketplace", "市场": "marketplace", "剧院": "theatre",
    "电影院": "cinema", "汽车站": "bus_station", "火车站": "station", "地铁站": "station",
    "加油站": "fuel", "图书馆": "library", "商场": "mall", "超市": "supermarket",
    "博物馆": "museum", "酒店": "hotel", "宾馆": "hotel", "体育场": "stadium",
    "公园": "park", "景区": "attraction",
}  # fmt: skip
_LAND_WORDS = {
    "水系": WATER, "水域": WATER, "水面": WATER, "河流": WATER, "湖泊": WATER, "水库": WATER, "池塘": WATER,
    "绿地": GREEN, "公园": GREEN, "草地": GREEN, "林地": GREEN, "森林": GREEN, "公园绿地": GREEN,
}  # fmt: skip
_WATERWAY_WORDS = {"河流": "river", "河": "river", "运河": "canal", "渠": "canal", "水渠": "canal", "溪": "stream"}
_PLACE_KINDS = {
    "广场": PlaceKind.SQUARE, "square": PlaceKind.SQUARE, "plaza": PlaceKind.SQUARE,
    "路口": PlaceKind.CROSSING, "交叉口": PlaceKind.CROSSING, "十字路口": PlaceKind.CROSSING,
    "crossing": PlaceKind.CROSSING, "intersection": PlaceKind.CROSSING,
    "校门": PlaceKind.ENTRANCE, "大门": PlaceKind.ENTRANCE, "出入口": PlaceKind.ENTRANCE, "门": PlaceKind.ENTRANCE,
    "school_gate": PlaceKind.ENTRANCE, "gate": PlaceKind.ENTRANCE, "entrance": PlaceKind.ENTRANCE,
    "出城口": PlaceKind.TOWN_EXIT, "进城口": PlaceKind.TOWN_EXIT, "进出城口": PlaceKind.TOWN_EXIT,
    "出入城口": PlaceKind.TOWN_EXIT, "城市出入口": PlaceKind.TOWN_EXIT, "town_exit": PlaceKind.TOWN_EXIT,
    "town_entrance": PlaceKind.TOWN_EXIT,
}  # fmt: skip
_STOPPED = {
    "cars": "car", "vehicle": "car", "motor_vehicle": "car", "motorcar": "car", "机动车": "car", "汽车": "car",
    "车辆": "car", "bike": "bicycle", "bicycles": "bicycle", "非机动车": "bicycle", "自行车": "bicycle",
    "pedestrian": "foot", "walk": "foot", "行人": "foot",
}  # fmt: skip
_BETWEEN_WORDS = re.compile(r"[\s,;+/|，、；]+")
_SCHOOL_GATES = frozenset({"校门", "school_gate"})
_CATEGORIES = frozenset(value for values in KEY_CATEGORIES.values() for value in values)
_YES = {"yes", "true", "1", "t", "y", "是", "单行", "f2t"}
_BACKWARD = {"-1", "reverse", "t2f"}

Json = Mapping[str, object]


class Told:
    """The properties of one feature, by what they mean; names are known in whatever case."""

    def __init__(self, properties: Json) -> None:
        self._said = {str(key).strip().lower(): value for key, value in properties.items()}

    def text(self, words: Iterable[str]) -> str:
        """The first of these that says something."""
        for word in words:
            value = self._said.get(word)
            if isinstance(value, str) and (text := plain_text(value)):
                return text
            if isinstance(value, int) and not isinstance(value, bool):
                return str(value)
            if isinstance(value, float) and value.is_integer():
                return str(int(value))
        return ""

    def quantity(self, words: Iterable[str]) -> str | None:
        """A number, perhaps with its unit, as text."""
        for word in words:
            value = self._said.get(word)
            if isinstance(value, int | float) and not isinstance(value, bool):
                return str(value)
            if isinstance(value, str) and value.strip():
                text = value.strip()[:40].removesuffix("层").removesuffix("米").removesuffix("F").strip()
                if number(text) is not None:
                    return text
        return None

    def is_yes(self, words: Iterable[str]) -> bool:
        return any(self._said.get(word) is True or str(self._said.get(word)).lower() in _YES for word in words)

    def barred(self) -> dict[str, bool]:
        """Who may not go along a road."""
        return {who: no or self._said.get(who) is True for who, no in barred(self._said).items()}

    def is_underground(self) -> bool:
        return is_underground(self._said)

    def oneway(self) -> tuple[bool, bool]:
        """One way, and against the direction of the line."""
        backward = any(str(self._said.get(word)).lower() in _BACKWARD for word in ONEWAY)
        return backward or self.is_yes(ONEWAY), backward

    def height_m(self) -> float | None:
        return building_height_m(self.quantity(HEIGHT), self.quantity(LEVELS))

    def names(self) -> tuple[str, str, str]:
        """As people there write it, in Chinese, in English; the latter two empty where they say nothing else."""
        name, chinese, english = self.text(NAME), self.text(NAME_ZH), self.text(NAME_EN)
        name = name or chinese or english
        return name, chinese if chinese != name else "", english if english != name else ""

    def road_kind(self) -> str | None:
        """`residential` where nobody said; None: what is said is no road to us."""
        said = [value for word in ROAD_KIND if (value := self.text((word,)))]
        known = (road_kind(value) or road_kind(_ROAD_WORDS.get(value)) for value in said)
        return next((kind for kind in known if kind), None if said else "residential")

    def railway_kind(self) -> str:
        said = (self.text((word,)) for word in ("railway", *ROAD_KIND))
        return next((value for one in said if (value := _RAIL_WORDS.get(one, one)) in RAILWAYS), "")

    def category(self) -> str:
        """Of a key place; empty: none."""
        said = (self.text((word,)) for word in CATEGORY)
        return next((value for one in said if (value := _PLACE_WORDS.get(one, one)) in _CATEGORIES), "")

    def is_building(self) -> bool:
        """Somebody said so, or how high it is."""
        said = self.text(("building", "建筑", "建筑物"))
        return bool(said and said != "no") or self.height_m() is not None

    def land_kind(self) -> str:
        """Water, green, or nothing that is only drawn."""
        known = (_LAND_WORDS.get(self.text((word,)), "") for word in CATEGORY)
        return land_kind(self._said) or next((kind for kind in known if kind), "")

    def waterway_kind(self) -> str:
        said = (self.text((word,)) for word in ("waterway", *ROAD_KIND, "类别"))
        return next((value for one in said if (value := _WATERWAY_WORDS.get(one, one)) in WATERWAYS), "")

    def place_kind(self) -> PlaceKind | None:
        """What of it is watched; None: nothing, or it is an address."""
        said = [self.text((word,)) for word in (*CATEGORY, "place")]
        found = next((_PLACE_KINDS[one] for one in said if one in _PLACE_KINDS), None)
        if found is None and self.category():
            return PlaceKind.KEY_PLACE
        return PlaceKind.ENTRANCE if found is None and self.text(ENTRANCE) else found

    def stopped(self) -> str:
        """Of a barrier, whom it stops, as such a place has it as its category; words that nobody knows stay."""
        said = (one for one in _BETWEEN_WORDS.split(self.text(("category",)).lower()) if one)
        return " ".join(dict.fromkeys(_STOPPED.get(one, one) for one in said)) or stopped_by(self._said)

    def gate_of(self) -> str:
        """Of an entrance: `school` where it is a school's, else what kind of entrance it is."""
        said = {self.text((word,)) for word in CATEGORY}
        if said & _SCHOOL_GATES or self.text(("校门",)):
            return "school"
        return self.text(ENTRANCE) or "main"

    def speed_km_h(self, kind: str) -> float:
        read = number(self.quantity(SPEED))
        if read is None or not 0.0 < read[0] <= 200.0:
            return SPEED_KM_H[kind]
        return read[0] * 1.609344 if read[1] == "mph" else read[0]
