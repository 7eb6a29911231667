"""An assessment as a spreadsheet (.xlsx): ranking, figures, time, days, and the method on the last sheet.

Shares are per cent and times are numbers, in the unit that the heading names: a cell can be divided again.
"""

import io
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from openpyxl import Workbook

from vms.services.assessment.said import Language, choose, group_name, heading
from vms.services.lists.sheet_rows import add_row, add_sheet

Plain = Mapping[str, Any]
_UNITS = {"share": ("%", "%"), "seconds": ("h", "小时")}
_MET = {True: ("yes", "是"), False: ("no", "否"), None: ("", "")}


def report_sheet(made: Plain, language: Language = "zh") -> bytes:
    """`made`: of `plain_assessment`."""

    def say(en: str, zh: str) -> str:
        return choose((en, zh), language)

    suffix = "_zh" if language == "zh" else ""
    book = Workbook(write_only=True)
    names = {one["kind"]: one for one in made["method"]}
    units = {kind: choose(_UNITS[method["unit"]], language) for kind, method in names.items()}
    everyone = [(group_name(group, made["by"], language), group) for group in [*made["groups"], made["total"]]]

    headings = [say("rank", "名次"), say("name", "对象"), say("cameras", "摄像机"), say("score", "得分")]
    ranking = add_sheet(
        book,
        say("Ranking", "排名"),
        [
            *headings,
            *(f"{names[kind][f'name{suffix}']} ({units[kind]})" for kind in names),
            say("why not ranked", "不参加排名的原因"),
        ],
    )
    for name, group in everyone:
        figures = {one["kind"]: one for one in group["figures"]}
        values = [_value(figures[kind]["value"], names[kind]) for kind in names]
        why = group.get(f"not_ranked{suffix}", "")
        add_row(ranking, [group["rank"], name, group["cameras"], group["score"], *values, why])
    detail = add_sheet(
        book,
        say("Figures", "指标明细"),
        [
            say("name", "对象"),
            say("figure", "指标"),
            say("value", "数值"),
            say("target", "目标"),
            say("unit", "单位"),
            say("met", "达标"),
            say("part (times in seconds)", "分子（时间以秒计）"),
            say("whole (times in seconds)", "分母（时间以秒计）"),
            say("why not told", "未能计算的原因"),
        ],
    )
    for name, group in everyone:
        for one in group["figures"]:
            method = names[one["kind"]]
            sums = [_sum(one["part"], method["part"]), _sum(one["whole"], method["whole"])]
            judged = [_value(one["value"], method), _value(one["target"], method), units[one["kind"]]]
            met = choose(_MET[one["met"]], language)
            add_row(detail, [name, method[f"name{suffix}"], *judged, met, *sums, one[f"because{suffix}"]])
    time_title = say("Time (seconds)", "时间构成（秒）")
    times = add_sheet(book, time_title, [say("name", "对象"), *(part[f"name{suffix}"] for part in made["parts"])])
    for name, group in everyone:
        add_row(times, [name, *(group["time_s"].get(part["part"], 0) for part in made["parts"])])
    trends = ("online_rate", "intact_rate", "image_quality_rate")
    days = add_sheet(
        book,
        say("By day", "每日趋势"),
        [say("day", "日期"), *(f"{names[kind][f'name{suffix}']} (%)" for kind in trends)],
    )
    for day in made["days"]:
        add_row(days, [day["day"], *(_value(day[kind], names[kind]) for kind in trends)])
    _method(_sheet_of_method(book, language), made, language)
    out = io.BytesIO()
    book.save(out)
    book.close()
    return out.getvalue()


def _sheet_of_method(book: Workbook, language: Language) -> Any:
    headings = (("figure", "指标"), ("part", "分子"), ("whole", "分母"), ("target", "目标"), ("unit", "单位"))
    words = [choose(pair, language) for pair in (*headings, ("weight", "权重"))]
    return add_sheet(book, choose(("Method", "计算方法"), language), words)


def _method(sheet: Any, made: Plain, language: Language) -> None:
    suffix = "_zh" if language == "zh" else ""
    for method in made["method"]:
        aim = made["profile"]["aims"].get(method["kind"], {"target": None, "weight": 0})
        words = [method[f"{name}{suffix}"] for name in ("name", "part", "whole")]
        unit = choose(_UNITS[method["unit"]], language)
        add_row(sheet, [*words, _value(aim["target"], method), unit, aim["weight"]])
    for line in heading(made, language):
        add_row(sheet, [line])


def _value(value: float | None, method: Plain) -> float | None:
    """A share as per cent, a time in hours."""
    if value is None:
        return None
    return round(value * 100, 4) if method["unit"] == "share" else round(value / 3600, 4)


def _sum(counted: int, words: str) -> Decimal | int:
    """Time is counted in microseconds and told in seconds, exactly; what is not time is a count."""
    return Decimal(counted).scaleb(-6) if "seconds" in words.split() else counted
