"""The main job, as a newcomer starts it, without the newcomer."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests.builders.forked_children import ASKED
from tests.builders.forked_python import Forked, fork_module

pytestmark = [pytest.mark.system, pytest.mark.timeout(180)]
WITHIN_S = 60.0


@pytest.fixture(scope="module")
def once() -> dict[str, Any]:
    command = [sys.executable, "-m", "vms", "demo", "--once", "--json", "--cameras", "200"]
    done = subprocess.run(command, capture_output=True, timeout=170, cwd=Path(__file__).parents[2], check=False)
    assert done.returncode == 0, done.stderr.decode()[-4000:]
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def test_every_pretend_camera_is_found_in_its_tier(once: dict[str, Any]) -> None:
    assert sum(once["steps"]["inventory"].values()) == 200
    assert set(once["steps"]["inventory"]) == {"government", "unit", "community", "household"}


def test_every_camera_has_been_polled(once: dict[str, Any]) -> None:
    counts = once["steps"]["first_poll"]
    assert counts["unknown"] == 0
    assert counts["up"] + counts["suspect"] + counts["down"] == 200


def test_coverage_is_measured_and_its_gaps_have_causes(once: dict[str, Any]) -> None:
    coverage = once["steps"]["coverage"]
    assert 0 < coverage["covered_road_m"] < coverage["road_m"]
    assert coverage["gaps_m_by_cause"]


def test_the_best_view_really_sees_the_incident_and_plays(once: dict[str, Any]) -> None:
    assert once["steps"]["feeds"][0]["sees"]
    assert once["steps"]["live"]["codec"].startswith("avc1.")
    assert once["steps"]["live"]["first_key_frame_s"] < 5.0


def test_a_registered_shop_takes_its_place_in_the_ranking(once: dict[str, Any]) -> None:
    assert once["steps"]["registration"]["rank"] >= 1


def test_it_took_no_longer_than_promised(once: dict[str, Any]) -> None:
    assert once["seconds_in_all"] <= WITHIN_S


def test_a_demo_that_runs_on_tells_where_it_is_and_ends_when_its_server_is_killed() -> None:
    command = ("demo", "--json", "--cameras", "20", "--port", "0")
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    demo = fork_module("vms", *command, **pipes, environment={ASKED: "1"})
    try:
        told = one_document(demo)
        assert told.keys() == {"url", "administrator", "password"}
        answer = httpx.post(
            f"{told['url']}/api/v1/session", json={"username": told["administrator"], "password": told["password"]}
        )
        assert answer.is_success
        (server,) = [child for child in psutil.Process(demo.pid).children() if child.name() == "vms"]
        server.kill()
        error = one_document(demo)["error"]
        assert (demo.wait(30), error["code"]) == (1, "process_ended")
        assert "the server ended (SIGKILL)" in error["message"]
    finally:
        demo.terminate()
        demo.wait(30)


def one_document(process: Forked) -> dict[str, Any]:
    """The next JSON document of its standard output."""
    assert process.stdout is not None
    lines = b""
    while not lines.endswith(b"\n}\n"):
        line = process.stdout.readline()
        assert line, f"the demo ended before its word was out: {lines!r}"
        lines += line
    document: dict[str, Any] = json.loads(lines)
    return document
