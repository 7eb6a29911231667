"""Databases for tests: one migrated original of each kind; every test has an empty copy of its own."""

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders.postgres import PrivatePostgres, find_programs, running_postgres
from vms.store.database import Database
from vms.store.migrate import upgrade

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def sqlite_original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database without content."""
    file = tmp_path_factory.mktemp("sqlite") / "original.db"
    database = Database(f"sqlite:///{file}")
    upgrade(database)
    database.close()
    return file


@pytest.fixture(scope="session")
def postgres() -> Iterator[PrivatePostgres]:
    """A private PostgreSQL with a migrated database `original`."""
    programs = find_programs()
    if programs is None:
        pytest.skip("PostgreSQL's programs are not installed (Debian package postgresql)")
    with running_postgres(programs) as server:
        database = Database(server.create("original"))
        upgrade(database)
        database.close()
        yield server


@pytest.fixture
def sqlite_database(sqlite_original: Path, tmp_path: Path) -> Iterator[Database]:
    file = tmp_path / "vms.db"
    shutil.copy(sqlite_original, file)
    database = Database(f"sqlite:///{file}")
    yield database
    database.close()


@pytest.fixture
def postgres_database(postgres: PrivatePostgres) -> Iterator[Database]:
    """Copied once and emptied after each test."""
    name = postgres.lend("original")
    database = Database(postgres.url(name))
    yield database
    database.close()
    postgres.take_back(name)


@pytest.fixture
def empty_sqlite(tmp_path: Path) -> Iterator[Database]:
    """Not even migrated."""
    database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    yield database
    database.close()


@pytest.fixture
def empty_postgres(postgres: PrivatePostgres) -> Iterator[Database]:
    """Not even migrated."""
    name = f"test{next(_numbers)}"
    database = Database(postgres.create(name))
    yield database
    database.close()
    postgres.drop(name)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Database:
    """A migrated database without content: the test runs once on SQLite and once on PostgreSQL."""
    found: Database = request.getfixturevalue(f"{request.param}_database")
    return found
