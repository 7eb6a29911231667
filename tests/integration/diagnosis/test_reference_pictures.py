"""Reference pictures: chosen by the program or a person, looked at through the same decision as stills, taken away."""

import os
import time
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from tests.builders.pictures import FAULTY, a_baseline, a_street, by_night, jpeg
from tests.builders.web import Web, put_camera
from vms.access.consent import Consent, ConsentMode
from vms.access.roles import Role
from vms.core.ids import CameraId
from vms.health.fault import LAYER_OF, Fault, FaultKind, Severity
from vms.health.picture.baseline import Light, LightBaseline
from vms.inventory.tier import Tier
from vms.media.diagnosis.measure import measure_still
from vms.services.diagnosis.choose_references import KNOWN_FROM, ReferencePace, Round, choose_some, remove_private
from vms.services.diagnosis.reference_files import clear_away
from vms.services.diagnosis.reference_of_camera import Folders
from vms.services.polling.judge_still import figures_of
from vms.store import consents, faults, looks, picture_baselines, reference_pictures, stills
from vms.store.faults import OpenedFault
from vms.store.picture_baselines import KeptBaseline
from vms.store.picture_knowledge import knowledge_of
from vms.store.reference_pictures import HOME, PROGRAM, Reference
from vms.store.stills import Still

NORMAL = jpeg(a_street(9))


@pytest.fixture(autouse=True)
def at_noon(web: Web) -> None:
    """The sun says by which light a still was taken."""
    web.clock.to_noon()


def folders(web: Web) -> Folders:
    return Folders(stills=web.rooms.stills_folder, references=web.rooms.references_folder)


def show(web: Web, camera_id: CameraId, picture: bytes) -> None:
    """As the poller keeps a still: its file, and its figures."""
    (web.rooms.stills_folder / f"{camera_id}.jpg").write_bytes(picture)
    figures = figures_of(measure_still(picture).statistics, 0)
    with web.database.writing() as tx:
        stills.put_many(tx, [Still(camera_id=camera_id, at=web.clock(), file=f"{camera_id}.jpg", statistics=figures)])


@cache
def normal_by_day() -> LightBaseline:
    return a_baseline(KNOWN_FROM).lights[Light.DAY]


def knows(web: Web, camera_id: CameraId) -> None:
    with web.database.writing() as tx:
        kept = KeptBaseline(camera_id=camera_id, light=Light.DAY, normal=normal_by_day(), written_at=None)
        picture_baselines.put_many(tx, [kept], web.clock())


def choose(web: Web) -> Round:
    return choose_some(web.database, folders(web), 0, web.clock())


def files(web: Web) -> list[Path]:
    return sorted(web.rooms.references_folder.glob("*/*.jpg"))


async def test_a_person_chooses_the_latest_still_and_every_look_is_decided_and_logged(web: Web) -> None:
    camera_id = put_camera(web)
    keeper, operator = await web.signed_in(Role.MAINTAINER), await web.signed_in(Role.OPERATOR)
    planner = await web.signed_in(Role.PLANNER)
    place = f"/cameras/{camera_id}/reference-pictures"
    assert (await keeper.put(f"{place}/home/day")).status_code == 404, "there is no still yet"
    show(web, camera_id, NORMAL)
    assert (await operator.put(f"{place}/home/day")).status_code == 403
    done = await keeper.put(f"{place}/home/day")
    assert (done.status_code, done.json()["chosen_by"], done.json()["by_program"]) == (200, "maintainer", False)
    listed = (await operator.get(place)).json()
    assert (listed["may_keep"], listed["latest_light"], listed["items"]) == (True, "day", [done.json()])
    with web.database.reading() as tx:
        before = looks.of_camera(tx, camera_id).total
    shown = await operator.get(f"{place}/home/day", params={"purpose": "to compare"})
    assert (shown.status_code, shown.content, shown.headers["X-Picture-At"]) == (200, NORMAL, _at(listed))
    refused = await planner.get(f"{place}/home/day")
    assert refused.status_code == 403
    with web.database.reading() as tx:
        logged = looks.of_camera(tx, camera_id)
    assert logged.total == before + 2
    assert [(one.look.user_name, one.look.allowed) for one in logged.items[:2]] == [
        ("planner", False),
        ("operator", True),
    ]
    assert (await operator.get(f"{place}/home/night")).status_code == 404
    assert (await keeper.delete(f"{place}/home/day")).status_code == 204
    assert (files(web), (await operator.get(place)).json()["items"]) == ([], [])


