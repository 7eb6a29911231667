"""Spreadsheets as offices send them: titles, dates, several sheets, formulas, numbers for texts; and bombs."""

import io
import random
import tracemalloc
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.builders.sheets import SHEET27, text_row, write_by_hand, write_sheets
from vms.core.errors import BadInput
from vms.inventory.camera import CoordinateSystem
from vms.inventory.lists.column_mapping import NO_MAPPING
from vms.inventory.tier import Tier
from vms.services.import_cameras import ImportRequest, import_cameras
from vms.services.lists import xlsx_merged
from vms.store import cameras

GB = "41010200001320000001"
ROW27 = (
    GB, "人民路路口", "海康威视", "410102", "一类点", "DS-2CD", "百货大楼", "10.1.0.1", "", "44-19-B6-0A-1B-2C",
    3, "1/2", 2, 4, "人民路12号", 113.62, 34.75, "8/10", 5, 0, "410102530000", date(2020, 5, 17), "科信支队",
    "0371-65850000", 30, 1, "公安机关",
)  # fmt: skip
GOVERNMENT = ImportRequest(mapping=NO_MAPPING.with_constants({"tier": "government"}))


@pytest.fixture
def file(tmp_path):
    return tmp_path / "list.xlsx"


def the_only(database):
    with database.reading() as tx:
        (camera,) = cameras.every(tx)
    return camera


def errors_of(result):
    return [(error.row, error.field, error.reason) for error in result.rejected]


def test_the_collection_sheet_of_27_columns_is_read_as_it_is(database, file):
    write_sheets(file, {"采集表": [SHEET27, ROW27]})
    result = import_cameras(database, file, request=GOVERNMENT)
    assert (result.created, errors_of(result), result.ignored_columns) == (1, [], ())
    found = the_only(database).declared
    assert (found.gb_device_id, found.name, found.tier, found.point_class) == (GB, "人民路路口", Tier.GOVERNMENT, 1)
    assert (found.structure_type, found.function_types, found.position_types) == (3, (1, 2), (8, 10))
    assert (found.pose.bearing_deg, found.encoding, found.supply_light, found.network_attr) == (135.0, "H265", 2, 0)
    assert (found.installed_on, found.retention_days, found.asset_status) == (date(2020, 5, 17), 30, 10)
    assert (found.mgmt_contact, found.industry, found.mac) == ("0371-65850000", "1", "44:19:b6:0a:1b:2c")
    assert import_cameras(database, file, request=GOVERNMENT).unchanged == 1


def test_a_sheet_without_a_tier_changes_known_cameras_and_refuses_new_ones_with_the_reason(sqlite_database, file):
    write_sheets(file, {"采集表": [SHEET27, ROW27]})
    ((row, field, reason),) = errors_of(import_cameras(sqlite_database, file))
    assert (row, field) == (2, "tier") and "does not say its tier" in reason
    import_cameras(sqlite_database, file, request=GOVERNMENT)
    write_sheets(file, {"采集表": [SHEET27, (GB, "新名", *ROW27[2:])]})
    assert import_cameras(sqlite_database, file).updated == 1
    assert the_only(sqlite_database).declared.tier is Tier.GOVERNMENT


def test_the_headings_are_found_below_titles_and_on_the_sheet_where_they_are(sqlite_database, file):
    book = Workbook()
    book.active.append(["说明", "本表由各所填写"])
    sheet = book.create_sheet("点位")
    sheet.append(["某市视频监控点位一览表"])
    sheet.merge_cells("A1:C1")
    sheet.append([])
    sheet.append(["单位：", "某分局", "名称"])
    sheet.append(["点位名称*", "建设类别", "经度（度）", "纬度（度）", "坐标系"])
    sheet.append(["甲", "社区", 113.631414637, 34.745417, "火星坐标"])
    book.save(file)
    result = import_cameras(sqlite_database, file)
    assert (result.created, result.last_row) == (1, 5)
    assert the_only(sqlite_database).declared.entered_system is CoordinateSystem.GCJ02


