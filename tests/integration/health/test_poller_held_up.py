"""A poller that its machine does not let run says so, and what is silent meanwhile stays as it was."""

from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import select

from tests.builders.polled_city import PolledCity, polled_city, running_poller, until
from vms.health.held_up import HeldUpPolicy
from vms.health.status import Status
from vms.sim.faults import Fault
from vms.store.poller_state import poller_state
from vms.store.schema import events, faults, watch_sessions

ALWAYS = HeldUpPolicy(share=0.0, told_s=0.5, over_share=0.0)
"""Any time that was lost, none too, counts as too much."""


def _figures(polled: PolledCity) -> dict[str, float]:
    with polled.database.reading() as tx:
        return dict(tx.execute(select(watch_sessions.c.figures)).scalar_one() or {})


def _told(polled: PolledCity) -> list[str]:
    with polled.database.reading() as tx:
        chosen = select(events.c.content).where(events.c.kind == "poller.held_up")
        return [content["because"] for content in tx.execute(chosen).scalars()]


async def test_silence_waits_while_the_poller_is_held_up_and_it_is_told(sqlite_database, tmp_path):
    async with polled_city(sqlite_database, tmp_path, first_address="127.94.151.1", cameras=4, timeout_s=0.3) as city:
        polled = replace(city, settings=replace(city.settings, held_up=ALWAYS))
        async with running_poller(polled):
            await until(lambda: polled.with_status(Status.UP) == polled.everything, 15, "every camera is up")
            for address in polled.addresses[:2]:
                await polled.city.set_fault(address, Fault.SILENT, True)
            await until(lambda: _figures(polled).get("unjudged", 0) >= 6, 20, "three looks at both were not judged")
            assert polled.with_status(Status.UP) == polled.everything
            with polled.database.reading() as tx:
                state = poller_state(tx, datetime.now(UTC))
            assert state.held_up_since is not None, "who opens the page now reads it from the store"
            (because,) = _told(polled)
            assert because.startswith("our own side: the poller was kept waiting for the processor")
        with polled.database.reading() as tx:
            assert tx.execute(select(faults)).all() == []
