"""A fork becomes a program: `python -m NAME`, or `python -c CODE`, to its end and its exit code."""

import contextlib
import os
import runpy
import signal
import sys
from collections.abc import Mapping, Sequence
from typing import Any

MOST_FILES = 1024


def become(asked: Mapping[str, Any], streams: Sequence[int]) -> None:
    """In the child; never returns. `asked`: `module` or `code`, `arguments`, `cwd`, `environment`. `streams`: what is
    to be standard input, output and error; -1 leaves it as it is."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for target, source in enumerate(streams):
            if source >= 0:
                os.dup2(source, target)
        os.closerange(3, MOST_FILES)
        os.chdir(asked["cwd"])
        os.environ.clear()
        os.environ.update(asked["environment"])
        sys.argv = list(asked["arguments"])
        code = _exit_code_of(asked)
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
        os._exit(code)


def _exit_code_of(asked: Mapping[str, Any]) -> int:
    try:
        if "code" in asked:
            exec(compile(asked["code"], "<the test's program>", "exec"), {"__name__": "__main__"})
        else:
            runpy.run_module(asked["module"], run_name="__main__", alter_sys=True)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - told where a process tells its errors
        sys.excepthook(*sys.exc_info())
        return 1
    return 0
