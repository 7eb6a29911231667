"""What a role is for, and which doors of the program it opens."""

from dataclasses import dataclass
from enum import StrEnum

from vms.core.ids import MaintainerId, OwnerId, UserId
from vms.inventory.camera import LifeCycle


class Role(StrEnum):
    ADMIN = "admin"
    OPERATOR = "operator"
    """A seat in the command centre."""
    MAINTAINER = "maintainer"
    REVIEWER = "reviewer"
    """Decides on registrations."""
    PLANNER = "planner"
    OWNER = "owner"
    """A unit or household that has a user of its own; sees its own cameras only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    user_id: UserId
    name: str
    role: Role
    owner_id: OwnerId | None = None
    maintainer_id: MaintainerId | None = None
    """The firm that a maintainer works for; None: the office's own staff."""


STAFF = frozenset(Role) - {Role.OWNER}
LOOKERS = frozenset({Role.ADMIN, Role.OPERATOR})
"""Roles that look at pictures as their work."""
SEES_PENDING = frozenset({Role.ADMIN, Role.MAINTAINER, Role.REVIEWER})
"""Roles that know of cameras which nobody has accepted yet."""
SEES_ADDRESSES = frozenset({Role.ADMIN, Role.MAINTAINER})
"""Roles that read network addresses of cameras; of a firm's crew, see vms.access.sight."""


def sees_addresses(person: Person) -> bool:
    """Network addresses of whatever it is: a firm's crew reads those of the cameras alone that it was sent for."""
    return person.role in SEES_ADDRESSES and person.maintainer_id is None


def may_know_of(person: Person, life_cycle: LifeCycle, owner_id: OwnerId | None) -> bool:
    """Is the camera shown to this person at all?"""
    if person.role is Role.OWNER:
        return owner_id is not None and owner_id == person.owner_id
    return life_cycle.in_service or person.role in SEES_PENDING