def _at(listed: dict[str, list[dict[str, str]]]) -> str:
    return listed["items"][0]["at"].replace("Z", "+00:00")


async def test_the_program_chooses_a_normal_still_of_a_camera_that_it_knows_and_only_once(web: Web) -> None:
    camera_id = put_camera(web)
    show(web, camera_id, NORMAL)
    assert choose(web).chosen == 0, "nothing is known of its normal yet"
    knows(web, camera_id)
    show(web, camera_id, jpeg(FAULTY["occlusion"](a_street(9))))
    assert choose(web).chosen == 0, "something stands before it"
    show(web, camera_id, jpeg(by_night(a_street(9))))
    assert choose(web).chosen == 0, "that is no picture of its day"
    web.clock.forward(timedelta(hours=12))
    for picture in (by_night(a_street(9)), a_street(9)):
        show(web, camera_id, jpeg(picture))
        assert choose(web).chosen == 0, "its nights are not known, lit ones neither"
    web.clock.forward(timedelta(hours=12))
    show(web, camera_id, NORMAL)
    with web.database.writing() as tx:
        kind = FaultKind.BLUR
        soft = Fault(kind=kind, layer=LAYER_OF[kind], severity=Severity.MAJOR, because="")
        faults.open_faults(tx, [OpenedFault(camera_id, soft, web.clock())], web.clock())
    assert choose(web).looked_at == 0, "it has a fault"
    with web.database.writing() as tx:
        faults.close_all_of(tx, camera_id, web.clock())
    assert (choose(web).chosen, choose(web).chosen, len(files(web))) == (1, 0, 1)
    keeper = await web.signed_in()
    (row,) = (await keeper.get(f"/cameras/{camera_id}/reference-pictures")).json()["items"]
    assert (row["light"], row["by_program"]) == ("day", True)


async def test_what_the_program_chose_is_not_confirmed_until_a_person_says_so_of_the_picture_that_was_seen(
    web: Web,
) -> None:
    camera_id = put_camera(web)
    knows(web, camera_id)
    show(web, camera_id, NORMAL)
    choose(web)
    keeper, operator = await web.signed_in(Role.MAINTAINER), await web.signed_in(Role.OPERATOR)
    place = f"/cameras/{camera_id}/reference-pictures"
    listed = (await operator.get(place)).json()
    (row,), (normal,) = listed["items"], listed["normals"]
    assert (row["confirmed_by"], normal["sureness"], normal["days"], normal["doubts"]) == (None, "provisional", 1, [])
    waiting = (await keeper.get("/diagnosis/unconfirmed-references")).json()
    assert (waiting["total"], waiting["items"][0]["at"], waiting["items"][0]["normal"]) == (1, row["at"], normal)
    assert (await operator.get("/diagnosis/unconfirmed-references")).status_code == 403
    seen = {"taken_at": row["at"]}
    assert (await operator.put(f"{place}/home/day/confirmed", json=seen)).status_code == 403
    older = {"taken_at": (web.clock() - timedelta(days=1)).isoformat()}
    assert (await keeper.put(f"{place}/home/day/confirmed", json=older)).status_code == 409
    assert (await keeper.put(f"{place}/home/night/confirmed", json=seen)).status_code == 404
    done = await keeper.put(f"{place}/home/day/confirmed", json=seen)
    assert (done.status_code, done.json()["confirmed_by"], done.json()["by_program"]) == (200, "maintainer", True)
    (normal,) = (await operator.get(place)).json()["normals"]
    assert normal["sureness"] == "confirmed"
    assert (await keeper.get("/diagnosis/unconfirmed-references")).json() == {"total": 0, "items": []}
    with web.database.reading() as tx:
        assert knowledge_of(tx, [camera_id])[camera_id].is_sure(Light.DAY)


