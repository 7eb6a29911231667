"""Whoever waits for machine code to be made the first time is told."""

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = "from vms.cli.kernels import tell_of_compiling; tell_of_compiling()"


def test_without_cached_code_it_is_told_that_the_first_time_takes_longer(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "once" in done.stderr and done.stdout == ""