def test_a_sheet_can_be_named(sqlite_database, file):
    rows = [("name", "tier")]
    write_sheets(file, {"a": [*rows, ("甲", "unit")], "b": [*rows, ("乙", "unit")]})
    import_cameras(sqlite_database, file, request=ImportRequest(sheet="b"))
    assert the_only(sqlite_database).declared.name == "乙"
    with pytest.raises(BadInput, match="no sheet 'c'; there are a, b"):
        import_cameras(sqlite_database, file, request=ImportRequest(sheet="c"))


def test_numbers_that_lost_digits_are_refused_by_reason_and_short_ones_are_taken(sqlite_database, file):
    head = ("name", "tier", "gb_device_id", "pole_code", "region_code")
    write_sheets(file, {"one": [head, ("甲", "unit", float(GB), 1, 2), ("乙", "unit", GB, 1000007, 410102001001)]})
    ((row, field, reason),) = errors_of(import_cameras(sqlite_database, file))
    assert (row, field) == (2, "gb_device_id") and "only 15 digits are kept" in reason
    found = the_only(sqlite_database).declared
    assert (found.gb_device_id, found.pole_code, found.region_code) == (GB, "1000007", "410102001001")


def test_dates_are_read_however_they_are_written(sqlite_database, file):
    days = [
        datetime(2020, 5, 17, 8, 30),  # noqa: DTZ001 - a spreadsheet knows no zone
        date(2020, 5, 17),
        "2020/5/17",
        "2020年5月17日",
        "20200517",
        "2020-05-17 08:30",
        43968,
        43968.354,
        "43968.5",
    ]
    rows = [(f"n{number}", "unit", day) for number, day in enumerate(days)]
    write_sheets(
        file, {"one": [("name", "tier", "安装时间"), *rows, ("bad", "unit", 4396800), ("worse", "unit", "17.5.20")]}
    )
    result = import_cameras(sqlite_database, file)
    assert [(error.row, error.field) for error in result.rejected] == [(11, "installed_on"), (12, "installed_on")]
    with sqlite_database.reading() as tx:
        assert {camera.declared.installed_on for camera in cameras.every(tx)} == {date(2020, 5, 17)}


def test_a_day_as_a_bare_number_counts_as_its_workbook_counts(sqlite_database, file):
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append(["name", "tier", "安装时间"])
    book.active.append(["甲", "unit", 43968.5 - 1462])
    book.save(file)
    import_cameras(sqlite_database, file)
    assert the_only(sqlite_database).declared.installed_on == date(2020, 5, 17)


def test_what_stands_in_cells_that_are_merged_downwards_counts_for_all_their_rows(sqlite_database, file):
    book = Workbook()
    sheet = book.active
    for row in (
        ["某分局点位表", None, None, None],
        ["name", "tier", "address", "channel"],
        ["一", "unit", "10.9.0.1", "1"],
        ["二", None, None, "2"],
        ["三", None, None, "3"],
        ["四", "community", "10.9.0.2", None],
        ["五", None, None, None],
    ):
        sheet.append(row)
    for cells in ("A1:D1", "B3:B5", "C3:C5", "B6:B7"):
        sheet.merge_cells(cells)
    book.save(file)
    result = import_cameras(sqlite_database, file)
    assert (result.created, errors_of(result)) == (5, [])
    with sqlite_database.reading() as tx:
        found = {one.declared.name: (one.declared.tier, one.declared.address) for one in cameras.every(tx)}
    assert found["三"] == (Tier.UNIT, "10.9.0.1") and found["五"] == (Tier.COMMUNITY, "")
    assert import_cameras(sqlite_database, file).unchanged == 5


def test_cells_that_are_merged_in_another_way_are_named_as_the_reason(sqlite_database, file):
    book = Workbook()
    for row in (["tier", "name"], ["unit", "甲"], [None, "乙"]):
        book.active.append(row)
    book.save(file)
    ((_, _, reason),) = errors_of(import_cameras(sqlite_database, file))
    assert "merged" not in reason
    book.active.merge_cells("C1:D3")
    book.save(file)
    ((row, field, reason),) = errors_of(import_cameras(sqlite_database, file))
    assert (row, field) == (3, "tier") and "of merged cells only those of one column count" in reason


