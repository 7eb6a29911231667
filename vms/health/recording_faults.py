"""What is wrong with a camera's recordings: of the last full day and the running one, and how far back they reach."""

from collections.abc import Iterable

from vms.health.fault import LAYER_OF, Fault, FaultKind, Severity
from vms.health.footage import DayOfFootage, RecordingPlan, Retention, whole_days

_HOUR_S = 3600.0


def missing_faults(full_day: DayOfFootage, most_share: float) -> Iterable[Fault]:
    """`most_share`: of the plan, 0 … 1, that may be missing."""
    planned_s, missing_s = full_day.planned.total_seconds(), full_day.missing.total_seconds()
    if planned_s and missing_s > most_share * planned_s:
        because = f"{missing_s / _HOUR_S:.1f} / {planned_s / _HOUR_S:.1f} h ({full_day.day.isoformat()})"
        yield _fault(FaultKind.RECORDING_MISSING, Severity.MAJOR, because)


def retention_faults(retention: Retention, plan: RecordingPlan) -> Iterable[Fault]:
    if retention.too_short:
        because = f"{whole_days(retention.days_kept)} / {retention.days_wanted} d"
        yield _fault(FaultKind.RETENTION_SHORT, Severity.MAJOR, because)
    if retention.too_long:
        because = f"{whole_days(retention.days_kept)} / {plan.days_most} d"
        yield _fault(FaultKind.RETENTION_LONG, Severity.MINOR, because)


def unplayable_fault(because: str) -> Fault:
    return _fault(FaultKind.RECORDING_UNPLAYABLE, Severity.MAJOR, because)


def caption_fault(because: str) -> Fault:
    return _fault(FaultKind.OSD_WRONG, Severity.MINOR, because)


def _fault(kind: FaultKind, severity: Severity, because: str) -> Fault:
    return Fault(kind=kind, layer=LAYER_OF[kind], severity=severity, because=because)
