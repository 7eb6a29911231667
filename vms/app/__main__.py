"""A child of the supervisor: `python -m vms.app NAME`, settings on standard input."""

import sys

from vms.app.serve import PROCESSES, log_to_stderr
from vms.config import Settings
from vms.supervisor import settings_from_parent

log_to_stderr()
PROCESSES[sys.argv[1]](Settings.model_validate_json(settings_from_parent()))
