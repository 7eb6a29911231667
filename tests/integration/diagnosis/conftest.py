"""The web application for the tests of this folder, on SQLite."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.builders.web import Web, running_web
from vms.store.database import Database


@pytest.fixture
async def web(sqlite_database: Database, tmp_path: Path) -> AsyncIterator[Web]:
    async with running_web(sqlite_database, tmp_path) as found:
        yield found
