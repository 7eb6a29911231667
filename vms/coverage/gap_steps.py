"""What people make of a gap: open → confirmed → noted → planned; the program closes it when it is covered."""

from enum import StrEnum

from vms.core.errors import BadInput, Conflict


class GapState(StrEnum):
    OPEN = "open"
    CONFIRMED = "confirmed"
    """Somebody says that it is one."""
    NOTED = "noted"
    """Somebody was there and wrote down what stands in the way."""
    PLANNED = "planned"
    """A plan is to close it."""


class GapStep(StrEnum):
    CONFIRM = "confirm"
    NOTE = "note"
    PLAN = "plan"
    REOPEN = "reopen"
    """It was confirmed, noted or planned by mistake."""
    ASSIGN = "assign"
    COMMENT = "comment"


_TO = {
    GapStep.CONFIRM: GapState.CONFIRMED,
    GapStep.NOTE: GapState.NOTED,
    GapStep.PLAN: GapState.PLANNED,
    GapStep.REOPEN: GapState.OPEN,
}
_ORDER = tuple(GapState)
WORDS = {GapStep.NOTE, GapStep.COMMENT}
"""Steps that say something."""


def stepped(state: GapState, step: GapStep, *, closed: bool, text: str, plan_id: int | None) -> GapState:
    """The state afterwards. Raises BadInput for a step that says too little, Conflict for one that leads nowhere."""
    if step in WORDS and not text:
        raise BadInput("some words are wanted", where="text")
    if step is GapStep.PLAN and plan_id is None:
        raise BadInput("the plan's number is wanted", where="plan_id")
    to = _TO.get(step)
    if to is None:
        return state
    if closed:
        raise Conflict("this gap is closed; it can be commented on", code="gap_closed")
    if step is GapStep.REOPEN:
        if state is GapState.OPEN:
            raise Conflict("nobody has made anything of this gap yet", code="gap_state")
        return to
    if to is GapState.CONFIRMED and state is not GapState.OPEN:
        raise Conflict(f"this gap is {state.value} already", code="gap_state")
    return max(state, to, key=_ORDER.index)
