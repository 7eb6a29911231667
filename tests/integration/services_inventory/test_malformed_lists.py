"""What is no list, or a broken one, is a clear message within bounded time and memory."""

import random
import subprocess
import sys
import time

import psutil
import pytest

from vms.core.errors import BadInput
from vms.services.import_cameras import import_cameras
from vms.store import cameras

HEAD = b"name,tier,serial_no\r\n"


@pytest.fixture
def refuse(sqlite_database, tmp_path):
    """Why the file is refused; nothing of it is stored."""

    def _refuse(content, name="list.csv"):
        file = tmp_path / name
        file.write_bytes(content)
        started = time.monotonic()
        with pytest.raises(BadInput) as refused:
            import_cameras(sqlite_database, file)
        assert time.monotonic() - started < 10
        assert refused.value.where.startswith(str(file))
        with sqlite_database.reading() as tx:
            assert list(cameras.every(tx)) == []
        return refused.value.reason

    return _refuse


def test_an_empty_file(refuse):
    assert refuse(b"") == "the file is empty"
    assert "there is no [[cameras]]" in refuse(b"", "list.toml")


def test_a_spreadsheet_and_other_binary_files(refuse):
    assert "spreadsheet (.xlsx)" in refuse(b"PK\x03\x04" + random.Random(1).randbytes(10_000))
    assert "binary" in refuse(HEAD + b"a,unit,\0\0\0\r\n")
    noise = bytes(value for value in random.Random(2).randbytes(100_000) if value)
    assert refuse(noise)


def test_other_encodings(refuse):
    assert "UTF-16" in refuse("name,tier\r\n甲,unit".encode("utf-16"))
    assert refuse(HEAD + b"\xff\xff\xff,unit,1\r\n") == "not in UTF-8 or GB 18030: neither fits most of the lines"
    assert refuse('[[cameras]]\nname = "甲"\ntier = "unit"'.encode("gb18030"), "list.toml") == "not in UTF-8"


def test_a_file_half_in_one_and_half_in_another_encoding(refuse):
    head, row = "名称,建设类别,序列号\r\n", "北门,unit,SN0001\r\n"
    mixed = (head + row).encode() + 2 * row.encode("gb18030")
    assert "neither fits most" in refuse(mixed)
    assert "its first line is in UTF-8, most of the others in GB 18030" in refuse(mixed + row.encode("gb18030"))


@pytest.mark.parametrize(("file_is", "line_is"), [("utf-8", "gb18030"), ("gb18030", "utf-8")])
def test_a_line_in_another_encoding_costs_itself_only_and_no_other_line_its_characters(
    sqlite_database, tmp_path, file_is, line_is
):
    file = tmp_path / "list.csv"
    head, *rows = (
        "名称,建设类别,序列号\r\n",
        "人民路口,unit,SN0001\r\n",
        "解放路口,unit,SN0002\r\n",
        "北门,unit,SN0003\r\n",
    )
    file.write_bytes(head.encode(file_is) + "".join(rows).encode(file_is) + "南门,unit,SN0004\r\n".encode(line_is))
    result = import_cameras(sqlite_database, file)
    assert [(error.row, error.reason[:34]) for error in result.rejected] == [(5, "this line is in another encoding: ")]
    with sqlite_database.reading() as tx:
        assert {camera.declared.name for camera in cameras.every(tx)} == {"人民路口", "解放路口", "北门"}


@pytest.mark.parametrize("damage", [b"\xff", b"\0", b"\0" * 400])
def test_a_damaged_row_is_rejected_by_its_number_and_the_others_go_in(database, tmp_path, damage):
    file = tmp_path / "list.csv"
    rows = [b"camera %d,unit,SN%04d\r\n" % (number, number) for number in range(2, 10)]
    rows[3] = rows[3].replace(b"camera", b"cam" + damage)
    file.write_bytes(HEAD + b"".join(rows))
    result = import_cameras(database, file)
    assert (result.created, [error.row for error in result.rejected]) == (7, [5])
    assert result.rejected[0].reason in ("this line holds what is no text in UTF-8", "this line holds NUL characters")
    assert "\ufffd" in result.rejected[0].value


def test_a_damaged_cell_of_several_lines_costs_its_row(sqlite_database, tmp_path):
    file = tmp_path / "list.csv"
    file.write_bytes(HEAD + b'a,unit,SN0001\r\n"b\r\n\xff",unit,SN0002\r\nc,unit,SN0003\r\nd,unit,SN0004\r\n')
    result = import_cameras(sqlite_database, file)
    assert (result.created, [error.row for error in result.rejected]) == (3, [3])


