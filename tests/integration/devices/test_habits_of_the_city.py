"""The 25 habits of real devices, each as a personality of the pretend city that our client has to cope with.

Recorded answers of real cameras show some of them too (test_recorded_cameras.py); the tests' marks say which.
"""

import asyncio
import os
from dataclasses import replace

import pytest

from tests.builders.habits import (
    EVENTS_XADDR,
    QUICK,
    city_of,
    client_of,
    codes,
    found_by,
    identified,
    is_whole,
    login_of,
)
from vms.devices.budget import Login, LoginGuard, RequestBudget
from vms.devices.discover import discover
from vms.devices.discovery.request import DiscoveryRequest, Method
from vms.devices.onvif.client import OnvifClient
from vms.devices.onvif.events import NoEvents, read_events
from vms.devices.onvif.operations import GET_SYSTEM_DATE_AND_TIME
from vms.devices.poll import probe_control, probe_target
from vms.devices.relearn import relearn
from vms.inventory.device import AuthScheme, DevicePolicy, Quirks
from vms.inventory.identity.keys import usable_keys
from vms.media.login import Login as MediaLogin
from vms.media.proof import prove_stream
from vms.sim.personality import PLAIN, Personality, habit


@pytest.mark.habit(1)
async def test_1_the_time_is_asked_without_a_login_of_a_device_that_wants_one() -> None:
    async with city_of("clock_needs_login") as (_, device):
        told = await identified(device)
    assert is_whole(told, device)
    assert told.quirks.needs_login_for_clock


@pytest.mark.habit(1)
async def test_1_a_wrong_login_attached_to_an_open_question_would_be_refused_and_is_not_attached() -> None:
    async with city_of("strict_about_strangers") as (_, device):
        told = await identified(device, login_of(device, "wrong"))
        _, control = await probe_control(probe_target(device.address, device.onvif_port, told.quirks))
    assert "login_refused" in codes(told)
    assert told.clock_offset_s is not None
    assert control.clock_offset_s is not None


@pytest.mark.habit(2)
@pytest.mark.parametrize("label", ["clock_ahead", "clock_behind_strict"])
async def test_2_messages_are_signed_by_the_cameras_own_clock(label: str) -> None:
    async with city_of(label) as (_, device):
        told = await identified(device)
    assert is_whole(told, device)
    assert told.clock_offset_s == pytest.approx(device.personality.clock_offset_s, abs=2)


@pytest.mark.habit(3)
@pytest.mark.parametrize(
    ("label", "problem"),
    [
        ("date_missing", "clock_local_only"),
        ("utc_wrong_by_zone", "utc_is_local_time"),
        ("date_impossible", "clock_local_only"),
    ],
)
async def test_3_a_date_that_is_missing_misplaced_or_impossible_is_a_problem_and_no_error(
    label: str, problem: str
) -> None:
    async with city_of(label) as (_, device):
        told = await identified(device)
    assert is_whole(told, device)
    assert problem in codes(told)
    assert told.clock_offset_s == pytest.approx(0, abs=3)


@pytest.mark.habit(4)
async def test_4_a_device_that_refuses_an_old_nonce_and_created_without_z_is_signed_in_to() -> None:
    async with city_of("strict_nonce") as (_, device):
        told = await identified(device)
    assert is_whole(told, device)
    assert told.auth is AuthScheme.WSSE


@pytest.mark.habit(5)
async def test_5_a_device_that_knows_http_digest_alone_is_signed_in_to_and_the_scheme_is_kept() -> None:
    async with city_of("digest") as (_, device):
        told = await identified(device)
    assert is_whole(told, device)
    assert (told.auth, told.quirks.auth) == (AuthScheme.DIGEST, AuthScheme.DIGEST)


@pytest.mark.habit(6)
async def test_6_a_device_that_locks_is_shown_one_wrong_login_and_no_second() -> None:
    async with city_of("locks") as (city, device):
        guard = LoginGuard()
        wrong = [Login(username=device.username, password=f"wrong{n}", version=str(n)) for n in range(4)]
        told = await identified(device, *wrong, guard=guard)
        await identified(device, *wrong[:1], guard=guard)
        assert not city.device(device.address).login.locked(city.device(device.address).steady_s())
        after = await identified(device)
    assert "lock_warning" in codes(told)
    assert is_whole(after, device)


