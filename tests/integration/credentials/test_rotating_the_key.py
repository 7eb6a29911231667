"""A new secret key: everything is sealed anew, running processes go on, and no interruption loses a password."""

import random
import subprocess

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import insert, select

from tests.builders.forked_python import fork_program
from vms.core.clock import system_clock
from vms.core.errors import BadInput, PersonMustAct
from vms.services.credentials.rotate_key import rotate_key
from vms.store import credentials
from vms.store.database import Database
from vms.store.schema import credentials as credential_table
from vms.store.schema import device_tasks
from vms.store.secret_box import FILE, SecretBox, new_key, open_secret_box, split_keys, write_keys

SETS = {f"set {number}": f"geheim-{number}" for number in range(40)}


def store_sets(database, box):
    now = system_clock()
    with database.writing() as tx:
        for name, password in SETS.items():
            credentials.put(tx, box, name, "admin", password, now)
        task = {"kind": "change_password", "parameters": {}, "state": "paused", "who": "a", "created_at": now}
        tx.execute(insert(device_tasks).values(**task, secret=box.seal("of a task")))


def opened(database, box):
    with database.reading() as tx:
        known = credentials.every(tx)
        return {one.name: credentials.login_of(tx, box, one.credential_id).password for one in known}


def task_secret(database, box):
    with database.reading() as tx:
        return box.open(tx.execute(select(device_tasks.c.secret)).scalar_one())


def test_every_secret_is_sealed_with_the_new_key_alone_and_who_is_running_goes_on(database, tmp_path):
    running = open_secret_box(tmp_path)
    store_sets(database, running)
    (old,) = running.keys
    done = rotate_key(database, tmp_path)
    assert (done.resealed, done.went_on, done.keys_left) == (len(SETS) + 1, False, 1)
    (new,) = split_keys((tmp_path / FILE).read_text())
    assert new != old
    for box in (SecretBox(new), running):
        assert opened(database, box) == SETS
        assert task_secret(database, box) == "of a task"
    with pytest.raises(PersonMustAct):
        opened(database, SecretBox(old))
    assert SecretBox(new).open(running.seal("later")) == "later", "nothing is sealed with a key that is gone"
    with database.reading() as tx:
        versions = {one.version for one in credentials.every(tx)}
    assert versions == {1}, "the passwords are the same: nobody is asked again"


def test_keys_of_the_environment_are_rotated_by_naming_both(database, tmp_path):
    old, new = new_key(), new_key()
    store_sets(database, open_secret_box(tmp_path, old))
    with pytest.raises(BadInput, match="new key in front of the old one"):
        rotate_key(database, tmp_path, old)
    done = rotate_key(database, tmp_path, f"{new},{old}")
    assert (done.resealed, done.keys_left) == (len(SETS) + 1, 2)
    assert opened(database, open_secret_box(tmp_path, new)) == SETS
    assert list(tmp_path.glob(f"{FILE}*")) == []


def test_what_another_process_sealed_with_the_old_key_meanwhile_is_taken_along(sqlite_database, tmp_path):
    box = open_secret_box(tmp_path)
    store_sets(sqlite_database, box)
    (old,) = box.keys
    write_keys(tmp_path / FILE, [new_key(), old])
    with sqlite_database.writing() as tx:
        credentials.put(tx, SecretBox(old), "a late one", "admin", "late", system_clock())
    done = rotate_key(sqlite_database, tmp_path)
    assert done.went_on, "two keys in the file: an earlier change was not over"
    assert opened(sqlite_database, open_secret_box(tmp_path)) == {**SETS, "a late one": "late"}


def test_a_secret_of_a_foreign_key_stops_the_change_and_loses_nothing(sqlite_database, tmp_path):
    store_sets(sqlite_database, open_secret_box(tmp_path))
    with sqlite_database.writing() as tx:
        credentials.put(tx, SecretBox(new_key()), "foreign", "admin", "x", system_clock())
    with pytest.raises(PersonMustAct, match="another secret key"):
        rotate_key(sqlite_database, tmp_path)
    with sqlite_database.writing() as tx:
        tx.execute(credential_table.delete().where(credential_table.c.name == "foreign"))
    assert opened(sqlite_database, open_secret_box(tmp_path)) == SETS
    assert rotate_key(sqlite_database, tmp_path).went_on


ROTATE = """
import sys
from pathlib import Path
from vms.services.credentials.rotate_key import rotate_key
from vms.store.database import Database

database = Database(sys.argv[1])
print("ready", flush=True)
while True:
    rotate_key(database, Path(sys.argv[2]))
"""


def test_killed_at_any_moment_every_password_can_be_opened(sqlite_database: Database, tmp_path):
    rng = random.Random(3)
    folder = tmp_path / "data"
    store_sets(sqlite_database, open_secret_box(folder))
    first = (folder / FILE).read_text()
    interrupted = 0
    for _ in range(6):
        process = fork_program(ROTATE, sqlite_database.url, str(folder), stdout=subprocess.PIPE)
        try:
            assert process.stdout.readline() == b"ready\n"
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(rng.uniform(0.0, 0.12))  # killed at a moment by chance: that is the test
        finally:
            process.end()
        interrupted += len(split_keys((folder / FILE).read_text())) > 1
        assert opened(sqlite_database, open_secret_box(folder)) == SETS
        assert task_secret(sqlite_database, open_secret_box(folder)) == "of a task"
    assert interrupted, "no kill fell into a change of the key"
    assert (folder / FILE).read_text() != first
    rotate_key(sqlite_database, folder)
    assert len(split_keys((folder / FILE).read_text())) == 1
    assert opened(sqlite_database, open_secret_box(folder)) == SETS


def test_a_list_of_keys_is_read_by_commas_or_lines():
    one, two = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    assert split_keys(f"{one},{two}") == split_keys(f"{one}\n{two}\n") == [one, two]
    with pytest.raises(BadInput):
        split_keys(f"{one},short")
    with pytest.raises(BadInput):
        split_keys("")
