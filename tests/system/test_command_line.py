"""Every command of `vms`, as a person or a script types it, against a small pretend city."""

import csv
import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from tests.builders.warm_vms import run_vms
from tests.builders.whole_program import ADMIN_PASSWORD, Program, a_program, pretend_city
from vms.access.roles import Role
from vms.cli.demo import print_figures
from vms.core.clock import system_clock
from vms.core.errors import NotSignedIn
from vms.demo.api import until
from vms.inventory.tier import Tier
from vms.services.sign_in import ensure_administrator, sign_in, who_is_it
from vms.sim.plan import PASSWORDS, USERNAME
from vms.store import users
from vms.store.database import Database

pytestmark = [pytest.mark.system, pytest.mark.timeout(240)]

CAMERAS = 6
NETWORK = "127.27.0.0/28"
FIRST = "127.27.0.1"
NOBODY = "127.27.0.14"
DEVICE_NAMES = {
    *("address", "port", "manufacturer", "model", "firmware", "serial_no", "mac", "endpoint_reference"),
    *("auth", "clock_offset_s", "channels", "problems"),
}
CHANNEL_NAMES = {"name", "streams", "snapshot_uri", "ptz"}
STREAM_NAMES = {"profile", "encoding", "width", "height", "uri"}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The office's list of the city, which answers on its addresses meanwhile."""
    file = tmp_path_factory.mktemp("office") / "archive.csv"
    with pretend_city("--cameras", str(CAMERAS), "--first-address", FIRST, "--plain", "--archive", str(file)):
        yield file


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, archive: Path) -> Program:
    """The office's list is in, the city is discovered, there is an administrator."""
    program = a_program(tmp_path_factory.mktemp("filled"), NETWORK, "government")
    taken = program.json_of("import", str(archive))
    assert (taken["created"], taken["rejected_rows"]) == (CAMERAS, 0)
    found = program.json_of("discover", "--cidr", NETWORK)
    assert len(found["devices"]) == CAMERAS
    database = Database(program.database_url)
    ensure_administrator(database, ADMIN_PASSWORD, system_clock())
    database.close()
    return program


@pytest.fixture
def empty(tmp_path: Path, archive: Path) -> Program:
    return a_program(tmp_path, NETWORK, "government")


def test_discover_prints_the_names_that_others_rely_on(empty: Program) -> None:
    hosts = f"{FIRST}:8080,{NOBODY}:8080"
    printed = empty.json_of("discover", "--hosts", hosts, "--dry-run")
    reached, silent = sorted(printed["devices"], key=lambda row: row["address"] == NOBODY)
    for row in (reached, silent):
        assert row.keys() >= DEVICE_NAMES
    assert (reached["address"], reached["port"], reached["problems"]) == (FIRST, 8080, [])
    assert all(reached[name] for name in DEVICE_NAMES - {"clock_offset_s", "problems"})
    assert abs(reached["clock_offset_s"]) < 5
    for channel in reached["channels"]:
        assert channel.keys() >= CHANNEL_NAMES
        assert {(s["encoding"], s["width"]) for s in channel["streams"]} == {("H264", 1280), ("H264", 640)}
        for stream in channel["streams"]:
            assert stream.keys() == STREAM_NAMES
            assert stream["uri"].startswith(f"rtsp://{FIRST}:")
    assert silent["address"] == NOBODY
    assert silent["channels"] == []
    assert silent["problems"]
    assert empty.json_of("cameras") == {"total": 0, "items": []}, "a dry run has stored something"


def test_discover_listens_on_an_interface(empty: Program) -> None:
    printed = empty.json_of("discover", "--interface", "lo", "--dry-run")
    found = {row["address"] for row in printed["devices"]}
    assert found >= {f"127.27.0.{number}" for number in range(1, CAMERAS + 1)}


def test_discover_signs_in_as_told_and_stores_where_told(tmp_path: Path, archive: Path) -> None:
    password = tmp_path / "password"
    password.write_text(PASSWORDS[Tier.GOVERNMENT] + "\n")
    elsewhere = f"sqlite:///{tmp_path / 'elsewhere.db'}"
    login = ("--username", USERNAME, "--password-file", str(password))
    printed = json.loads(a_vms(tmp_path, "discover", "--hosts", f"{FIRST}:8080", *login, "--db", elsewhere, "--json"))
    assert printed["devices"][0]["problems"] == []
    assert printed["new"] == 1
    listed = json.loads(a_vms(tmp_path, "cameras", "--db", elsewhere, "--json"))
    assert (listed["total"], listed["items"][0]["streams"]) == (1, 2)
    assert PASSWORDS[Tier.GOVERNMENT].encode() not in (tmp_path / "elsewhere.db").read_bytes()