@pytest.mark.habit(7)
async def test_7_a_device_without_users_and_one_with_an_empty_password_are_whole() -> None:
    async with city_of("open") as (_, device):
        told = await identified(device)
        assert is_whole(told, device)
        assert told.auth is AuthScheme.NONE
    async with city_of(PLAIN, password="") as (_, device):
        told = await identified(device)
        assert is_whole(told, device)
        assert told.auth is AuthScheme.WSSE


@pytest.mark.habit(7)
async def test_7_the_password_itself_is_sent_only_where_a_person_allows_it() -> None:
    async with city_of("plain_password") as (_, device):
        refused = await identified(device, told_tls=True)
        allowed = await identified(device, told_tls=True, policy=DevicePolicy(plain_password=True))
    assert "login_refused" in codes(refused)
    assert is_whole(allowed, device)


@pytest.mark.habit(7)
async def test_7_the_password_itself_never_goes_over_the_open_line() -> None:
    clear = replace(habit("plain_password"), tls=PLAIN.tls)
    async with city_of(clear) as (_, device):
        told = await identified(device, policy=DevicePolicy(plain_password=True))
    assert {"login_refused", "plain_password_needs_tls"} <= codes(told)


@pytest.mark.habit(8)
@pytest.mark.parametrize("status", [200, 400, 401, 500])
async def test_8_not_authorized_counts_whatever_status_it_comes_with(status: int) -> None:
    async with city_of(Personality(refusal_status=status)) as (_, device):
        told = await identified(device)
        wrong = await identified(device, login_of(device, "wrong"))
    assert is_whole(told, device)
    assert "login_refused" in codes(wrong)


@pytest.mark.habit(8)
async def test_8_a_user_who_may_do_everything_but_events_is_no_refused_login() -> None:
    async with city_of("no_events_for_anybody") as (_, device):
        told = await identified(device)
        with pytest.raises(NoEvents) as none:
            await read_events(client_of(device, told), EVENTS_XADDR, within_s=3)
    assert none.value.code == "events_refused"
    assert is_whole(told, device)


@pytest.mark.habit(9)
@pytest.mark.parametrize(("label", "sends"), [("action_required", True), ("action_refused", False)])
async def test_9_the_action_is_sent_to_those_who_need_it_and_kept_from_those_who_fail(label: str, sends: bool) -> None:
    async with city_of(label) as (_, device):
        told = await identified(device)
        _, control = await probe_control(probe_target(device.address, device.onvif_port, told.quirks))
    assert is_whole(told, device)
    assert told.quirks.action_in_content_type is sends
    assert control.clock_offset_s is not None


@pytest.mark.habit(10)
async def test_10_a_device_of_soap_11_is_identified_and_polled_in_its_own_tongue() -> None:
    async with city_of("soap11") as (_, device):
        told = await identified(device)
        _, control = await probe_control(probe_target(device.address, device.onvif_port, told.quirks))
    assert is_whole(told, device)
    assert told.quirks.soap_version == "1.1"
    assert control.clock_offset_s is not None


@pytest.mark.habit(11)
@pytest.mark.parametrize("label", ["wrong_content_length", "chunked", "close_delimited"])
async def test_11_the_end_of_an_answer_is_found_however_it_is_told(label: str) -> None:
    async with city_of(label) as (_, device):
        told = await identified(device)
        _, control = await probe_control(probe_target(device.address, device.onvif_port, told.quirks))
    assert is_whole(told, device)
    assert control.clock_offset_s is not None


@pytest.mark.habit(12)
@pytest.mark.parametrize(
    ("label", "oddity"), [("undeclared_prefix", "undeclared_prefix"), ("declares_utf16", "encoding_misdeclared")]
)
async def test_12_xml_with_undeclared_prefixes_or_a_false_encoding_is_read_and_named(label: str, oddity: str) -> None:
    async with city_of(label) as (_, device):
        told = await identified(device)
    assert is_whole(told, device)
    assert oddity in codes(told)


@pytest.mark.habit(13)
async def test_13_a_device_that_bears_one_connection_is_asked_one_thing_at_a_time() -> None:
    async with city_of("one_connection") as (_, device):
        budget = RequestBudget(spacing_s=0.02)
        target = probe_target(device.address, device.onvif_port)
        told, *polls = await asyncio.gather(
            identified(device, budget=budget), *(probe_control(target, budget=budget) for _ in range(5))
        )
    assert is_whole(told, device)
    assert [control.because for _, control in polls] == [""] * 5


