"""A person asks to look at a camera: decided and written to the log in one transaction, before any picture leaves."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from vms.access.agreement import Agreements
from vms.access.decide import CameraAccess, Decision, IncidentScene, LookKind, decide
from vms.access.roles import Person, may_know_of
from vms.core.errors import NotAllowed, NotFound
from vms.core.ids import CameraId
from vms.store import access_requests, camera_access, incidents, looks
from vms.store.database import Database
from vms.store.looks import Look


class LookRefused(NotAllowed):
    """The decision went against it; the sentences are in the decision."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(decision.because_en, code=decision.code)
        self.decision = decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who wants to look at what, and why."""

    person: Person
    camera_id: CameraId
    kind: LookKind
    incident_id: int | None = None
    purpose: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """Permission for one look; `look_id` is its line in the log."""

    look_id: int
    decision: Decision


def take_ticket(database: Database, asked: Asked, agreements: Agreements, now: datetime) -> Ticket:
    """Raises NotFound for a camera or incident that the person may not know of; LookRefused, which is logged too."""
    with database.writing() as tx:
        decision = decide_now(tx, asked, agreements, now)
        look = Look(
            at=now,
            camera_id=asked.camera_id,
            user_id=asked.person.user_id,
            user_name=asked.person.name,
            kind=asked.kind,
            incident_id=incidents.scene(tx, asked.incident_id).incident_id if asked.incident_id is not None else None,
            purpose=asked.purpose,
            allowed=decision.allowed,
            because=decision.code,
        )
        look_id = looks.append(tx, look)
    if not decision.allowed:
        raise LookRefused(decision)
    return Ticket(look_id=look_id, decision=decision)


def refuse_unless_allowed(database: Database, asked: Asked, agreements: Agreements, now: datetime) -> None:
    """Before a picture is fetched, for which a ticket is taken once it is there: what fails leaves no look behind.

    A refusal is logged. Raises as take_ticket.
    """
    with database.reading() as tx:
        allowed = decide_now(tx, asked, agreements, now).allowed
    if not allowed:
        take_ticket(database, asked, agreements, now)


def decide_now(
    tx: Connection, asked: Asked, agreements: Agreements, now: datetime, *, looks_already: bool = False
) -> Decision:
    """The decision as of this transaction; nothing is logged. Raises NotFound.

    `looks_already`: the person knows of the camera; what became of it meanwhile is said, not hidden.
    """
    found = camera_access.of_cameras(tx, [asked.camera_id], agreements).get(asked.camera_id)
    if found is None or not (looks_already or may_know_of(asked.person, found.life_cycle, found.owner_id)):
        raise NotFound(f"there is no camera {asked.camera_id}")
    scene = None if asked.incident_id is None else incidents.scene(tx, asked.incident_id)
    grants = access_requests.live_grants(tx, asked.person.user_id, now)
    return decide(asked.person, found, asked.kind, incident=scene, grants=grants, now=now)


def end_look(database: Database, look_id: int, now: datetime) -> None:
    with database.writing() as tx:
        looks.end(tx, look_id, now)


def decisions_for(
    tx: Connection,
    person: Person,
    camera_ids: Iterable[int],
    agreements: Agreements,
    now: datetime,
    *,
    kind: LookKind = LookKind.LIVE,
    incident: IncidentScene | None = None,
) -> dict[CameraId, Decision]:
    """For lists and rankings: what would be decided now, without looking."""
    accesses: dict[CameraId, CameraAccess] = camera_access.of_cameras(tx, camera_ids, agreements)
    grants = access_requests.live_grants(tx, person.user_id, now)
    return {
        camera_id: decide(person, access, kind, incident=incident, grants=grants, now=now)
        for camera_id, access in accesses.items()
    }