async def test_a_still_of_a_lit_night_is_of_the_night_and_never_becomes_the_reference_of_the_day(web: Web) -> None:
    camera_id = put_camera(web)
    place = f"/cameras/{camera_id}/reference-pictures"
    web.clock.forward(timedelta(hours=12))
    keeper = await web.signed_in(Role.MAINTAINER)
    show(web, camera_id, NORMAL)
    assert (await keeper.get(place)).json()["latest_light"] == "night", "colour tells nothing where the sun does"
    refused = await keeper.put(f"{place}/home/day")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "another_light")
    done = await keeper.put(f"{place}/home/night")
    assert (done.status_code, done.json()["light"]) == (200, "night")
    wrong = Reference(  # filed by its colour, before
        camera_id=camera_id, preset=HOME, light=Light.DAY, at=web.clock(), file="old.jpg", chosen_by=PROGRAM
    )
    with web.database.writing() as tx:
        reference_pictures.put(tx, wrong)
    seen = {"taken_at": wrong.at.isoformat()}
    assert (await keeper.put(f"{place}/home/day/confirmed", json=seen)).json()["error"]["code"] == "another_light"
    web.clock.forward(timedelta(hours=12))
    keeper = await web.signed_in(Role.MAINTAINER)
    show(web, camera_id, jpeg(by_night(a_street(9))))
    assert (await keeper.put(f"{place}/home/night")).json()["error"]["code"] == "another_light"
    assert (await keeper.put(f"{place}/home/day")).status_code == 200


async def test_a_round_decodes_so_many_and_the_next_one_goes_on_behind_them(web: Web) -> None:
    some = [put_camera(web, name=f"c{n}") for n in range(5)]
    for camera_id in some:
        show(web, camera_id, NORMAL)
        knows(web, camera_id)
    after, rounds = 0, []
    for _ in range(4):
        done = choose_some(web.database, folders(web), after, web.clock(), ReferencePace(window=3, stills=2))
        rounds.append((done.chosen, done.after))
        after = done.after
    assert rounds == [(2, some[1]), (2, some[3]), (1, 0), (0, some[2])]


async def test_of_a_private_camera_none_is_kept_without_its_owners_yes_and_a_no_takes_it_away(web: Web) -> None:
    home, shop = put_camera(web, name="家", tier=Tier.HOUSEHOLD), put_camera(web, name="店", tier=Tier.UNIT)
    admin = await web.signed_in()
    for camera_id in (home, shop):
        show(web, camera_id, NORMAL)
        knows(web, camera_id)
    refused = await admin.put(f"/cameras/{home}/reference-pictures/home/day")
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "private")
    assert (await admin.get(f"/cameras/{home}/reference-pictures")).json()["may_keep"] is False
    assert choose(web).chosen == 1, "the shop's alone"
    with web.database.writing() as tx:
        no = Consent(camera_id=shop, mode=ConsentMode.NEVER, given_at=web.clock())
        consents.put(tx, no, web.clock())
    assert (await admin.get(f"/cameras/{shop}/reference-pictures/home/day")).status_code in (403, 404)
    assert (remove_private(web.database, folders(web), web.clock()), files(web)) == (1, [])


async def test_files_that_no_row_names_are_cleared_away_when_they_are_old(web: Web) -> None:
    left = web.rooms.references_folder / "001" / "1-day-aa.jpg"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"left by a kill")
    assert clear_away(web.database, web.rooms.references_folder) == 0
    long_ago_s = time.time() - 7200
    os.utime(left, (long_ago_s, long_ago_s))
    camera_id = put_camera(web)
    show(web, camera_id, NORMAL)
    keeper = await web.signed_in()
    assert (await keeper.put(f"/cameras/{camera_id}/reference-pictures/home/day")).status_code == 200
    os.utime(files(web)[-1], (long_ago_s, long_ago_s))
    assert clear_away(web.database, web.rooms.references_folder) == 1
    assert not left.exists() and len(files(web)) == 1
