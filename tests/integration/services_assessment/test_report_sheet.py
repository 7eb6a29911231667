"""The spreadsheet and the page say when and in which unit; in English every word of them is English."""

import io
import re
from datetime import date, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook
from sqlalchemy import insert

from tests.builders.stored_cameras import store_camera
from vms.assessment.grouping import GroupBy
from vms.assessment.period import Period
from vms.assessment.profile import USUAL
from vms.services.assessment.assess import Asked, assess
from vms.services.assessment.plain import plain_assessment
from vms.services.assessment.report_page import report_page
from vms.services.assessment.report_sheet import report_sheet
from vms.services.assessment.said import Language, heading
from vms.store.schema import flips, watch_sessions, work_orders

MAY = Period(first=date(2026, 5, 1), last=date(2026, 5, 31), zone=ZoneInfo("Asia/Shanghai"))
START, HOUR = MAY.interval.start, timedelta(hours=1)
CHINESE = re.compile("[\u3400-\u9fff]")


def an_assessment(database, until=MAY.interval.end) -> dict:
    """A camera of which the poller spoke for 90 minutes and a half second, down for 30; an order repaired in 6 h; an
    order of a tier that has no camera."""
    camera_id = store_camera(database, START)
    with database.writing() as tx:
        run = insert(watch_sessions).values(
            started_at=START,
            alive_at=START + timedelta(minutes=90, seconds=0.5),
            interval_s=60.0,
            once=False,
            figures={},
        )
        told = {"session_id": tx.execute(run.returning(watch_sessions.c.id)).scalar_one(), "camera_id": camera_id}
        for minute, status in ((0, "up"), (30, "down"), (60, "up")):
            row = {**told, "from_status": "unknown", "to_status": status, "because": ""}
            tx.execute(insert(flips).values(at=START + timedelta(minutes=minute), **row))
        order = {"state": "closed", "layer": "stream", "kinds": [], "severity": "major", "cause": "", "cameras": 1}
        order |= {"detected_at": START, "changed_at": START, "repaired_at": START + 6 * HOUR, "camera_id": camera_id}
        for number, tier in enumerate(("government", "unit")):
            tx.execute(insert(work_orders).values(**order, number=str(number), tier=tier, region_code="410105"))
    return plain_assessment(assess(database, Asked(period=MAY, by=GroupBy.TIER, profile=USUAL), until))


def test_times_are_numbers_in_the_unit_that_the_heading_names(database) -> None:
    book = load_workbook(io.BytesIO(report_sheet(an_assessment(database))))
    ranking = [[cell.value for cell in row] for row in book["排名"].iter_rows()]
    assert ranking[1][ranking[0].index("平均修复时间 (小时)")] == 6
    assert "在线率 (%)" in ranking[0]
    detail = [[cell.value for cell in row] for row in book["指标明细"].iter_rows()]
    assert detail[0][6:8] == ["分子（时间以秒计）", "分母（时间以秒计）"]
    told = {(row[0], row[1]): row for row in detail}
    assert told["政府", "在线率"][6:8] == [3600.5, 5400.5]
    assert told["政府", "平均修复时间"][2:8] == [6, None, "小时", None, 6 * 3600, 1]


def test_in_english_no_word_is_chinese(database) -> None:
    made = an_assessment(database)
    book = load_workbook(io.BytesIO(report_sheet(made, "en")))
    words = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row] + book.sheetnames
    assert [word for word in words if CHINESE.search(word)] == []
    assert not CHINESE.search(report_page(made, "en").split("</style>")[1])


def test_the_data_are_of_a_moment_on_the_offices_clock_and_the_trend_has_its_dates(database) -> None:
    made = an_assessment(database, START + 10 * 24 * HOUR + timedelta(hours=9, minutes=30))
    assert "data until 2026-05-11 09:30 (Asia/Shanghai)" in " ".join(heading(made, "en"))
    page = report_page(made, "zh")
    assert "数据截至 2026-05-11 09:30 (Asia/Shanghai)" in page
    assert ">2026-05-01</text>" in page and ">2026-05-11</text>" in page


def test_who_has_no_camera_is_not_ranked(database) -> None:
    made = an_assessment(database)
    assert [(group["key"], group["cameras"], group["rank"]) for group in made["groups"]] == [
        ("government", 1, 1),
        ("unit", 0, None),
    ]


@pytest.mark.parametrize(
    ("language", "sheet", "words"),
    [
        ("zh", "计算方法", "整个考核期都计入期末所属的一方，不按时段拆分"),
        ("en", "Method", "is told whole under where it was at the period's end, not in parts"),
    ],
)
def test_the_method_says_where_a_camera_counts_that_moved(database, language: Language, sheet: str, words: str) -> None:
    made = an_assessment(database)
    method = report_page(made, language).rpartition('class="method"')[2]
    assert words in unescape(method)
    lines = load_workbook(io.BytesIO(report_sheet(made, language)))[sheet].iter_rows(max_col=1)
    assert any(words in str(cell.value) for (cell,) in lines)
