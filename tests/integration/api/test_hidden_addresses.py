"""Who may not read network addresses sees none anywhere, and finds nothing out by asking for them."""

from collections.abc import Iterator

import pytest

from tests.builders.web import Web, put_camera
from vms.access.roles import SEES_ADDRESSES, STAFF, Role
from vms.inventory.device import ObservedDevice, Problem
from vms.store import cameras, devices

MAC, TOLD = "44:19:b6:0a:1b:2c", "44:19:b6:0a:1b:2d"
HERE = "127.24.64.1"
OTHERS = sorted(STAFF - SEES_ADDRESSES)


@pytest.fixture
def camera(web: Web) -> Iterator[int]:
    """Its record names a MAC, its device tells another."""
    camera_id = put_camera(web, address=HERE)
    with web.database.writing() as tx:
        device_id = cameras.get(tx, camera_id).device_id
        assert device_id is not None
        told = ObservedDevice(
            address=HERE, port=8080, macs=(TOLD,), serial_no="SN-4711", model="DS-1",
            scopes=(f"onvif://www.onvif.org/MAC/{TOLD}",),
            problems=(Problem(code="xaddr_rewritten", message=f"it names {HERE} as 10.77.0.9"),),
        )  # fmt: skip
        devices.update_observed(tx, device_id, told, web.clock())
    yield camera_id


async def _told(web: Web, camera: int, role: Role) -> dict[str, str]:
    """Everything that is said of the camera and its device."""
    keeper, person = await web.signed_in(Role.MAINTAINER), await web.signed_in(role)
    changed = await keeper.patch(f"/cameras/{camera}/record", json={"changes": {"mac": MAC}})
    assert changed.status_code == 200, changed.text
    at = f"/cameras/{camera}"
    device = (await person.get(at)).json()["device"]["id"]
    paths = [at, f"{at}/record", f"{at}/changes", f"{at}/hardware", "/cameras", "/differences", "/devices"]
    paths += [f"/devices/{device}", "/cameras/groups?by=model", "/filter-fields", "/conflicts"]
    answers = {path: await person.get(path) for path in paths}
    return {path: answer.text for path, answer in answers.items() if answer.status_code == 200}


@pytest.mark.parametrize("role", OTHERS)
async def test_no_answer_holds_an_address(web: Web, camera: int, role: Role) -> None:
    told = await _told(web, camera, role)
    assert len(told) >= 10
    for path, text in told.items():
        for hidden in (MAC, TOLD, HERE, "10.77.0.9"):
            assert hidden not in text, path
    assert "SN-4711" in told[f"/cameras/{camera}"], "a serial number is no address"


async def test_who_keeps_the_record_reads_all_of_it(web: Web, camera: int) -> None:
    told = await _told(web, camera, Role.MAINTAINER)
    assert MAC in told[f"/cameras/{camera}/record"]
    assert MAC in told[f"/cameras/{camera}/changes"]
    assert TOLD in told[f"/cameras/{camera}"]
    assert TOLD in told["/differences"]


async def test_a_broken_rule_is_told_without_the_address(web: Web, camera: int) -> None:
    told = await _told(web, camera, Role.OPERATOR)
    operator = await web.signed_in(Role.OPERATOR)
    record = (await operator.get(f"/cameras/{camera}/record")).json()
    assert told
    assert [one["sentence_en"] for one in record["failed"] if one["code"] == "mac_equal"] == [
        "the MAC is not the one that the device says"
    ]
    assert next(one for one in record["fields"] if one["about"]["name"] == "mac")["masked"] is True


@pytest.mark.parametrize(
    ("where", "refused"),
    [
        ("filter=mac~44:19", "your role may not filter by mac"),
        ("filter=not has:mac", "your role may not filter by mac"),
        ("filter=tier=unit or MAC地址=4419b60a1b2c", "your role may not filter by mac"),
        ("filter=address=127.24.64.1", "your role may not filter by address"),
        ("filter=port=8080 and ipv6~fe80", "your role may not filter by port, ipv6"),
        ("sort=-address", "your role may not sort by address"),
    ],
)
async def test_asking_by_a_hidden_field_is_refused_in_words(web: Web, camera: int, where: str, refused: str) -> None:
    assert camera
    name, _, value = where.partition("=")
    operator, keeper = await web.signed_in(Role.OPERATOR), await web.signed_in(Role.MAINTAINER)
    answer = await operator.get("/cameras", params={name: value})
    assert (answer.status_code, answer.json()["error"]["message"]) == (403, refused)
    assert (await keeper.get("/cameras", params={name: value})).status_code == 200
    if name == "filter":
        groups = await operator.get("/cameras/groups", params={"by": "tier", name: value})
        assert groups.json()["error"]["message"] == refused
    content = {"filter": value} if name == "filter" else {"sort": value}
    view = await operator.post("/views", json={"name": "x", "content": content})
    assert view.json()["error"]["message"] == refused, "nor is a view saved that could not be opened"


async def test_a_search_does_not_find_what_it_does_not_show(web: Web, camera: int) -> None:
    await _told(web, camera, Role.MAINTAINER)
    operator, keeper = await web.signed_in(Role.OPERATOR), await web.signed_in(Role.MAINTAINER)
    for words in (MAC, TOLD, "4419B60A1B2C", "44:19", HERE):
        assert (await keeper.get("/cameras", params={"q": words})).json()["total"] == 1, words
        assert (await operator.get("/cameras", params={"q": words})).json()["total"] == 0, words
        assert (await operator.get("/map/search", params={"q": words})).json()["items"] == [], words
    assert (await operator.get("/cameras", params={"q": "sn-4711"})).json()["total"] == 1


async def test_the_words_of_a_problem_are_not_looked_through(web: Web, camera: int) -> None:
    operator = await web.signed_in(Role.OPERATOR)
    for asked, found in (("problem~10.77", 0), ("problem=10.77*", 0), ("problem~XADDR", 1), ("problem=xaddr*", 1)):
        answer = await operator.get("/cameras", params={"filter": asked})
        assert answer.json()["total"] == found, asked
    assert camera
