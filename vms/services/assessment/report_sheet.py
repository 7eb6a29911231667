"""An assessment as a spreadsheet (.xlsx) in Chinese: ranking, figures, time, days, and the method on the last sheet."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from vms.inventory.lists.camera_entry import FORMULA_SIGNS
from vms.services.assessment.said import group_name, heading, shown, target_shown
from vms.services.lists.xml_text import legal

Plain = Mapping[str, Any]


def report_sheet(made: Plain) -> bytes:
    """`made`: of `plain_assessment`."""
    book = Workbook(write_only=True)
    names = {one["kind"]: one for one in made["method"]}
    ranking = _sheet(book, "排名", ["名次", "对象", "摄像机", "得分", *(names[kind]["name_zh"] for kind in names)])
    for group in [*made["groups"], made["total"]]:
        figures = {one["kind"]: one for one in group["figures"]}
        values = [_value(figures[kind], names[kind]["unit"]) for kind in names]
        _row(ranking, [group["rank"], group_name(group, made["by"], "zh"), group["cameras"], group["score"], *values])
    detail = _sheet(book, "指标明细", ["对象", "指标", "数值", "目标", "达标", "分子", "分母", "未能计算的原因"])
    for group in [*made["groups"], made["total"]]:
        for one in group["figures"]:
            method = names[one["kind"]]
            met = {True: "是", False: "否", None: ""}[one["met"]]
            _row(
                detail,
                [
                    group_name(group, made["by"], "zh"),
                    method["name_zh"],
                    _value(one, method["unit"]),
                    target_shown(one["target"], method, "zh"),
                    met,
                    one["part"],
                    one["whole"],
                    one["because_zh"],
                ],
            )
    times = _sheet(book, "时间构成（秒）", ["对象", *(part["name_zh"] for part in made["parts"])])
    for group in [*made["groups"], made["total"]]:
        seconds = [group["time_s"].get(part["part"], 0) for part in made["parts"]]
        _row(times, [group_name(group, made["by"], "zh"), *seconds])
    days = _sheet(book, "每日趋势", ["日期", "在线率", "完好率", "图像质量合格率"])
    for day in made["days"]:
        _row(
            days, [day["day"], *(_percent(day[kind]) for kind in ("online_rate", "intact_rate", "image_quality_rate"))]
        )
    method_sheet = _sheet(book, "计算方法", ["指标", "分子", "分母", "目标", "权重"])
    for kind, method in names.items():
        aim = made["profile"]["aims"].get(kind, {"target": None, "weight": 0})
        target = target_shown(aim["target"], method, "zh")
        _row(method_sheet, [method["name_zh"], method["part_zh"], method["whole_zh"], target, aim["weight"]])
    for line in heading(made, "zh"):
        _row(method_sheet, [line])
    out = io.BytesIO()
    book.save(out)
    book.close()
    return out.getvalue()


def _sheet(book: Workbook, title: str, headings: Sequence[str]) -> Any:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number in range(1, len(headings) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = 18
    cells = []
    for text in headings:
        cell = WriteOnlyCell(sheet, value=legal(text))
        cell.font = Font(bold=True)
        cells.append(cell)
    sheet.append(cells)
    return sheet


def _row(sheet: Any, values: Sequence[Any]) -> None:
    sheet.append([_cell(sheet, value) for value in values])


def _cell(sheet: Any, value: Any) -> Any:
    """A name that begins like a formula stays a text."""
    if not isinstance(value, str):
        return value
    text = legal(value)
    if text[:1] not in FORMULA_SIGNS:
        return text
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell


def _value(one: Plain, unit: str) -> Any:
    return shown(one["value"], unit, "zh") if unit != "share" else _percent(one["value"])


def _percent(share: float | None) -> float | None:
    return None if share is None else round(share * 100, 4)
