"""The rules of conformity, one function each: None where the record keeps it, else why not, in English and Chinese."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from vms.inventory.archive.city import Box, City
from vms.inventory.archive.completeness import class_of
from vms.inventory.archive.facts import Facts
from vms.inventory.archive.fields import FIELDS, Kind
from vms.inventory.archive.gb_device_id import CAMERA_TYPES, is_id, type_of, wrong_parts
from vms.inventory.identity.keys import usable_mac

Why = tuple[str, str] | None
Check = Callable[[Facts, City], Why]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    code: str
    field: str
    check: Check
    missing: str = ""
    """What it is called that its field is required and empty; empty: another rule says so, or none."""


def _id_valid(facts: Facts, city: City) -> Why:
    if not facts.gb_device_id or not (wrong := wrong_parts(facts.gb_device_id, city.codes)):
        return None
    english, chinese = "; ".join(en for en, _ in wrong), "；".join(zh for _, zh in wrong)
    return (f"the national device id: {english}", f"国标编码：{chinese}")


def _id_type(facts: Facts, city: City) -> Why:
    if not is_id(facts.gb_device_id) or (kind := type_of(facts.gb_device_id)) in CAMERA_TYPES:
        return None
    if (known := city.codes.find("gb_device_type", kind)) is None:
        return (f"no device type {kind} is known (digits 11 to 13)", f"国标编码第11至13位设备类型{kind}未知")
    return (
        f"the device type {kind} is no camera's (digits 11 to 13): {known.en}",
        f"国标编码第11至13位{kind}不是摄像机类型（{known.zh}）",
    )


def _id_civil_code(facts: Facts, _city: City) -> Why:
    text = facts.gb_device_id
    if len(text) != 20 or len(facts.region_code) < 6 or text[:6] == facts.region_code[:6]:
        return None
    there, here = text[:6], facts.region_code[:6]
    return (
        f"the id begins with {there}, the civil code with {here}",
        f"国标编码前六位{there}与行政区划代码{here}不一致",
    )


def _id_unique(facts: Facts, city: City) -> Why:
    if not facts.gb_device_id or facts.gb_device_id not in city.doubled_ids:
        return None
    return ("another camera has the same national device id", "国标编码与其他摄像机重复")


def _civil_code(facts: Facts, city: City) -> Why:
    code = facts.region_code
    if not code or code in city.civil_codes or (not city.civil_codes and len(code) >= 6 and code[:6].isdecimal()):
        return None
    return (f"no region {code} is known", f"行政区划代码{code}未知")


def _police_code(facts: Facts, _city: City) -> Why:
    code = facts.police_org_code
    if not code or _TWELVE.fullmatch(code):
        return None
    return (f"the police organisation code is not 12 digits: {code}", f"公安机关代码应为12位数字：{code}")


def _position_zero(facts: Facts, _city: City) -> Why:
    if facts.lon is None or facts.lat is None or abs(facts.lon) > _ZERO_DEG or abs(facts.lat) > _ZERO_DEG:
        return None
    return ("the position is 0, 0", "坐标为(0, 0)")


def _position_swapped(facts: Facts, city: City) -> Why:
    if not _is_swapped(facts, city):
        return None
    return ("longitude and latitude are swapped", "经纬度颠倒")


def _position_outside(facts: Facts, city: City) -> Why:
    lon, lat = facts.lon, facts.lat
    if lon is None or lat is None or _position_zero(facts, city) or _is_swapped(facts, city):
        return None
    box = city.region_boxes.get(facts.region_code)
    if box is not None and not _inside(box, lon, lat):
        return (f"the position is outside its region {facts.region_code}", f"坐标不在所属行政区划{facts.region_code}内")
    if city.town_box is not None and not _inside(city.town_box, lon, lat, city.rules.map_margin_deg):
        return ("the position is outside the map of the town", "坐标不在城市地图范围内")
    return None


def _position_doubled(facts: Facts, city: City) -> Why:
    if facts.id not in city.doubled_places:
        return None
    return ("a camera on another pole stands on the same spot", "与其他杆上的摄像机坐标相同")


def _position_decimals(facts: Facts, city: City) -> Why:
    """A last digit that happens to be 0 is not seen in a number, so one of the two with enough decimals will do."""
    if facts.lon is None or facts.lat is None or class_of(facts) > 2:
        return None
    entered = facts.entered_x is not None and facts.entered_y is not None
    pair = (facts.entered_x, facts.entered_y) if entered else (facts.lon, facts.lat)
    most = max(_decimals(repr(value)) for value in pair)
    if most >= city.rules.decimals:
        return None
    wanted = city.rules.decimals
    return (f"the position has {most} decimals, {wanted} are asked for", f"坐标小数位数为{most}位，应不少于{wanted}位")


def _answers(facts: Facts, _city: City) -> Why:
    return ("it does not answer at its address", "设备地址无应答") if facts.status == "down" else None


def _device_found(facts: Facts, _city: City) -> Why:
    if facts.device_id is not None or not facts.address:
        return None
    return ("no device was found at its address yet", "登记地址上尚未发现设备")


def _mac_equal(facts: Facts, _city: City) -> Why:
    if not facts.mac or not facts.observed_macs or facts.mac in facts.observed_macs:
        return None
    macs = [usable_mac(mac) for mac in facts.observed_macs]
    if not any(macs) or usable_mac(facts.mac) in macs:
        return None
    told = ", ".join(filter(None, macs))
    return (f"the MAC is declared as {facts.mac}, the device says {told}", f"登记 MAC 为{facts.mac}，设备报告为{told}")


def _model_equal(facts: Facts, _city: City) -> Why:
    ours, theirs = facts.model.strip(), (facts.observed_model or "").strip()
    if not ours or not theirs or ours == theirs or ours.casefold() == theirs.casefold():
        return None
    return (f"the model is declared as {ours}, the device says {theirs}", f"登记型号为{ours}，设备报告为{theirs}")


def _name_equal(facts: Facts, _city: City) -> Why:
    ours, theirs = facts.name.strip(), facts.observed_name.strip()
    if not ours or not theirs or ours == theirs:
        return None
    return (f"the device calls itself {theirs}", f"设备画面名称为{theirs}，与档案名称不一致")


def _retention(facts: Facts, city: City) -> Why:
    rules = city.rules
    wanted = rules.key_retention_days if facts.site_category in rules.key_site_categories else rules.retention_days
    if facts.retention_days is None or facts.retention_days >= wanted:
        return None
    kept = facts.retention_days
    return (f"recordings are kept {kept} days, {wanted} are asked for", f"录像保存{kept}天，应不少于{wanted}天")


def _filing(facts: Facts, city: City) -> Why:
    if facts.installed_on is None or class_of(facts) > 2:
        return None
    days = city.rules.filing_within_days
    if facts.filing_on is None or facts.filing_on <= facts.installed_on + timedelta(days=days):
        return None
    return (f"it was filed later than {days} days after it was installed", f"安装后{days}日内未备案（逾期备案）")


def _not_filed(facts: Facts, city: City) -> Why:
    if facts.installed_on is None or facts.filing_on is not None or class_of(facts) > 2:
        return None
    days = city.rules.filing_within_days
    if city.today <= facts.installed_on + timedelta(days=days):
        return None
    return (f"it has not been filed within {days} days", f"安装后超过{days}日仍未备案")


def _signage(facts: Facts, _city: City) -> Why:
    if facts.signage_present is not False or class_of(facts) > 2:
        return None
    return ("there is no visible sign", "未设置提示标识")


def unknown_codes(facts: Facts, city: City) -> Iterator[tuple[str, str, str]]:
    """(field, English, Chinese) for each field with a code that no table knows."""
    knows = city.codes.knows
    for field, place in _CODED:
        value: Any = facts[place]
        if value is None or value == "":
            continue
        if field.kind is Kind.CODES:
            unknown = [one for one in value if not knows(field.table, one)]
        elif knows(field.table, value):
            continue
        else:
            unknown = [value]
        if unknown:
            told = ", ".join(map(str, unknown))
            yield (field.name, f"{field.en}: no code {told} is known", f"{field.zh}：代码{told}未知")


def _is_swapped(facts: Facts, city: City) -> bool:
    lon, lat = facts.lon, facts.lat
    if lon is None or lat is None:
        return False
    if city.town_box is not None:
        return not _inside(city.town_box, lon, lat, 1.0) and _inside(city.town_box, lat, lon, 1.0)
    return lat > _NORTHERNMOST and 3.0 < lon < 54.0


def _inside(box: Box, lon: float, lat: float, margin_deg: float = 0.0) -> bool:
    west, south, east, north = box
    return west - margin_deg <= lon <= east + margin_deg and south - margin_deg <= lat <= north + margin_deg


def _decimals(text: str) -> int:
    """Of a float as Python writes it."""
    if "e" in text:
        return 6
    return 0 if text.endswith(".0") else len(text.partition(".")[2])


_TWELVE = re.compile(r"[0-9]{12}")
_ZERO_DEG = 1e-6
_NORTHERNMOST = 72.0
"""No town has a latitude above; some longitudes of China are."""

ANSWERS = "address_answers"
"""The one rule that hangs on the watch: it is broken while the camera is down."""
RULES: tuple[Rule, ...] = (
    Rule(code="id_valid", field="gb_device_id", check=_id_valid, missing="id_missing"),
    Rule(code="id_type", field="gb_device_id", check=_id_type),
    Rule(code="id_civil_code", field="gb_device_id", check=_id_civil_code),
    Rule(code="id_unique", field="gb_device_id", check=_id_unique),
    Rule(code="civil_code", field="region_code", check=_civil_code, missing="civil_code_missing"),
    Rule(code="police_org_code", field="police_org_code", check=_police_code, missing="police_code_missing"),
    Rule(code="position_zero", field="lon", check=_position_zero),
    Rule(code="position_swapped", field="lon", check=_position_swapped),
    Rule(code="position_outside", field="lon", check=_position_outside, missing="position_missing"),
    Rule(code="position_doubled", field="lon", check=_position_doubled),
    Rule(code="position_decimals", field="lon", check=_position_decimals),
    Rule(code=ANSWERS, field="address", check=_answers, missing="address_missing"),
    Rule(code="device_found", field="address", check=_device_found),
    Rule(code="mac_equal", field="mac", check=_mac_equal),
    Rule(code="model_equal", field="model", check=_model_equal),
    Rule(code="name_equal", field="name", check=_name_equal),
    Rule(code="retention", field="retention_days", check=_retention, missing="retention_missing"),
    Rule(code="filing", field="filing_on", check=_filing),
    Rule(code="filing_missing", field="filing_on", check=_not_filed),
    Rule(code="signage", field="signage_present", check=_signage),
)

DISCREET = {"mac_equal": ("the MAC is not the one that the device says", "登记 MAC 与设备报告不一致")}
"""Said to roles that may not read the field, where the sentence itself tells what stands in it."""
UNKNOWN_CODE = "code_known"
_CODED = tuple(
    (one, Facts._fields.index(one.column))
    for one in FIELDS
    if one.table and one.column in Facts._fields and one.name != "tier"
)
