"""`vms` commands without the seconds that Python needs to load them: forks of one process that has everything loaded.

Each command still is a process of its own with its own arguments, folder, environment, output and exit code. What a
test kills, or leaves running, is started by itself instead.
"""

import atexit
import contextlib
import importlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

READY_WITHIN_S = 120.0
_lock = threading.Lock()
_warm: "_Warm | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How a command ended."""

    code: int
    out: bytes
    said: bytes


@dataclass(frozen=True, slots=True)
class _Warm:
    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def address(self) -> str:
        return str(self.folder / "socket")

    def end(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(30)
        shutil.rmtree(self.folder)


def run_vms(*arguments: str, cwd: Path, within_s: float = 120.0, **environment: str) -> Ran:
    """`vms ARGUMENTS` to its end."""
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as line:
        out, said = Path(folder) / "out", Path(folder) / "said"
        line.settimeout(within_s)
        line.connect(_the_warm_one().address)
        asked = {
            "arguments": arguments, "cwd": str(cwd), "out": str(out), "said": str(said),
            "environment": {**os.environ, **environment},
        }  # fmt: skip
        line.sendall(json.dumps(asked).encode() + b"\n")
        told = line.makefile("rb")
        pid = int(told.readline())
        try:
            code = told.readline()
        except TimeoutError as late:
            os.kill(pid, signal.SIGKILL)
            raise AssertionError(f"vms {' '.join(arguments)} took longer than {within_s:g} s") from late
        assert code, f"vms {' '.join(arguments)} died: {said.read_bytes().decode()}"
        return Ran(code=int(code), out=out.read_bytes(), said=said.read_bytes())


def _the_warm_one() -> _Warm:
    global _warm
    with _lock:
        if _warm is None:
            folder = Path(tempfile.mkdtemp(prefix="vms-warm-"))
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.builders.warm_vms", str(folder / "socket")],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                cwd=Path(__file__).parents[2],
                start_new_session=True,
            )
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            _warm = _Warm(folder, process)
            atexit.register(_warm.end)
        return _warm


def _serve(address: str) -> None:
    cli = importlib.import_module("vms.cli")
    for module in cli.COMMANDS:
        importlib.import_module(f"vms.cli.{module}")
    assert threading.active_count() == 1, "a fork would lose the other threads"
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen(64)
        print("ready", flush=True)
        while listener in select.select([listener, 0], [], [])[0]:  # the end of the input is the end
            line, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                _carry_out(line, cli.main)
            line.close()


def _carry_out(line: socket.socket, main: Any) -> None:
    """In the child; never returns."""
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        asked = json.loads(line.makefile("rb").readline())
        line.sendall(b"%d\n" % os.getpid())
        nothing = os.open(os.devnull, os.O_RDONLY)
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        for target, source in ((0, nothing), (1, os.open(asked["out"], flags)), (2, os.open(asked["said"], flags))):
            os.dup2(source, target)
        os.chdir(asked["cwd"])
        os.environ.clear()
        os.environ.update(asked["environment"])
        sys.argv = ["vms", *asked["arguments"]]
        code = _exit_code_of(main)
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError):
                stream.flush()
        with contextlib.suppress(OSError):
            line.sendall(b"%d\n" % code)
        os._exit(code)


def _exit_code_of(main: Any) -> int:
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - told where the command tells its errors
        sys.excepthook(*sys.exc_info())
        return 1
    return 0


if __name__ == "__main__":
    _serve(sys.argv[1])
