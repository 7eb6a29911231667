"""What a list may do to the state of a record: accept what waits; every other step is taken in the record itself."""

from vms.inventory.camera import LifeCycle

_L = LifeCycle


def state_of_new(told: LifeCycle | None, taken_in_as: LifeCycle) -> LifeCycle | None:
    """None: what is retired elsewhere is not taken in."""
    if told is _L.RETIRED:
        return None
    return told if told in (_L.PENDING, _L.DRAFT, _L.SUBMITTED) else taken_in_as


def state_after(stored: LifeCycle, told: LifeCycle | None, taken_in_as: LifeCycle) -> LifeCycle | None:
    """Of a record that the list describes. None: the list says another state, and it is not a list that changes it."""
    if stored is _L.PENDING and told is not _L.RETIRED:
        return state_of_new(told, taken_in_as)
    if told is None or told is stored or (told.in_service and stored.in_service):
        return stored
    return None


def other_state(camera_id: int, stored: LifeCycle, told: LifeCycle | None) -> str:
    if stored is _L.RETIRED:
        return f"camera {camera_id} is retired; take its record back as a draft before it is changed"
    return (
        f"the list says {told}, camera {camera_id} is {stored}; a list does not change that, the record's own page does"
    )