def test_a_file_that_is_cut_off_in_the_middle_of_a_character(refuse):
    assert "cut off" in refuse((HEAD + "路口,unit,1\r\n人民".encode())[:-1])


def test_a_file_that_is_cut_off_in_the_middle_of_a_row_loses_that_row_with_a_reason(sqlite_database, tmp_path):
    file = tmp_path / "list.csv"
    file.write_bytes(HEAD + b"a,unit,SN0001\r\nb,un")
    result = import_cameras(sqlite_database, file)
    assert (result.created, result.rejected[0].row, result.rejected[0].reason) == (
        1,
        3,
        "the row ends early: 2 of 3 cells",
    )


def test_headings_that_nobody_knows(refuse):
    assert "headings lack name and tier" in refuse(b"<html><body>Not found</body></html>")


def test_a_single_line_of_a_hundred_megabytes(refuse, tmp_path):
    for name in ("list.csv", "list.toml"):
        assert "longer than" in refuse(HEAD + b"x" * 100_000_000, name)


def test_toml_that_is_too_large(refuse):
    assert "larger than 64 MB" in refuse(b"# comment\n" * 6_500_000, "list.toml")


def test_toml_that_is_nested_deeply(refuse):
    assert refuse(b"a = " + b"[" * 20_000 + b"]" * 20_000, "list.toml") == "nested too deeply"
    assert refuse(b"a = " + b"[\n" * 2_000_000, "list.toml") == "nested too deeply"
    assert "dots" in refuse(b".".join([b"a"] * 30_000) + b" = 1", "list.toml")


def test_toml_that_is_none(refuse):
    assert refuse(b'[[cameras]]\nname = "a', "list.toml").startswith("not TOML")
    assert "unknown: camera" in refuse(b'[[camera]]\nname = "a"', "list.toml")
    assert "there is no [[cameras]]" in refuse(b'cameras = "many"', "list.toml")


def test_toml_with_wrong_fields_is_refused_by_row(sqlite_database, tmp_path):
    file = tmp_path / "list.toml"
    file.write_text(
        """
        cameras = [
            {name = "a", tier = "unit", bearing = 3}, {name = "b", tier = "unit", lon = [1]}, 7,
            {tier = "unit"}, {name = "ok", tier = "unit", lon = 113.6, lat = 34.7},
            {name = "c", tier = "unit", lon = nan, lat = 34.7}, {name = "d\\u0000", tier = "unit"},
        ]
        """.replace("\n", " ")
    )
    result = import_cameras(sqlite_database, file)
    assert [(error.row, error.field) for error in result.rejected] == [
        (1, "bearing"), (2, "lon"), (3, ""), (4, "name"), (6, "lon"), (7, "name"),
    ]  # fmt: skip
    assert result.created == 1


def test_a_file_of_another_kind_and_one_that_is_not_there(refuse, sqlite_database, tmp_path):
    assert refuse(b"{}", "list.json") == "only .csv, .xlsx and .toml are read"
    with pytest.raises(BadInput, match="No such file"):
        import_cameras(sqlite_database, tmp_path / "none.csv")


def test_nothing_but_wrong_rows_stays_small_in_memory(sqlite_database, tmp_path):
    """Two hundred thousand broken rows, read by a process of its own."""
    file = tmp_path / "list.csv"
    file.write_bytes(HEAD + b'"never closed,moon,1\r\n' * 100_000 + b"x,moon,1\r\n" * 100_000)
    code = (
        "import sys; from pathlib import Path; from vms.store.database import Database;"
        "from vms.services.import_cameras import import_cameras;"
        "r = import_cameras(Database(sys.argv[1]), Path(sys.argv[2])); print(r.rejected_rows, len(r.rejected));"
        "sys.stdout.flush(); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, sqlite_database.url, str(file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline().split() == ["200000", "10000"]
        assert psutil.Process(process.pid).memory_info().rss < 250_000_000
        process.stdin.close()


def test_a_file_whose_name_is_no_text_is_taken_in_all_the_same(database, tmp_path):
    file = tmp_path / "list\udcff.csv"
    file.write_bytes(HEAD + b"a,unit,SN0001\r\n")
    assert import_cameras(database, file).created == 1
