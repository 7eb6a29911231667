"""`python -m tests.builders.forked_pytest ARGUMENTS`: pytest as a fork of the process that has the program loaded.

The last line on standard error says what it cost: its own CPU and that of all that it waited for.
"""

import signal
import sys

from tests.builders.forked_python import fork_module


def main() -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    running = fork_module("pytest", *sys.argv[1:], stdout=1, stderr=2)
    try:
        code = running.wait()
    except BaseException:
        running.send_signal(signal.SIGINT)
        running.wait(60)
        raise
    print("{:.1f} s of CPU, and {:.1f} s in the system".format(*running.cpu_s), file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
