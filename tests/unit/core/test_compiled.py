"""Machine code on disk must never be older than its source."""

import os
import subprocess
import sys
from pathlib import Path

INNER = "from vms.core.compiled import compiled\n\n@compiled\ndef inner(x):\n    return x + {add}.0\n"
OUTER = """from vms.core.compiled import compiled
from kernels.inner import inner

@compiled
def outer(x):
    return 10.0 * inner(x)
"""
CALL = "from kernels.outer import outer; print(outer(1.0), sum(outer.stats.cache_hits.values()))"
ROOT = Path(__file__).resolve().parents[3]


def run(folder: Path) -> list[str]:
    environment = {**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}", "PYTHONDONTWRITEBYTECODE": "1"}
    program = [sys.executable, "-c", CALL]
    return subprocess.run(program, env=environment, capture_output=True, text=True, check=True).stdout.split()


def test_a_kernel_is_loaded_from_the_cache_until_one_that_it_calls_changes(tmp_path):
    package = tmp_path / "kernels"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "outer.py").write_text(OUTER)
    (package / "inner.py").write_text(INNER.format(add=1))
    assert run(tmp_path) == ["20.0", "0"]
    assert run(tmp_path) == ["20.0", "1"]
    (package / "inner.py").write_text(INNER.format(add=2))
    assert run(tmp_path) == ["30.0", "0"]
