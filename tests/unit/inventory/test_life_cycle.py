"""A record's life: who may take which step."""

import pytest

from vms.core.errors import Conflict, NotAllowed
from vms.inventory.camera import LifeCycle
from vms.inventory.life_cycle import STEPS, Hand, after_edit, find_step, steps_from

KEEPER, REVIEWER = frozenset({Hand.KEEPER}), frozenset({Hand.REVIEWER})
L = LifeCycle


def may(before, after, hands, *, registered=False, reverts=False):
    try:
        find_step(before, after, hands=hands, registered=registered, reverts=reverts)
    except (Conflict, NotAllowed) as refusal:
        return type(refusal)
    return True


def test_who_keeps_the_archive_submits_and_who_reviews_approves():
    assert may(L.DRAFT, L.SUBMITTED, KEEPER) is True
    assert may(L.DRAFT, L.SUBMITTED, REVIEWER) is NotAllowed
    assert may(L.SUBMITTED, L.APPROVED, REVIEWER) is True
    assert may(L.SUBMITTED, L.APPROVED, KEEPER) is NotAllowed
    assert may(L.SUBMITTED, L.DRAFT, REVIEWER) is True


def test_nobody_approves_their_own_change_by_the_back_door():
    assert may(L.CHANGING, L.APPROVED, KEEPER) is NotAllowed
    assert may(L.CHANGING, L.APPROVED, KEEPER, reverts=True) is NotAllowed
    assert may(L.DRAFT, L.APPROVED, REVIEWER) is Conflict
    assert may(L.RETIRED, L.APPROVED, REVIEWER) is Conflict


def test_what_is_retired_comes_back_as_a_draft_only():
    assert {step.after for step in STEPS if step.before is L.RETIRED} == {L.DRAFT}


@pytest.mark.parametrize("step", STEPS, ids=lambda step: f"{step.before}-{step.after}-{step.reverts}")
def test_a_registered_camera_follows_its_registration(step):
    both = KEEPER | REVIEWER
    allowed = may(step.before, step.after, both, registered=True, reverts=step.reverts)
    assert allowed is (True if step.before is L.CHANGING and step.after is L.APPROVED else Conflict)


def test_every_state_can_be_left():
    assert {step.before for step in STEPS} == set(L)
    assert [step.after for step in steps_from(L.SUBMITTED, hands=REVIEWER, registered=False)] == [L.APPROVED, L.DRAFT]


def test_an_edit_of_an_approved_record_waits_for_approval_and_a_retired_one_is_not_edited():
    assert [after_edit(state) for state in (L.PENDING, L.DRAFT, L.SUBMITTED, L.APPROVED, L.CHANGING)] == [
        L.PENDING,
        L.DRAFT,
        L.SUBMITTED,
        L.CHANGING,
        L.CHANGING,
    ]
    with pytest.raises(Conflict):
        after_edit(L.RETIRED)
