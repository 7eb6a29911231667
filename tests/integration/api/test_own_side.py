"""What our own side suffers from is on every screen that tells the state of the city, from the store."""

from datetime import datetime, timedelta
from typing import Any

import httpx

from tests.builders.access import a_person
from tests.builders.web import Web
from vms.access.roles import Role
from vms.core.ids import MaintainerId, SessionId
from vms.services.follow_news import what_may_be_heard
from vms.store import blind_spells, events
from vms.store.blind_spells import OpenSpell
from vms.store.watch_sessions import HELD_SHARE, beat, end_session, note_held_up, start_session

NETWORK = "127.72.9.0/24"


async def told(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    """By the wall and the list of faults, by the counts, by the page of the system."""
    answers = [await client.get(path) for path in ("/health/board", "/health/summary", "/system")]
    return [answer.json()["poller"] for answer in answers]


def a_run_in_trouble(web: Web, now: datetime) -> SessionId:
    spell = OpenSpell(ground=NETWORK, from_at=now, because=f"9 of 9 in {NETWORK} went silent", whole=False)
    with web.database.writing() as tx:
        session_id = start_session(tx, 60.0, now - timedelta(minutes=5))
        beat(tx, session_id, now, {HELD_SHARE: 0.4})
        note_held_up(tx, session_id, now)
        blind_spells.open_spell(tx, session_id, spell, [])
    return session_id


async def test_since_when_it_is_held_up_and_where_it_is_cut_off_is_told_until_it_is_over(web: Web) -> None:
    began = web.clock()
    session_id = a_run_in_trouble(web, began)
    since = began.isoformat().replace("+00:00", "Z")
    office, desk = await web.signed_in(Role.MAINTAINER), await web.signed_in(Role.OPERATOR)
    for poller in await told(office):
        assert (poller["watching"], poller["held_up_since"], poller["held_share"]) == (True, since, 0.4)
        assert poller["cut_off"] == [{"since": since, "whole": False, "ground": NETWORK}]
    assert {poller["cut_off"][0]["ground"] for poller in await told(desk)} == {"one network"}
    with web.database.writing() as tx:
        note_held_up(tx, session_id, None)
        blind_spells.close_spell(tx, session_id, NETWORK, web.clock())
    assert all((poller["held_up_since"], poller["cut_off"]) == (None, []) for poller in await told(office))


async def test_a_run_that_has_ended_says_nothing_of_our_side(web: Web) -> None:
    began = web.clock()
    session_id = a_run_in_trouble(web, began)
    with web.database.writing() as tx:
        end_session(tx, session_id, web.clock())
    for poller in await told(await web.signed_in(Role.OPERATOR)):
        assert (poller["watching"], poller["held_up_since"], poller["cut_off"]) == (False, None, [])


def test_staff_hear_of_it_at_once_and_a_crew_without_addresses(web: Web) -> None:
    with web.database.writing() as tx:
        first = events.append(tx, "poller.cut_off", None, {"ground": NETWORK, "because": NETWORK}, web.clock())
        events.append(tx, "poller.held_up", None, {"because": "busy"}, web.clock())
        news = events.after(tx, first - 1, 10)
        crew = what_may_be_heard(tx, a_person(Role.MAINTAINER, maintainer_id=MaintainerId(1)), news)
        owner = what_may_be_heard(tx, a_person(Role.OWNER), news)
    assert [one.kind for one in crew] == ["poller.cut_off", "poller.held_up"]
    assert crew[0].content == {"ground": "one network", "because": "one network"}
    assert owner == []