@pytest.mark.habit(13)
async def test_13_a_device_that_hangs_up_while_another_client_is_connected_is_asked_once_more() -> None:
    async with city_of("one_connection") as (city, device):
        client = OnvifClient(device.address, device.onvif_port)
        await client.call(GET_SYSTEM_DATE_AND_TIME, signed=False)
        _, writer = await asyncio.open_connection(device.address, device.onvif_port)
        port = city.sites[device.address].onvif
        async with asyncio.timeout(5):
            while not port.connections:  # noqa: ASYNC110 - the city has no event for it
                await asyncio.sleep(0.005)
        asyncio.get_running_loop().call_later(0.1, writer.close)
        reply = await client.call(GET_SYSTEM_DATE_AND_TIME, signed=False)
    assert reply.answer is not None
    assert "connections_limited" in client.oddities


@pytest.mark.habit(14)
async def test_14_a_certificate_is_pinned_at_first_sight_and_another_one_later_is_refused_by_name() -> None:
    async with city_of("https_only") as (_, device):
        first = await identified(device, told_tls=True)
        again = await identified(device, known=first.quirks)
        _, up = await probe_control(probe_target(device.address, device.onvif_port, first.quirks))
    assert is_whole(first, device)
    assert is_whole(again, device)
    assert len(first.quirks.tls_fingerprint) == 64
    assert up.clock_offset_s is not None
    async with city_of("https_only", address=device.address) as (_, changed):
        told = await identified(changed, known=first.quirks)
        network, control = await probe_control(probe_target(device.address, device.onvif_port, first.quirks))
        (shown,) = [problem.message for problem in told.problems if problem.code == "tls_certificate_changed"]
        confirmed = DevicePolicy(tls_fingerprint=shown.split("certificate ")[1][:64])
        accepted = await identified(changed, known=first.quirks, policy=confirmed)
    assert codes(told) == {"tls_certificate_changed"}
    assert told.quirks.tls_fingerprint == ""
    assert (network.connected, control.answered, control.because) == (True, False, "tls_certificate_changed")
    assert is_whole(accepted, device)
    assert accepted.quirks.tls_fingerprint == confirmed.tls_fingerprint


@pytest.mark.habit(14)
async def test_14_old_tls_is_spoken_only_where_a_person_allows_it() -> None:
    async with city_of("old_tls") as (_, device):
        refused = await identified(device, told_tls=True)
        allowed = await identified(device, told_tls=True, policy=DevicePolicy(legacy_tls=True))
        target = probe_target(device.address, device.onvif_port, allowed.quirks)
        _, refused_poll = await probe_control(target)
    assert codes(refused) == {"tls"}
    assert is_whole(allowed, device)
    assert refused_poll.because == "tls"


@pytest.mark.habit(15)
@pytest.mark.parametrize("label", ["nat", "link_local"])
async def test_15_an_address_that_a_device_only_believes_to_have_is_never_used(label: str) -> None:
    async with city_of(label) as (_, device):
        found = await found_by(device, Method.UNICAST)
    (told,) = found
    assert is_whole(told, device)
    assert (told.address, told.port) == (device.address, device.onvif_port)
    assert all(f"//{device.address}" in stream.uri for stream in told.channels[0].streams)


@pytest.mark.habit(16)
@pytest.mark.parametrize("label", ["plain", "link_local_v6"])
async def test_16_a_device_of_ipv6_is_found_identified_polled_and_played(label: str) -> None:
    port = 20_000 + os.getpid() % 20_000
    async with city_of(label, address="::1", onvif_port=port, rtsp_port=port + 1) as (_, device):
        request = DiscoveryRequest(cidrs=("::1/128",), methods=(Method.UNICAST,), limits=QUICK)
        found = [one async for one in discover(request, lambda address, port: [login_of(device)])]
        named = DiscoveryRequest(hosts=(f"[::1]:{port}",), methods=())
        again = [one async for one in discover(named, lambda address, port: [login_of(device)])]
        network, control = await probe_control(probe_target("::1", port))
        told = found[0]
        proof = await prove_stream(told.channels[0].streams[-1].uri, MediaLogin(device.username, device.password))
        told_events = await read_events(client_of(device, told), EVENTS_XADDR, within_s=0.6)
    assert [(one.address, one.port) for one in (*found, *again)] == [("::1", port)] * 2
    assert is_whole(told, device)
    assert is_whole(again[0], device)
    assert told.channels[0].streams[0].uri.startswith(f"rtsp://[::1]:{port + 1}/")
    assert str(told.channels[0].snapshot_uri).startswith(f"http://[::1]:{port}/")
    assert ("xaddr_rewritten" in codes(told)) is (label == "link_local_v6")
    assert network.connected
    assert control.clock_offset_s is not None
    assert proof.reading.playing, proof.message
    assert told_events


