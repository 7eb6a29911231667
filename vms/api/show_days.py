"""A camera's past as models: statuses over time, notices, days as parts."""

from collections.abc import Iterable, Sequence

from vms.api.models.cameras import CalendarDay, NoticeSpan, StatusSpan
from vms.assessment.day_parts import DaySpent
from vms.health.outages.notice import Notice
from vms.health.uptime import Spell
from vms.store.faults import FaultRow


def show_spans(found: Iterable[Spell]) -> list[StatusSpan]:
    return [StatusSpan(status=one.status, from_at=one.start, to_at=one.end) for one in found]


def show_notices(found: Iterable[Notice]) -> list[NoticeSpan]:
    return [NoticeSpan(id=one.notice_id, kind=one.kind, start_at=one.start_at, end_at=one.end_at) for one in found]


def show_days(spent: Sequence[DaySpent], faults: Sequence[FaultRow]) -> list[CalendarDay]:
    return [
        CalendarDay(
            day=one.day,
            length_s=(one.end - one.start).total_seconds(),
            parts_s={part: length.total_seconds() for part, length in one.parts.items()},
            faults=[
                row.fault_id
                for row in faults
                if row.opened_at < one.end and (row.closed_at is None or row.closed_at > one.start)
            ],
        )
        for one in spent
    ]
