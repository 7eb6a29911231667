"""The steps make the tables that the program knows, once, whoever starts first."""

import subprocess
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from vms.core.errors import PersonMustAct
from vms.store.database import Database
from vms.store.migrate import current, newest, revisions, upgrade
from vms.store.migrations.run import configuration
from vms.store.schema import metadata

START = """
import sys
from vms.store.database import Database
from vms.store.migrate import upgrade
print(upgrade(Database(sys.argv[1])))
"""


def test_the_steps_make_exactly_the_tables_of_the_schema(database):
    with database.reading() as tx:
        differences = compare_metadata(MigrationContext.configure(tx, opts={"compare_type": True}), metadata)
    assert differences == []


def test_an_upgraded_database_says_where_it_is_and_a_second_upgrade_changes_nothing(database):
    assert current(database) == newest()
    assert upgrade(database) == newest()


def test_an_empty_database_is_at_no_revision(tmp_path):
    assert current(Database(f"sqlite:///{tmp_path / 'empty.db'}")) is None


def test_a_database_that_a_newer_program_changed_is_refused(database):
    with database.writing() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(PersonMustAct, match=r"9999.*newer vms") as refused:
        upgrade(database)
    assert refused.value.code == "database_newer"


def test_tables_that_nobody_made_by_steps_are_refused(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'stranger.db'}")
    with database.writing() as tx:
        tx.execute(text("CREATE TABLE cameras (id INTEGER)"))
    with pytest.raises(PersonMustAct, match="no record of how they were made"):
        upgrade(database)


def _start_three_at_once(url):
    processes = [
        subprocess.Popen([sys.executable, "-c", START, url], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    return [(process.communicate(timeout=60), process.returncode) for process in processes]


def test_three_processes_that_start_at_once_on_an_empty_sqlite_file_all_get_through(tmp_path):
    url = f"sqlite:///{tmp_path / 'new.db'}"
    for (out, error), code in _start_three_at_once(url):
        assert (code, out.strip()) == (0, newest()), error
    assert current(Database(url)) == newest()


@pytest.mark.postgres
def test_three_processes_that_start_at_once_on_an_empty_postgres_all_get_through(postgres):
    url = postgres.create("three")
    for (out, error), code in _start_three_at_once(url):
        assert (code, out.strip()) == (0, newest()), error
    assert current(Database(url)) == newest()


def test_the_names_of_the_steps_say_what_alembic_reads_in_them(sqlite_database):
    with sqlite_database.reading() as tx:
        steps = ScriptDirectory.from_config(configuration(tx))
        assert revisions() == [step.revision for step in reversed(list(steps.walk_revisions()))]
        assert steps.get_current_head() == newest()


def test_a_database_that_is_up_to_date_needs_neither_alembic_nor_the_right_to_write(sqlite_database):
    url = sqlite_database.engine.url.render_as_string(hide_password=False)
    with sqlite_database.writing():  # whoever wanted to write would wait here
        done = subprocess.run(
            [sys.executable, "-c", START + "assert 'alembic' not in sys.modules", url], capture_output=True, timeout=10
        )
    assert done.returncode == 0, done.stderr.decode()
