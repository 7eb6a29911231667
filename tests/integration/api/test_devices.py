"""What is known about talking to a device: shown, forgotten, and what a person allows beyond it."""

from dataclasses import replace
from datetime import timedelta

from tests.builders.sim import a_device
from tests.builders.web import Web
from vms.access.roles import Role
from vms.core.ids import DeviceId
from vms.devices.identify import identify
from vms.inventory.camera import Declared, LifeCycle
from vms.inventory.device import AuthScheme, ObservedDevice, Problem, Quirks
from vms.inventory.identity.keys import DeviceKey
from vms.inventory.tier import Tier
from vms.sim.personality import PLAIN
from vms.sim.plan import PretendDevice
from vms.store import cameras, credentials, device_costs, devices, events
from vms.store.device_costs import DeviceCost

LEARNT = Quirks(auth=AuthScheme.WSSE, soap_version="1.1", health_operation="GetHostname", tls_fingerprint="ab" * 32)
OBSERVED = ObservedDevice(
    address="10.7.0.9",
    port=80,
    manufacturer="HAIKAN",
    model="HK-1",
    serial_no="S1",
    macs=("02:4a:1c:00:00:01",),
    auth=AuthScheme.WSSE,
    quirks=LEARNT,
    problems=(Problem(code="xaddr_rewritten", message="the device names http://10.9.9.9/ as its own"),),
)


def a_stored_device(
    web: Web, observed: ObservedDevice = OBSERVED, *, life_cycle: LifeCycle = LifeCycle.APPROVED
) -> DeviceId:
    with web.database.writing() as tx:
        keys = [DeviceKey("serial", observed.serial_no)] if observed.serial_no else []
        device_id = devices.insert_observed(tx, observed, keys, web.clock())
        camera_id = cameras.add(tx, Declared(name="路口", tier=Tier.GOVERNMENT), life_cycle=life_cycle, now=web.clock())
        cameras.bind_device(tx, camera_id, device_id, "1", web.clock())
    return device_id


def news(web: Web, kind: str) -> list[dict[str, object]]:
    with web.database.reading() as tx:
        return [event.content for event in events.after(tx, 0, 1000) if event.kind == kind]


async def test_a_maintainer_sees_what_was_learnt_and_where_the_device_is(web: Web) -> None:
    device_id = a_stored_device(web)
    with web.database.writing() as tx:
        credential = credentials.put(tx, web.rooms.box, "city", "admin", "secret-word", web.clock())
        devices.set_login(tx, device_id, credential, {credential: 1})
    maintainer = await web.signed_in(Role.MAINTAINER)
    page = (await maintainer.get("/devices", params={"q": "haikan", "address": "10.7."})).json()
    assert page["total"] == 1
    assert page["items"][0] | {"address": "10.7.0.9", "cameras": 1, "login_refused": True} == page["items"][0]
    answer = await maintainer.get(f"/devices/{device_id}")
    detail = answer.json()
    assert detail["learnt"]["health_operation"] == "GetHostname"
    assert detail["learnt"]["tls_fingerprint"] == "ab" * 32
    assert detail["keys"] == [{"kind": "serial", "value": "S1"}]
    assert detail["problems"] == [{"code": "xaddr_rewritten", "message": OBSERVED.problems[0].message}]
    assert detail["credential_set"] == "city"
    assert detail["refused_logins"] == [{"name": "city", "version": 1, "is_current": True}]
    assert [camera["name"] for camera in detail["cameras"]] == ["路口"]
    assert "secret-word" not in answer.text


async def test_an_operator_reads_no_address_anywhere(web: Web) -> None:
    device_id = a_stored_device(web)
    operator = await web.signed_in(Role.OPERATOR)
    by_address = await operator.get("/devices", params={"address": "10.7."})
    assert by_address.status_code == 403
    assert by_address.json()["error"]["message"] == "your role may not filter by address"
    page = await operator.get("/devices")
    detail = await operator.get(f"/devices/{device_id}")
    assert page.json()["total"] == 1
    assert (detail.json()["address"], detail.json()["keys"]) == (None, [])
    for text in (page.text, detail.text):
        assert "10.7.0.9" not in text
        assert "10.9.9.9" not in text
        assert "02:4a" not in text


async def test_a_device_whose_cameras_nobody_has_accepted_is_unknown_to_operators(web: Web) -> None:
    device_id = a_stored_device(web, life_cycle=LifeCycle.PENDING)
    operator, maintainer = await web.signed_in(Role.OPERATOR), await web.signed_in(Role.MAINTAINER)
    assert (await operator.get("/devices")).json()["total"] == 0
    assert (await operator.get(f"/devices/{device_id}")).status_code == 404
    assert (await maintainer.get("/devices")).json()["total"] == 1
    assert (await maintainer.get(f"/devices/{device_id}")).status_code == 200


async def test_devices_come_in_pages(web: Web) -> None:
    for number in range(5):
        a_stored_device(web, replace(OBSERVED, address=f"10.7.1.{number}", serial_no=f"N{number}"))
    maintainer = await web.signed_in(Role.MAINTAINER)
    first = (await maintainer.get("/devices", params={"limit": 2})).json()
    rest = (await maintainer.get("/devices", params={"limit": 10, "offset": 2})).json()
    assert (first["total"], len(first["items"]), len(rest["items"])) == (5, 2, 3)
    assert {row["serial_no"] for row in first["items"] + rest["items"]} == {f"N{number}" for number in range(5)}


