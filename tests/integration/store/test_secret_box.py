"""The key of the device passwords: made once, readable by nobody else, told apart when it is the wrong one."""

import stat
import threading

import pytest

from vms.core.errors import BadInput, PersonMustAct
from vms.store.secret_box import FILE, SecretBox, open_secret_box

KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


def test_the_key_is_made_at_the_first_start_for_the_owner_only(tmp_path):
    sealed = open_secret_box(tmp_path / "data").seal("geheim")
    file = tmp_path / "data" / FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert b"geheim" not in sealed
    assert open_secret_box(tmp_path / "data").open(sealed) == "geheim"
    assert [path.name for path in file.parent.iterdir()] == [FILE]


def test_processes_that_start_together_agree_on_one_key(tmp_path):
    boxes = []
    threads = [threading.Thread(target=lambda: boxes.append(open_secret_box(tmp_path))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sealed = boxes[0].seal("geheim")
    assert [box.open(sealed) for box in boxes] == ["geheim"] * 16


def test_the_key_of_the_environment_is_taken_and_no_file_is_made(tmp_path):
    assert SecretBox(KEY).open(open_secret_box(tmp_path, KEY).seal("geheim")) == "geheim"
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_is_none_and_a_wrong_one_are_named(tmp_path):
    with pytest.raises(BadInput, match="VMS_SECRET_KEY: the secret key is not 32 bytes"):
        open_secret_box(tmp_path, "short")
    with pytest.raises(PersonMustAct, match="sealed with another secret key"):
        open_secret_box(tmp_path).open(SecretBox(KEY).seal("geheim"))
