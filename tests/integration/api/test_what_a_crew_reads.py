"""A firm's crew reads addresses, owners and serial numbers of the cameras of its open orders, and of no others."""

from datetime import timedelta

import httpx
import pytest

from tests.builders.access import a_person
from tests.builders.orders import Town
from tests.builders.web import Web, put_camera
from vms.access.roles import Role
from vms.core.ids import CameraId, MaintainerId
from vms.inventory.camera import Stream, StreamRole
from vms.inventory.device import ObservedDevice
from vms.inventory.tier import Tier
from vms.maintenance.assignment import AssignmentRule
from vms.services.follow_news import what_may_be_heard
from vms.services.passwords import token_hash
from vms.store import cameras, devices, events, maintainers, owners, search_columns, sign_ins, users

OURS, HOME = "127.93.151.1", "127.93.150.1"
SERIAL, OWNER, CONTACT = "SN-HOME-77", "赵四家", "13912345678"


def _client(web: Web, name: str, firm: MaintainerId | None) -> httpx.AsyncClient:
    now = web.clock()
    with web.database.writing() as tx:
        user = users.add(tx, name, "no password", Role.MAINTAINER, now, maintainer_id=firm)
        sign_ins.add(tx, token_hash(name), user.user_id, now, now + timedelta(hours=1))
    return web.client(name)


@pytest.fixture
def crew(web: Web) -> httpx.AsyncClient:
    with web.database.writing() as tx:
        firm = maintainers.put(tx, "东城", web.clock(), contact="", contract="", calendar_id=None, retired=False)
        maintainers.replace_rules(tx, [AssignmentRule(maintainer_id=firm.maintainer_id)], web.clock())
    return _client(web, "wang", firm.maintainer_id)


def _home(web: Web) -> CameraId:
    """A private camera of which everything is known."""
    with web.database.writing() as tx:
        owner = owners.add(tx, OWNER, Tier.HOUSEHOLD, "", web.clock())
    picture = Stream(
        role=StreamRole.MAIN, profile="p", encoding="h264", width=1920, height=1080, uri=f"rtsp://{HOME}/1"
    )
    camera = put_camera(web, name="门口", tier=Tier.HOUSEHOLD, address=HOME, owner_id=owner, streams=[picture])
    with web.database.writing() as tx:
        device = cameras.get(tx, camera).device_id
        assert device is not None
        told = ObservedDevice(address=HOME, port=8080, macs=("44:19:b6:0a:1b:2c",), serial_no=SERIAL, model="DS-1")
        devices.update_observed(tx, device, told, web.clock())
        search_columns.refresh(tx, [camera])
    return camera


def _breaks(web: Web, camera: CameraId) -> None:
    town = Town(database=web.database, now=web.clock() - timedelta(minutes=3))
    town.fails(camera)
    town.later(minutes=3)
    assert town.turn().opened == 1


async def _everything(client: httpx.AsyncClient, camera: CameraId) -> dict[str, str]:
    at = f"/cameras/{camera}"
    device = (await client.get(at)).json()["device"]["id"]
    paths = [at, f"{at}/record", f"{at}/changes", f"{at}/hardware", "/cameras", "/cameras?tier=household", "/devices"]
    paths += [f"/devices/{device}", "/owner-tree", "/cameras/groups?by=owner", "/differences", "/filter-fields"]
    answers = {path: await client.get(path) for path in paths}
    assert {answer.status_code for answer in answers.values()} == {200}
    return {path: answer.text for path, answer in answers.items()}


async def test_of_a_home_it_was_not_sent_for_a_crew_reads_neither_address_nor_owner(
    web: Web, crew: httpx.AsyncClient
) -> None:
    home = _home(web)
    office = _client(web, "office", None)
    contact = await office.patch(
        f"/cameras/{home}/record", json={"changes": {"mgmt_contact": CONTACT, "mac": "44:19:b6:0a:1b:2d"}}
    )
    assert contact.status_code == 200, contact.text
    secrets = (HOME, "44:19:b6", SERIAL, OWNER, CONTACT)
    for path, text in (await _everything(crew, home)).items():
        assert [one for one in secrets if one in text] == [], path
    read = "".join((await _everything(office, home)).values())
    assert [one for one in secrets if one not in read] == []
    _breaks(web, home)
    sent = await _everything(crew, home)
    for path in (f"/cameras/{home}", "/cameras"):
        assert HOME in sent[path], path
        assert SERIAL in sent[path], path
        assert OWNER in sent[path], path
    assert CONTACT in sent[f"/cameras/{home}/record"]


