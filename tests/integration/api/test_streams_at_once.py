"""How many streams a device bears is learnt when it refuses one more, is kept with it, shown, and reset by a person."""

import asyncio
from contextlib import AsyncExitStack, suppress
from dataclasses import replace

import pytest
from websockets.exceptions import ConnectionClosed

from tests.builders.changed_places import BOX, enter, standing, take_in
from tests.builders.habits import login_of
from tests.builders.live_viewer import a_viewer
from tests.builders.polled_city import until
from tests.builders.tasks import a_recorder
from tests.builders.web import running_web
from vms.access.roles import Role
from vms.devices.identify import identify
from vms.inventory.device import Quirks
from vms.sim.personality import PLAIN, habit
from vms.store import cameras, devices
from vms.store.device_rows import quirks_from_json


async def test_a_recorder_that_refuses_a_third_stream_is_asked_for_two_until_a_person_resets_it(
    sqlite_database, tmp_path
) -> None:
    few = replace(PLAIN, max_sessions=2)
    recorder = replace(a_recorder("127.63.100.1", 3, few).devices[0], password="one")
    enter(sqlite_database, one="one")
    async with standing(recorder), running_web(sqlite_database, tmp_path, box=BOX) as web, AsyncExitStack() as viewers:
        (known,) = await take_in(sqlite_database, recorder, sets=("one",))

        def learnt():
            with sqlite_database.reading() as tx:
                quirks = devices.get(tx, known.device_id).observed.quirks
            return quirks.session_limit, quirks.session_evidence

        assert learnt() == (6, "told"), "two for each channel, by its own word"
        with sqlite_database.reading() as tx:
            ids = [camera.camera_id for camera in cameras.of_device(tx, known.device_id)]
        token = str((await web.sign_in("admin"))["token"])
        for camera_id in ids[:2]:
            viewer = await viewers.enter_async_context(a_viewer(web, f"/api/v1/live/{camera_id}", token))
            await viewer.until_it_plays()
        async with a_viewer(web, f"/api/v1/live/{ids[2]}", token) as third:
            assert (await third.until("stalled"))["because"] == "busy"
            await until(lambda: learnt() == (2, "refused"), 5, "it bears two")
        await take_in(sqlite_database, recorder, sets=("one",))
        assert learnt() == (2, "refused"), "what it has shown counts more than what it says"
        keeper = await web.signed_in(Role.MAINTAINER)
        shown = (await keeper.get(f"/devices/{known.device_id}")).json()["learnt"]
        assert (shown["session_limit"], shown["session_evidence"]) == (2, "refused")
        async with a_viewer(web, f"/api/v1/live/{ids[2]}?role=main", token) as fourth:
            refused = await fourth.until("refused")
            assert (refused["because"], refused["sentence_zh"]) == ("budget", "该设备的取流路数已用完")
        async with asyncio.timeout(20):
            because = ""
            while because != "busy":  # the third one's stream lingers, and may have learnt it anew meanwhile
                reset = (await keeper.post(f"/devices/{known.device_id}/forget-learnt", json={})).json()["learnt"]
                assert (reset["session_limit"], reset["session_evidence"]) == (0, "")
                async with a_viewer(web, f"/api/v1/live/{ids[2]}?role=main", token) as fifth:
                    with suppress(ConnectionClosed):
                        because = (await fifth.until("stalled"))["because"]
        assert because == "busy", "the gateway has forgotten too"


@pytest.mark.parametrize(("label", "limit"), [("plain", 2), ("soap11", 2), ("media2_only", 2)])
async def test_what_a_device_guarantees_is_asked_of_the_service_that_it_has(label, limit) -> None:
    device = replace(a_recorder("127.63.100.9", 1, habit(label)).devices[0], password="one")
    async with standing(device):
        from_scratch = await _identified(device)
        known = await _identified(device, Quirks(session_limit=1, session_evidence="refused"))
    assert (from_scratch.quirks.session_limit, from_scratch.quirks.session_evidence) == (limit, "told")
    assert (known.quirks.session_limit, known.quirks.session_evidence) == (1, "refused")


async def _identified(device, known=None):
    return await identify(device.address, device.onvif_port, (login_of(device),), known=known)


def test_the_limit_that_older_programs_kept_without_having_learnt_it_is_none() -> None:
    assert quirks_from_json({"session_limit": 1, "soap_version": "1.1"}) == Quirks(soap_version="1.1")
    assert quirks_from_json({"session_limit": 1, "session_evidence": "refused"}).session_limit == 1
