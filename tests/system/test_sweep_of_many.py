"""The bench of sweeps, small: a /23 with a city of well-behaved devices, by all methods, everybody found and stored."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.system, pytest.mark.timeout(120)]
ROOT = Path(__file__).resolve().parents[2]


def test_a_large_network_is_swept_by_all_methods_and_everybody_is_found_and_stored_once():
    command = [sys.executable, "bench/bench_sweep.py", "--json", "--no-peer", "--devices", "60", "--pace", "20000"]
    told = subprocess.run(
        [*command, "--network", "127.32.160.0/23"], cwd=ROOT, env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True, text=True, timeout=110, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stdout + told.stderr
    figures = json.loads(told.stdout)
    ours = figures["ours"]
    assert ours["found"] == ours["identified"] == figures["devices"] >= 60
    assert (ours["twice"], ours["strangers"], ours["addresses"]) == (0, 0, 510)
    assert ours["heard_by"]["unicast"] == figures["devices"]
