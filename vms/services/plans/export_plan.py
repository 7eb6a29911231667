"""A plan to take along: GeoJSON for other offices' maps, a spreadsheet for the budget."""

import io
from collections.abc import Sequence
from typing import Any, Literal

from openpyxl import Workbook

from vms.services.lists.sheet_rows import add_row, add_sheet
from vms.services.plans.request import read_back
from vms.store.plans import StoredPlan, StoredPlanCamera

Language = Literal["zh", "en"]
_KINDS = {
    "camera_pole": ("a camera's pole", "已有摄像机杆"),
    "pole": ("pole", "杆"),
    "corner": ("corner of a building", "墙角"),
    "wall": ("wall", "墙面"),
    "crossing": ("new pole at a crossing", "路口新杆"),
}


def plan_geojson(plan: StoredPlan, planned: Sequence[StoredPlanCamera]) -> dict[str, Any]:
    """Points with what a camera is, in the order to build; the area first."""
    area = {
        "type": "Feature",
        "geometry": plan.request["area"],
        "properties": {"role": "area", "plan": plan.name, "budget": read_back(plan.request).budget},
    }
    features = [
        {
            "type": "Feature",
            "id": one.number,
            "geometry": {"type": "Point", "coordinates": [one.lon, one.lat]},
            "properties": {
                "role": "camera",
                "number": one.number,
                "bearing_deg": one.bearing_deg,
                "cost": one.cost,
                "gain": one.gain,
                "camera_id": one.camera_id,
                **one.about,
            },
        }
        for one in planned
    ]
    return {"type": "FeatureCollection", "name": plan.name, "features": [area, *features]}


def plan_sheet(plan: StoredPlan, planned: Sequence[StoredPlanCamera], language: Language) -> bytes:
    """What to build, what to turn first, who looks where nobody shall, and how it was computed."""

    def say(en: str, zh: str) -> str:
        return zh if language == "zh" else en

    result = plan.result or {}
    types = {one.name: one.name_zh or one.name for one in read_back(plan.request).types} if language == "zh" else {}
    book = Workbook(write_only=True)
    build = add_sheet(
        book,
        say("Cameras", "摄像机"),
        [
            say("no.", "序号"),
            say("site", "点位"),
            say("hangs on", "安装方式"),
            say("label", "标识"),
            say("longitude", "经度"),
            say("latitude", "纬度"),
            say("bearing (°)", "方位（°）"),
            say("type", "类型"),
            say("cost", "费用"),
            say("spent", "累计费用"),
            say("gain (weighted m)", "增益（加权米）"),
            say("covered then (%)", "累计覆盖率（%）"),
            say("road (m)", "道路（米）"),
            say("roads", "道路"),
            say("places", "重点部位"),
            say("entrances whole", "完整覆盖的出入口"),
            say("entrances half", "完成一部分的出入口"),
            say("record", "档案号"),
        ],
    )
    for one in planned:
        about = one.about
        kind = _KINDS.get(about["kind"], (about["kind"], about["kind"]))
        add_row(
            build,
            [
                one.number,
                about["site"],
                say(*kind),
                about["label"],
                one.lon,
                one.lat,
                one.bearing_deg,
                types.get(about["type"], about["type"]),
                one.cost,
                about["spent"],
                one.gain,
                round(100.0 * about["share"], 2),
                round(about["road_m"], 1),
                ", ".join(about["roads"]),
                ", ".join(about["places"]),
                about.get("whole_entrances"),
                about.get("half_entrances"),
                one.camera_id,
            ],
        )
    turns = add_sheet(
        book,
        say("Turn first", "先调整方向"),
        [
            say("record", "档案号"),
            say("camera", "摄像机"),
            say("bearing now (°)", "现方位（°）"),
            say("bearing then (°)", "调整后方位（°）"),
            say("gain (weighted m)", "增益（加权米）"),
            say("work order", "工单"),
        ],
    )
    for turn in result.get("turns", ()):
        names = ("camera_id", "name", "bearing_before_deg", "bearing_after_deg", "gain", "order")
        add_row(turns, [turn.get(name) for name in names])
    looks = add_sheet(
        book,
        say("Looks into private", "看入私密区域"),
        [
            say("record", "档案号"),
            say("camera", "摄像机"),
            say("area", "区域"),
            say("share seen (%)", "可见比例（%）"),
            say("px/m", "像素/米"),
        ],
    )
    for look in result.get("onlookers", ()):
        add_row(
            looks, [look["camera_id"], look["name"], look["area"], round(100.0 * look["share"], 1), look["px_per_m"]]
        )
    method = add_sheet(book, say("Method", "计算方法"), [say("what", "项目"), say("value", "数值")])
    for name, value in _method(plan, result, say):
        add_row(method, [name, value])
    out = io.BytesIO()
    book.save(out)
    book.close()
    return out.getvalue()


def _method(plan: StoredPlan, result: dict[str, Any], say: Any) -> list[tuple[str, Any]]:
    def percent(name: str) -> float | None:
        value = result.get(name)
        return None if value is None else round(100.0 * value, 2)

    proof = say("proven optimum", "已证明最优") if result.get("proven") else say("bound, no proof", "上界，未证明最优")
    return [
        (say("plan", "方案"), plan.name),
        (say("made at (UTC)", "生成时间（UTC）"), plan.created_at.strftime("%Y-%m-%d %H:%M")),
        (say("budget", "预算"), read_back(plan.request).budget),
        (say("cost", "费用"), result.get("cost")),
        (say("covered before (%)", "现覆盖率（%）"), percent("share_before")),
        (say("covered after (%)", "规划后覆盖率（%）"), percent("share_after")),
        (say("at most possible for the budget (%)", "同预算上界（%）"), percent("share_bound")),
        (say("of the most possible gain (%)", "占最大可能增益（%）"), percent("of_bound")),
        (say("proof", "证明"), proof),
        (say("sites looked at", "候选点位数"), result.get("sites")),
        (say("candidates", "候选视角数"), result.get("candidates")),
        *_entrances(result, say),
        (say("refused for privacy", "因私密区域排除"), result.get("refused")),
    ]


def _entrances(result: dict[str, Any], say: Any) -> list[tuple[str, Any]]:
    counts = result.get("entrances")
    if not counts or not counts["asked"]:
        return []
    names = {
        "asked": say("entrances asked for", "要求覆盖的出入口"),
        "whole_before": say("of these with all of them now", "其中现已完整覆盖"),
        "whole": say("of these with all of them then", "其中规划后完整覆盖"),
        "half_before": say("of these with some of them now", "其中现完成一部分"),
        "half": say("of these with some of them then", "其中规划后完成一部分"),
    }
    return [(words, counts[name]) for name, words in names.items()]
