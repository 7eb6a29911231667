"""Whether a camera's recordings reach back as far as they must."""

from vms.store.assessment_facts import DaysKept

USUAL_RETENTION_DAYS = 30


def keeps_long_enough(found: DaysKept) -> bool:
    return found.days_kept >= (found.retention_days or USUAL_RETENTION_DAYS)
