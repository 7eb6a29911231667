"""Who may see an order, and who may take which step."""

from enum import StrEnum

from vms.access.roles import STAFF, Person, Role
from vms.core.ids import MaintainerId, OwnerId
from vms.maintenance.advance import ways_from
from vms.maintenance.order import Action, OrderState


class Standing(StrEnum):
    """What somebody is to an order."""

    OFFICE = "office"
    """Administrators, and maintainers who work for no firm."""
    CREW = "crew"
    """Of the firm that has it."""
    STAFF = "staff"
    """Sees it, and may say something about it."""
    OWNER = "owner"
    """Of its camera: sees how it goes."""
    NOBODY = "nobody"


_OFFICE = frozenset(
    {
        Action.ASSIGN,
        Action.ACCEPT,
        Action.ARRIVE,
        Action.REPAIR,
        Action.SEND_BACK,
        Action.VERIFY,
        Action.CLOSE,
        Action.SUSPEND,
        Action.RESUME,
        Action.TRANSFER,
        Action.FALSE_ALARM,
        Action.DEADLINES,
        Action.NOTE,
    }
)
_MAY = {
    Standing.OFFICE: _OFFICE,
    Standing.CREW: frozenset({Action.ACCEPT, Action.ARRIVE, Action.REPAIR, Action.NOTE}),
    Standing.STAFF: frozenset({Action.NOTE}),
    Standing.OWNER: frozenset[Action](),
    Standing.NOBODY: frozenset[Action](),
}
"""A crew neither stops the clock of its own order nor calls its fault a false alarm: nobody judges himself."""


def standing(person: Person, maintainer_id: MaintainerId | None, owner_id: OwnerId | None) -> Standing:
    if person.role is Role.OWNER:
        return Standing.OWNER if owner_id is not None and owner_id == person.owner_id else Standing.NOBODY
    if is_office(person):
        return Standing.OFFICE
    if person.role is Role.MAINTAINER:
        return Standing.CREW if maintainer_id == person.maintainer_id else Standing.NOBODY
    return Standing.STAFF if person.role in STAFF else Standing.NOBODY


def is_office(person: Person) -> bool:
    return person.role is Role.ADMIN or (person.role is Role.MAINTAINER and person.maintainer_id is None)


def may_step(who: Standing, action: Action) -> bool:
    return action in _MAY[who]


def open_actions(who: Standing, state: OrderState) -> tuple[Action, ...]:
    """The steps that are possible now for this person, in the order of the work."""
    return tuple(action for action in ways_from(state) if may_step(who, action))
