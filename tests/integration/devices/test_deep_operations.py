"""onvif-zeep's typed messages on our own wire, against the pretend city."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.builders.devices import SOAP_11, SOAP_12, a_camera, http, soap, soap_fault
from vms.core.errors import BadInput
from vms.devices.budget import Login
from vms.devices.onvif.client import CallRefused, OnvifClient, SignInRefused
from vms.devices.onvif.deep import call_deeply, goto_preset, plain, set_clock
from vms.devices.onvif.operations import Service
from vms.devices.onvif.xml import read_xml
from vms.devices.poll import probe_control, probe_target
from vms.devices.sync import request_key_frame
from vms.inventory.device import AuthScheme, Quirks
from vms.sim.city import running_city
from vms.sim.personality import SignIn
from vms.sim.plan import PretendDevice, plan_city

PLAN = plan_city(60, first_address="127.22.170.1")


def a_device(sign_in: SignIn) -> PretendDevice:
    return next(
        device
        for device in PLAN.devices
        if device.personality.auth is sign_in and device.personality.label in ("plain", "digest", "open")
    )


def client_of(device: PretendDevice, *, password: str = "") -> OnvifClient:
    login = Login(username=device.username, password=password or device.password)
    scheme = AuthScheme(device.personality.auth)
    offset_s = device.personality.clock_offset_s
    return OnvifClient(
        device.address, device.onvif_port, login=login, quirks=Quirks(auth=scheme), signing_offset_s=offset_s
    )


@pytest.mark.parametrize("sign_in", [SignIn.WSSE, SignIn.DIGEST])
async def test_operations_are_asked_by_name_with_either_way_of_signing_in(sign_in: SignIn) -> None:
    device = a_device(sign_in)
    async with running_city(PLAN):
        client = client_of(device)
        told = await call_deeply(client, Service.DEVICE, "GetDeviceInformation")
        assert told["SerialNumber"] == device.serial_no
        texts = await call_deeply(client, Service.MEDIA, "GetOSDs", xaddr="http://192.168.1.1/onvif/media_service")
        assert device.channels[0].name in json.dumps(texts, ensure_ascii=False, default=str)


async def test_a_clock_is_put_right() -> None:
    device = a_device(SignIn.WSSE)
    async with running_city(PLAN):
        await set_clock(client_of(device), datetime.now(UTC) + timedelta(seconds=500))
        _, control = await probe_control(probe_target(device.address, device.onvif_port))
    assert control.clock_offset_s == pytest.approx(500, abs=2)


async def test_a_camera_is_turned_to_a_preset() -> None:
    plan = plan_city(60, first_address="127.22.172.1", personalities=False)
    device = next(one for one in plan.devices if one.ptz)
    channel = next(one for one in device.channels if one.ptz)
    async with running_city(plan):
        client = client_of(device)
        profile, address = f"Profile_{channel.number}_main", "http://10.0.0.1/onvif/ptz_service"
        presets = await call_deeply(client, Service.PTZ, "GetPresets", {"ProfileToken": profile}, xaddr=address)
        (first, *_) = presets["_value_1"]  # type: ignore[misc]
        await goto_preset(client, profile, first["token"], ptz_xaddr=address)
        with pytest.raises(CallRefused):
            await goto_preset(client, profile, "no such preset", ptz_xaddr=address)


async def test_what_the_wsdl_does_not_know_is_refused_before_anything_is_sent() -> None:
    async with a_camera(lambda asked: http(soap_fault("ter:Action"))) as camera:
        client = OnvifClient(camera.address, camera.port)
        with pytest.raises(BadInput, match="Nope"):
            await call_deeply(client, Service.DEVICE, "Nope")
        with pytest.raises(BadInput, match="GetScopes"):
            await call_deeply(client, Service.DEVICE, "GetScopes", {"Colour": "red"})
        assert camera.asked == []


async def test_refusals_come_through_as_they_are_and_once() -> None:
    device = a_device(SignIn.WSSE)
    async with running_city(PLAN):
        with pytest.raises(SignInRefused):
            await call_deeply(client_of(device, password="wrong"), Service.DEVICE, "GetScopes")
        with pytest.raises(CallRefused) as refused:
            await call_deeply(client_of(device), Service.DEVICE, "GetRemoteDiscoveryMode")
    assert refused.value.fault.not_supported


async def test_an_answer_that_zeep_refuses_is_read_by_local_names() -> None:
    inner = (
        "<tds:GetScopesResponse><tds:Scopes><tt:ScopeItem>onvif://a</tt:ScopeItem></tds:Scopes></tds:GetScopesResponse>"
    )
    odd = soap(inner, version=SOAP_11)
    async with a_camera(lambda asked: http(odd)) as camera:
        told = await call_deeply(OnvifClient(camera.address, camera.port), Service.DEVICE, "GetScopes")
        assert len(camera.asked) == 1
    assert told == {"Scopes": {"ScopeItem": "onvif://a"}}


def test_an_overwritten_onvif_zeep_is_named(tmp_path: Path) -> None:
    """onvif-zeep-async brings a module `onvif` too; whoever installs both is told so."""
    (tmp_path / "onvif").mkdir()
    for name in ("__init__.py", "definition.py"):
        (tmp_path / "onvif" / name).touch()
    (tmp_path / "onvif" / "client.py").write_text("class ZeepAsyncClient: ...")
    told = told_by_another_python(
        "from vms.devices.onvif import deep\nfrom vms.devices.onvif.operations import Service\n"
        "try:\n    deep._load(Service.DEVICE)\nexcept deep.DeepUnavailable as refusal:\n    print(refusal.message)",
        tmp_path,
    )
    assert "onvif-zeep-async" in told


def test_elements_become_dictionaries_by_local_names() -> None:
    root = read_xml(f'<s:E xmlns:s="{SOAP_12}"><s:A k="1">x</s:A><s:B>1</s:B><s:B>2</s:B></s:E>'.encode()).root
    assert plain(root) == {"A": {"k": "1", "_value_1": "x"}, "B": ["1", "2"]}


@pytest.mark.parametrize("sign_in", list(SignIn))
async def test_a_key_frame_is_asked_for(sign_in: SignIn) -> None:
    device = a_device(sign_in)
    quirks = Quirks(auth=AuthScheme(sign_in), media_version=1 if device.personality.no_media2 else 2)
    login = Login(username=device.username, password=device.password)
    async with running_city(PLAN):
        assert await request_key_frame(device.address, device.onvif_port, "Profile_1_main", login, quirks=quirks)
        assert not await request_key_frame(device.address, device.onvif_port, "no such", login, quirks=quirks)
    assert not await request_key_frame("127.22.171.1", 9, "Profile_1_main", login, quirks=quirks)


def test_loading_it_leaves_the_root_logger_alone() -> None:
    """onvif-zeep sets up logging when it is imported; a server must not inherit that."""
    script = (
        "import logging\nfrom vms.devices.onvif import deep\nfrom vms.devices.onvif.operations import Service\n"
        "deep._load(Service.DEVICE)\n"
        "print(len(logging.getLogger().handlers), logging.getLogger().level == logging.WARNING)"
    )
    assert told_by_another_python(script).split() == ["0", "True"]


def told_by_another_python(script: str, *first_on_the_path: Path) -> str:
    folders = [*first_on_the_path, Path(__file__).resolve().parents[3], os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, folders))}
    return subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=True
    ).stdout
