"""Which faults count against a camera: not what an area's weather shows, nor what staff called no fault or accepted."""

from sqlalchemy import ColumnElement, and_, or_, select

from vms.health.fault import Severity, breaks_intactness
from vms.health.picture.finding import Judgement
from vms.store.outages import WEATHER_KINDS
from vms.store.schema import fault_verdicts, faults, outages

_NO_FAULT = (Judgement.FALSE.value, Judgement.ACCEPTED.value)
_BREAKING = [severity.value for severity in Severity if breaks_intactness(severity)]


def is_its_own() -> ColumnElement[bool]:
    """Over `faults`."""
    c, v = faults.c, fault_verdicts.c
    weather = select(outages.c.id).where(outages.c.kind.in_(WEATHER_KINDS))
    excused = select(v.id).where(v.fault_id == c.id, v.withdrawn_at.is_(None), v.verdict.in_(_NO_FAULT)).exists()
    return and_(or_(c.outage_id.is_(None), c.outage_id.not_in(weather)), ~excused)


def breaks_its_intactness() -> ColumnElement[bool]:
    return and_(faults.c.severity.in_(_BREAKING), is_its_own())
