"""What every test may ask for."""

import gc
import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("fixed", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None, max_examples=500)
settings.load_profile(os.environ.get("VMS_HYPOTHESIS", "fixed"))
"""The same examples at every run: a landing does not depend on chance. VMS_HYPOTHESIS=search looks for new ones."""

gc.set_threshold(50_000, 20, 100)
"""Hardly anything here is garbage, and looking for it through all that is loaded takes a tenth of the time."""

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

pytest_plugins = ["tests.builders.databases"]
"""Gives `database` (SQLite and PostgreSQL), `sqlite_database`, `postgres_database`."""


def pytest_collection_finish() -> None:
    gc.freeze()


@pytest.fixture(scope="session")
def shared_fixtures() -> Path:
    """Recorded answers of real cameras and real map data, which are kept outside the project."""
    folder = Path(os.environ.get("VMS_SHARED_FIXTURES", ROOT.parent / "shared" / "fixtures"))
    if not folder.is_dir():
        pytest.skip(f"the recorded devices and maps are not here: {folder} (set VMS_SHARED_FIXTURES to their folder)")
    return folder