def test_a_wrong_password_is_a_problem_of_the_row(tmp_path: Path, archive: Path) -> None:
    password = tmp_path / "password"
    password.write_text("not it\n")
    login = ("--username", USERNAME, "--password-file", str(password))
    printed = json.loads(a_vms(tmp_path, "discover", "--hosts", f"{FIRST}:8080", *login, "--dry-run", "--json"))
    assert "login_refused" in {problem["code"] for problem in printed["devices"][0]["problems"]}


def test_import_tries_first_and_then_takes_every_row(empty: Program, archive: Path) -> None:
    tried = empty.json_of("import", str(archive), "--dry-run")
    assert (tried["dry_run"], tried["created"], tried["rejected_rows"]) == (True, CAMERAS, 0)
    assert empty.json_of("cameras")["total"] == 0
    assert empty.json_of("import", str(archive))["created"] == CAMERAS
    assert empty.json_of("import", str(archive))["unchanged"] == CAMERAS


def test_import_rejects_rows_one_by_one_and_says_so_in_its_exit_code(empty: Program) -> None:
    file = empty.folder / "odd.csv"
    file.write_text("name,tier,lon,lat\ngood,unit,113.6,34.7\nbad,unit,999,999\n", encoding="utf-8")
    taken = empty.json_of("import", str(file), code=1)
    assert (taken["created"], taken["rejected_rows"]) == (1, 1)
    assert {row["row"] for row in taken["rejected"]} == {3}
    empty.start("import", str(file)).wait(60)
    assert "1 rejected" in empty.last_words()


def test_an_export_is_read_back_without_a_change(filled: Program) -> None:
    for name in ("out.csv", "out.toml"):
        file = filled.folder / name
        written = {"file": str(file), "format": file.suffix[1:], "cameras": CAMERAS, "left_out": 0, "unfit": 0}
        nothing_else = {"not_entered": 0, "retired": 0, "not_in_catalogue": []}
        assert filled.json_of("export", str(file)) == {**written, **nothing_else}
        back = filled.json_of("import", str(file), "--dry-run")
        assert (back["unchanged"], back["created"], back["updated"], back["rejected_rows"]) == (CAMERAS, 0, 0, 0)
    with (filled.folder / "out.csv").open(encoding="utf-8-sig", newline="") as rows:
        assert len(list(csv.DictReader(rows))) == CAMERAS


def test_cameras_are_listed_by_tier_and_text(filled: Program) -> None:
    listed = filled.json_of("cameras")
    assert listed["total"] == len(listed["items"]) == CAMERAS
    assert listed["items"][0].keys() >= {"id", "name", "tier", "status", "life_cycle", "lon", "lat", "streams"}
    of_tier = filled.json_of("cameras", "--tier", "unit")
    assert of_tier["total"] == sum(row["tier"] == "unit" for row in listed["items"])
    name = listed["items"][0]["name"]
    assert name in {row["name"] for row in filled.json_of("cameras", "--text", name)["items"]}


def test_one_poll_finds_every_camera_well(filled: Program) -> None:
    polled = filled.json_of("poll", "--once")
    assert (polled["devices"], polled["cameras"], polled["stored"]) == (CAMERAS, CAMERAS, True)
    assert polled["statuses"] == {"up": CAMERAS}
    assert {row["status"] for row in filled.json_of("cameras")["items"]} == {"up"}


def test_an_incident_has_ranked_feeds_with_their_reasons(filled: Program) -> None:
    camera = filled.json_of("cameras")["items"][0]
    where = ("--lon", str(camera["lon"]), "--lat", str(camera["lat"]))
    opened = filled.json_of("incident", *where, "--summary", "路口有人求助", "--level", "2")
    assert opened["incident_no"]
    ranked = filled.json_of("feeds", "--incident", str(opened["incident_id"]))["feeds"]
    assert [feed["rank"] for feed in ranked] == list(range(1, len(ranked) + 1))
    assert len(ranked) == CAMERAS
    assert all(feed["sentence_en"] and feed["sentence_zh"] and feed["terms"] for feed in ranked)
    best = filled.json_of("feeds", *where, "--limit", "2")["feeds"]
    assert [feed["camera_id"] for feed in best] == [feed["camera_id"] for feed in ranked[:2]]


def test_roles_count_at_the_command_line_too(filled: Program) -> None:
    database = Database(filled.database_url)
    with database.writing() as tx:
        users.add(tx, "planner-1", "no hash", Role.PLANNER, system_clock())
    database.close()
    for command in ("incident", "feeds"):
        asked = (command, "--lon", "24.9", "--lat", "60.1", "--as", "planner-1", "--db", filled.database_url)
        ran = run_vms(*asked, cwd=filled.folder)
        assert (ran.code, ran.out) == (1, b"")
        assert "NotAllowed: planner-1 is planner" in ran.said.decode()


