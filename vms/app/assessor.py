"""One assessment as a process: asked on standard input, answered on standard output (see vms.app.assess_beside)."""

import os
import pickle
import sys
from zoneinfo import ZoneInfo

from vms.app.assess_beside import Asked
from vms.app.child import log_to_stderr
from vms.core.errors import VmsError
from vms.services.archive.archive_memory import ArchiveMemory
from vms.services.assessment.assess import Assessment
from vms.services.assessment.office import assess_by
from vms.services.assessment.profiles import read_profile
from vms.store.database import Database
from vms.supervisor import settings_from_parent

NICE = 5
"""Whoever waits for seconds can wait a little longer; a poll cannot."""


def run(asked: Asked) -> Assessment | VmsError:
    """What was counted, or why it was refused."""
    profile = read_profile(str(asked.profile["name"]), asked.profile)
    database = Database(asked.database_url)
    try:
        archive = ArchiveMemory(database)
        return assess_by(database, asked.question, profile, ZoneInfo(asked.zone), asked.now, archive=archive)
    except VmsError as refused:
        return refused
    finally:
        database.close()


if __name__ == "__main__":
    log_to_stderr()
    os.nice(NICE)
    pickle.dump(run(Asked.model_validate_json(settings_from_parent())), sys.stdout.buffer)
    sys.stdout.flush()
