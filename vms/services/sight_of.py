"""What a person reads of these cameras: a firm's open orders are asked for where a crew asks, once for a whole list."""

from collections.abc import Collection

from sqlalchemy import Connection

from vms.access.roles import Person
from vms.access.sight import Sight
from vms.store.cameras_in_hand import cameras_in_hand


def sight_of(tx: Connection, person: Person, camera_ids: Collection[int]) -> Sight:
    """`camera_ids`: a page of them."""
    if person.maintainer_id is None:
        return Sight(person=person)
    return Sight(person=person, sent_for=frozenset(cameras_in_hand(tx, person.maintainer_id, among=camera_ids)))
