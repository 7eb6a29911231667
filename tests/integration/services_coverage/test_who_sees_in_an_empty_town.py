"""`vms coverage who-sees` where there is no camera."""

import pytest

from vms.cli.coverage_who_sees import who_sees
from vms.store.database import Database


def test_a_town_without_cameras_is_told_so(sqlite_database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    who_sees(lon=10.0, lat=50.0, db=sqlite_database.url)
    told = capsys.readouterr()
    assert "no approved camera with a position" in told.err and told.out == ""
