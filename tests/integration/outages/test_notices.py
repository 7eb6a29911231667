"""Notices (报备): asked, decided by somebody else, withdrawn; they keep orders away and cover whom they covered."""

from datetime import timedelta

import pytest

from tests.builders.fallen_cameras import NOON, FallingTown, a_falling_town, a_node
from tests.builders.orders import Town
from vms.access.roles import Person, Role
from vms.core.errors import BadInput, Conflict, NotAllowed
from vms.core.ids import UserId
from vms.health.outages.node import NodeSource
from vms.health.outages.notice import Notice, NoticeKind, NoticeState, Scope, ScopeKind
from vms.services.dispatching.judge_outage import judge_outage
from vms.services.notices.announce import NoticePolicy, NoticeWish, ask, decide, withdraw
from vms.store import notices, outages, supply
from vms.store.database import Database
from vms.store.notices import NoticeFilter
from vms.store.outages import OutageFilter, OutageState, OutageVerdict

LI = Person(user_id=UserId(2), name="li", role=Role.MAINTAINER)
WANG = Person(user_id=UserId(3), name="wang", role=Role.REVIEWER)


def a_wish(kind: ScopeKind, *values: object, hours: float = 4, ahead: timedelta = timedelta()) -> NoticeWish:
    return NoticeWish(
        kind=NoticeKind.POWER_CUT,
        reason="the grid is repaired",
        scope=Scope(kind, tuple(str(value) for value in values)),
        start_at=NOON + ahead,
        end_at=NOON + ahead + timedelta(hours=hours),
    )


def approved(database: Database, wish: NoticeWish) -> Notice:
    with database.writing() as tx:
        asked = ask(tx, wish, LI, NOON)
        return decide(tx, asked.notice_id, WANG, approve=True, note="", now=NOON)


def test_who_sees_no_addresses_announces_for_no_network(sqlite_database: Database) -> None:
    a_falling_town(sqlite_database, 2)
    seat = Person(user_id=UserId(7), name="seat", role=Role.OPERATOR)
    with sqlite_database.writing() as tx, pytest.raises(NotAllowed, match="network addresses"):
        ask(tx, a_wish(ScopeKind.NETWORK, "10.0.0.0/31"), seat, NOON)


def test_a_crew_announces_only_for_cameras_of_its_orders(database: Database) -> None:
    town = Town(database=database, now=NOON)
    firm = town.firm()
    sent_for, fallen, other = (town.camera(name) for name in ("sent for", "fallen", "other"))
    town.fails(sent_for)
    town.fails(fallen, outage_id=town.outage([fallen]))
    town.later(minutes=5)
    town.fails(other)
    assert town.turn().opened == 2
    zhao = Person(user_id=UserId(8), name="zhao", role=Role.MAINTAINER, maintainer_id=firm)
    with database.writing() as tx:
        assert ask(tx, a_wish(ScopeKind.CAMERA, sent_for, fallen), zhao, NOON).cameras == 2
        for kind, *values in ((ScopeKind.CAMERA, sent_for, other), (ScopeKind.REGION, "4101"), (ScopeKind.OWNER, 1)):
            with pytest.raises(NotAllowed, match="open orders"):
                ask(tx, a_wish(kind, *values), zhao, NOON)


def orders_opened(town: FallingTown) -> int:
    opened = 0
    for _ in range(4):
        turn = town.wait(minutes=3)
        opened += 0 if turn is None else turn.orders.opened
    return opened


@pytest.mark.parametrize(
    ("kind", "value", "covered"),
    [
        (ScopeKind.CAMERA, "1", 1),
        (ScopeKind.DEVICE, "1", 2),
        (ScopeKind.POLE, "P0", 10),
        (ScopeKind.REGION, "4101", 20),
        (ScopeKind.NETWORK, "10.0.0.0/24", 20),
        (ScopeKind.NODE, "1", 6),
    ],
)
def test_a_notice_covers_what_its_scope_names(
    sqlite_database: Database, kind: ScopeKind, value: str, covered: int
) -> None:
    town = a_falling_town(sqlite_database, 10, channels=2, pole=5)
    a_node(sqlite_database, "cabinet", town.devices[:3])
    found = approved(sqlite_database, a_wish(kind, value))
    assert found.cameras == covered
    with sqlite_database.reading() as tx:
        assert len(notices.covered_cameras(tx, found.notice_id)) == covered


def test_an_approved_notice_keeps_orders_away_and_the_outage_is_kept(database: Database) -> None:
    town = a_falling_town(database, 20)
    node = a_node(database, "cabinet", town.devices[:5])
    approved(database, a_wish(ScopeKind.NODE, node))
    town.restart()
    town.fall(town.cameras[:5])
    town.turn()
    assert orders_opened(town) == 0
    with database.reading() as tx:
        assert outages.page(tx, OutageFilter()).total == 1
    town.now = NOON + timedelta(hours=5)
    assert orders_opened(town) == 1, "the notice is over and they are still away"


