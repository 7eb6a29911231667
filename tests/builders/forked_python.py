"""Python processes without the seconds that loading the program takes: forks of one process that has it loaded.

Each still is a process of its own, with its own arguments, folder, environment, streams, session and exit code, that a
test may kill as it likes. Where the environment names a socket in VMS_TESTS_FORKS, the process that listens there is
forked; else each test run starts one of its own.
"""

import ast
import atexit
import contextlib
import gc
import importlib
import importlib.util
import json
import os
import resource
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from tests.builders.become_program import become
from tests.builders.forked_children import ASKED, FORKED, children_are_forks

ROOT = Path(__file__).parents[2]
SOCKET = "VMS_TESTS_FORKS"
LARGEST_BYTES = 1_000_000
STARTS_WITHIN_S = 120.0
_lock = threading.Lock()
_own: "_Own | None" = None


@dataclass(slots=True)
class Forked:
    """What subprocess.Popen would give; `returncode` is negative after a signal."""

    pid: int
    stdin: IO[bytes] | None
    stdout: IO[bytes] | None
    _line: socket.socket
    _pidfd: int
    returncode: int | None = field(default=None, init=False)
    cpu_s: tuple[float, float] = field(default=(0.0, 0.0), init=False)
    """Once it is gone: its own and that of all that it waited for, in the program and in the system."""

    def poll(self) -> int | None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Raises TimeoutExpired. The code comes when the process is gone."""
        if self.returncode is None:
            if not select.select([self._pidfd], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0.0)
            self._line.settimeout(STARTS_WITHIN_S)
            with self._line, self._line.makefile("rb") as told:
                code, user_s, system_s = told.readline().split()
                self.returncode, self.cpu_s = int(code), (float(user_s), float(system_s))
            os.close(self._pidfd)
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def end(self) -> None:
        """`kill -9`; returns when it is gone."""
        self.kill()
        self.wait(30)
        for stream in (self.stdin, self.stdout):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()


def fork_module(name: str, *arguments: str, **how: Any) -> Forked:
    """`python -m NAME ARGUMENTS`."""
    return _fork({"module": name, "arguments": [name, *arguments]}, **how)


def fork_program(code: str, *arguments: str, **how: Any) -> Forked:
    """`python -c CODE ARGUMENTS`."""
    return _fork({"code": code, "arguments": ["-c", *arguments]}, **how)


def _fork(
    what: dict[str, Any],
    *,
    cwd: Path = ROOT,
    stdin: int | None = None,
    stdout: int | None = None,
    stderr: int | None = None,
    environment: dict[str, str] | None = None,
) -> Forked:
    """Streams as for Popen: None (our own; standard input is empty), DEVNULL, PIPE or the number of an open file."""
    asked = {**what, "cwd": str(cwd), "environment": {**os.environ, **(environment or {})}}
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(STARTS_WITHIN_S)
    line.connect(os.environ.get(SOCKET) or _started_once().address)
    with contextlib.ExitStack() as given:
        theirs_in, our_end = _stream_in(given, stdin)
        theirs_out, our_start = _stream_out(given, stdout)
        theirs_said, nobody = _stream_out(given, stderr, usual=2)
        assert nobody is None, "standard error has no pipe here"
        content = json.dumps(asked).encode() + b"\n"
        assert len(content) < LARGEST_BYTES
        sent = socket.send_fds(line, [content], [theirs_in, theirs_out, theirs_said])
        line.sendall(content[sent:])
    told = b""
    while not told.endswith(b"\n"):
        more = line.recv(1)
        assert more, "the process that is forked has ended"
        told += more
    return Forked(int(told), our_end, our_start, line, os.pidfd_open(int(told)))


def _stream_in(given: contextlib.ExitStack, wanted: int | None) -> tuple[int, IO[bytes] | None]:
    if wanted == subprocess.PIPE:
        theirs, ours = os.pipe()
        given.callback(os.close, theirs)
        return theirs, os.fdopen(ours, "wb", buffering=0)
    if wanted is None or wanted == subprocess.DEVNULL:
        wanted = os.open(os.devnull, os.O_RDONLY)
        given.callback(os.close, wanted)
    return wanted, None


def _stream_out(given: contextlib.ExitStack, wanted: int | None, usual: int = 1) -> tuple[int, IO[bytes] | None]:
    if wanted == subprocess.PIPE:
        ours, theirs = os.pipe()
        given.callback(os.close, theirs)
        return theirs, os.fdopen(ours, "rb")
    if wanted == subprocess.DEVNULL:
        wanted = os.open(os.devnull, os.O_WRONLY)
        given.callback(os.close, wanted)
    return usual if wanted is None else wanted, None


@dataclass(frozen=True, slots=True)
class _Own:
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


def _started_once() -> _Own:
    global _own
    with _lock:
        if _own is None:
            folder = Path(tempfile.mkdtemp(prefix="vms-forks-"))
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.builders.forked_python", str(folder / "socket")],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                cwd=ROOT,
                start_new_session=True,
            )
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            _own = _Own(folder, process)
            atexit.register(_own.end)
        return _own


class _Forks:
    """The process that is forked: forks, and tells how each of its children ended."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self._lines: dict[int, socket.socket] = {}
        self._wakes, wakened = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wakened, warn_on_full_buffer=False)

    def serve(self) -> None:
        """Until the end of the standard input."""
        while True:
            ready = select.select([self._listener, self._wakes, 0], [], [])[0]
            if self._wakes in ready:
                with contextlib.suppress(BlockingIOError):
                    os.read(self._wakes, 4096)
                self._tell_of_the_dead()
            if self._listener in ready:
                self._fork(self._listener.accept()[0])
            if 0 in ready:
                return

    def _fork(self, line: socket.socket) -> None:
        content, streams, _, _ = socket.recv_fds(line, LARGEST_BYTES, 3)
        while content and not content.endswith(b"\n"):
            content += line.recv(LARGEST_BYTES)
        if not content:
            return
        asked = json.loads(content)
        _load_for(asked)
        pid = os.fork()
        if pid == 0:
            self._listener.close()
            _carry_out(asked, streams)
        for stream in streams:
            os.close(stream)
        self._lines[pid] = line
        line.sendall(b"%d\n" % pid)

    def _tell_of_the_dead(self) -> None:
        for pid in list(self._lines):
            ended, status, spent = os.wait4(pid, os.WNOHANG)
            if ended:
                told = (os.waitstatus_to_exitcode(status), spent.ru_utime, spent.ru_stime)
                with self._lines.pop(pid) as line, contextlib.suppress(OSError):
                    line.sendall(b"%d %.1f %.1f\n" % told)


