"""Photographs: what is taken, what is kept, what a kill leaves behind."""

import os
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.builders.forked_python import fork_program
from tests.builders.inventory import declared
from vms.access.consent import Consent, ConsentMode
from vms.access.roles import Person, Role
from vms.core.errors import BadInput, Conflict, NotFound
from vms.core.ids import CameraId, UserId
from vms.inventory.camera import LifeCycle
from vms.inventory.tier import Tier
from vms.media.photograph import tidy_photograph
from vms.services.archive import photographs as service
from vms.services.archive.photographs import HandedIn, add_photograph, remove_photograph
from vms.services.forget_old import clear_photographs, forget_old
from vms.services.retention_rules import RetentionRules
from vms.store import cameras, consents, photographs
from vms.store.database import Database
from vms.store.photographs import PhotographKind

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
KEEPER = Person(user_id=UserId(1), name="王工", role=Role.MAINTAINER)
GPS = b"Exif\x00\x00MM\x00*secret-place 113.625368"


def a_picture(width: int = 640, height: int = 360, kind: str = ".jpg") -> bytes:
    image = np.zeros((height, width, 3), dtype=np.uint8)
    image[:, : width // 2] = (0, 0, 255)
    return bytes(cv2.imencode(kind, image)[1].tobytes())


def with_exif(jpeg: bytes) -> bytes:
    return jpeg[:2] + b"\xff\xe1" + (len(GPS) + 2).to_bytes(2, "big") + GPS + jpeg[2:]


def a_camera(database: Database, **rest) -> CameraId:
    with database.writing() as tx:
        return cameras.add(tx, declared(**rest), life_cycle=LifeCycle.APPROVED, now=NOON)


def add(database, folder, camera_id, data=None, kind=PhotographKind.NEAR, **rest):
    new = HandedIn(camera_id=camera_id, kind=kind, data=a_picture() if data is None else data, **rest)
    return add_photograph(database, folder, new, KEEPER, NOON)


def files(folder: Path) -> set[str]:
    return {str(file.relative_to(folder)) for file in folder.glob("??/*")}


def decoded(data: bytes):
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)


def test_what_is_kept_is_small_and_says_nothing_of_who_took_it(tmp_path: Path) -> None:
    tidy = tidy_photograph(with_exif(a_picture(4000, 3000)))
    assert (tidy.width, tidy.height) == (2560, 1920)
    assert b"secret-place" not in tidy.jpeg and b"Exif" not in tidy.jpeg
    assert decoded(tidy.jpeg).shape == (1920, 2560, 3)
    assert decoded(tidy.thumbnail).shape == (240, 320, 3)
    assert decoded(tidy.jpeg)[5, 5].tolist()[2] > 200, "the left half is still red"


def test_a_png_becomes_a_jpeg_and_a_small_picture_stays_as_large_as_it_was() -> None:
    tidy = tidy_photograph(a_picture(200, 100, ".png"))
    assert tidy.jpeg[:2] == b"\xff\xd8"
    assert (tidy.width, tidy.height) == (200, 100)
    assert decoded(tidy.thumbnail).shape == (100, 200, 3)


