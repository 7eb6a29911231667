"""`vms serve`: the first start, then four processes under a supervisor."""

import importlib
import sys
from collections.abc import Callable
from dataclasses import dataclass

from vms.app.child import log_to_stderr
from vms.app.port import refuse_taken_port
from vms.app.stage import keep_from_others, open_database, prepare
from vms.config import Settings
from vms.core.clock import system_clock
from vms.core.errors import BadInput
from vms.services.sign_in import ensure_administrator
from vms.supervisor import Supervisor

PROCESSES = ("web", "poller", "gateway", "jobs")
"""Modules of this room, each with `run(settings)`; a process loads its own and no other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstWords:
    """What is told before the server starts."""

    url: str
    administrator: str | None
    """Only where this start made one."""
    password: str | None
    """Only where it was made up just now; nobody is told a second time."""


def serve(settings: Settings, tell: Callable[[FirstWords], None], *, only: str | None = None) -> int:
    """Runs until it is told to stop. `only` names one process to run alone. Raises BadInput for a name that is none.

    Raises PersonMustAct where the console's port is taken.
    """
    log_to_stderr()
    if only is not None and only not in PROCESSES:
        raise BadInput(f"one of {', '.join(PROCESSES)} is wanted, not {only!r}", where="--only")
    if only in (None, "web"):
        refuse_taken_port(settings.host, settings.port)
    keep_from_others()
    tell(first_start(settings))
    if only is not None:
        importlib.import_module(f"vms.app.{only}").run(settings)
        return 0
    children: dict[str, tuple[str, ...]] = {name: (sys.executable, "-m", f"vms.app.{name}") for name in PROCESSES}
    return Supervisor(children, {name: needed_by(name, settings).model_dump_json() for name in PROCESSES}).run()


def needed_by(name: str, settings: Settings) -> Settings:
    """No process is told a secret that it has no use for."""
    without: dict[str, str] = {"admin_password": ""}
    if name == "gateway":  # the web process hands it each stream's login as it is wanted
        without |= {"secret_key": "", "database_url": ""}
    return settings.model_copy(update=without)


def first_start(settings: Settings) -> FirstWords:
    """Data folder, tables, key, credential sets and, once, the administrator."""
    prepare(settings)
    database = open_database(settings)
    try:
        made = ensure_administrator(database, settings.admin_password or None, system_clock())
    finally:
        database.close()
    return FirstWords(
        url=f"http://{settings.host}:{settings.port}",
        administrator=None if made is None else made.name,
        password=None if made is None else made.made_password,
    )
