"""The main job, as a newcomer starts it, without the newcomer."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

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
