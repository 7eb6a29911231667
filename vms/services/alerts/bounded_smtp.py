"""A conversation with a mail server that is over after so long, however slowly it answers.

The time-out of smtplib starts anew with every byte: who sends one now and then would hold a message for hours.
"""

import smtplib
import socket
import ssl
import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import Self

NAME = "[127.0.0.1]"
"""What we call ourselves: the machine's own name would have to be asked of a name server."""


class TimeLimit:
    """Cuts the line when the time is up: whoever waits at it, in whatever step, comes back at once."""

    def __init__(self, within_s: float) -> None:
        self.is_over = False
        self._ends_s = time.monotonic() + within_s
        self._line: socket.socket | None = None
        self._lock = threading.Lock()
        self._timer = threading.Timer(within_s, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, at: TracebackType | None
    ) -> None:
        self._timer.cancel()
        with self._lock:
            if self._line is not None:
                self._line.close()
                self._line = None

    def left_s(self) -> float:
        """Raises TimeoutError where nothing is left."""
        left_s = self._ends_s - time.monotonic()
        if left_s <= 0:
            raise TimeoutError("the time is up")
        return left_s

    def guard(self, line: socket.socket) -> None:
        """A handle of its own: TLS, begun at once or later, takes the socket itself over."""
        with self._lock:
            self._line = line.dup()
        if self.is_over:
            self._cut()

    def _cut(self) -> None:
        self.is_over = True
        with self._lock, suppress(OSError):  # the other side may have gone already
            if self._line is not None:
                self._line.shutdown(socket.SHUT_RDWR)


class BoundedSmtp(smtplib.SMTP):
    """`tls`: from the first byte on."""

    def __init__(self, host: str, port: int, limit: TimeLimit, tls: ssl.SSLContext | None) -> None:
        self._limit, self._tls = limit, tls
        super().__init__(host, port, local_hostname=NAME, timeout=limit.left_s())

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        line = _connected(host, port, self._limit)
        self._limit.guard(line)
        return line if self._tls is None else self._tls.wrap_socket(line, server_hostname=host)

    def __exit__(self, *raised: object) -> None:
        """What was taken is taken, whatever becomes of the farewell."""
        try:
            with suppress(smtplib.SMTPException, OSError):
                self.docmd("QUIT")
        finally:
            self.close()


def _connected(host: str, port: int, limit: TimeLimit) -> socket.socket:
    """All addresses of the name together get what time is left. Raises OSError."""
    last: OSError = OSError(f"{host} has no address")
    for _, _, _, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        try:
            return socket.create_connection((str(address[0]), port), limit.left_s())
        except TimeoutError:
            raise
        except OSError as problem:
            last = problem
    raise last
