"""How a process of the server begins: its settings on standard input, its log on standard error."""

import gc
import logging
import os
from collections.abc import Callable

from vms.app import PYTHONS_THRESHOLDS
from vms.config import Settings
from vms.supervisor import settings_from_parent


def begin(run: Callable[[Settings], None], *, nice: int = 0) -> None:
    """Runs a child of the supervisor to its end. `nice`: by so much it gives way to those whom a person waits for."""
    gc.freeze()
    gc.set_threshold(*PYTHONS_THRESHOLDS)
    os.nice(nice)
    log_to_stderr()
    run(Settings.model_validate_json(settings_from_parent()))


def log_to_stderr() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
