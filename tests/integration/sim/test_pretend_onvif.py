"""The services of the pretend devices, and the habits of real ones on the wire."""

import asyncio
from datetime import UTC, datetime

import pytest

from tests.builders.sim import SOAP_11, a_city, a_device, call, envelope, exchange, post
from vms.inventory.tier import Tier
from vms.sim.faults import Fault
from vms.sim.personality import habit
from vms.sim.plan import CityPlan, PretendDevice

MEDIA, MEDIA2 = "/onvif/media_service", "/onvif/media2_service"
CLOCK = "<tds:GetSystemDateAndTime/>"


def a_recorder(plan: CityPlan) -> PretendDevice:
    return next(device for device in plan.devices if device.is_recorder)


def a_moving_camera(plan: CityPlan) -> PretendDevice:
    return next(device for device in plan.devices if device.ptz)


async def test_a_camera_says_who_it_is_and_where_it_looks() -> None:
    async with a_device() as (_, device):
        information = await call(device, "<tds:GetDeviceInformation/>")
        assert (information.text("Manufacturer"), information.text("Model")) == (device.manufacturer, device.model)
        assert (await call(device, "<tds:GetNetworkInterfaces/>")).text("HwAddress") == device.macs[0]
        assert (await call(device, "<tds:GetEndpointReference/>")).text("GUID") == device.endpoint_reference
        located = (await call(device, "<tds:GetGeoLocation/>")).xml
        pose = device.channels[0].pose
        geo, way = next(located.iter("{*}GeoLocation")), next(located.iter("{*}LocalOrientation"))
        assert (float(geo.get("lon")), float(geo.get("lat"))) == (pose.position.lon, pose.position.lat)
        assert float(way.get("pan")) == pose.bearing_deg


@pytest.mark.parametrize(("space", "path"), [("trt", MEDIA), ("tr2", MEDIA2)])
async def test_both_media_services_list_a_main_and_a_sub_stream(space: str, path: str) -> None:
    async with a_device() as (_, device):
        profiles = await call(device, f"<{space}:GetProfiles/>", path=path)
        assert sorted(int(w) for w in profiles.texts("Width") if w) == [640, 1280]
        ask = f"<{space}:GetStreamUri><{space}:ProfileToken>Profile_1_sub</{space}:ProfileToken></{space}:GetStreamUri>"
        uri = (await call(device, ask, path=path)).text("Uri")
        assert uri.startswith(f"rtsp://{device.address}:{device.rtsp_port}/")


async def test_an_unknown_profile_and_an_unknown_operation_are_faults() -> None:
    async with a_device() as (_, device):
        ask = "<trt:GetStreamUri><trt:ProfileToken>nobody</trt:ProfileToken></trt:GetStreamUri>"
        assert "ter:NoProfile" in (await call(device, ask, path=MEDIA)).texts("Value")
        assert "ter:ActionNotSupported" in (await call(device, "<tds:MakeCoffee/>")).texts("Value")
        assert "ter:ActionNotSupported" in (await call(device, "<tptz:GetNodes/>")).texts("Value"), "it cannot move"


async def test_a_recorder_has_four_channels_and_finds_its_recordings() -> None:
    async with a_city(40) as city:
        device = a_recorder(city.plan)
        names = (await call(device, "<trt:GetOSDs/>", path=MEDIA)).texts("PlainText")
        assert names == [channel.name for channel in device.channels]
        assert len(names) == 4
        services = await call(device, "<tds:GetServices/>", login=False)
        assert "http://www.onvif.org/ver10/search/wsdl" in services.texts("Namespace")
        found = await call(device, "<tse:FindRecordings/>", path="/onvif/search_service")
        token = found.text("SearchToken")
        ask = (
            f"<tse:GetRecordingSearchResults><tse:SearchToken>{token}</tse:SearchToken></tse:GetRecordingSearchResults>"
        )
        results = await call(device, ask, path="/onvif/search_service")
        assert results.texts("SourceId") == [channel.token for channel in device.channels]
        end = f"<tse:EndSearch><tse:SearchToken>{token}</tse:SearchToken></tse:EndSearch>"
        assert (await call(device, end, path="/onvif/search_service")).status == 200
        assert (await call(device, end, path="/onvif/search_service")).status == 400


async def test_a_head_goes_where_it_is_sent() -> None:
    async with a_city(40) as city:
        device = a_moving_camera(city.plan)
        profile = "<tptz:ProfileToken>Profile_1_main</tptz:ProfileToken>"
        where = '<tptz:Position><tt:PanTilt x="0.5" y="-0.25"/></tptz:Position>'
        move = f"<tptz:AbsoluteMove>{profile}{where}</tptz:AbsoluteMove>"
        status = f"<tptz:GetStatus>{profile}</tptz:GetStatus>"
        assert (await call(device, move, path="/onvif/ptz_service")).status == 200
        at = next((await call(device, status, path="/onvif/ptz_service")).xml.iter("{*}PanTilt"))
        assert (float(at.get("x")), float(at.get("y"))) == (0.5, -0.25)
        away = move.replace('x="0.5"', 'x="nan"')
        assert "ter:InvalidPosition" in (await call(device, away, path="/onvif/ptz_service")).texts("Value")
        preset = f"<tptz:GotoPreset>{profile}<tptz:PresetToken>1</tptz:PresetToken></tptz:GotoPreset>"
        await call(device, preset, path="/onvif/ptz_service")
        at = next((await call(device, status, path="/onvif/ptz_service")).xml.iter("{*}PanTilt"))
        assert float(at.get("x")) == 0.0


