"""`vms supply` and `vms notices`, as they are typed."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from tests.builders.fallen_cameras import a_falling_town
from vms.cli import supply as commands
from vms.core.clock import system_clock
from vms.core.errors import BadInput, NotAllowed, NotFound
from vms.store.database import Database


def say(database: Database, *words: str, code: int = 0) -> Any:
    app = typer.Typer()
    commands.add_to(app)
    done = CliRunner().invoke(app, [*words, "--db", database.url, "--json"])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


def test_a_list_is_taken_in_and_what_goes_blind_is_told(sqlite_database: Database, tmp_path: Path) -> None:
    town = a_falling_town(sqlite_database, 4)
    file = tmp_path / "supply.csv"
    file.write_text("name,device\ncabinet,10.0.0.1\ncabinet,10.0.0.2\nother,10.9.9.9\n", encoding="utf-8")
    assert say(sqlite_database, "supply", "import", str(file), "--dry-run", code=1)["added"] == 1
    assert say(sqlite_database, "supply", "list")["nodes"] == []
    assert say(sqlite_database, "supply", "import", str(file), code=1)["rejected"] == 1
    assert [node["name"] for node in say(sqlite_database, "supply", "list")["nodes"]] == ["cabinet"]
    blind = say(sqlite_database, "supply", "impact", "cabinet")
    assert (blind["cameras"], blind["listed"][0]["camera_id"]) == (2, town.cameras[0])
    assert say(sqlite_database, "supply", "impact", "4101", "--kind", "region")["cameras"] == 4
    with pytest.raises(NotFound, match="no switch called nowhere"):
        say(sqlite_database, "supply", "impact", "nowhere")
    assert say(sqlite_database, "supply", "learn") == {"proposed": 0, "renewed": 0, "rejected": 0}


def test_a_notice_is_asked_for_and_not_approved_by_who_asked(sqlite_database: Database) -> None:
    a_falling_town(sqlite_database, 2)
    times = ("--start", "2099-01-01T08:00", "--end", "2099-01-01T10:00")
    with pytest.raises(BadInput, match="days ahead"):
        say(sqlite_database, "notices", "ask", "camera=1", *times, "--reason", "works")
    soon = ("--start", "2000-01-01T08:00", "--end", "2000-01-01T10:00")
    with pytest.raises(BadInput, match="too long ago"):
        say(sqlite_database, "notices", "ask", "camera=1", *soon, "--reason", "works")
    with pytest.raises(BadInput, match="one of camera, device"):
        say(sqlite_database, "notices", "ask", "everything", *soon, "--reason", "works")
    assert say(sqlite_database, "notices", "list") == {"notices": []}
    now = system_clock()
    around = ("--start", now.isoformat(), "--end", (now + timedelta(hours=2)).isoformat())
    (asked,) = say(sqlite_database, "notices", "ask", "camera=1", *around, "--reason", "works")["notices"]
    assert (asked["state"], asked["cameras"]) == ("asked", 1)
    with pytest.raises(NotAllowed):
        say(sqlite_database, "notices", "approve", "1")
    assert say(sqlite_database, "notices", "withdraw", "1")["notices"][0]["state"] == "withdrawn"
