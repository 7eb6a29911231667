"""What stands between a camera and whoever looks as their work, as bits: an index passes over the others by them.

Bits are coarse: they know no place and no hour. A camera that passes is decided on by `decide`, as ever.
"""

from enum import IntFlag

from vms.access.consent import ConsentMode
from vms.access.decide import CameraAccess
from vms.access.roles import LOOKERS, Person, Role
from vms.inventory.tier import Tier


class Right(IntFlag):
    """A camera has exactly one of the first four; `STILL` may stand beside them."""

    LOOK = 1
    """Operators and administrators look."""
    NEAR = 2
    """They look while something is reported near by."""
    ASK = 4
    """They ask its owner first."""
    CLOSED = 8
    """Nobody looks."""
    STILL = 16
    """Maintenance sees a still of it while it is ill."""


def rights_of(camera: CameraAccess) -> Right:
    found = _look(camera)
    if found is not Right.CLOSED and camera.tier is Tier.GOVERNMENT and camera.consent is None:
        found |= Right.STILL
    return found


def rights_for(person: Person) -> Right:
    """The mask that finds what this person may perhaps look at; none for who sees no pictures."""
    if person.role in LOOKERS:
        return Right.LOOK | Right.NEAR | Right.ASK
    return Right.STILL if person.role is Role.MAINTAINER else Right(0)


def _look(camera: CameraAccess) -> Right:
    if not camera.life_cycle.in_service:
        return Right.CLOSED
    said = camera.consent
    if said is None:
        by_role = camera.tier is Tier.GOVERNMENT
        by_agreement = camera.tier in (Tier.UNIT, Tier.COMMUNITY) and camera.agreement
        return Right.LOOK if not camera.registered and (by_role or by_agreement) else Right.CLOSED
    if said.withdrawn_at is not None:
        return Right.CLOSED
    match said.mode:
        case ConsentMode.ALWAYS:
            return Right.LOOK
        case ConsentMode.NEAR_INCIDENT:
            return Right.NEAR
        case ConsentMode.ON_REQUEST:
            return Right.ASK
        case _:
            return Right.CLOSED
