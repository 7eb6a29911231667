"""`vms assessment` as it is typed."""

import typer
from typer.testing import CliRunner

from tests.builders.whole_program import Program, a_program
from vms.cli.assessment import add_to
from vms.store.database import Database
from vms.store.migrate import upgrade


def a_program_with_a_store(tmp_path) -> Program:
    program = a_program(tmp_path, "127.76.0.0/24", "government")
    (program.folder / "data").mkdir(exist_ok=True)
    database = Database(program.database_url)
    upgrade(database)
    database.close()
    return program


def typed(program: Program, *arguments: str):
    app = typer.Typer()
    add_to(app)
    days = ("--from", "2026-05-01", "--to", "2026-05-02")
    return CliRunner().invoke(app, [*days, *arguments, "--config", str(program.config)])


def test_it_says_until_when_the_data_are_and_on_whose_clock(tmp_path) -> None:
    done = typed(a_program_with_a_store(tmp_path), "--out", str(tmp_path / "r.xlsx"))
    assert done.exit_code == 0, done.output
    assert "data until 2026-05-03 00:00 (Asia/Shanghai)" in done.output
    assert (tmp_path / "r.xlsx").stat().st_size > 0


def test_a_folder_that_is_not_there_is_refused_before_the_work(tmp_path) -> None:
    program = a_program_with_a_store(tmp_path)
    done = typed(program, "--out", str(tmp_path / "nowhere" / "r.xlsx"))
    assert "there is no folder" in f"{done.output}{done.exception}" and done.exit_code != 0
    assert not (tmp_path / "nowhere").exists()
