"""What a person's list of cameras may hold: the filter and the search that were asked, within what the person sees."""

from datetime import datetime
from typing import Annotated

from fastapi import Query

from vms.access.roles import SEES_PENDING, Person, Role, sees_addresses
from vms.access.sight import reads_owners
from vms.core.errors import NotAllowed
from vms.core.ids import OwnerId
from vms.inventory.filters.expression import is_judged, parse_filter
from vms.services.archive.archive_memory import ArchiveMemory
from vms.store.camera_filter import CameraFilter
from vms.store.camera_order import JUDGED

NOBODY = OwnerId(-1)
FilterText = Annotated[
    str, Query(max_length=4000, description="e.g. `tier=unit and status=down`; the fields: GET filter-fields")
]
SearchText = Annotated[str, Query(max_length=200, description="words in anything that names a camera; pinyin too")]


def visible_to(person: Person, filter_text: str = "", q: str = "", *, owner_id: int | None = None) -> CameraFilter:
    """Raises FilterError, NotAllowed."""
    return CameraFilter(
        owner_id=owner_seen_by(person, owner_id),
        in_service_only=in_service_only(person),
        sees_addresses=sees_addresses(person),
        crew_of=person.maintainer_id,
        text=q,
        expression=parse_filter(filter_text),
    )


def follow_archive(archive: ArchiveMemory, wanted: CameraFilter, now: datetime, sort: str = "") -> None:
    """Where a list asks for what is judged of records, they are judged first as they are now."""
    if is_judged(wanted.expression) or sort.removeprefix("-") == JUDGED:
        archive.follow(now)


def owner_seen_by(person: Person, asked: int | None) -> OwnerId | None:
    """Owners see their own cameras alone. Raises NotAllowed."""
    if person.role is Role.OWNER:
        return person.owner_id or NOBODY
    if asked is not None and not reads_owners(person):
        raise NotAllowed("your role may not filter by owner", code="role")
    return None if asked is None else OwnerId(asked)


def in_service_only(person: Person) -> bool:
    """Cameras that are not in service are shown to those who may know of them, and to their owners."""
    return person.role not in SEES_PENDING and person.role is not Role.OWNER


def compare_owners(person: Person) -> None:
    """Raises NotAllowed for who reads whose a camera is of single cameras alone."""
    if not reads_owners(person):
        raise NotAllowed("a firm's crew may not compare owners; choose region, tier or firm", code="role")