async def test_what_was_learnt_is_forgotten_on_a_persons_word_and_that_is_news(web: Web) -> None:
    device_id = a_stored_device(web)
    with web.database.writing() as tx:
        credential = credentials.put(tx, web.rooms.box, "city", "admin", "pw", web.clock())
        devices.set_login(tx, device_id, credential, {credential: 1})
    maintainer = await web.signed_in(Role.MAINTAINER)
    path = f"/devices/{device_id}/forget-learnt"
    detail = (await maintainer.post(path, json={"why": "new firmware"})).json()
    assert detail["learnt"] | {
        "auth": "unknown", "soap_version": "1.2", "tls": True, "tls_fingerprint": "", "forgotten": True
    } == detail["learnt"]  # fmt: skip
    assert detail["refused_logins"] != []
    (told,) = news(web, "device.learnt_forgotten")
    assert (told["by"], told["why"]) == ("maintainer", "new firmware")
    cleared = (await maintainer.post(path, json={"refused_logins": True})).json()
    assert cleared["refused_logins"] == []
    planner = await web.signed_in(Role.PLANNER)
    assert (await planner.post(path, json={})).status_code == 403
    assert (await maintainer.post("/devices/999/forget-learnt", json={})).status_code == 404


async def test_only_an_administrator_allows_old_tls_and_plain_passwords(web: Web) -> None:
    device_id = a_stored_device(web)
    path = f"/devices/{device_id}/policy"
    maintainer, admin = await web.signed_in(Role.MAINTAINER), await web.signed_in()
    assert (await maintainer.put(path, json={"legacy_tls": True})).status_code == 403
    wanted = {"legacy_tls": True, "tls_fingerprint": ":".join(["AB"] * 32), "why": "door station"}
    detail = (await admin.put(path, json=wanted)).json()
    assert detail["policy"] == {"legacy_tls": True, "plain_password": False, "tls_fingerprint": "ab" * 32}
    (told,) = news(web, "device.policy_changed")
    assert (told["by"], told["before"]) == (
        "admin",
        {"legacy_tls": False, "plain_password": False, "tls_fingerprint": ""},
    )
    assert (await admin.put(path, json={"tls_fingerprint": "nonsense"})).status_code == 422
    assert (await admin.put(path, json={"all": True})).status_code == 422
    assert (await admin.put("/devices/999/policy", json={})).status_code == 404


async def the_devices_id(web: Web, device: PretendDevice, password: str) -> DeviceId:
    told = await identify(device.address, device.onvif_port)
    known = replace(told, quirks=replace(told.quirks, auth=AuthScheme.WSSE))
    device_id = a_stored_device(web, known)
    with web.database.writing() as tx:
        credential = credentials.put(tx, web.rooms.box, "city", device.username, password, web.clock())
        devices.set_login(tx, device_id, credential)
    return device_id


async def test_the_events_of_a_device_are_read_once(web: Web) -> None:
    async with a_device(PLAIN, address="127.43.251.1") as (city, device):
        device_id = await the_devices_id(web, device, device.password)
        maintainer = await web.signed_in(Role.MAINTAINER)
        answer = await maintainer.post(f"/devices/{device_id}/events", params={"seconds": 1})
        assert city.device(device.address).pull.names() == ()
    told = answer.json()
    assert told["problems"] == []
    assert {item["topic"] for item in told["items"]} >= {"tns1:VideoSource/ImageTooDark/ImagingService"}
    assert {item["operation"] for item in told["items"]} == {"Initialized"}


async def test_a_refused_login_is_shown_to_the_device_once_and_never_again(web: Web) -> None:
    async with a_device(PLAIN, address="127.43.251.2") as (city, device):
        device_id = await the_devices_id(web, device, "wrong")
        maintainer = await web.signed_in(Role.MAINTAINER)
        first = await maintainer.post(f"/devices/{device_id}/events", params={"seconds": 1})
        second = await maintainer.post(f"/devices/{device_id}/events", params={"seconds": 1})
        assert city.device(device.address).login.refusals == 1
    assert [first.json()["error"]["code"], second.json()["error"]["code"]] == ["login_refused", "login_refused"]
    detail = (await maintainer.get(f"/devices/{device_id}")).json()
    assert [one["name"] for one in detail["refused_logins"]] == ["city"]


async def test_a_device_without_events_says_so_in_words(web: Web) -> None:
    async with a_device(replace(PLAIN, max_pull_points=0), address="127.43.251.3") as (_, device):
        device_id = await the_devices_id(web, device, device.password)
        maintainer = await web.signed_in(Role.MAINTAINER)
        told = (await maintainer.post(f"/devices/{device_id}/events", params={"seconds": 1})).json()
    assert [problem["code"] for problem in told["problems"]] == ["events_exhausted"]


async def test_what_our_looking_costs_a_device_is_told_a_row_a_day(web: Web) -> None:
    device_id = a_stored_device(web)
    today = web.clock().date()
    for day, requests in ((today, 700), (today, 40), (today - timedelta(days=40), 9)):
        cost = DeviceCost(
            device_id=device_id, day=day, requests=requests, bytes_in=10, busy_ms=1500, most_at_once=1, for_wall=5
        )
        with web.database.writing() as tx:
            device_costs.add_many(tx, [cost])
    operator = await web.signed_in(Role.OPERATOR)
    answer = (await operator.get(f"/devices/{device_id}/costs")).json()
    assert (answer["today"], answer["budget"]) == (today.isoformat(), None)
    (told,) = answer["items"]
    assert told == {
        "day": today.isoformat(), "requests": 740, "bytes_in": 20, "busy_s": 3.0, "sign_ins": 0, "refused": 0,
        "most_at_once": 1,
            "by_reason": {"incident": 0, "wall": 10, "poll": 730, "diagnosis": 0},
    }  # fmt: skip
    assert len((await operator.get(f"/devices/{device_id}/costs", params={"days": 60})).json()["items"]) == 2
    assert (await operator.get("/devices/999999/costs")).status_code == 404