def test_a_forgotten_password_is_set_anew(filled: Program, tmp_path: Path) -> None:
    database = Database(filled.database_url)
    try:
        before = sign_in(database, "admin", ADMIN_PASSWORD, "127.0.0.1", system_clock())
        made = filled.json_of("password", "admin")["password"]
        with pytest.raises(NotSignedIn):
            sign_in(database, "admin", ADMIN_PASSWORD, "127.0.0.1", system_clock())
        with pytest.raises(NotSignedIn):
            who_is_it(database, before.token, system_clock())
        sign_in(database, "admin", made, "127.0.0.1", system_clock())
        file = tmp_path / "password"
        file.write_text(ADMIN_PASSWORD + "\n")
        told = filled.json_of("password", "admin", "--password-file", str(file))
        assert told == {"name": "admin", "password": None}
        sign_in(database, "admin", ADMIN_PASSWORD, "127.0.0.1", system_clock())
    finally:
        database.close()


def test_check_finds_nothing_wrong(filled: Program) -> None:
    assert filled.json_of("check") == {"findings": []}


def test_what_is_stored_is_for_its_own_user_alone(empty: Program) -> None:
    assert empty.json_of("cameras")["total"] == 0
    folder = empty.folder / "data"
    file = folder / "vms.db"
    assert (folder.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o750, 0o600)
    assert empty.json_of("check") == {"findings": []}
    folder.chmod(0o755)
    (found,) = empty.json_of("check", code=1)["findings"]
    assert (found["where"], "chmod 700" in found["message"]) == (str(folder), True)
    file.chmod(0o644)
    assert "chmod 600" in empty.json_of("check", code=1)["findings"][1]["message"]


def test_the_server_keeps_all_that_it_makes_to_itself(empty: Program) -> None:
    with empty.serving():
        folder = empty.folder / "data"
        until((folder / "live.sock").exists, 30, "the gateway listens")
        assert (folder / "secret.key").exists()
        for file in [folder, *folder.rglob("*")]:
            assert file.stat().st_mode & 0o077 == 0, file


def test_a_process_that_runs_alone_ends_in_good_order(empty: Program) -> None:
    web = empty.start("serve", "--only", "web")
    try:
        empty.when_ready(web).close()
        web.terminate()
        assert web.wait(30) == 0, empty.last_words()
    finally:
        web.kill()
        web.wait()