def _load_for(asked: dict[str, Any]) -> None:
    """What the program imports first, so that its next run has it already."""
    code = asked.get("code")
    if code is None:
        name = asked["module"]
        found = importlib.util.find_spec(name)
        if found is not None and found.submodule_search_locations is not None:
            found = importlib.util.find_spec(f"{name}.__main__")
        if found is None or found.origin is None:
            return  # its run will say so
        code = Path(found.origin).read_text(encoding="utf-8")
    for name in _imported(ast.parse(code)):
        if name.partition(".")[0] in ("vms", "tests"):
            with contextlib.suppress(Exception):  # the program itself will say so
                importlib.import_module(name)
    gc.freeze()  # what is shared with the forks is not looked through, and so not copied, by each of them
    assert threading.active_count() == 1, "a fork would lose the other threads"


def _imported(program: ast.Module) -> Iterator[str]:
    for step in program.body:
        if isinstance(step, ast.Import):
            yield from (one.name for one in step.names)
        elif isinstance(step, ast.ImportFrom) and step.module:
            yield step.module
            yield from (f"{step.module}.{one.name}" for one in step.names if one.name.islower())


def _carry_out(asked: dict[str, Any], streams: list[int]) -> None:
    """In the child; never returns."""
    os.setsid()
    if asked["environment"].get(ASKED):
        children_are_forks()
    become(asked, streams)


def _serve(address: str, *, for_tests: bool) -> None:
    """`for_tests`: groups of tests are forked as well."""
    cli = importlib.import_module("vms.cli")
    for module in cli.COMMANDS:
        importlib.import_module(f"vms.cli.{module}")
    for name in FORKED:
        _load_for({"module": name})
    made_ready = importlib.import_module("tests.builders.made_ready")
    made_ready.make_ready()
    if for_tests:
        made_ready.make_tests_ready()
    gc.freeze()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen(64)
        print("ready", flush=True)
        _Forks(listener).serve()
    if for_tests:
        spent = resource.getrusage(resource.RUSAGE_CHILDREN)
        told = f"{spent.ru_utime:.0f} s of CPU, and {spent.ru_stime:.0f} s in the system"
        print(f"== all of them and what they started: {told}", file=sys.stderr)


if __name__ == "__main__":
    _serve(sys.argv[1], for_tests="--for-tests" in sys.argv)
