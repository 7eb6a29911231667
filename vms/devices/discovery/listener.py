"""A UDP socket that loses nothing: a large buffer, emptied in a tight loop; reading the answers comes later."""

import asyncio
import socket
from collections.abc import Callable

_BUFFER_BYTES = 16 * 1024 * 1024
_MAX_DATAGRAM = 65_535
_SO_RCVBUFFORCE = 33
"""Linux: beyond the system's limit, where we may."""

Packet = tuple[bytes, str]
"""What came and the address that it came from."""


class Listener:
    """Hands every datagram to `hear` as it comes."""

    def __init__(self, family: socket.AddressFamily, hear: Callable[[Packet], None]) -> None:
        self._hear = hear
        self.socket = socket.socket(family, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        _enlarge(self.socket)
        anywhere = "::" if family is socket.AF_INET6 else "0.0.0.0"  # noqa: S104 - answers come to any of our addresses
        self.socket.bind((anywhere, 0))
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self.socket.fileno(), self._drain)

    def send(self, data: bytes, address: tuple[str, int] | tuple[str, int, int, int]) -> str:
        """Nothing, or why it could not be sent."""
        try:
            self.socket.sendto(data, address)
        except BlockingIOError:
            return "busy"
        except OSError as error:
            return error.strerror or str(error)
        return ""

    def close(self) -> None:
        self._loop.remove_reader(self.socket.fileno())
        self.socket.close()

    def _drain(self) -> None:
        for _ in range(4096):
            try:
                data, address = self.socket.recvfrom(_MAX_DATAGRAM)
            except (BlockingIOError, InterruptedError):
                return
            except OSError:
                continue
            self._hear((data, str(address[0])))


def _enlarge(sock: socket.socket) -> None:
    for option in (_SO_RCVBUFFORCE, socket.SO_RCVBUF):
        try:
            sock.setsockopt(socket.SOL_SOCKET, option, _BUFFER_BYTES)
            return
        except OSError:
            continue
