"""What this inventory gives out as a list, it takes back without a change, whatever is in it."""

import itertools
import shutil

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.builders.odd_inventory import DECLARED, OWNERS, STATES, put_odd_inventory
from vms.inventory.camera import LifeCycle
from vms.services.export_cameras import ExportFormat, ExportRequest, export_to_file
from vms.services.import_cameras import ImportRequest, import_cameras
from vms.services.lists.sheet_layout import Columns, Headings
from vms.store.database import Database
from vms.store.schema import camera_changes, camera_sensors, cameras, owners

LISTS = (
    ExportRequest(file_format=ExportFormat.CSV, retired=True),
    ExportRequest(file_format=ExportFormat.XLSX, retired=True, contacts=True),
    ExportRequest(file_format=ExportFormat.TOML, retired=True),
    ExportRequest(file_format=ExportFormat.CSV, headings=Headings.ZH),
    ExportRequest(file_format=ExportFormat.XLSX, columns=Columns.ARCHIVE27),
)


def everything(database):
    with database.reading() as tx:
        return {
            table.name: [tuple(row) for row in tx.execute(select(table).order_by(*table.primary_key))]
            for table in (cameras, owners, camera_changes, camera_sensors)
        }


def changes(before, after):
    """Told cell by cell."""
    return [
        (name, *pair)
        for name in before
        for pair in itertools.zip_longest(before[name], after[name])
        if pair[0] != pair[1]
    ]


def out_and_in(database, request, folder, life_cycle=LifeCycle.APPROVED):
    file = folder / f"list.{request.file_format}"
    out = export_to_file(database, file, request)
    return out, import_cameras(database, file, request=ImportRequest(life_cycle=life_cycle))


@pytest.fixture
def copies(sqlite_database, tmp_path):
    sqlite_database.close()
    file = tmp_path / "copy.db"

    def fresh():
        for end in ("", "-wal", "-shm"):
            file.with_name(file.name + end).unlink(missing_ok=True)
        shutil.copy(sqlite_database.engine.url.database, file)
        return Database(f"sqlite:///{file}")

    return fresh


def test_whatever_an_inventory_holds_its_lists_come_back_without_a_change(copies, tmp_path):
    @settings(max_examples=15, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))
    @given(
        st.lists(st.tuples(DECLARED, STATES, OWNERS), max_size=8),
        st.lists(STATES, min_size=4, max_size=4),
        st.sampled_from(LISTS),
        st.sampled_from((LifeCycle.APPROVED, LifeCycle.SUBMITTED)),
    )
    def holds(entered, states, request, life_cycle):
        database = copies()
        put_odd_inventory(database, entered, states)
        before = everything(database)
        out, result = out_and_in(database, request, tmp_path, life_cycle)
        assert changes(before, everything(database)) == []
        if request.columns is Columns.ALL:
            assert (result.unchanged, result.rejected) == (out.written, [])
        else:
            assert result.updated == result.created == 0, "a sheet without marks may leave doubts, never a change"
        database.close()

    holds()