def test_who_asks_does_not_decide_and_a_refusal_says_why(database: Database) -> None:
    a_falling_town(database, 2)
    with database.writing() as tx:
        asked = ask(tx, a_wish(ScopeKind.CAMERA, 1), WANG, NOON)
    with database.writing() as tx:
        with pytest.raises(NotAllowed, match="who asks"):
            decide(tx, asked.notice_id, WANG, approve=True, note="", now=NOON)
        with pytest.raises(NotAllowed):
            decide(tx, asked.notice_id, LI, approve=True, note="", now=NOON)
        chief = Person(user_id=UserId(9), name="chief", role=Role.ADMIN)
        with pytest.raises(BadInput):
            decide(tx, asked.notice_id, chief, approve=False, note=" ", now=NOON)
        done = decide(tx, asked.notice_id, chief, approve=False, note="too long", now=NOON)
        assert done.state is NoticeState.REFUSED
        with pytest.raises(Conflict):
            decide(tx, asked.notice_id, chief, approve=True, note="", now=NOON)


def test_whom_it_covers_does_not_move_after_the_approval(database: Database) -> None:
    town = a_falling_town(database, 10)
    node = a_node(database, "cabinet", town.devices[:3])
    found = approved(database, a_wish(ScopeKind.NODE, node))
    with database.writing() as tx:
        supply.put_members(tx, node, town.devices[:9], NodeSource.TYPED, NOON)
    with database.reading() as tx:
        assert len(notices.announced(tx, town.cameras, NOON)) == 3
        assert notices.announced(tx, town.cameras, NOON + timedelta(hours=4)) == {}
        assert notices.covering(tx, town.cameras[0], NOON, NOON + timedelta(days=1)) == [found]


def test_a_late_notice_is_taken_and_shown_as_late_unless_the_office_says_no(database: Database) -> None:
    a_falling_town(database, 2)
    wish = a_wish(ScopeKind.CAMERA, 1, ahead=timedelta(hours=-8))
    with database.writing() as tx:
        assert ask(tx, wish, LI, NOON).late
        assert not ask(tx, a_wish(ScopeKind.CAMERA, 1), LI, NOON).late
        with pytest.raises(BadInput, match="too long ago"):
            ask(tx, wish, LI, NOON, NoticePolicy(late_at_most=None))
        with pytest.raises(BadInput, match="too long ago"):
            ask(tx, a_wish(ScopeKind.CAMERA, 1, ahead=timedelta(days=-40)), LI, NOON)


@pytest.mark.parametrize(
    ("wish", "where"),
    [
        (a_wish(ScopeKind.CAMERA, 1, hours=-1), "end_at"),
        (a_wish(ScopeKind.CAMERA, 1, hours=24 * 200), "end_at"),
        (a_wish(ScopeKind.CAMERA, "one"), "scope.values"),
        (a_wish(ScopeKind.CAMERA), "scope.values"),
        (a_wish(ScopeKind.CAMERA, 4711), "scope"),
        (a_wish(ScopeKind.NETWORK, "here"), "value"),
        (a_wish(ScopeKind.CAMERA, 1, ahead=timedelta(days=400)), "start_at"),
    ],
)
def test_a_notice_that_cannot_be_is_refused_by_its_place(
    sqlite_database: Database, wish: NoticeWish, where: str
) -> None:
    a_falling_town(sqlite_database, 2)
    with sqlite_database.writing() as tx, pytest.raises(BadInput) as refused:
        ask(tx, wish, LI, NOON)
    assert refused.value.where == where


def test_withdrawn_before_it_begins_it_never_was_and_afterwards_it_ends_now(database: Database) -> None:
    town = a_falling_town(database, 2)
    coming = approved(database, a_wish(ScopeKind.CAMERA, 1, ahead=timedelta(hours=1)))
    running = approved(database, a_wish(ScopeKind.CAMERA, 2))
    later = NOON + timedelta(minutes=30)
    stranger = Person(user_id=UserId(8), name="zhao", role=Role.OPERATOR)
    with database.writing() as tx:
        with pytest.raises(NotAllowed):
            withdraw(tx, coming.notice_id, stranger, "", later)
        assert withdraw(tx, coming.notice_id, LI, "", later).state is NoticeState.WITHDRAWN
        ended = withdraw(tx, running.notice_id, WANG, "earlier than planned", later)
        assert (ended.state, ended.end_at) == (NoticeState.APPROVED, later)
        with pytest.raises(Conflict):
            withdraw(tx, running.notice_id, WANG, "", later)
        assert notices.page(tx, NoticeFilter(camera_id=town.cameras[1])).total == 1
        assert notices.page(tx, NoticeFilter(state=NoticeState.WITHDRAWN)).total == 1


def test_an_outage_that_was_called_wrong_falls_apart_and_is_not_made_again(database: Database) -> None:
    town = a_falling_town(database, 30, pole=3)
    town.fall(town.cameras[:3])
    town.wait(seconds=90)
    with database.writing() as tx:
        (outage,) = outages.page(tx, OutageFilter()).items
        assert outage.kind == "pole"
        with pytest.raises(BadInput):
            judge_outage(tx, outage.outage_id, OutageVerdict.WRONG, "li", "", town.now)
        told = judge_outage(tx, outage.outage_id, OutageVerdict.WRONG, "li", "three thefts", town.now)
        assert told.closed_at == town.now
    assert orders_opened(town) == 3
    assert town.outage_ids(town.cameras[:3]) == [None] * 3
    with database.reading() as tx:
        assert outages.page(tx, OutageFilter(state=OutageState.OPEN)).total == 0
        assert outages.misnamed(tx) != {}
    town.restart()
    town.wait(minutes=5)
    assert town.outage_ids(town.cameras[:3]) == [None] * 3
