"""The life of orders in the store: healed, verified, sent back, resting, late, back again; steps of people."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from tests.builders.access import a_person
from tests.builders.orders import POLICY, Town
from vms.access.roles import Person, Role
from vms.api.show_orders import show_whole
from vms.core.errors import BadInput, Conflict, NotAllowed, NotFound
from vms.core.ids import CameraId, MaintainerId
from vms.health.fault import FaultKind, Severity
from vms.health.status import Status
from vms.inventory.camera import LifeCycle
from vms.maintenance.order import Action, OrderState, Outcome, Part
from vms.services.work_orders.open_by_hand import ByHand, open_by_hand
from vms.services.work_orders.take_step import AskedStep, take_step
from vms.store import cameras, events, work_order_steps
from vms.store.database import Database
from vms.store.schema import cameras as camera_table
from vms.store.schema import fault_verdicts
from vms.store.work_orders import StoredOrder

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
OFFICE = a_person(Role.ADMIN, name="office")


@pytest.fixture
def town(sqlite_database: Database) -> Town:
    return Town(database=sqlite_database, now=NOON)


@pytest.fixture
def either_town(database: Database) -> Town:
    """For what PostgreSQL does in another way."""
    return Town(database=database, now=NOON)


def crew_of(firm: MaintainerId, name: str = "wang") -> Person:
    return a_person(Role.MAINTAINER, name=name, maintainer_id=firm)


def an_open_order(town: Town, **fault: Any) -> tuple[CameraId, StoredOrder]:
    camera = town.camera()
    town.seen(camera, Status.DOWN)
    town.fails(camera, **fault)
    town.later(minutes=3)
    town.turn()
    return camera, town.orders()[-1]


def do(town: Town, order: StoredOrder, action: Action, person: Person = OFFICE, **asked: Any) -> StoredOrder:
    return take_step(town.database, order.order_id, AskedStep(action=action, **asked), person, town.now)


def actions_of(town: Town, order: StoredOrder) -> list[str]:
    with town.database.reading() as tx:
        return [step.action.value for step in work_order_steps.of_order(tx, order.order_id)]


def test_what_comes_back_before_anybody_was_sent_is_closed_as_healed_by_itself(town: Town) -> None:
    camera, _ = an_open_order(town)
    town.heals(camera)
    assert town.turn().healed == 1
    town.later(minutes=9)
    assert town.turn().closed == 0
    town.later(minutes=2)
    assert town.turn().closed == 1
    closed = town.only_order()
    with pytest.raises(Conflict, match="the order is over"):
        do(town, closed, Action.REPAIR, at=town.now - timedelta(minutes=12))
    order = town.only_order().order
    assert (order.state, order.outcome, order.on_site_at) == (OrderState.CLOSED, Outcome.HEALED, None)


def test_nothing_is_verified_while_nobody_looks(town: Town) -> None:
    camera, _ = an_open_order(town)
    town.heals(camera)
    town.turn()
    town.session_id, kept = None, town.session_id  # the poller is gone: its heart does not beat
    town.later(hours=3)
    assert town.turn().closed == 0
    town.session_id = kept
    assert town.turn().closed == 1


def test_a_camera_that_the_new_poller_has_not_seen_yet_is_not_verified(town: Town) -> None:
    camera, _ = an_open_order(town)
    town.heals(camera)
    town.turn()
    town.session_id = None
    town.seen(town.camera("another"))
    town.later(minutes=30)
    assert town.turn().closed == 0
    town.seen(camera)
    assert town.turn().closed == 1


def test_a_repair_is_verified_by_the_program_after_its_good_polls(either_town: Town) -> None:
    town = either_town
    firm = town.firm()
    camera, order = an_open_order(town)
    for action in (Action.ACCEPT, Action.ARRIVE):
        town.later(minutes=10)
        do(town, order, action, crew_of(firm))
    town.heals(camera)
    part = Part(name="power supply", serial_no="P-1")
    do(town, order, Action.REPAIR, crew_of(firm), parts=(part,))
    town.turn()
    town.later(minutes=11)
    assert town.turn().closed == 1
    done = town.only_order().order
    assert (done.state, done.outcome, done.crew) == (OrderState.CLOSED, Outcome.REPAIRED, "wang")
    assert actions_of(town, order) == ["open", "assign", "accept", "arrive", "repair", "verify", "close"]


def test_a_repair_after_which_the_fault_is_still_there_goes_back_in_words(town: Town) -> None:
    firm = town.firm()
    camera, order = an_open_order(town)
    do(town, order, Action.ARRIVE, crew_of(firm))
    do(town, order, Action.REPAIR, crew_of(firm))
    town.later(minutes=9)
    assert town.turn().sent_back == 0
    town.later(minutes=2)
    assert town.turn().sent_back == 1
    with town.database.reading() as tx:
        back = work_order_steps.of_order(tx, order.order_id)[-1]
    assert (back.to_state, back.note) == (OrderState.ON_SITE, "still there 10 min after it was said to be repaired")
    town.heals(camera)
    town.turn()
    town.later(minutes=11)
    town.turn()
    assert town.only_order().order.outcome is Outcome.REPAIRED


def test_a_crew_that_forgot_to_say_so_has_repaired_it_when_it_is_back(town: Town) -> None:
    firm = town.firm()
    camera, order = an_open_order(town)
    do(town, order, Action.ARRIVE, crew_of(firm))
    town.later(minutes=20)
    healed_at = town.now
    town.heals(camera)
    town.turn()
    town.later(minutes=11)
    town.turn()
    done = town.only_order().order
    assert (done.outcome, done.repaired_at) == (Outcome.REPAIRED, healed_at)


def test_what_comes_back_before_it_was_verified_is_the_same_order(town: Town) -> None:
    camera, _ = an_open_order(town)
    town.heals(camera)
    town.turn()
    town.later(minutes=5)
    town.fails(camera)
    assert town.turn().faults_added == 1
    assert (len(town.orders()), town.only_order().order.healed_at) == (1, None)


def test_a_camera_that_flaps_is_one_order_that_is_reopened_with_new_deadlines(town: Town) -> None:
    camera, _ = an_open_order(town)
    town.heals(camera)
    town.turn()
    town.later(minutes=11)
    town.turn()
    town.later(hours=2)
    back_at = town.now
    town.fails(camera)
    town.later(minutes=3)
    assert town.turn().reopened == 1
    order = town.only_order().order
    assert (order.state, order.reopened, order.closed_at) == (OrderState.DETECTED, 1, None)
    assert (order.detected_at, order.repair_by) == (NOON, back_at + timedelta(hours=24))


def test_what_comes_back_after_a_repair_was_closed_is_a_new_order_that_repeats_it(town: Town) -> None:
    firm = town.firm()
    camera, first = an_open_order(town)
    do(town, first, Action.ARRIVE, crew_of(firm))
    do(town, first, Action.REPAIR, crew_of(firm))
    town.heals(camera)
    town.turn()
    town.later(minutes=11)
    town.turn()
    town.later(hours=1)
    town.fails(camera, FaultKind.BLUR, Severity.MAJOR)
    town.later(minutes=3)
    town.turn()
    town.heals(camera, FaultKind.BLUR)
    town.turn()
    town.later(minutes=11)
    town.turn()
    town.later(hours=7)
    town.fails(camera)
    town.later(minutes=3)
    town.turn()
    _, other_kind, again = town.orders()
    assert (other_kind.about.repeat_of, again.about.repeat_of) == (None, None)
    assert [order.order.outcome for order in town.orders()] == [Outcome.REPAIRED, Outcome.HEALED, None]


def test_the_same_fault_soon_after_its_repair_is_counted_as_a_repeat(town: Town) -> None:
    firm = town.firm()
    camera, first = an_open_order(town)
    do(town, first, Action.ARRIVE, crew_of(firm))
    do(town, first, Action.REPAIR, crew_of(firm))
    town.heals(camera)
    town.turn()
    town.later(minutes=11)
    town.turn()
    town.later(days=2)
    town.fails(camera)
    town.later(minutes=3)
    town.turn()
    assert town.orders()[1].about.repeat_of == first.order_id


def test_a_rest_ends_by_itself_and_its_time_is_given_back(town: Town) -> None:
    _, order = an_open_order(town)
    until = town.now + timedelta(hours=30)
    do(town, order, Action.SUSPEND, reason="road_works", until=until)
    town.later(hours=29)
    assert not town.turn().anything
    town.later(hours=2)
    counts = town.turn()
    assert (counts.resumed, counts.late) == (1, 0)
    resumed = town.only_order().order
    assert (resumed.state, resumed.repair_by) == (OrderState.DETECTED, NOON + timedelta(hours=55))


def test_each_missed_deadline_is_told_once(town: Town) -> None:
    an_open_order(town)
    told = []
    for hours in (4, 1, 20, 1):
        town.later(hours=hours)
        told.append(town.turn().late)
    assert told == [1, 0, 1, 0]
    with town.database.reading() as tx:
        news = [event.content["word"] for event in events.after(tx, 0, 1000) if event.kind == "order.late"]
    assert news == ["respond", "repair"]


def test_an_order_of_a_camera_that_was_retired_is_withdrawn(town: Town) -> None:
    camera, _ = an_open_order(town)
    with town.database.writing() as tx:
        cameras.set_life_cycle(tx, camera, LifeCycle.RETIRED, town.now)
    assert town.turn().withdrawn == 1
    assert town.only_order().order.outcome is Outcome.WITHDRAWN


def test_what_a_phone_sends_twice_is_done_once(either_town: Town) -> None:
    town = either_town
    firm = town.firm()
    _, order = an_open_order(town)
    first = do(town, order, Action.ACCEPT, crew_of(firm), token="phone-0001")
    again = do(town, order, Action.ACCEPT, crew_of(firm), token="phone-0001")
    assert (first.order.version, again.order.version) == (2, 2)
    assert actions_of(town, order) == ["open", "assign", "accept"]
    with pytest.raises(Conflict, match="token"):
        do(town, order, Action.ARRIVE, crew_of(firm), token="phone-0001")


def test_steps_done_without_network_keep_their_times_and_their_order(town: Town) -> None:
    firm = town.firm()
    _, order = an_open_order(town)
    start = town.now
    town.later(hours=5)
    do(town, order, Action.ACCEPT, crew_of(firm), at=start + timedelta(hours=1))
    do(town, order, Action.ARRIVE, crew_of(firm), at=start + timedelta(minutes=30))
    set_back = {"at": start + timedelta(hours=9), "sent_at": town.now}  # its clock was set before it could send
    do(town, order, Action.REPAIR, crew_of(firm), **set_back)
    done = town.only_order().order
    assert (done.accepted_at, done.on_site_at, done.repaired_at) == (
        start + timedelta(hours=1),
        start + timedelta(hours=1),
        town.now,
    )


def test_nothing_can_have_been_done_days_ahead(town: Town) -> None:
    firm = town.firm()
    _, order = an_open_order(town)
    with pytest.raises(BadInput, match="future") as refused:
        do(town, order, Action.ACCEPT, crew_of(firm), at=town.now + timedelta(days=3))
    assert (refused.value.where, town.only_order().order.accepted_at) == ("at", None)
    do(town, order, Action.ACCEPT, crew_of(firm), at=town.now + timedelta(minutes=2))
    assert town.only_order().order.accepted_at == town.now, "clocks differ by minutes"


def test_who_saw_an_older_order_looks_again_first(town: Town) -> None:
    town.firm()
    _, order = an_open_order(town)
    do(town, order, Action.NOTE, note="the gate is locked", version=1)
    with pytest.raises(Conflict, match="changed meanwhile"):
        do(town, order, Action.NOTE, note="the key is at the porter's", version=1)


def test_a_false_alarm_teaches_what_looks_for_faults_and_is_not_ordered_again(either_town: Town) -> None:
    town = either_town
    camera, order = an_open_order(town, kind=FaultKind.BLUR, severity=Severity.MAJOR, because="")
    do(town, order, Action.FALSE_ALARM, note="it is fog")
    with town.database.reading() as tx:
        (verdict,) = tx.execute(fault_verdicts.select()).mappings()
    assert (verdict["camera_id"], verdict["kind"], verdict["verdict"]) == (camera, "blur", "false")
    assert (verdict["who"], verdict["note"], verdict["at"]) == ("office", "it is fog", town.now)
    town.later(hours=1)
    assert not town.turn().anything


def test_a_transfer_shows_it_to_the_other_firm_alone(town: Town) -> None:
    east = town.firm("东")
    west = town.firm("西", everything=False)
    _, order = an_open_order(town)
    do(town, order, Action.TRANSFER, maintainer_id=west, note="their area")
    with pytest.raises(Conflict, match="another firm at 2026-11-22 12:03"):
        do(town, order, Action.ACCEPT, crew_of(east))
    with pytest.raises(NotFound):
        do(town, order, Action.ACCEPT, crew_of(MaintainerId(99)))
    assert do(town, order, Action.ACCEPT, crew_of(west)).order.state is OrderState.ACCEPTED


def test_what_a_firm_did_before_its_order_was_given_away_is_kept_as_its_word(either_town: Town) -> None:
    town = either_town
    east = town.firm("东")
    west = town.firm("西", everything=False)
    _, order = an_open_order(town)
    there = town.later(minutes=30)
    town.later(hours=1)
    do(town, order, Action.TRANSFER, maintainer_id=west)
    do(town, order, Action.ACCEPT, crew_of(west, "li"))
    before = town.only_order().order
    town.later(hours=1)
    for _ in range(2):
        do(town, order, Action.ARRIVE, crew_of(east), at=there, sent_at=town.now, token="arrive-0001", note="门锁着")
    assert town.only_order().order == before
    with town.database.reading() as tx:
        (word,) = [one for one in work_order_steps.of_order(tx, order.order_id) if one.who == "wang"]
    assert (word.action, word.at, word.note) == (Action.ARRIVE, there, "门锁着")
    assert (word.from_state, word.to_state) == (OrderState.ACCEPTED, OrderState.ACCEPTED)
    with pytest.raises(NotAllowed):
        do(town, order, Action.CLOSE, crew_of(east), at=there)


def test_a_crew_may_not_stop_its_own_clock(town: Town) -> None:
    firm = town.firm()
    _, order = an_open_order(town)
    for action in (Action.SUSPEND, Action.FALSE_ALARM, Action.DEADLINES):
        with pytest.raises(NotAllowed):
            do(town, order, action, crew_of(firm))


def test_a_step_that_is_refused_leaves_nothing_behind(town: Town) -> None:
    _, order = an_open_order(town)
    with pytest.raises(Conflict, match="possible from"):
        do(town, order, Action.REPAIR)
    with pytest.raises(BadInput, match="reason"):
        do(town, order, Action.SUSPEND, reason="tea", until=town.now + timedelta(hours=1))
    with pytest.raises(BadInput, match="maintainer"):
        do(town, order, Action.ASSIGN, maintainer_id=77)
    assert (town.only_order(), actions_of(town, order)) == (order, ["open"])


def test_an_order_by_hand_is_one_like_the_others_and_waits_for_people(town: Town) -> None:
    firm = town.firm()
    camera = town.camera()
    asked = ByHand(camera_id=camera, reason="the pole leans")
    made = open_by_hand(town.database, asked, OFFICE, POLICY, town.now)
    assert (made.order.state, made.order.maintainer_id, made.about.cause) == (
        OrderState.ASSIGNED,
        firm,
        "the pole leans",
    )
    assert made.order.repair_by == town.now + timedelta(hours=24)
    with pytest.raises(Conflict, match=made.number):
        open_by_hand(town.database, asked, OFFICE, POLICY, town.now)
    with pytest.raises(NotAllowed):
        open_by_hand(town.database, asked, crew_of(firm), POLICY, town.now)
    town.fails(camera)
    town.later(minutes=3)
    assert town.turn().faults_added == 1


def test_orders_that_are_opened_at_once_have_numbers_of_their_own(either_town: Town) -> None:
    town = either_town
    town.firm()
    by_hand = [town.camera(f"by hand {n}") for n in range(6)]
    for number in range(6):
        town.fails(town.camera(f"camera {number}"))
    town.later(minutes=3)

    def open_one(camera: CameraId) -> None:
        open_by_hand(town.database, ByHand(camera_id=camera, reason="leans"), OFFICE, POLICY, town.now)

    with ThreadPoolExecutor(4) as pool:
        doing = [pool.submit(open_one, camera) for camera in by_hand] + [pool.submit(town.turn) for _ in range(3)]
        for one in doing:
            one.result()
    numbers = [order.number for order in town.orders()]
    assert sorted(numbers) == [f"20261122-{n:04d}" for n in range(1, 13)]


def test_a_view_said_to_be_put_right_at_night_is_not_sent_back_before_the_day_can_tell(town: Town) -> None:
    firm = town.firm()
    _, order = an_open_order(town, kind=FaultKind.SCENE_CHANGE, severity=Severity.MAJOR)
    with town.database.writing() as tx:
        tx.execute(update(camera_table).values(lon=113.62, lat=34.75))
    town.now = datetime(2026, 11, 22, 16, tzinfo=UTC)
    do(town, order, Action.ARRIVE, crew_of(firm))
    do(town, order, Action.REPAIR, crew_of(firm))
    town.later(minutes=20)
    assert town.turn().sent_back == 0
    with town.database.reading() as tx:
        (fault,) = show_whole(tx, order.order_id, OFFICE, town.now).faults
    assert fault.waits_for_day
    town.now = datetime(2026, 11, 23, 2, tzinfo=UTC)
    assert town.turn().sent_back == 1
