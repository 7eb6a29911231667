"""Each kind of task against pretend devices on real sockets: what is set, what is kept, what is put back."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from tests.builders.tasks import a_plan, a_recorder, a_task_city
from vms.sim.personality import PLAIN, habit
from vms.store import devices
from vms.store.device_tasks import StepState
from vms.store.schema import cameras as camera_table

DONE, UNCHANGED, REFUSED, FAILED = StepState.DONE, StepState.UNCHANGED, StepState.REFUSED, StepState.FAILED


def states(steps):
    return [shown.step.state for shown in steps]


async def test_a_clock_is_put_right_once_and_its_zone_set_and_the_zone_put_back(sqlite_database):
    plan = a_plan("127.37.1.1", habit("clock_ahead"), PLAIN, habit("clock_behind_strict"), habit("digest"))
    async with a_task_city(sqlite_database, plan) as city:
        steps = await city.run("set_clock", zone="UTC0", tolerance_s=3)
        assert states(steps) == [DONE] * 4, [shown.step.message for shown in steps]
        assert [abs(city.device(at).clock_offset_s) < 3 for at in range(4)] == [True] * 4
        assert {city.device(at).settings.zone for at in range(4)} == {"UTC0"}
        assert steps[0].step.before["offset_s"] > 1200
        assert abs(steps[0].step.after["offset_s"]) < 3
        first = city.latest
        assert states(await city.run("set_clock", zone="UTC0", tolerance_s=3)) == [UNCHANGED] * 4
        assert city.operations("SetSystemDateAndTime") == [1] * 4, "a clock that is right is left alone"
        assert states(await city.undo(first)) == [DONE] * 4
        assert {city.device(at).settings.zone for at in range(4)} == {"CST-8"}
        assert {city.device(at).settings.time_from for at in range(4)} == {"NTP"}


async def test_a_device_without_a_usable_time_is_refused_and_nothing_is_sent(sqlite_database):
    plan = a_plan("127.37.1.11", habit("date_missing"))
    async with a_task_city(sqlite_database, plan) as city:
        city.device().settings.zone = "nonsense"
        (shown,) = await city.run("set_clock")
        assert shown.step.state is REFUSED
        assert "no usable time" in shown.step.message
        assert city.operations("SetSystemDateAndTime") == [0]


async def test_ntp_servers_are_set_in_their_order_and_put_back(database):
    plan = a_plan("127.37.1.21", PLAIN, habit("digest"), habit("soap11"), habit("open"), habit("nat"))
    async with a_task_city(database, plan) as city:
        steps = await city.run("set_ntp", servers="10.1.2.3, time.example")
        assert states(steps) == [DONE] * 5, [shown.step.message for shown in steps]
        assert {city.device(at).settings.ntp_servers for at in range(5)} == {("10.1.2.3", "time.example")}
        assert steps[0].step.before == {"from_dhcp": False, "servers": ["127.0.0.1"]}
        assert steps[0].step.sent_at is not None
        assert states(await city.undo(city.latest)) == [DONE] * 5
        assert {city.device(at).settings.ntp_servers for at in range(5)} == {("127.0.0.1",)}
        assert city.operations("SetNTP") == [2] * 5


def rename(database, camera_id, name):
    with database.writing() as tx:
        tx.execute(update(camera_table).where(camera_table.c.id == camera_id).values(name=name))


async def test_every_channel_shows_the_archives_name_where_it_stood_and_gets_the_old_one_back(sqlite_database):
    async with a_task_city(sqlite_database, a_recorder("127.37.2.1", 3)) as city:
        texts = city.device().settings.texts
        texts["OSD_2"].position, texts["OSD_2"].at = "Custom", (0.25, -0.5)
        del texts["OSD_3"]
        before = {token: replace(text) for token, text in texts.items()}
        (ids,) = city.camera_ids.values()
        for number, camera_id in enumerate(ids, 1):
            rename(sqlite_database, camera_id, f"人民路{number}号 <东>")
        steps = await city.run("set_osd_name")
        assert states(steps) == [DONE] * 3, [shown.step.message for shown in steps]
        assert texts["OSD_1"].text == "人民路1号 <东>"
        assert (texts["OSD_2"].text, texts["OSD_2"].position, texts["OSD_2"].at) == (
            "人民路2号 <东>",
            "Custom",
            (0.25, -0.5),
        )
        (made,) = [text for token, text in texts.items() if token.startswith("OSD_made")]
        assert (made.channel, made.text, made.position) == (3, "人民路3号 <东>", "UpperLeft")
        assert states(await city.undo(city.latest)) == [DONE] * 3
        assert city.device().settings.texts == before, "the text that was made is gone, the others are as they were"


async def test_a_name_that_is_too_long_is_cut_by_the_device_refused_or_cut_here(sqlite_database):
    cuts = replace(PLAIN, longest_text=10, cuts_text=True)
    plan = a_plan("127.37.2.11", cuts, replace(PLAIN, longest_text=10), PLAIN)
    async with a_task_city(sqlite_database, plan) as city:
        for (camera_id,) in city.camera_ids.values():
            rename(sqlite_database, camera_id, "Renmin Road 12, east side")
        cut, refused, whole = await city.run("set_osd_name")
        assert cut.step.state is DONE
        assert "first 10 of 25 characters" in cut.step.message
        assert refused.step.state is REFUSED
        assert "at most 10 characters" in refused.step.message
        assert whole.step.after["text"] == "Renmin Road 12, east side"
        (shorter,) = await city.run("set_osd_name", longest="10", cameras=city.camera_ids[city.addresses[1]])
        assert shorter.step.state is DONE
        assert city.device(1).settings.texts["OSD_1"].text == "Renmin Roa"


async def test_an_encoder_is_set_within_what_the_device_offers_and_put_back(sqlite_database):
    async with a_task_city(sqlite_database, a_recorder("127.37.3.1", 2)) as city:
        (ids,) = city.camera_ids.values()
        asked = {"gop_s": 2, "frames_per_s": 10, "width": 352, "height": 288, "kbit_per_s": 256}
        steps = await city.run("set_encoder", **asked)
        assert states(steps) == [DONE] * 2, [shown.step.message for shown in steps]
        sub = city.device().settings.encoders["VEC_2_sub"]
        assert (sub.gop_frames, sub.frames_per_s, sub.width, sub.kbit_per_s) == (20, 10, 352, 256)
        assert city.device().settings.encoders["VEC_2_main"].frames_per_s == 12, "the other stream is left alone"
        task_id = city.latest
        (shown, _) = await city.run("set_encoder", width=1920, height=1080)
        assert shown.step.state is REFUSED
        assert "352x288" in shown.step.message
        (shown, _) = await city.run("set_encoder", gop_frames=1000)
        assert "1 to 100" in shown.step.message
        assert city.operations("SetVideoEncoderConfiguration") == [2], "what is not offered is not sent"
        assert states(await city.undo(task_id)) == [DONE] * 2
        assert (sub.gop_frames, sub.frames_per_s, sub.width, sub.kbit_per_s) == (24, 12, 640, 512)
        assert len(ids) == 2


@pytest.mark.parametrize(
    ("label", "stream", "encoding", "host"),
    [
        ("h265_main", "main", "H265", 1),
        ("h265_main", "sub", "H264", 11),
        ("h265_only", "sub", "H265", 21),
        ("media2_only", "main", "H265", 31),
        ("media2_only", "sub", "H264", 41),
        ("soap11", "sub", "H264", 51),
    ],
)
async def test_an_encoder_of_either_media_service_is_set_and_put_back(sqlite_database, label, stream, encoding, host):
    async with a_task_city(sqlite_database, a_plan(f"127.37.63.{host}", habit(label))) as city:
        encoders = city.device().settings.encoders
        before = {token: (one.gop_frames, one.frames_per_s, one.kbit_per_s) for token, one in encoders.items()}
        mine, other = (next(one for one in encoders if one.endswith(end)) for end in (stream, _other(stream)))
        (shown,) = await city.run("set_encoder", stream=stream, gop_s=2, frames_per_s=10, kbit_per_s=300)
        assert shown.step.state is DONE, shown.step.message
        assert (shown.step.before["encoding"], shown.step.after["gop_frames"]) == (encoding, 20)
        assert (encoders[mine].gop_frames, encoders[mine].frames_per_s, encoders[mine].kbit_per_s) == (20, 10, 300)
        assert (encoders[other].gop_frames, encoders[other].frames_per_s, encoders[other].kbit_per_s) == before[other]
        task_id = city.latest
        (refused,) = await city.run("set_encoder", stream=stream, gop_frames=1000)
        assert refused.step.state is REFUSED
        assert "1 to 100" in refused.step.message
        assert states(await city.undo(task_id)) == [DONE]
        assert (encoders[mine].gop_frames, encoders[mine].frames_per_s, encoders[mine].kbit_per_s) == before[mine]


def _other(stream):
    return "sub" if stream == "main" else "main"


async def test_the_firmware_is_read_and_kept(sqlite_database):
    plan = a_plan("127.37.3.11", PLAIN, habit("digest"))
    async with a_task_city(sqlite_database, plan) as city:
        steps = await city.run("read_firmware")
        assert states(steps) == [DONE] * 2
        told = city.device().plan.firmware
        assert steps[0].step.after["firmware"] == told
        with sqlite_database.reading() as tx:
            assert devices.get(tx, city.device_ids[city.addresses[0]]).observed.firmware == told


async def test_a_device_goes_and_comes_back_once(sqlite_database):
    plan = a_plan("127.37.3.21", replace(PLAIN, away_s=0.4), replace(PLAIN, away_s=0.4))
    async with a_task_city(sqlite_database, plan) as city:
        city.device().set_clock(city.device().now().replace(year=2020))
        steps = await city.run("reboot")
        assert states(steps) == [DONE] * 2, [shown.step.message for shown in steps]
        assert city.operations("SystemReboot") == [1, 1]
        assert abs(city.device().clock_offset_s) < 1, "what was set of the clock is forgotten"


async def test_a_password_is_changed_proven_and_put_back(database):
    plan = a_plan("127.37.4.1", PLAIN, habit("digest"), habit("locks"), habit("strict_nonce"))
    async with a_task_city(database, plan) as city:
        old = [city.device(at).login.password for at in range(4)]
        steps = await city.run("change_password", password="A-new-one-2027")
        assert states(steps) == [DONE] * 4, [shown.step.message for shown in steps]
        assert {city.device(at).login.password for at in range(4)} == {"A-new-one-2027"}
        assert {city.login(address).password for address in city.addresses} == {"A-new-one-2027"}
        assert [city.device(at).login.refused_in_all for at in range(4)] == [0] * 4
        first = city.latest
        assert city.task(first).secret is None, "the task keeps no password once it is over"
        assert states(await city.run("read_firmware")) == [DONE] * 4, "everybody signs in with the new one"
        assert states(await city.undo(first)) == [DONE] * 4
        assert [city.device(at).login.password for at in range(4)] == old
        assert [city.login(address).password for address in city.addresses] == old
        assert city.operations("SetUser") == [2] * 4


async def test_a_password_that_nobody_gave_is_made_and_only_sealed_kept(sqlite_database):
    async with a_task_city(sqlite_database, a_plan("127.37.4.11", PLAIN)) as city:
        (shown,) = await city.run("change_password", length=20)
        made = city.device().login.password
        assert shown.step.state is DONE
        assert len(made) == 20
        assert city.login(city.addresses[0]).password == made
        assert made not in repr(city.steps(city.latest)) + repr(city.task(city.latest))