def test_check_says_why_a_store_cannot_be_read(filled: Program, tmp_path: Path) -> None:
    rubbish, cut = tmp_path / "bin.csv", tmp_path / "cut.db"
    rubbish.write_bytes(bytes(range(256)) * 40)
    whole = (filled.folder / "data" / "vms.db").read_bytes()
    cut.write_bytes(whole[: len(whole) // 3 + 100])
    wanted = {
        f"sqlite:///{rubbish}": "not a database",
        f"sqlite:///{cut}": "",
        f"sqlite:///{tmp_path}": "no database yet",
        "postgresql://u:hidden@127.0.0.1:1/x": "refused",
        "nonsense": "not a database URL",
    }
    for url, words in wanted.items():
        ran = run_vms("check", "--db", url, "--json", cwd=tmp_path)
        assert (ran.code, ran.said) == (1, b"")
        findings = json.loads(ran.out)["findings"]
        assert findings
        assert words in findings[0]["message"]
        assert "hidden" not in ran.out.decode(), "a password is told"


WRONG = {
    "no such file": (("import", "/no/such/list.csv", "--db", "{db}"), 1, "/no/such/list.csv"),
    "no list": (("import", "{folder}", "--db", "{db}"), 1, "only .csv, .xlsx and .toml"),
    "nowhere to write": (("export", "/no/such/folder/out.csv", "--db", "{db}"), 1, "/no/such/folder/out.csv"),
    "no settings": (("poll", "--config", "/no/such/vms.toml"), 1, "/no/such/vms.toml"),
    "no URL": (("cameras", "--db", "nonsense"), 1, "not a database URL"),
    "no database": (("cameras", "--db", "sqlite:////no/such/folder/vms.db"), 1, "cannot be opened"),
    "no server": (("cameras", "--db", "postgresql://u:hidden@127.0.0.1:1/x"), 1, "cannot be opened"),
    "no network": (("discover", "--cidr", "10.20.0.0/99", "--db", "{db}"), 1, "10.20.0.0/99"),
    "no end": (("poll", "--json"), 1, "--once"),
    "no port": (("discover", "--hosts", "127.27.0.1:x", "--db", "{db}"), 1, "port"),
    "no aim": (("discover", "--db", "{db}"), 1, "where to look"),
    "no interface": (("discover", "--interface", "eth99", "--db", "{db}"), 1, "no interface eth99"),
    "no interface to sweep": (("sweep", "start", "--interface", "eth99", "--db", "{db}"), 1, "no interface eth99"),
    "no pace": (("sweep", "start", "--cidr", "127.27.0.0/30", "--pace", "0", "--db", "{db}"), 1, "packets per second"),
    "no host of ours": (("sweep", "start", "--hosts", "1.1.1.1:80", "--db", "{db}"), 1, "may be contacted"),
    "no place": (("feeds", "--lon", "24.9", "--db", "{db}"), 1, "--lat"),
    "no incident": (("feeds", "--incident", "99", "--db", "{db}"), 1, "99"),
    "no user": (("password", "nobody", "--db", "{db}"), 1, "no user nobody"),
    "no globe": (("incident", "--lon", "999", "--lat", "1"), 2, "--lon"),
    "no process": (("serve", "--only", "nothing"), 1, "nothing"),
    "no option": (("cameras", "--bogus"), 2, "--bogus"),
    "no command": (("bogus",), 2, "bogus"),
    "no loopback": (("sim", "--cameras", "1", "--control", "10.0.0.1:80"), 1, "loopback"),
    "no address": (("sim", "--cameras", "1", "--first-address", "rubbish"), 1, "rubbish"),
}


def test_what_is_wrong_is_one_clear_sentence(tmp_path: Path) -> None:
    for name, (arguments, code, words) in WRONG.items():
        folder = tmp_path / name.replace(" ", "-")
        folder.mkdir()
        given = [argument.format(db=f"sqlite:///{folder / 'vms.db'}", folder=folder) for argument in arguments]
        ran = run_vms(*given, cwd=folder)
        said = ran.said.decode()
        assert ran.code == code, f"{name}: {said}"
        assert words in said, f"{name}: {said}"
        assert "Traceback" not in said, name
        assert "hidden" not in said, "a password is told"
        assert ran.out == b"" or "--json" in given, name
        if code == 1:
            assert len(said.strip().splitlines()) == 1, f"{name}: {said}"


def test_an_error_is_json_too_where_json_is_wanted(tmp_path: Path) -> None:
    ran = run_vms("feeds", "--incident", "99", "--db", f"sqlite:///{tmp_path / 'vms.db'}", "--json", cwd=tmp_path)
    error = json.loads(ran.out)["error"]
    assert (ran.code, error["code"]) == (1, "not_found")
    assert error["message"] in ran.said.decode()
    ran = run_vms("sim", "--cameras", "9", "--first-address", "127.255.255.250", "--json", cwd=tmp_path)
    assert (ran.code, json.loads(ran.out)["error"]["code"]) == (1, "bad_input")
    assert "127.255.255.250" in ran.said.decode()


def test_the_version_is_told(tmp_path: Path) -> None:
    out, _ = _start(tmp_path, "--version").communicate(timeout=60)
    assert out.decode() == f"vms {version('vms')}\n"


def test_the_figures_of_a_demo_are_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    seconds = {"inventory": 0.25, "feeds": 1.5}
    steps = {"inventory": {"unit": 3}, "feeds": [{"rank": 1}]}
    print_figures({"cameras": 3, "steps": steps, "seconds": seconds, "seconds_in_all": 1.75})
    rows = [line.rstrip().split(maxsplit=2) for line in capsys.readouterr().out.splitlines()]
    assert rows[1:] == [["inventory", "0.25", "unit 3"], ["feeds", "1.5", "1 in all"]]


def test_a_taken_port_is_told_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        port = str(somebody.getsockname()[1])
        program = a_program(tmp_path, NETWORK, "government")
        started = [
            _start(tmp_path, "demo", "--port", port, "--data", str(tmp_path / "demo")),
            _start(tmp_path, "serve", "--config", str(program.config), "--port", port),
        ]
        for process in started:
            out, said = process.communicate(timeout=60)
            assert (process.returncode, out) == (1, b"")
            assert f"port {port} of 127.0.0.1: address already in use" in said.decode()
            assert len(said.decode().strip().splitlines()) == 1, said.decode()
    assert not (tmp_path / "demo").exists()
    assert not (tmp_path / "data").exists()


def a_vms(folder: Path, *arguments: str) -> bytes:
    """What `vms ARGUMENTS` prints, without a settings file."""
    ran = run_vms(*arguments, cwd=folder)
    assert ran.code == 0, ran.said.decode()
    return ran.out


def _start(folder: Path, *arguments: str) -> "subprocess.Popen[bytes]":
    command: list[Any] = [sys.executable, "-m", "vms", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder)
