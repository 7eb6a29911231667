"""`vms` commands without the seconds that Python needs to load them."""

import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.builders.forked_python import fork_module


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How a command ended."""

    code: int
    out: bytes
    said: bytes


def run_vms(*arguments: str, cwd: Path, within_s: float = 120.0, **environment: str) -> Ran:
    """`vms ARGUMENTS` to its end."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as said:
        command = fork_module(
            "vms", *arguments, cwd=cwd, stdout=out.fileno(), stderr=said.fileno(), environment=environment
        )
        try:
            code = command.wait(within_s)
        except subprocess.TimeoutExpired:
            command.end()
            raise AssertionError(f"vms {' '.join(arguments)} took longer than {within_s:g} s") from None
        out.seek(0)
        said.seek(0)
        return Ran(code=code, out=out.read(), said=said.read())