def test_a_sheet_that_merges_without_end_stays_small_and_fills_nothing(sqlite_database, file, monkeypatch):
    monkeypatch.setattr(xlsx_merged, "MOST_RANGES", 50)
    rows = text_row(1, "name", "tier") + text_row(2, "甲", "unit") + text_row(3, "乙")
    ranges = "".join(f'<x:mergeCell ref="B{row}:B{row + 1}"/>' for row in range(2, 2000))
    write_by_hand(file, rows + f"</sheetData><mergeCells xmlns:x='x'>{ranges}</mergeCells><sheetData>")
    assert [error[:2] for error in errors_of(import_cameras(sqlite_database, file))] == [(3, "tier")]
    monkeypatch.setattr(xlsx_merged, "MOST_RANGES", 5000)
    assert errors_of(import_cameras(sqlite_database, file)) == []


def test_a_formula_counts_with_its_result_and_never_empties_a_field(sqlite_database, file):
    head = text_row(1, "name", "tier", "pole_code")
    kept = '<row r="2"><c t="str"><f>A9&amp;"x"</f><v>甲</v></c><c t="inlineStr"><is><t>unit</t></is></c></row>'
    lost = text_row(3, "乙", "unit").replace("</row>", "<c><f>B1</f></c></row>")
    broken = '<row r="4"><c t="e"><f>1/0</f><v>#DIV/0!</v></c><c t="inlineStr"><is><t>unit</t></is></c></row>'
    write_by_hand(file, head + kept + lost + broken)
    assert [(row, field, reason[:20]) for row, field, reason in errors_of(import_cameras(sqlite_database, file))] == [
        (3, "pole_code", "a formula without a "),
        (4, "name", "the spreadsheet's er"),
    ]
    assert the_only(sqlite_database).declared.name == "甲"


def test_shared_texts_with_formats_and_pronunciation(sqlite_database, file):
    texts = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>name</t></si><si><t>tier</t></si>'
        "<si><r><t>人民</t></r><r><t>路</t></r><rPh><t>renmin</t></rPh></si><si><t>unit</t></si></sst>"
    )
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row>'
    rows += '<row r="5"><c r="A5" t="s"><v>2</v></c><c r="C5" t="s"><v>3</v></c></row>'
    rows += '<row r="6"><c r="A6" t="s"><v>77</v></c><c r="C6" t="s"><v>3</v></c></row>'
    write_by_hand(file, rows, more={"xl/sharedStrings.xml": texts})
    result = import_cameras(sqlite_database, file)
    assert errors_of(result) == [(6, "name", "a text that the file does not hold")]
    assert the_only(sqlite_database).declared.name == "人民路"


