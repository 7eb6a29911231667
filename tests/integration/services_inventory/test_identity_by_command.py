"""`vms identity` as a script types it: what is asked, every answer, every act, and the way back."""

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.builders import doubtful_identity
from vms.cli import main
from vms.store import check_identity
from vms.store.database import Database
from vms.store.migrate import upgrade
from vms.store.schema import cameras, device_keys, devices

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
Vms = Callable[..., Any]


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = Database(f"sqlite:///{tmp_path / 'vms.db'}")
    upgrade(database)
    doubtful_identity.fill(database, NOW)
    return database


@pytest.fixture
def vms(database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Vms:
    """Runs `vms identity …`; its JSON, or its words to people where there is none."""

    def run(*words: object, plain: bool = False, code: int = 0) -> Any:
        given = ["vms", "identity", *map(str, words), "--db", database.url, *([] if plain else ["--json"])]
        monkeypatch.setattr(sys, "argv", given)
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        assert ended.value.code == code, told.err
        return told.out + told.err if plain else json.loads(told.out)

    return run


def by_kind(vms: Vms) -> dict[str, dict[str, Any]]:
    return {one["kind"]: one for one in vms("conflicts")["items"]}


def everything(database: Database) -> list[tuple[Any, ...]]:
    """What merging and joining move."""
    with database.reading() as tx:
        found = [tuple(row) for row in tx.execute(select(device_keys).order_by(*device_keys.primary_key))]
        columns = (cameras.c.id, cameras.c.device_id, cameras.c.channel, cameras.c.life_cycle)
        found += [tuple(row) for row in tx.execute(select(*columns).order_by(cameras.c.id))]
        assert check_identity.every(tx) == []
    return found


def device_of(database: Database, serial_no: str) -> int:
    with database.reading() as tx:
        return int(tx.execute(select(devices.c.id).where(devices.c.serial_no == serial_no)).scalar_one())


def camera_of(database: Database, device_id: int) -> int:
    with database.reading() as tx:
        return int(tx.execute(select(cameras.c.id).where(cameras.c.device_id == device_id)).scalars().first() or 0)


def test_what_is_asked_comes_with_its_evidence_and_answers(vms: Vms) -> None:
    asked = by_kind(vms)
    assert sorted(asked) == ["channels", "identity", "replaced_again", "replacement", "same_camera"]
    assert all(one["reasons"] and one["evidence"][0]["code"] and one["device_ids"] for one in asked.values())
    assert asked["identity"]["answers"] == ["same_as", "new_device", "later"]
    assert [one["channel"] for one in asked["channels"]["channels"]] == ["src1", "src2"]
    told = vms("conflicts", plain=True)
    assert "are these two cameras one? (at 127.40.4." in told
    assert "answers: same_camera, two_cameras, later" in told
    assert "5 of 5 open" in told


def test_every_kind_of_question_is_answered_and_taken_back(vms: Vms, database: Database) -> None:
    asked = by_kind(vms)
    identity, channels = asked["identity"], asked["channels"]
    same = next(one for one in identity["device_ids"] if one != identity["device_id"])
    binds = [
        f"--bind={told['channel']}={camera}"
        for told, camera in zip(channels["channels"], channels["camera_ids"], strict=True)
    ]
    answers = [
        (identity, "same_as", ["--device", same], "merge"),
        (asked["replacement"], "replaced", [], "replace"),
        (channels, "bind", binds, "bind_channels"),
        (asked["same_camera"], "same_camera", [], "join_cameras"),
    ]
    for question, answer, more, kind in answers:
        before = everything(database)
        done = vms("decide", question["id"], answer, *more, "--why", "looked on site")
        assert [one["kind"] for one in done["actions"]] == [kind]
        assert question["kind"] not in by_kind(vms)
        assert everything(database) != before
        action = done["actions"][0]["id"]
        assert vms("actions")["items"][0]["why"] == "looked on site"
        assert vms("undo", action)["undone_by"]
        assert everything(database) == before
        assert by_kind(vms)[question["kind"]]["id"] == question["id"], "it is asked again"
    assert vms("decide", asked["replaced_again"]["id"], "seen")["actions"] == []
    assert "replaced_again" not in by_kind(vms)


def test_devices_are_merged_split_replaced_and_cameras_joined_without_a_question(vms: Vms, database: Database) -> None:
    spare = device_of(database, doubtful_identity.SPARE)
    recorder = device_of(database, doubtful_identity.RECORDER)
    other = device_of(database, doubtful_identity.INTERRUPTED)
    merged = vms("merge", other, spare, "--why", "one device")
    assert (merged["kind"], sorted(merged["device_ids"])) == ("merge", sorted((spare, other)))
    assert "taken back" in vms("undo", merged["id"], plain=True)
    split = vms("split", recorder, "--key", "mac=44:19:b6:00:06:09")
    assert split["new_device_id"] not in (None, recorder)
    vms("undo", split["id"])
    with database.reading() as tx:
        point = int(tx.execute(select(cameras.c.id).where(cameras.c.name == doubtful_identity.POINT)).scalar_one())
    replaced = vms("replace", point, spare)
    assert (replaced["kind"], camera_of(database, spare)) == ("replace", point)
    vms("undo", replaced["id"])
    joined = vms("join", point, camera_of(database, spare))
    assert (joined["kind"], joined["camera_ids"][0]) == ("join_cameras", point)
    assert [one["kind"] for one in vms("actions", "--limit", 4)["items"]] == [
        "join_cameras",
        "replace",
        "split",
        "merge",
    ]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("decide", "1", "bind"), "this is answered by same_as, new_device, later"),
        (("decide", "1", "same_as"), "name the device that it is"),
        (("decide", "999", "later"), "there is no conflict 999"),
        (("decide", "1", "later", "--bind", "x"), "CHANNEL=CAMERA or CHANNEL=new is wanted"),
        (("decide", "1", "later", "--bind", "x=y"), "'y' is no camera's number"),
        (("split", "1", "--key", "mac"), "KIND=VALUE"),
        (("merge", "1", "1"), "cannot be merged into itself"),
        (("undo", "999"), "999"),
    ],
)
def test_what_cannot_be_done_is_said_in_words_and_nothing_changes(
    vms: Vms, database: Database, words: tuple[str, ...], says: str
) -> None:
    before = everything(database)
    assert says in vms(*words, code=1)["error"]["message"]
    assert everything(database) == before