@pytest.mark.habit(17)
async def test_17_a_device_without_get_services_at_another_path_is_found() -> None:
    async with city_of("own_path") as (_, device):
        told = await identified(device)
        _, control = await probe_control(probe_target(device.address, device.onvif_port, told.quirks))
    assert is_whole(told, device)
    assert told.quirks.device_path == "/onvif/devices"
    assert control.clock_offset_s is not None


@pytest.mark.habit(18)
@pytest.mark.parametrize("label", ["h265_main", "media2_only"])
async def test_18_what_the_first_media_service_leaves_out_is_asked_of_the_second(label: str) -> None:
    async with city_of(label) as (_, device):
        told = await identified(device)
    assert is_whole(told, device)
    assert [stream.encoding for stream in told.channels[0].streams] == ["H265", "H264"]
    assert told.quirks.media_version == 2


@pytest.mark.habit(19)
async def test_19_what_is_fake_or_new_at_each_start_does_not_identify_a_device() -> None:
    strange = replace(habit("bare_probe_match"), label="strange")
    async with city_of(strange, serial_no="General", macs=("00:11:22:33:44:55",)) as (_, device):
        first = await identified(device)
    async with city_of(strange, serial_no="General", macs=("00:11:22:33:44:55",)) as (_, device):
        second = await identified(device)
    assert first.endpoint_reference != second.endpoint_reference
    assert {key.kind for key in usable_keys(first)} == {"endpoint_reference"}
    assert set(usable_keys(first)).isdisjoint(usable_keys(second))


@pytest.mark.habit(20)
async def test_20_names_that_say_nothing_are_kept_as_they_are() -> None:
    async with city_of(PLAIN, manufacturer="ONVIF_IPNC", model="H264") as (_, device):
        told = await identified(device)
    assert (told.manufacturer, told.model) == ("ONVIF_IPNC", "H264")


@pytest.mark.habit(21)
@pytest.mark.parametrize("label", ["one_line_probe", "bare_probe_match"])
async def test_21_devices_that_are_particular_about_probes_are_heard(label: str) -> None:
    async with city_of(label) as (_, device):
        found = await found_by(device, Method.UNICAST)
    assert [told.model for told in found] == [device.model]


@pytest.mark.habit(25)
async def test_25_the_cheapest_question_is_learnt_where_the_clock_is_slow_and_the_poll_asks_it() -> None:
    async with city_of("slow_clock") as (_, device):
        told = await identified(device)
        target = probe_target(device.address, device.onvif_port, told.quirks)
        _, quick = await probe_control(target, with_clock=False)
        _, slow = await probe_control(target, with_clock=True)
    assert told.quirks.health_operation not in ("", "GetSystemDateAndTime")
    assert quick.answered
    assert quick.clock_offset_s is None
    assert slow.clock_offset_s is not None
    assert quick.answer_s is not None
    assert slow.answer_s is not None
    assert quick.answer_s < slow.answer_s / 2


@pytest.mark.habit(25)
async def test_25_a_device_whose_clock_is_quick_is_asked_nothing_else() -> None:
    async with city_of(PLAIN) as (_, device):
        told = await identified(device)
    assert told.quirks.health_operation == ""
    assert probe_target(device.address, device.onvif_port, told.quirks).quick_request == b""


@pytest.mark.parametrize(("label", "scheme"), [("digest", "digest"), ("soap11", "wsse"), ("open", "none")])
async def test_what_was_forgotten_is_learnt_anew_without_any_login(label: str, scheme: str) -> None:
    async with city_of(label) as (_, device):
        before = (await identified(device)).quirks
        learnt = await relearn(device.address, device.onvif_port, before.forget())
    assert learnt is not None
    assert learnt.auth == scheme
    by_login = {"media_version": before.media_version, "session_limit": 2, "session_evidence": "told"}
    assert replace(learnt, **by_login) == before


async def test_nobody_there_is_not_learnt() -> None:
    assert await relearn("127.31.255.1", 9, Quirks(forgotten=True), timeout_s=0.5) is None
