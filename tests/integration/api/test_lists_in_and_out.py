"""Lists over HTTP: upload with preview and dry run, progress, rejected rows, mappings, exports; for keepers only."""

import asyncio
import io

import httpx
import pytest
from openpyxl import load_workbook

from tests.builders.web import put_camera, running_web
from vms.access.roles import Role
from vms.inventory.camera import Declared, LifeCycle
from vms.inventory.tier import Tier
from vms.services.lists import csv_file
from vms.store import cameras, events

IN_USE, GB = LifeCycle.APPROVED, "41010200001320000001"
LIST = "点位名称,建设类别,序列号,经度,纬度\n甲,社区,SN1,113.62,34.75\n乙,月亮,SN2,,\n".encode()


async def finished(client, import_id):
    async with asyncio.timeout(20):
        while (row := (await client.get(f"/imports/{import_id}")).json())["state"] == "running":  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return row


async def nothing_stays_behind(web):
    """An upload goes when its import is done, an export when it is sent."""
    folder = web.rooms.stills_folder / "lists"
    async with asyncio.timeout(10):
        while list(folder.iterdir()):  # noqa: ASYNC110 - it is about the disk
            await asyncio.sleep(0.01)


async def test_a_list_is_uploaded_tried_and_taken_in(web):
    keeper = await web.signed_in(Role.MAINTAINER)
    tried = await keeper.post("/imports", params={"name": "甲.csv", "dry_run": True}, content=LIST)
    assert tried.status_code == 202, tried.text
    row = await finished(keeper, tried.json()["id"])
    assert (row["state"], row["dry_run"], row["created"], row["rejected_rows"]) == ("done", True, 1, 1)
    with web.database.reading() as tx:
        assert list(cameras.every(tx)) == []
    taken = await finished(
        keeper, (await keeper.post("/imports", params={"name": "甲.csv"}, content=LIST)).json()["id"]
    )
    assert (taken["created"], taken["rows"], taken["who"], taken["file_name"]) == (1, 2, "maintainer", "甲.csv")
    rejected = (await keeper.get(f"/imports/{taken['id']}/rejected")).json()
    assert [(item["row"], item["field"], item["value"]) for item in rejected["items"]] == [(3, "tier", "月亮")]
    again = await finished(
        keeper, (await keeper.post("/imports", params={"name": "甲.csv"}, content=LIST)).json()["id"]
    )
    assert (again["created"], again["unchanged"]) == (0, 1)
    assert [item["id"] for item in (await keeper.get("/imports")).json()["items"]] == [3, 2, 1]
    await nothing_stays_behind(web)
    with web.database.reading() as tx:
        told = [event.content["who"] for event in events.after(tx, 0, 1000) if event.kind == "list.imported"]
    assert told == ["maintainer"] * 3


async def test_a_list_is_looked_into_and_a_mapping_remembered(web):
    keeper = await web.signed_in()
    foreign = b"Titel;Art\nNord;Firma\n"
    looked = (await keeper.post("/imports/preview", params={"name": "x.csv"}, content=foreign)).json()
    assert looked["headings"] == ["Titel", "Art"] and "the headings lack name" in looked["problem"]
    mapping = {"headings": {"Titel": "name", "Art": "tier"}, "values": {"tier": {"Firma": "unit"}}}
    assert (await keeper.put("/mappings/city hall", json=mapping)).json()["name"] == "city hall"
    looked = await keeper.post("/imports/preview", params={"name": "x.csv", "mapping": "city hall"}, content=foreign)
    assert (looked.json()["problem"], looked.json()["rows"][0]["columns"]["tier"]) == ("", "unit")
    begun = await keeper.post("/imports", params={"name": "x.csv", "mapping": "city hall"}, content=foreign)
    assert (await finished(keeper, begun.json()["id"]))["created"] == 1
    assert [item["name"] for item in (await keeper.get("/mappings")).json()["items"]] == ["city hall"]
    assert (await keeper.delete("/mappings/city hall")).status_code == 204
    assert (await keeper.delete("/mappings/city hall")).status_code == 404
    wrong = await keeper.put("/mappings/x", json={"headings": {"a": "moon"}})
    assert (wrong.status_code, wrong.json()["error"]["where"]) == (400, "headings")


@pytest.mark.parametrize(
    ("name", "content", "status", "message"),
    [
        ("a.xlsx", LIST, 400, "not a spreadsheet"),
        ("a.exe", LIST, 400, "only .csv, .xlsx and .toml"),
        ("a.csv", b"", 400, "the file is empty"),
        ("../../a.csv", b"\0\1", 400, "binary"),
    ],
)
async def test_what_is_no_list_is_refused_at_once_and_leaves_nothing(web, name, content, status, message):
    keeper = await web.signed_in()
    answer = await keeper.post("/imports", params={"name": name}, content=content)
    assert answer.status_code == status and message in answer.json()["error"]["message"]
    assert answer.json()["error"]["where"].split("/")[-1] == name.split("/")[-1], "it is said of the file that came"
    assert "upload-" not in answer.text
    folder = web.rooms.stills_folder / "lists"
    assert not folder.exists() or list(folder.iterdir()) == []
    assert (await keeper.get("/imports")).json()["total"] == 0


async def test_what_is_wrong_with_a_file_is_told_under_its_own_name(web):
    keeper = await web.signed_in()
    wrong = [("甲.csv", b"Titel\nNord\n"), ("甲.csv", b""), ("甲.toml", b"a = "), ("甲.xlsx", LIST)]
    for name, content in wrong:
        for path in ("/imports", "/imports/preview"):
            answer = await keeper.post(path, params={"name": f"../{name}"}, content=content)
            if answer.status_code == 200:
                continue  # a preview shows a list without names
            error = answer.json()["error"]
            assert error["where"].startswith(name), (path, error)
            assert error["message"].startswith(name) and "upload-" not in answer.text and "/" not in error["where"]