async def test_a_blinded_camera_sends_an_event_to_a_waiting_pull() -> None:
    async with a_device() as (city, device):
        made = await call(device, "<tev:CreatePullPointSubscription/>", path="/onvif/event_service")
        path = made.text("Address").partition(str(device.onvif_port))[2]
        limits = "<tev:Timeout>PT5S</tev:Timeout><tev:MessageLimit>10</tev:MessageLimit>"
        ask = f"<tev:PullMessages>{limits}</tev:PullMessages>"
        first = await call(device, ask, path=path)
        assert len(first.texts("Topic")) == 3, "the states at the start"
        waiting = asyncio.create_task(call(device, ask, path=path))
        await asyncio.sleep(0)
        await city.set_fault(device.address, Fault.BLACK, True)
        told = await waiting
        assert told.texts("Topic") == ["tns1:VideoSource/ImageTooDark/ImagingService"]
        assert (await call(device, "<wsnt:Unsubscribe/>", path=path)).status == 200
        assert "wsnt:ResourceUnknownFault" in (await call(device, ask, path=path)).texts("Value")


async def test_pull_points_are_limited() -> None:
    async with a_device() as (_, device):
        answers = [
            await call(device, "<tev:CreatePullPointSubscription/>", path="/onvif/event_service")
            for _ in range(device.personality.max_pull_points + 1)
        ]
        assert [a.status for a in answers] == [200] * device.personality.max_pull_points + [400]
        assert "ter:BlockedThreadUpperLimit" in answers[-1].texts("Value")


# --- habits


async def test_a_device_without_a_date_tells_only_its_local_time() -> None:
    async with a_device(habit("date_missing")) as (_, device):
        answer = await call(device, CLOCK, login=False)
        assert b"UTCDateTime" not in answer.body
        assert b"LocalDateTime" in answer.body


async def test_a_clock_wrong_by_the_zone_calls_local_time_utc() -> None:
    async with a_device(habit("utc_wrong_by_zone")) as (_, device):
        xml = (await call(device, CLOCK, login=False)).xml
        utc = next(xml.iter("{*}UTCDateTime"))
        hour = int(next(utc.iter("{*}Hour")).text)
        assert (hour - datetime.now(UTC).hour) % 24 in (8, 9)


async def test_a_soap_11_device_refuses_12_and_answers_11() -> None:
    async with a_device(habit("soap11")) as (_, device):
        refused = await post(device, envelope(CLOCK))
        assert (refused.status, b"VersionMismatch" in refused.body) == (500, True)
        answer = await post(device, envelope(CLOCK, soap=SOAP_11), content_type="text/xml; charset=utf-8")
        assert answer.status == 200
        assert SOAP_11.encode() in answer.body
        assert answer.header("content-type").startswith("text/xml")
        services = await post(device, envelope("<tds:GetServices/>", soap=SOAP_11), content_type="text/xml")
        assert services.text("faultstring") == "GetServices is not supported"


async def test_a_wrong_content_length_promises_more_than_comes() -> None:
    async with a_device(habit("wrong_content_length")) as (_, device):
        answer = await call(device, CLOCK, login=False)
        assert int(answer.header("content-length")) > len(answer.body)
        assert answer.body.endswith(b"Envelope>")


async def test_a_device_behind_a_router_names_its_inner_address() -> None:
    async with a_device(habit("nat")) as (_, device):
        services = await call(device, "<tds:GetServices/>", login=False)
        assert all("//192.168.1.108:" in address for address in services.texts("XAddr"))


@pytest.mark.parametrize(
    ("label", "content_type", "status", "has_body"),
    [
        ("action_required", "application/soap+xml", 200, False),
        ("action_required", 'application/soap+xml; action="x"', 200, True),
        ("action_refused", 'application/soap+xml; action="x"', 400, True),
        ("action_refused", "application/soap+xml", 200, True),
    ],
)
async def test_the_action_in_the_content_type_matters_to_some(
    label: str, content_type: str, status: int, has_body: bool
) -> None:
    async with a_device(habit(label)) as (_, device):
        answer = await post(device, envelope(CLOCK), content_type=content_type)
        assert (answer.status, bool(answer.body)) == (status, has_body)


async def test_a_device_with_few_connections_drops_the_next() -> None:
    async with a_device(habit("few_connections")) as (_, device):
        held = [await asyncio.open_connection(device.address, device.onvif_port) for _ in range(2)]
        assert await exchange(device.address, device.onvif_port, b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n") == b""
        for _, writer in held:
            writer.close()


async def test_a_fresh_endpoint_differs_from_the_planned_one() -> None:
    async with a_device(habit("bare_probe_match")) as (city, device):
        guid = (await call(device, "<tds:GetEndpointReference/>", login=False)).text("GUID")
        assert guid == city.device(device.address).endpoint_reference != device.endpoint_reference


async def test_every_maker_writes_its_own_xml_and_all_of_it_is_read() -> None:
    async with a_city(40) as city:
        makers = {device.manufacturer: device for device in city.plan.devices}
        spellings = {}
        for device in makers.values():
            answer = await call(device, "<tds:GetDeviceInformation/>")
            assert answer.text("SerialNumber") == device.serial_no
            spellings[device.manufacturer] = (answer.xml.prefix, answer.xml[-1][0].prefix)
        assert len(set(spellings.values())) >= 3


async def test_the_whole_city_with_all_its_habits_tells_the_time() -> None:
    async with a_city(120, personalities=True) as city:
        for device in city.plan.devices:
            if device.personality.soap11 or device.personality.clock_needs_login or device.personality.slow_s:
                continue
            content_type = "application/soap+xml"
            if device.personality.label == "action_required":
                content_type += '; action="x"'
            answer = await post(device, envelope(CLOCK), content_type=content_type)
            assert answer.texts("Hour"), device.personality.label
        assert {device.tier for device in city.plan.devices} == set(Tier)