def a_png_that_claims(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08" * 30


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "neither"),
        (b"GIF89a" + b"x" * 100, "neither"),
        (a_picture()[:-40], "cut short|decode"),
        (a_png_that_claims(60_000, 60_000), "60000 × 60000"),
        (a_png_that_claims(10_000, 9_000), "megapixels"),
        (a_png_that_claims(100, 100), "decode"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
        (b"\xff\xd8" + b"x" * 13_000_000, "12 MB"),
    ],
    ids=["nothing", "gif", "cut", "huge", "many pixels", "hollow", "header only", "large"],
)
def test_what_is_no_usable_picture_is_refused_before_it_costs_anything(data: bytes, reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        tidy_photograph(data)


def test_the_file_is_there_before_the_row_and_the_row_names_it(database: Database, tmp_path: Path) -> None:
    camera_id = a_camera(database)
    found = add(database, tmp_path, camera_id, kind=PhotographKind.BOX, note="机箱内部")
    assert files(tmp_path) == {found.content.file, service.thumbnail_of(found.content.file)}
    assert found.content.file == f"{found.content.sha256[:2]}/{found.content.sha256}.jpg"
    assert (tmp_path / found.content.file).stat().st_mode & 0o077 == 0
    with database.reading() as tx:
        assert photographs.of_camera(tx, camera_id) == [found]
    assert (found.added_by, found.content.note, found.content.kind) == ("王工", "机箱内部", PhotographKind.BOX)


def test_nothing_is_written_for_a_camera_that_is_not_there_or_has_enough(
    sqlite_database: Database, tmp_path: Path
) -> None:
    with pytest.raises(NotFound):
        add(sqlite_database, tmp_path, CameraId(99))
    camera_id = a_camera(sqlite_database)
    for _ in range(service.MOST_OF_A_CAMERA):
        add(sqlite_database, tmp_path, camera_id, a_picture(16, 16))
    kept = files(tmp_path)
    with pytest.raises(Conflict):
        add(sqlite_database, tmp_path, camera_id, a_picture(32, 32))
    assert files(tmp_path) == kept


def test_the_picture_of_a_private_camera_is_kept_only_where_its_owner_allows_it_always(
    sqlite_database: Database, tmp_path: Path
) -> None:
    home = a_camera(sqlite_database, tier=Tier.HOUSEHOLD)
    with pytest.raises(BadInput, match="private"):
        add(sqlite_database, tmp_path, home, kind=PhotographKind.PICTURE)
    consent = Consent(camera_id=home, mode=ConsentMode.ALWAYS, radius_m=100.0, given_at=NOON)
    with sqlite_database.writing() as tx:
        consents.put(tx, consent, NOON)
    shown = add(sqlite_database, tmp_path, home, kind=PhotographKind.PICTURE)
    box = add(sqlite_database, tmp_path, home, a_picture(100, 100), kind=PhotographKind.BOX)
    left = Consent(camera_id=home, mode=ConsentMode.NEVER, radius_m=100.0, given_at=NOON, withdrawn_at=NOON)
    with sqlite_database.writing() as tx:
        consents.put(tx, left, NOON)
    forget_old(sqlite_database, tmp_path, RetentionRules(), NOON, photographs_folder=tmp_path)
    with sqlite_database.reading() as tx:
        assert photographs.of_camera(tx, home) == [box]
        assert photographs.get(tx, home, shown.photograph_id).removed_by == "retention"


def age(folder: Path) -> None:
    old_s = time.time() - 7200
    for name in files(folder):
        os.utime(folder / name, (old_s, old_s))


def test_who_took_it_out_is_kept_and_its_file_goes_unless_another_one_names_it(
    sqlite_database: Database, tmp_path: Path
) -> None:
    camera_id, other = a_camera(sqlite_database), a_camera(sqlite_database)
    shared = add(sqlite_database, tmp_path, camera_id)
    add(sqlite_database, tmp_path, other)
    alone = add(sqlite_database, tmp_path, camera_id, a_picture(100, 100))
    for one in (shared, alone):
        remove_photograph(sqlite_database, camera_id, one.photograph_id, KEEPER, NOON + timedelta(days=1))
    assert clear_photographs(sqlite_database, tmp_path) == 0, "what is new may have its row on the way"
    age(tmp_path)
    assert clear_photographs(sqlite_database, tmp_path) == 2
    assert files(tmp_path) == {shared.content.file, service.thumbnail_of(shared.content.file)}
    with sqlite_database.reading() as tx:
        kept = photographs.get(tx, camera_id, alone.photograph_id)
        assert (kept.removed_by, kept.removed_at) == ("王工", NOON + timedelta(days=1))
    with pytest.raises(NotFound):
        remove_photograph(sqlite_database, camera_id, alone.photograph_id, KEEPER, NOON)


KILLED = """
import sys
from pathlib import Path
from datetime import UTC, datetime
import cv2, numpy as np
from vms.access.roles import Person, Role
from vms.services.archive.photographs import HandedIn, add_photograph
from vms.store.database import Database
from vms.store.photographs import PhotographKind
database, folder = Database(sys.argv[1]), Path(sys.argv[2])
person = Person(user_id=1, name="k", role=Role.ADMIN)
for number in range(35):
    image = np.full((700, 900, 3), number * 5, dtype=np.uint8)
    data = cv2.imencode(".png", image)[1].tobytes()
    new = HandedIn(camera_id=1, kind=PhotographKind.FAR, data=data)
    found = add_photograph(database, folder, new, person, datetime.now(UTC))
    print(found.photograph_id, flush=True)
"""


@pytest.mark.parametrize("after", [0, 1, 4])
def test_a_kill_leaves_every_answered_photograph_whole_and_no_row_without_a_file(
    sqlite_database: Database, tmp_path: Path, after: int
) -> None:
    camera_id = a_camera(sqlite_database)
    folder = tmp_path / "photographs"
    process = fork_program(KILLED, sqlite_database.url, str(folder), stdout=subprocess.PIPE)
    assert process.stdout is not None
    answered = [int(process.stdout.readline()) for _ in range(after + 1)]
    process.kill()
    answered += [int(line) for line in process.stdout.read().split()]
    process.end()
    with sqlite_database.reading() as tx:
        kept = photographs.of_camera(tx, camera_id)
    assert {one.photograph_id for one in kept} >= set(answered)
    for one in kept:
        assert decoded((folder / one.content.file).read_bytes()).shape == (700, 900, 3)
        assert (folder / service.thumbnail_of(one.content.file)).exists()
    age(folder)
    clear_photographs(sqlite_database, folder)
    assert len(files(folder)) == 2 * len(kept), "what was half done is cleared away"
