"""The map over HTTP: tiles and what they are made of, uploads that another process reads, other grounds."""

import gzip
import json
import sqlite3
from pathlib import Path

import pytest

from tests.builders.web import Web, running_web
from vms.access.roles import Role
from vms.core.errors import BadInput
from vms.places.town import Town
from vms.services.maps.base_map import BaseKind, BaseMap, TileFile
from vms.services.maps.import_map import import_map
from vms.services.maps.town_now import town_now
from vms.services.maps.uploads import read_next
from vms.sim.town import generated_town
from vms.store.database import Database

TILE = "/map/tiles/14/13362/6503.mvt"
"""Of the generated town's middle."""
HOUSE = [[113.64, 34.75], [113.641, 34.75], [113.641, 34.751], [113.64, 34.751], [113.64, 34.75]]


def geojson(*outlines: list, **properties: object) -> bytes:
    features = [
        {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [outline]}}
        for outline in outlines
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


async def test_tiles_are_kept_until_the_map_changes(web: Web) -> None:
    town = generated_town(7)
    import_map(web.database, town, now=web.clock())
    owner = await web.signed_in(Role.PLANNER)
    base = (await owner.get("/map/base")).json()
    assert (base["kind"], base["attribution"]) == ("own", town.attribution)
    west, south, east, north = base["box"]
    assert west < 113.62 < east
    assert south < 34.75 < north
    assert base["tiles"] == f"map/tiles/{{z}}/{{x}}/{{y}}.mvt?v={base['stamp']}"
    tile = await owner.get(TILE, params={"v": base["stamp"]})
    assert (tile.status_code, tile.headers["content-type"]) == (200, "application/vnd.mapbox-vector-tile")
    assert "immutable" in tile.headers["cache-control"]
    assert "第一小学".encode() in tile.content
    plain = await owner.get(TILE, headers={"Accept-Encoding": "identity"})
    assert (plain.content, plain.headers["cache-control"]) == (tile.content, "private, no-cache")
    again = await owner.get(TILE, headers={"If-None-Match": tile.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    import_map(web.database, Town(name="new", attribution="surveyors", roads=town.roads[:1]), now=web.clock())
    newer = await owner.get(TILE, headers={"If-None-Match": tile.headers["etag"]})
    assert newer.status_code == 200
    base = (await owner.get("/map/base")).json()
    assert base["attribution"] == f"{town.attribution}; surveyors"


async def test_tiles_that_are_nowhere_are_not_found(web: Web) -> None:
    admin = await web.signed_in()
    assert (await admin.get("/map/tiles/14/0/0.mvt")).content == b""
    for path in ("/map/tiles/3/8/0.mvt", "/map/tiles/20/1/1.mvt", "/map/pictures/3/1/1"):
        assert (await admin.get(path)).status_code == 404, path
    for path in ("/map/tiles/x/1/1.mvt", "/map/tiles/-1/1/1.mvt", "/map/tiles/99999999999/1/1.mvt"):
        assert (await admin.get(path)).status_code == 422, path


async def test_an_uploaded_map_is_read_beside_and_tells_how_it_went(web: Web) -> None:
    admin, operator = await web.signed_in(), await web.signed_in(Role.OPERATOR)
    wanted = {"name": "office.geojson", "attribution": "规划局"}
    refused = await operator.post("/map/imports", params=wanted, content=geojson(HOUSE))
    assert refused.status_code == 403
    entered = (await admin.post("/map/imports", params=wanted, content=geojson(HOUSE, 层数=6))).json()
    assert (entered["state"], entered["source"]) == ("waiting", "office")
    folder = web.rooms.maps_folder
    assert read_next(web.database, folder, web.clock) is True
    assert read_next(web.database, folder, web.clock) is False
    done = (await admin.get(f"/map/imports/{entered['id']}")).json()
    assert (done["state"], done["progress"], done["counts"]["building"]) == ("current", 1.0, 1)
    assert list(folder.iterdir()) == [], "the file is not needed any more"
    (source,) = (await operator.get("/map/sources")).json()["items"]
    assert (source["source"], source["attribution"], source["by"]) == ("office", "规划局", "admin")
    with web.database.reading() as tx:
        assert [building.height_m for building in town_now(tx).buildings] == [18.0]
    assert (await operator.delete("/map/sources/office")).status_code == 403
    assert (await admin.delete("/map/sources/office")).status_code == 204
    assert (await admin.delete("/map/sources/office")).status_code == 404


async def test_a_broken_upload_fails_with_its_reason_and_leaves_the_map(web: Web) -> None:
    import_map(web.database, generated_town(7), now=web.clock())
    admin = await web.signed_in()
    crossed = [HOUSE[0], HOUSE[2], HOUSE[1], HOUSE[3], HOUSE[0]]
    entered = (await admin.post("/map/imports", params={"name": "bad.json"}, content=geojson(HOUSE, crossed))).json()
    assert read_next(web.database, web.rooms.maps_folder, web.clock) is True
    failed = (await admin.get(f"/map/imports/{entered['id']}")).json()
    assert failed["state"] == "failed"
    assert "feature 1: the outline crosses itself" in failed["problem"]
    assert str(web.rooms.maps_folder) not in failed["problem"], "nobody learns where the server keeps files"
    assert [one["source"] for one in (await admin.get("/map/sources")).json()["items"]] == ["演示城"]
    for params in (
        {"name": "map.exe"},
        {"name": "a.geojson", "layers": "roof"},
        {"name": "a.json", "kind": "candidates"},
    ):
        assert (await admin.post("/map/imports", params=params, content=b"{}")).status_code == 400, params
    assert list(web.rooms.maps_folder.iterdir()) == []


async def test_cameras_of_an_uploaded_extract_wait_as_drafts(web: Web, shared_fixtures: Path) -> None:
    admin = await web.signed_in()
    content = (shared_fixtures / "geo" / "munich.osm.pbf").read_bytes()
    wanted = {"name": "munich.osm.pbf", "kind": "candidates", "tier": "community", "with_near": True}
    entered = (await admin.post("/map/imports", params=wanted, content=content)).json()
    assert read_next(web.database, web.rooms.maps_folder, web.clock) is True
    done = (await admin.get(f"/map/imports/{entered['id']}")).json()
    assert (done["state"], done["counts"]["drafts"]) == ("done", 209)
    page = (await admin.get("/map/candidates", params={"limit": 5})).json()
    assert (page["total"], {one["life_cycle"] for one in page["items"]}) == (209, {"draft"})
    assert (await admin.get("/cameras", params={"life_cycle": "approved"})).json()["total"] == 0
    drafts = (await admin.get("/cameras", params={"life_cycle": "draft", "limit": 5})).json()["items"]
    assert {one["tier"] for one in drafts} == {"community"}, "as the upload said"


def a_tile_file(path: Path, tile_format: str = "png") -> Path:
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        file.execute("CREATE TABLE tiles (zoom_level INT, tile_column INT, tile_row INT, tile_data BLOB)")
        facts = [("format", tile_format), ("attribution", "city survey")]
        file.executemany("INSERT INTO metadata VALUES (?, ?)", facts)
        file.execute("INSERT INTO tiles VALUES (2, 1, 3, ?)", (b"\x89PNG a picture",))
    file.close()
    return path


async def test_pictures_of_a_file_can_be_the_ground(sqlite_database: Database, tmp_path: Path) -> None:
    base = BaseMap(kind=BaseKind.MBTILES, file=a_tile_file(tmp_path / "town.mbtiles"))
    async with running_web(sqlite_database, tmp_path / "web", settings={"base_map": base}) as web:
        admin = await web.signed_in()
        told = (await admin.get("/map/base")).json()
        assert (told["kind"], told["attribution"]) == ("mbtiles", "city survey")
        picture = await admin.get("/map/pictures/2/1/0")
        assert (picture.headers["content-type"], picture.content) == ("image/png", b"\x89PNG a picture")
        assert (await admin.get("/map/pictures/2/1/1")).status_code == 404


async def test_another_tile_server_is_asked_by_the_browser_and_by_it_alone(
    sqlite_database: Database, tmp_path: Path
) -> None:
    address = "https://tiles.example.org:8443/wmts/{z}/{y}/{x}.png"
    base = BaseMap(kind=BaseKind.WMTS, url=address, attribution="天地图")
    async with running_web(sqlite_database, tmp_path, settings={"base_map": base}) as web:
        admin = await web.signed_in()
        told = await admin.get("/map/base")
        assert (told.json()["tiles"], told.json()["attribution"]) == (address, "天地图")
        policy = told.headers["content-security-policy"]
        assert "connect-src 'self' https://tiles.example.org:8443 " in policy
        assert "default-src 'self';" in policy


@pytest.mark.parametrize("spoil", ["pbf", "text", "absent"])
def test_what_is_no_file_of_pictures_is_refused_at_the_start(tmp_path: Path, spoil: str) -> None:
    path = tmp_path / "town.mbtiles"
    if spoil == "pbf":
        a_tile_file(path, "pbf")
    elif spoil == "text":
        path.write_bytes(gzip.compress(b"no tiles"))
    with pytest.raises(BadInput, match="MBTiles" if spoil != "pbf" else "png, jpg and webp"):
        TileFile(path)
