"""Which steps a record may take, who may take them, and what an edit does to it.

    pending ──→ draft ⇄ submitted ──→ approved ⇄ changing
       └───────→ (any of these) ───────→ retired ──→ draft

Who keeps the archive writes, submits and retires; who reviews approves and sends back. A camera that its owner
registered follows the registration: it is approved by the decision on it and retired when the owner leaves.
"""

from dataclasses import dataclass
from enum import StrEnum

from vms.core.errors import Conflict, NotAllowed
from vms.inventory.camera import LifeCycle


class Hand(StrEnum):
    """Whose step it is."""

    KEEPER = "keeper"
    REVIEWER = "reviewer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    before: LifeCycle
    after: LifeCycle
    hands: frozenset[Hand]
    needs_reason: bool = False
    reverts: bool = False
    """The approved values come back."""
    registered: bool = False
    """Also for a camera that follows its owner's registration."""


_KEEPER, _REVIEWER = frozenset({Hand.KEEPER}), frozenset({Hand.REVIEWER})
_BOTH = _KEEPER | _REVIEWER
_L = LifeCycle

STEPS = (
    Step(before=_L.PENDING, after=_L.DRAFT, hands=_KEEPER),
    Step(before=_L.PENDING, after=_L.SUBMITTED, hands=_KEEPER),
    Step(before=_L.PENDING, after=_L.APPROVED, hands=_REVIEWER),
    Step(before=_L.PENDING, after=_L.RETIRED, hands=_KEEPER, needs_reason=True),
    Step(before=_L.DRAFT, after=_L.SUBMITTED, hands=_KEEPER),
    Step(before=_L.DRAFT, after=_L.RETIRED, hands=_KEEPER, needs_reason=True),
    Step(before=_L.SUBMITTED, after=_L.APPROVED, hands=_REVIEWER),
    Step(before=_L.SUBMITTED, after=_L.DRAFT, hands=_BOTH, needs_reason=True),
    Step(before=_L.CHANGING, after=_L.APPROVED, hands=_REVIEWER, registered=True),
    Step(before=_L.CHANGING, after=_L.APPROVED, hands=_REVIEWER, needs_reason=True, reverts=True, registered=True),
    Step(before=_L.APPROVED, after=_L.RETIRED, hands=_KEEPER, needs_reason=True),
    Step(before=_L.CHANGING, after=_L.RETIRED, hands=_KEEPER, needs_reason=True),
    Step(before=_L.RETIRED, after=_L.DRAFT, hands=_KEEPER, needs_reason=True),
)


FOLLOWS_REGISTRATION = frozenset({"tier", "owner", "lon", "lat", "coordinate_system"})
"""Fields of a registered camera that nobody changes around its owner: who may look hangs on them."""


RECLASSIFIES = frozenset({"tier", "owner"})
"""Who may look hangs on these; of a camera in service they are changed by who approves, never by who keeps alone."""
NEEDS_REVIEWER = "the tier and the owner of a camera in use are changed in its record, by who approves records"


def find_step(
    before: LifeCycle, after: LifeCycle, *, hands: frozenset[Hand], registered: bool, reverts: bool = False
) -> Step:
    """Raises Conflict where there is no such step, NotAllowed where it is somebody else's."""
    step = next((one for one in STEPS if (one.before, one.after, one.reverts) == (before, after, reverts)), None)
    if registered and (step is None or not step.registered):
        raise Conflict("this camera follows its owner's registration", code="follows_registration")
    if step is None:
        word = "sent back" if reverts else after.value
        raise Conflict(f"a record that is {before.value} cannot become {word}", code="no_such_step")
    if not step.hands & hands:
        raise NotAllowed("approving and sending back is for reviewers, the rest for who keeps the archive", code="role")
    return step


def steps_from(before: LifeCycle, *, hands: frozenset[Hand], registered: bool) -> tuple[Step, ...]:
    """To offer as buttons."""
    return tuple(
        step for step in STEPS if step.before is before and step.hands & hands and (step.registered or not registered)
    )


def after_edit(life_cycle: LifeCycle) -> LifeCycle:
    """The state of a record once one of its fields was changed. Raises Conflict where it may not be changed."""
    if life_cycle is LifeCycle.RETIRED:
        raise Conflict("a retired camera's record is not changed; take it back as a draft first", code="retired")
    return LifeCycle.CHANGING if life_cycle is LifeCycle.APPROVED else life_cycle