def test_texts_of_several_runs_keep_their_spaces_and_none_of_those_between_their_tags(sqlite_database, file):
    runs = '<r><t xml:space="preserve">North </t></r>\n   <r>\n <t>gate</t>\n </r>'
    texts = f"<sst><si><t>name</t></si>\n <si>\n <t>tier</t>\n </si><si>\n {runs}\n </si><si><t> unit </t></si></sst>"
    head = '<row r="1"><c t="s"><v>0</v></c>\n<c t="s">\n<v>1</v>\n</c></row>'
    shared = '<row r="2"><c t="s"><v>2</v></c><c t="s"><v> 3 </v></c></row>'
    inside = (
        f'\n<row r="3">\n <c t="inlineStr">\n<is>\n{runs}</is>\n </c>\n<c t="inlineStr"><is><t>unit</t></is></c></row>'
    )
    ends = '<row r="4"><c t="str"><v>South</v></c><c t="inlineStr"><is><t>unit</t></is></c></row>\n'
    write_by_hand(file, head + shared + inside + ends, more={"xl/sharedStrings.xml": texts})
    result = import_cameras(sqlite_database, file)
    assert errors_of(result) == [(3, "name", "row 2 describes this camera already")]
    with sqlite_database.reading() as tx:
        assert [camera.declared.name for camera in cameras.every(tx)] == ["North gate", "South"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"name,tier\n", "not a spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "an old spreadsheet"),
        (b"PK\x03\x04" + b"x" * 500, "not a whole spreadsheet"),
        (b"", "not a spreadsheet"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_in_words(sqlite_database, file, content, reason):
    file.write_bytes(content)
    with pytest.raises(BadInput, match=reason):
        import_cameras(sqlite_database, file)


def test_bombs_and_endless_sheets_are_refused_before_they_go_off(sqlite_database, file):
    bomb = '<!DOCTYPE a [<!ENTITY b "' + "x" * 1000 + '">]>'
    write_by_hand(file, "<row><c><v>&b;</v></c></row>" * 10, prolog=bomb)
    with pytest.raises(BadInput, match="document type"):
        import_cameras(sqlite_database, file)
    write_by_hand(file, f"<!--{' ' * 9_000_000}-->")
    with pytest.raises(BadInput, match="endless"):
        import_cameras(sqlite_database, file)
    write_by_hand(file, text_row(1, "name", "tier") + text_row(99_999_999, "甲", "unit"))
    with pytest.raises(BadInput, match="more than 1048576 rows"):
        import_cameras(sqlite_database, file)
    write_by_hand(file, "")
    _claim_size(file, "xl/worksheets/sheet1.xml", 3_000_000_000)
    with pytest.raises(BadInput, match="a part of more than 1500 MB"):
        import_cameras(sqlite_database, file)


def test_a_part_that_unpacks_to_a_thousand_times_its_size_is_refused_before_it_is_unpacked(sqlite_database, file):
    texts = f"<sst><si><t>{'x' * 20_000_000}</t></si></sst>"
    write_by_hand(file, text_row(1, "name", "tier"), more={"xl/sharedStrings.xml": texts})
    with pytest.raises(BadInput, match="unpacks to more than 200 times its size"):
        import_cameras(sqlite_database, file)


def test_a_text_that_is_too_long_costs_its_row_and_little_memory(sqlite_database, file):
    long = "x" * 12_000_000
    texts = f"<sst><si><t>{long}</t></si><si>{'<r><t>y</t></r>' * 200_000}</si><si><t>甲</t></si></sst>"
    shared = "".join(
        f'<row r="{row}"><c t="s"><v>{row - 2}</v></c><c t="inlineStr"><is><t>unit</t></is></c></row>'
        for row in range(2, 5)
    )
    rows = text_row(1, "name", "tier") + shared + text_row(5, "z" * 3_000_000, "unit") + text_row(6, "乙", "unit")
    write_by_hand(file, rows, more={"xl/sharedStrings.xml": texts})
    tracemalloc.start()
    result = import_cameras(sqlite_database, file)
    _, most_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert errors_of(result) == [(row, "name", "longer than 4000 characters") for row in (2, 3, 5)]
    assert result.created == 2
    assert most_bytes < 10_000_000


def _claim_size(file, part, size):
    """As a bomb's table of contents does."""
    content = bytearray(file.read_bytes())
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        true = archive.getinfo(part).file_size
    entry = content.rindex(part.encode()) - 46
    assert content[entry : entry + 4] == b"PK\x01\x02"
    assert int.from_bytes(content[entry + 24 : entry + 28], "little") == true
    content[entry + 24 : entry + 28] = size.to_bytes(4, "little")
    file.write_bytes(content)


def test_a_file_broken_at_its_end_leaves_nothing_half_done(sqlite_database, file):
    rows = text_row(1, "name", "tier") + "".join(text_row(n, f"n{n}", "unit") for n in range(2, 2000))
    write_by_hand(file, rows + "<row><c>")
    with pytest.raises(BadInput, match="broken XML"):
        import_cameras(sqlite_database, file)
    with sqlite_database.reading() as tx:
        assert list(cameras.every(tx)) == []


def test_damaged_spreadsheets_are_refused_or_read_never_a_crash(sqlite_database, file):
    write_sheets(
        file, {"one": [("name", "tier", "安装时间"), *((f"n{n}", "unit", date(2020, 1, 1)) for n in range(40))]}
    )
    whole, chance, refused = file.read_bytes(), random.Random(11), 0
    for _ in range(120):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        file.write_bytes(damaged[: chance.randint(len(whole) // 2, len(whole))] if chance.random() < 0.3 else damaged)
        try:
            import_cameras(sqlite_database, file, dry_run=True)
        except BadInput:
            refused += 1
    assert refused > 20
