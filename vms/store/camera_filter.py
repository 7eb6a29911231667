"""Which cameras, in which order: the conditions of a list, as SQL."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from vms.core.errors import NotAllowed
from vms.core.ids import DeviceId, MaintainerId, OwnerId
from vms.health.status import Status
from vms.inventory.camera import LifeCycle
from vms.inventory.filters.expression import Expression, asked_names, is_judged, restricted_fields, whose_fields
from vms.inventory.filters.search_text import WHOSE, network_term, search_terms
from vms.inventory.tier import Tier
from vms.store import judgements, maintainers
from vms.store.cameras_in_hand import is_in_hand
from vms.store.filter_conditions import FIRM_FIELDS, Told, condition_of, has_status, speaking_session
from vms.store.firm_by_rules import firm_by_rules
from vms.store.region_scope import is_within
from vms.store.schema import cameras, search_texts
from vms.store.watch_sessions import latest_session


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraFilter:
    """None and empty: whatever it is."""

    tier: Tier | None = None
    region_code: str = ""
    """The region and everything below it in the tree: vms.store.region_scope."""
    status: Status | None = None
    owner_id: OwnerId | None = None
    maintainer_id: MaintainerId | None = None
    """Who would get its faults by the rules."""
    device_id: DeviceId | None = None
    life_cycle: LifeCycle | None = None
    in_service_only: bool = False
    text: str = ""
    """Every word of it somewhere in names, places, numbers, maker, owner; Chinese also by pinyin."""
    sees_addresses: bool = False
    """Network addresses are searched and filtered by as well."""
    crew_of: MaintainerId | None = None
    """Asked by this firm's crew: not by owners and serial numbers, and by their words only cameras it was sent for."""
    owners_told: bool = False
    """The answer names owners: to a crew, of those cameras only that it was sent for."""
    bbox: tuple[float, float, float, float] | None = None
    """West, south, east, north; degrees."""
    expression: Expression | None = None
    """Of filter_expression.parse_filter."""


_NOT_IN_SERVICE = tuple(sorted(state.value for state in LifeCycle if not state.in_service))


def conditions(
    tx: Connection, wanted: CameraFilter, now: datetime, *, searched: bool = False
) -> list[ColumnElement[bool]]:
    """Over `cameras` alone: for any statement that selects from it. `searched`: words are looked for beside."""
    c = cameras.c
    found: list[ColumnElement[bool]] = []
    if wanted.tier is not None:
        found.append(c.tier == wanted.tier.value)
    if wanted.region_code:
        found.append(is_within(c.region_code, wanted.region_code))
    if wanted.owner_id is not None:
        found.append(c.owner_id == wanted.owner_id)
    if wanted.maintainer_id is not None:
        found.append(firm_by_rules(tx, maintainers.rules(tx)) == wanted.maintainer_id)
    if wanted.device_id is not None:
        found.append(c.device_id == wanted.device_id)
    if wanted.life_cycle is not None:
        found.append(c.life_cycle == wanted.life_cycle.value)
    if wanted.in_service_only:
        found.append(c.life_cycle.not_in(_NOT_IN_SERVICE))  # so that an index serves the order and not this
    if search_terms(wanted.text):
        found.append(c.id.in_(select(search_texts.c.camera_id).where(found_by(tx, wanted))))
    if wanted.status is not None:
        found.append(has_status(frozenset({wanted.status.value}), speaking_session(latest_session(tx), now)))
    if wanted.bbox is not None:
        found.append(_inside(wanted.bbox))
    if wanted.expression is not None:
        refuse_hidden(wanted.expression, sees_addresses=wanted.sees_addresses, sees_owners=wanted.crew_of is None)
        if is_judged(wanted.expression):
            judgements.require(tx)
        found.append(condition_of(wanted.expression, _told(tx, wanted.expression, now)))
    if wanted.crew_of is not None and wanted.owners_told:
        found.append(is_in_hand(c.id, wanted.crew_of))
    elif wanted.crew_of is not None and (searched or search_terms(wanted.text)):
        found.append(or_(c.tier != Tier.HOUSEHOLD.value, is_in_hand(c.id, wanted.crew_of)))
    return found


def refuse_hidden(expression: Expression | None, *, sees_addresses: bool, sees_owners: bool) -> None:
    """Raises NotAllowed for what tells an address, an owner or a serial number to who may not read it."""
    hidden = restricted_fields(expression) if not sees_addresses else ()
    if not sees_owners:
        hidden += whose_fields(expression)
    if hidden:
        raise NotAllowed(f"your role may not filter by {', '.join(hidden)}", code="role")


def _told(tx: Connection, expression: Expression, now: datetime) -> Told:
    speaking = speaking_session(latest_session(tx), now)
    if asked_names(expression).isdisjoint(FIRM_FIELDS):
        return Told(speaking)
    return Told(speaking, firm_by_rules(tx, maintainers.rules(tx)))


def is_narrow(wanted: CameraFilter) -> bool:
    """Does it ask for more than what somebody may know of?"""
    return (
        replace(wanted, in_service_only=False, sees_addresses=False, crew_of=None, owners_told=False) != CameraFilter()
    )


def found_by(tx: Connection, wanted: CameraFilter) -> ColumnElement[bool]:
    """Over `search_texts` alone: every word is somewhere in it; a number alone may be the camera's id. A crew looks
    through what tells the owner of those cameras alone that it was sent for."""
    if wanted.crew_of is None:
        return _fits(tx, wanted, whole=True)
    mine = is_in_hand(search_texts.c.camera_id, wanted.crew_of)
    return and_(_fits(tx, wanted, whole=True), or_(_fits(tx, wanted, whole=False), mine))


def _fits(tx: Connection, wanted: CameraFilter, *, whole: bool) -> ColumnElement[bool]:
    found: list[ColumnElement[bool]] = []
    for term in search_terms(wanted.text):
        column = search_texts.c.letters if term.isascii() else search_texts.c.words
        there = _within(tx, column if whole else _own_part(tx, column), term)
        if wanted.sees_addresses and term.isascii():
            there = or_(there, _within(tx, search_texts.c.network, network_term(term)))
        found.append(there)
    fits, typed = and_(*found), wanted.text.strip()
    if typed.isascii() and typed.isdecimal() and len(typed) <= 15:
        return or_(fits, search_texts.c.camera_id == int(typed))
    return fits


def _own_part(tx: Connection, column: ColumnElement[str]) -> ColumnElement[str]:
    """Nothing where the text was made before owners were told apart in it."""
    until = func.instr(column, WHOSE) if tx.dialect.name == "sqlite" else func.strpos(column, WHOSE)
    return func.substr(column, 1, until)


def _within(tx: Connection, column: ColumnElement[str], term: str) -> ColumnElement[bool]:
    """SQLite's LIKE is quick for letters only."""
    if tx.dialect.name == "sqlite" and not term.isascii():
        return func.instr(column, term) > 0
    return column.contains(term, autoescape=True)


def _inside(bbox: tuple[float, float, float, float]) -> ColumnElement[bool]:
    west, south, east, north = bbox
    c = cameras.c
    declared = and_(c.lon.between(west, east), c.lat.between(south, north))
    observed = and_(c.lon.is_(None), c.observed_lon.between(west, east), c.observed_lat.between(south, north))
    return or_(declared, observed)
