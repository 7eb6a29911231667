"""Is the console's port free? Asked before anything starts, so that nobody waits for a server that cannot come up.

It also makes sure that whatever answers there afterwards is this server and nobody else who would be told a password.
"""

import socket

from vms.core.errors import PersonMustAct


def refuse_taken_port(host: str, port: int) -> None:
    """Raises PersonMustAct where nobody could listen there. Port 0 is always free."""
    try:
        places = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as problem:
        raise PersonMustAct(f"{host} is no address of this machine: {problem.strerror}", code="no_address") from None
    for family, kind, protocol, _, address in places:
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does: what just ended is free
            try:
                probe.bind(address)
                probe.listen(1)
            except OSError as problem:
                raise PersonMustAct(
                    f"port {port} of {host}: {(problem.strerror or 'no').lower()}; name another one (--port)",
                    code="port_taken",
                ) from None
