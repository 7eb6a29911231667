"""An incident is reported: find the spot, write it down, tell."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from vms.access.roles import Person
from vms.core.coordinates import to_wgs84
from vms.core.errors import BadInput
from vms.core.geo import Wgs84
from vms.core.ids import IncidentId
from vms.inventory.camera import CoordinateSystem
from vms.linkage.incident import Incident, IncidentSource, IncidentStatus, checked
from vms.places.locate import Match
from vms.store import camera_board, incidents
from vms.store.database import Database

GOOD_ENOUGH = 0.5
"""An address that agrees less than this is asked back, not guessed."""
EARLIEST = timedelta(days=30)
LATEST = timedelta(minutes=5)

Locate = Callable[[str, int], Sequence[Match]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """As it came in. Where: x and y in `system`, else the pole, else the address."""

    x: float | None = None
    y: float | None = None
    system: CoordinateSystem = CoordinateSystem.WGS84
    address_text: str = ""
    pole_code: str = ""
    category: str = ""
    level: int = 3
    source: str = "110"
    summary: str = ""
    incident_no: str | None = None
    reported_at: datetime | None = None


def open_incident(database: Database, report: Report, person: Person, locate: Locate, now: datetime) -> Incident:
    """Raises BadInput where the spot cannot be found, Conflict where the number is taken."""
    try:
        source = IncidentSource(report.source)
    except ValueError:
        raise BadInput(f"known are {', '.join(IncidentSource)}", where="source") from None
    reported_at = report.reported_at or now
    if not now - EARLIEST <= reported_at <= now + LATEST:
        raise BadInput("more than 30 days ago, or in the future", where="reported_at")
    with database.writing() as tx:
        pole = camera_board.position_of_pole(tx, report.pole_code) if report.pole_code else None
        position, address_text = _where(report, pole, locate)
        incident = Incident(
            incident_id=IncidentId(0),
            incident_no=report.incident_no or "",
            source=source,
            category=report.category or "other",
            level=report.level,
            reported_at=reported_at,
            address_text=address_text,
            position=position,
            summary=report.summary,
        )
        return incidents.add(tx, checked(incident), created_by=person.user_id, now=now)


def set_incident_status(database: Database, incident_id: int, status: str, now: datetime) -> Incident:
    """Raises NotFound, BadInput, Conflict."""
    try:
        wanted = IncidentStatus(status)
    except ValueError:
        raise BadInput(f"known are {', '.join(IncidentStatus)}", where="status") from None
    with database.writing() as tx:
        return incidents.set_status(tx, incident_id, wanted, now)


def _where(report: Report, pole: Wgs84 | None, locate: Locate) -> tuple[Wgs84, str]:
    if report.x is not None and report.y is not None:
        return to_wgs84(report.x, report.y, report.system), report.address_text
    if pole is not None:
        return pole, report.address_text or report.pole_code
    for field, text in (("pole_code", report.pole_code), ("address_text", report.address_text)):
        if not text:
            continue
        found = locate(text, 3)
        if found and found[0].score >= GOOD_ENOUGH:
            return found[0].place.position, report.address_text or found[0].place.name
        guesses = ", ".join(match.place.name for match in found)
        raise BadInput("no such place is known" + (f"; did you mean {guesses}?" if guesses else ""), where=field)
    raise BadInput("say where: lon and lat, address_text or pole_code", where="lon")
