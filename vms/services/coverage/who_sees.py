"""Who sees this point, else who is nearest: from the index and what is kept beside it, current to the last event.

The store is asked for one thing before each answer: whether anything has happened since the last one.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from vms.access.consent import ConsentMode
from vms.access.decide import CameraAccess, Decision, Grant, IncidentScene, LookKind, decide
from vms.access.rights import rights_for
from vms.access.roles import Person
from vms.core.geo import Wgs84
from vms.core.ids import CameraId, IncidentId
from vms.coverage.lookup import ANY_RIGHTS
from vms.coverage.sightings import Sighting
from vms.health.status import Status
from vms.inventory.tier import Tier


class CameraFacts(NamedTuple):
    """What an answer says of a camera besides what it sees."""

    name: str
    status: Status
    blind: bool
    """By a fault through which nobody sees anything."""
    access: CameraAccess


class Seer(NamedTuple):
    """A tuple, as `Sighting` is and for the same reason."""

    sighting: Sighting
    name: str
    tier: str
    status: Status
    decision: Decision
    usable: bool
    """Not ill, and the person may look, as if something were reported at the point."""


class FactBook:
    """Facts of the cameras in the index. Whoever changes or reads it holds the index's lock."""

    def __init__(self) -> None:
        self._facts: dict[CameraId, CameraFacts] = {}

    def take_in(self, found: Mapping[CameraId, CameraFacts]) -> None:
        self._facts.update(found)

    def keep_only(self, camera_ids: Iterable[CameraId]) -> None:
        kept = set(camera_ids)
        self._facts = {camera_id: facts for camera_id, facts in self._facts.items() if camera_id in kept}

    def accesses(self, camera_ids: Iterable[CameraId]) -> list[tuple[CameraId, CameraAccess]]:
        return [(one, self._facts[one].access) for one in camera_ids if one in self._facts]

    def by_tier(self) -> dict[Tier, list[CameraId]]:
        found: dict[Tier, list[CameraId]] = {tier: [] for tier in Tier}
        for camera_id, facts in self._facts.items():
            found[facts.access.tier].append(camera_id)
        return found

    def of(self, sightings: Iterable[Sighting]) -> list[tuple[Sighting, CameraFacts]]:
        return [(seen, self._facts[seen.camera_id]) for seen in sightings if seen.camera_id in self._facts]


def mask_for(person: Person, *, permitted: bool) -> int:
    """`permitted`: only cameras that the person may perhaps look at."""
    return int(rights_for(person)) if permitted else ANY_RIGHTS


def asks_owners(found: Iterable[tuple[Sighting, CameraFacts]]) -> bool:
    """Is there one whose owner is asked each time? Then the grants count."""
    consents = (facts.access.consent for _, facts in found)
    return any(said is not None and said.mode is ConsentMode.ON_REQUEST for said in consents)


def seers_for(
    found: Iterable[tuple[Sighting, CameraFacts]],
    person: Person,
    point: Wgs84,
    grants: Iterable[Grant],
    now: datetime,
    *,
    permitted: bool,
) -> tuple[Seer, ...]:
    here = IncidentScene(incident_id=IncidentId(0), position=point, open=True)
    known = tuple(grants)
    seers = []
    for sighting, facts in found:
        decision = decide(person, facts.access, LookKind.LIVE, incident=here, grants=known, now=now)
        if not permitted or decision.allowed:
            status = facts.status
            ill = status is Status.DOWN or (facts.blind and status is not Status.UNKNOWN)
            tier = facts.access.tier.value
            seers.append(Seer(sighting, facts.name, tier, status, decision, decision.allowed and not ill))
    return tuple(seers)