async def test_a_crew_does_not_find_out_by_asking(web: Web, crew: httpx.AsyncClient) -> None:
    _home(web)
    office = _client(web, "office", None)
    refused = ["address=127.93.150.1", "mac~44:19", "owner~赵", "owner_id=1", "serial_no~SN", "not has:owner"]
    for asked in [{"filter": one} for one in refused] + [{"sort": "address"}, {"sort": "-owner"}, {"owner": "1"}]:
        assert (await crew.get("/cameras", params=asked)).status_code == 403, asked
        assert (await office.get("/cameras", params=asked)).status_code == 200, asked
    for words in (HOME, SERIAL, "赵四"):
        assert (await office.get("/cameras", params={"q": words})).json()["total"] == 1, words
        assert (await crew.get("/cameras", params={"q": words})).json()["total"] == 0, words
    assert (await crew.get("/devices", params={"address": HOME})).status_code == 403
    assert (await crew.get("/devices", params={"q": SERIAL})).json()["total"] == 0
    impact = {"kind": "subnet", "value": "127.93.150.0/24"}
    assert (await crew.get("/supply/impact", params=impact)).status_code == 403
    assert (await crew.get("/conflicts")).status_code == 403


async def test_an_outage_is_told_to_a_crew_without_its_network_and_its_own_order_with_it(
    web: Web, crew: httpx.AsyncClient
) -> None:
    fallen = [put_camera(web, name=f"路口{number}", address=f"127.93.151.{number}") for number in (1, 2)]
    town = Town(database=web.database, now=web.clock() - timedelta(minutes=3))
    number = town.outage(fallen, name="127.93.151.0/24", kind="subnet")
    assert "127.93.151" not in (await crew.get("/outages")).text
    assert "127.93.151" not in (await crew.get(f"/outages/{number}")).text
    assert "127.93.151" in (await _client(web, "office", None).get("/outages")).text
    town.later(minutes=3)
    assert town.turn().opened == 1
    assert "127.93.151.0/24" in (await crew.get("/work-orders")).text
    assert "127.93.151.1" in (await crew.get(f"/cameras/{fallen[0]}")).text


def test_a_crew_hears_nothing_of_devices_and_of_supply_without_addresses(web: Web) -> None:
    with web.database.writing() as tx:
        before = events.latest_id(tx)
        events.append(tx, "device.another_answers", 7, {"host": HOME}, web.clock())
        events.append(tx, "supply.changed", 7, {"name": f"{HOME}/32"}, web.clock())
        news = events.after(tx, before, 10)
        crew, office = a_person(Role.MAINTAINER, maintainer_id=MaintainerId(3)), a_person(Role.MAINTAINER)
        assert HOME in str(what_may_be_heard(tx, office, news))
        heard = what_may_be_heard(tx, crew, news)
    assert [(one.kind, one.content) for one in heard] == [("supply.changed", {"name": "one network"})]


async def test_a_crew_compares_no_owners(web: Web, crew: httpx.AsyncClient) -> None:
    _home(web)
    office = _client(web, "office", None)
    days = {"from": "2026-11-01", "to": "2026-11-02", "by": "owner"}
    made = await office.post("/assessment/reports", json=days)
    assert made.status_code == 201, made.text
    kept = f"/assessment/reports/{made.json()['id']}"
    asked = [("/archive/figures", {"by": "owner"}), ("/assessment", days), ("/assessment/page", days)]
    asked += [("/assessment/sheet", days), (kept, {}), (f"{kept}/page", {}), (f"{kept}/sheet", {})]
    for path, query in asked:
        answer = await crew.get(path, params=query)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "role"), path
        assert "may not compare owners" in answer.json()["error"]["message"]
        assert (await office.get(path, params=query)).status_code == 200, path
    assert (await crew.post("/assessment/reports", json=days)).status_code == 403
    compared = days | {"one": {"name": ""}, "other": {"name": ""}}
    assert (await crew.post("/assessment/comparison", json=compared)).status_code == 403
    assert (await crew.get("/archive/figures", params={"by": "region"})).status_code == 200
    assert (await crew.get("/assessment", params=days | {"by": "region"})).status_code == 200


async def test_words_of_an_owner_find_a_crew_only_what_it_was_sent_for(web: Web, crew: httpx.AsyncClient) -> None:
    with web.database.writing() as tx:
        owner = owners.add(tx, "红旗商场", Tier.UNIT, "", web.clock())
    sent, other = (
        put_camera(web, name=name, tier=Tier.UNIT, address=f"127.72.1.{number}", owner_id=owner)
        for number, name in enumerate(("南门", "北门"), 1)
    )
    with web.database.writing() as tx:
        search_columns.refresh(tx, [sent, other])
    _breaks(web, sent)
    found = {
        words: (await crew.get("/cameras", params={"q": words})).json() for words in ("商场", "hqsc", "南门", "bm")
    }
    assert {words: [item["id"] for item in page["items"]] for words, page in found.items()} == {
        "商场": [sent],
        "hqsc": [sent],
        "南门": [sent],
        "bm": [other],
    }
    office = _client(web, "office", None)
    assert (await office.get("/cameras", params={"q": "hqsc"})).json()["total"] == 2
    tree = (await crew.get("/owner-tree")).json()["items"]
    assert [one["counts"]["total"] for group in tree for one in group["owners"]] == [1]
    by_owner = (await crew.get("/cameras/groups", params={"by": "owner"})).json()["items"]
    assert [group["counts"]["total"] for group in by_owner] == [1]
