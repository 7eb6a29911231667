"""A dry run says of every row what taking the list in does with it, however the rows fall into transactions."""

import shutil

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from vms.services import import_cameras as service
from vms.services.import_cameras import import_cameras
from vms.store import cameras
from vms.store.database import Database

KEYS = ("gb_device_id", "serial_no", "mac", "address", "port", "channel")
GB = "41010200001320000001"
CELLS = st.tuples(
    st.sampled_from("甲乙丙丁"),
    st.sampled_from(("", "", GB, GB[:-1] + "2")),
    st.sampled_from(("", "", "SN0001", "SN0002")),
    st.sampled_from(("", "", "44:19:b6:00:00:01")),
    st.sampled_from(("", "10.0.0.1", "10.0.0.1", "10.0.0.2")),
    st.sampled_from(("", "80", "8000")),
    st.sampled_from(("", "", "1", "2")),
)
LISTS = st.tuples(st.sets(st.sampled_from(KEYS), min_size=3), st.lists(CELLS, min_size=1, max_size=9))


def outcome(result):
    return result.created, result.updated, result.unchanged, [(e.row, e.field) for e in result.rejected]


def test_lists_full_of_contradictions_come_out_as_their_dry_run_said(sqlite_database, tmp_path, monkeypatch):
    sqlite_database.close()
    file, copy = tmp_path / "list.csv", tmp_path / "copy.db"

    def write(columns, rows):
        kept = [place for place, key in enumerate(KEYS, start=1) if key in columns]
        lines = [",".join(("name", "tier", *(KEYS[place - 1] for place in kept)))]
        lines += [",".join((row[0], "unit", *(row[place] for place in kept))) for row in rows]
        file.write_text("\n".join(lines), encoding="utf-8")
        return file

    @settings(max_examples=15, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))
    @given(LISTS, LISTS, st.sampled_from((3, 500)))
    def holds(before, then, batch):
        monkeypatch.setattr(service, "BATCH", batch)
        shutil.copy(sqlite_database.engine.url.database, copy)
        database = Database(f"sqlite:///{copy}")
        import_cameras(database, write(*before))
        tried = import_cameras(database, write(*then), dry_run=True)
        assert outcome(tried) == outcome(import_cameras(database, file))
        database.close()

    holds()


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_list_that_says_one_camera_twice_far_apart_is_told_so(sqlite_database, tmp_path, dry_run):
    file = tmp_path / "list.csv"
    rows = [f"n{number},unit,SN{number:05d}" for number in range(1200)]
    file.write_text("\n".join(("name,tier,serial_no", *rows, "again,unit,SN00007")), encoding="utf-8")
    result = import_cameras(sqlite_database, file, dry_run=dry_run)
    assert outcome(result) == (1200, 0, 0, [(1202, "serial_no")])
    assert result.rejected[0].reason == "row 9 describes this camera already"
    with sqlite_database.reading() as tx:
        assert sum(1 for _ in cameras.every(tx)) == (0 if dry_run else 1200)
