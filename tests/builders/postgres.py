"""A private PostgreSQL for the tests: Debian's programs, an empty folder, a socket in it, no network port."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text

_USER = "postgres"


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

    def url(self, name: str) -> str:
        return f"postgresql://{_USER}@/{name}?host={self.folder}"

    def create(self, name: str, template: str = "template0") -> str:
        """A new database, as a copy of another; returns its URL."""
        self._admin(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def drop(self, name: str) -> None:
        self._admin(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _admin(self, statement: str) -> None:
        engine = create_engine(self.url("postgres").replace("postgresql:", "postgresql+psycopg:"))
        try:
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text(statement))
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
