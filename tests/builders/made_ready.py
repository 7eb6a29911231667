"""What every server or group of tests makes when it starts, and holds nothing of its own: made once before forking."""

import importlib
import warnings

from vms.api.app import _routes
from vms.core.compiled import is_compiled
from vms.coverage.packed import compute_rows
from vms.coverage.warm import warm_up
from vms.maps.tiles.warm import warm_up_tiles

OF_TESTS = (
    *(
        "_hypothesis_pytestplugin",
        "httpx",
        "hypothesis.strategies",
        "playwright.sync_api",
        "psutil",
        "pytest",
        "pytest_asyncio",
        "pytest_timeout",
    ),
    "tests.builders.web",
)


def make_ready() -> None:
    """The kernels, where they are compiled, and the table of routes, which is laid out when it is first searched."""
    if is_compiled(compute_rows):
        warm_up()
        warm_up_tiles()
    nowhere = {"type": "http", "method": "GET", "path": "/nowhere", "root_path": "", "headers": []}
    for with_demo in (False, True):
        for route in _routes(with_demo=with_demo):
            route.matches(dict(nowhere))


def make_tests_ready() -> None:
    """What tests load, and the numbers and words of the program, which Hypothesis reads out of every file and tries."""
    for name in OF_TESTS:
        importlib.import_module(name)
    with warnings.catch_warnings(action="ignore"):  # that it is early: it is meant to be
        importlib.import_module("hypothesis.internal.conjecture.providers")._get_local_constants()
