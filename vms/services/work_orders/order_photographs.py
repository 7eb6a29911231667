"""Photographs of a repair, before and after: files first, rows after, told twice is kept once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from vms.access.roles import Person
from vms.core.errors import Conflict, NotAllowed
from vms.inventory.tier import Tier
from vms.maintenance.may_step import Standing, standing
from vms.media.photograph import tidy_photograph
from vms.services.archive.photographs import keep_file, read_file, sha_of, thumbnail_of
from vms.services.work_orders.former_firm import done_before, seen_by, seen_or_left
from vms.store import work_order_steps
from vms.store.database import Database
from vms.store.work_order_steps import NewOrderPhotograph, OrderPhotograph, PhotographMoment
from vms.store.work_orders import StoredOrder

MOST_OF_AN_ORDER = 24
AFTER_THE_END = timedelta(days=7)
"""So long photographs that a phone kept are taken in after an order was closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedInPhotograph:
    order_id: int
    moment: PhotographMoment
    data: bytes
    token: str | None = None
    at: datetime | None = None
    """When it was taken; None: now."""
    sent_at: datetime | None = None
    """What the phone's clock said when it was sent."""


def add_order_photograph(
    database: Database, folder: Path, new: HandedInPhotograph, person: Person, now: datetime
) -> OrderPhotograph:
    """Blocking, up to a second. Raises NotFound, NotAllowed, BadInput, Conflict."""
    with database.reading() as tx:
        known = _check(tx, new, person, now)
    if known is not None:
        return known
    tidy = tidy_photograph(new.data)
    file = keep_file(folder, tidy)
    with database.writing() as tx:
        seen_or_left(tx, new.order_id, person, to_change=True)
        known = _check(tx, new, person, now)
        if known is not None:
            return known
        row = NewOrderPhotograph(
            order_id=new.order_id,
            moment=new.moment,
            file=file,
            sha256=sha_of(tidy.jpeg),
            width=tidy.width,
            height=tidy.height,
            size_bytes=len(tidy.jpeg),
            token=new.token,
        )
        return work_order_steps.add_photograph(tx, row, person.name, now)


def order_photograph(
    database: Database, folder: Path, order_id: int, photograph_id: int, person: Person, *, thumbnail: bool = False
) -> bytes:
    """Raises NotFound, NotAllowed."""
    with database.reading() as tx:
        stored = seen_by(tx, order_id, person)
        if not may_see_photographs(stored, person):
            raise NotAllowed("photographs of repairs at private cameras are for the office and the crew", code="role")
        found = work_order_steps.photograph(tx, order_id, photograph_id)
    return read_file(folder, thumbnail_of(found.content.file) if thumbnail else found.content.file)


def may_see_photographs(stored: StoredOrder, person: Person) -> bool:
    """The office and the firm see what was photographed; others only at the government's cameras."""
    who = standing(person, stored.order.maintainer_id, stored.about.owner_id)
    if who in (Standing.OFFICE, Standing.CREW):
        return True
    return who is Standing.STAFF and stored.about.tier is Tier.GOVERNMENT


def _check(tx: Connection, new: HandedInPhotograph, person: Person, now: datetime) -> OrderPhotograph | None:
    """One with the same token that is there already."""
    stored, left_at = seen_or_left(tx, new.order_id, person)
    who = standing(person, stored.order.maintainer_id, stored.about.owner_id) if left_at is None else Standing.CREW
    if who not in (Standing.OFFICE, Standing.CREW):
        raise NotAllowed("photographs are added by the office and the crew", code="role")
    if new.token is not None:
        known = work_order_steps.photograph_with_token(tx, new.token)
        if known is not None:
            if known.content.order_id != new.order_id or known.added_by != person.name[:80]:
                raise Conflict("this token belongs to another photograph", code="token_taken")
            return known
    if left_at is not None:
        done_before(left_at, stored, new.at, new.sent_at, now)
    closed_at = stored.order.closed_at
    if closed_at is not None and now - closed_at > AFTER_THE_END:
        raise Conflict("the order is over", code="not_now")
    if len(work_order_steps.photographs_of(tx, new.order_id)) >= MOST_OF_AN_ORDER:
        raise Conflict(f"{MOST_OF_AN_ORDER} photographs are the most of one order", code="too_many_photographs")
    return None