async def test_a_list_that_breaks_while_it_is_taken_in_is_told_under_its_own_name(web, monkeypatch):
    monkeypatch.setattr(csv_file, "MAX_ROWS", 3)
    keeper = await web.signed_in()
    begun = await keeper.post("/imports", params={"name": "甲.csv"}, content=LIST + b"x,unit,SN3,,\n" * 5)
    row = await finished(keeper, begun.json()["id"])
    assert (row["state"], row["problem"]) == ("failed", "甲.csv: more than 3 rows; split the file")


async def test_more_than_64_mb_are_refused_before_they_come(web):
    keeper = await web.signed_in()
    reader, writer = await asyncio.open_connection(*web.address)
    head = (
        f"POST /api/v1/imports?name=a.csv HTTP/1.1\r\nHost: x\r\nAuthorization: {keeper.headers['authorization']}\r\n"
    )
    writer.write(f"{head}Content-Length: 64000001\r\n\r\n".encode())
    async with asyncio.timeout(10):
        assert b" 413 " in await reader.readline()
        assert b"at most 64 MB" in await reader.read()
    writer.close()


async def test_an_upload_without_a_length_is_cut_off_at_the_limit(web):
    keeper = await web.signed_in()

    async def endless():
        for _ in range(70):
            yield b"x" * 1_000_000

    try:
        answer = await keeper.post("/imports", params={"name": "a.csv"}, content=endless())
        assert answer.status_code == 413
    except httpx.TransportError:
        pass  # the server hangs up while we still send
    assert list((web.rooms.stills_folder / "lists").iterdir()) == []
    assert (await keeper.get("/imports")).json()["total"] == 0


async def test_an_import_that_the_server_was_stopped_in_goes_on_when_it_starts_again(sqlite_database, tmp_path):
    rows = "".join(f"n{n},unit,SN{n:05d}\n" for n in range(2500))
    async with running_web(sqlite_database, tmp_path) as first:
        keeper = await first.signed_in()
        begun = (
            await keeper.post("/imports", params={"name": "a.csv"}, content=f"name,tier,serial_no\n{rows}".encode())
        ).json()
    async with running_web(sqlite_database, tmp_path) as second:
        row = await finished(await second.signed_in(), begun["id"])
    assert (row["state"], row["created"], row["rows"]) == ("done", 2500, 2500)


async def test_exports_are_files_and_who_took_them_is_kept(web):
    put_camera(web, name="路口")
    put_camera(web, name="别处", east_m=50.0)
    keeper = await web.signed_in(Role.MAINTAINER)
    media = {}
    for file_format in ("csv", "xlsx", "toml", "geojson", "kml", "gb28181"):
        answer = await keeper.get("/exports", params={"format": file_format, "filter": "name~路口"})
        assert answer.status_code == 200, answer.text
        media[file_format] = (answer.headers["x-cameras"], answer.headers["content-type"].partition(";")[0])
        if file_format == "xlsx":
            assert load_workbook(io.BytesIO(answer.content)).active["B2"].value == "路口"
    assert media["geojson"] == ("1", "application/geo+json") and media["gb28181"] == ("0", "application/xml")
    with web.database.reading() as tx:
        kept = [event.content for event in events.after(tx, 0, 1000) if event.kind == "list.exported"]
    assert len(kept) == 6 and kept[0]["filter"] == "name~路口" and kept[0]["who"] == "maintainer"
    await nothing_stays_behind(web)
    wrong = await keeper.get("/exports", params={"format": "csv", "filter": "moon=1"})
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (400, "bad_filter")
    assert (await keeper.get("/exports", params={"format": "csv", "moon": "1"})).status_code == 422


async def test_a_catalogue_says_which_cameras_it_does_not_name_and_why(web):
    with web.database.writing() as tx:
        first, _, _ = [
            cameras.add(tx, Declared(name=name, tier=Tier.UNIT, gb_device_id=gb), life_cycle=IN_USE, now=web.clock())
            for name, gb in (("北门", GB), ("南门", GB), ("西门", "1" * 20))
        ]
    keeper = await web.signed_in()
    answer = await keeper.get("/exports", params={"format": "gb28181", "encoding": "utf-8"})
    assert (answer.headers["x-cameras"], answer.headers["x-left-out"]) == ("1", "2")
    assert answer.text.count(f"<DeviceID>{GB}</DeviceID>") == 1 and "1" * 20 not in answer.text
    told = (await keeper.get("/exports/summary", params={"format": "gb28181"})).json()
    assert (told["cameras"], told["not_in_catalogue"]) == (1, 2)
    assert [(row["name"], row["reason"]) for row in told["named"]] == [
        ("南门", f"camera {first} has this national id and comes first"),
        ("西门", "its national id: it is the digit 1 20 times"),
    ]


async def test_lists_are_for_who_keeps_the_record(web):
    for role in (Role.OPERATOR, Role.REVIEWER, Role.PLANNER):
        client = await web.signed_in(role)
        doors = ("/exports?format=csv", "/exports/summary?format=csv", "/imports", "/mappings")
        for method, path in (("GET", door) for door in doors):
            assert (await client.request(method, path)).status_code == 403, (role, path)
        assert (await client.post("/imports?name=a.csv", content=LIST)).status_code == 403
