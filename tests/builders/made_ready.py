"""What every server makes when it starts and what holds nothing of its own, made once before any is forked."""

from vms.api.app import _routes
from vms.core.compiled import is_compiled
from vms.coverage.packed import compute_rows
from vms.coverage.warm import warm_up
from vms.maps.tiles.warm import warm_up_tiles


def make_ready() -> None:
    """The kernels, where they are compiled, and the table of routes, which is laid out when it is first searched."""
    if is_compiled(compute_rows):
        warm_up()
        warm_up_tiles()
    nowhere = {"type": "http", "method": "GET", "path": "/nowhere", "root_path": "", "headers": []}
    for with_demo in (False, True):
        for route in _routes(with_demo=with_demo):
            route.matches(dict(nowhere))
