"""Who may correct a camera's pose: who keeps the archive, and a firm's crew at a camera that it was sent for."""

from sqlalchemy import Connection

from vms.access.roles import Person
from vms.core.errors import NotAllowed
from vms.maintenance.may_step import is_office
from vms.store import fault_verdicts


def may_correct(tx: Connection, person: Person, camera_id: int) -> bool:
    if is_office(person):
        return True
    return person.maintainer_id is not None and fault_verdicts.is_order_of(tx, camera_id, person.maintainer_id)


def refuse_stranger(tx: Connection, person: Person, camera_id: int) -> None:
    """Raises NotAllowed."""
    if not may_correct(tx, person, camera_id):
        raise NotAllowed("a crew corrects the view of cameras that it has an open order about", code="role")
