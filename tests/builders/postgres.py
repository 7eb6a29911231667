"""A private PostgreSQL for the tests: Debian's programs, an empty folder, a socket in it, no network port."""

import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, create_engine, text

_USER = "postgres"
LARGEST_BYTES = 48_000_000
"""A database that a test has made larger is not used again."""
_SHAPE = """
SELECT md5(string_agg(told, '|' ORDER BY told)) FROM (
  SELECT concat_ws(' ', 'a', attrelid, attname, atttypid, atttypmod, attnotnull) AS told
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
   WHERE relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped
  UNION ALL
  SELECT concat_ws(' ', 'c', conname, conrelid, contype) FROM pg_constraint
   WHERE connamespace = 'public'::regnamespace
) AS everything
"""
_OTHERS_OUT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_FROM_ONE = "SELECT setval(oid, 1, false) FROM pg_class WHERE relkind = 'S'"


def find_programs() -> Path | None:
    """The folder of initdb and postgres, of the newest version that is installed."""
    for folder in sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True
    ):
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    return Path(found).parent if found else None


class PrivatePostgres:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._clean: list[str] = []
        self._numbers = itertools.count(1)
        self._shape = ""

    def url(self, name: str) -> str:
        return f"postgresql://{_USER}@/{name}?host={self.folder}"

    def create(self, name: str, template: str = "template0") -> str:
        """A new database, as a copy of another; returns its URL."""
        self._admin(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def drop(self, name: str) -> None:
        self._admin(f'DROP DATABASE "{name}" WITH (FORCE)')

    def lend(self, template: str) -> str:
        """Name of a database like that one: one that was given back, else a new copy."""
        if self._clean:
            return self._clean.pop()
        name = f"lent{next(self._numbers)}"
        self.create(name, template)
        if not self._shape:
            with self._connected(name) as connection:
                self._shape = connection.execute(text(_SHAPE)).scalar_one()
        return name

    def take_back(self, name: str) -> None:
        """Emptied for the next test, which is much quicker than a new copy; one that was changed in more than its rows,
        or has grown large, is dropped."""
        with self._connected(name) as connection:
            size = connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
            fit = size < LARGEST_BYTES and connection.execute(text(_SHAPE)).scalar_one() == self._shape
            if fit:
                self._empty(connection)
        if fit:
            self._clean.append(name)
        else:
            self.drop(name)

    def _empty(self, connection: Connection) -> None:
        connection.execute(text(_OTHERS_OUT))
        tables = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars()
        emptied = "; ".join(f'DELETE FROM "{table}"' for table in tables if table != "alembic_version")
        connection.execute(text(f"SET session_replication_role = replica; {emptied}"))
        connection.execute(text(_FROM_ONE))

    def _admin(self, statement: str) -> None:
        with self._connected("postgres") as connection:
            connection.execute(text(statement))

    @contextmanager
    def _connected(self, name: str) -> Iterator[Connection]:
        engine = create_engine(self.url(name).replace("postgresql:", "postgresql+psycopg:"))
        try:
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                yield connection
        finally:
            engine.dispose()


@contextmanager
def running_postgres(programs: Path) -> Iterator[PrivatePostgres]:
    """Runs it in the foreground as a child, as user postgres where we are root (it refuses to be root)."""
    folder = Path(tempfile.mkdtemp(prefix="vms-postgres-"))
    as_user = ["runuser", "-u", _USER, "--"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(folder, _USER)
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    try:
        initdb = [*as_user, programs / "initdb", "-D", folder / "data", "-U", _USER, "-A", "trust", "--no-sync"]
        subprocess.run([*initdb, "-E", "UTF8"], check=True, capture_output=True, env=environment, cwd=folder)
        # no port, a socket in the folder; a test that is killed loses nothing that anybody wants
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off -c max_connections=60"
        start = [*as_user, programs / "pg_ctl", "-D", folder / "data", "-w", "-t", "60", "-l", folder / "log"]
        start += ["-o", options, "start"]
        subprocess.run(start, check=True, stdout=subprocess.DEVNULL, env=environment, cwd=folder)
        try:
            yield PrivatePostgres(folder)
        finally:
            stop = [*as_user, programs / "pg_ctl", "-D", folder / "data", "-m", "immediate", "-w", "stop"]
            subprocess.run(stop, check=True, capture_output=True, cwd=folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
