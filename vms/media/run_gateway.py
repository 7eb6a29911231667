"""The gateway as a process of its own: `python -m vms.media.run_gateway --socket PATH`."""

import argparse
import asyncio
import contextlib
import logging
import os
import signal
from pathlib import Path

import uvloop

from vms.media.gateway import LiveGateway
from vms.media.gateway_server import serving
from vms.media.upstream import GatewaySettings

log = logging.getLogger(__name__)
LOOK_FOR_PARENT_S = 1.0


def run_gateway(socket_path: Path, settings: GatewaySettings | None = None, *, exit_with_parent: bool = False) -> None:
    """Serves until SIGTERM or SIGINT; with `exit_with_parent` also until the process that started it is gone."""
    uvloop.run(_run(socket_path, settings or GatewaySettings(), os.getppid() if exit_with_parent else None))


async def _run(socket_path: Path, settings: GatewaySettings, parent: int | None) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with LiveGateway(settings) as gateway, serving(gateway, socket_path):
        log.info("the live gateway listens on %s", socket_path)
        while not stop.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(None if parent is None else LOOK_FOR_PARENT_S):
                    await stop.wait()
            if parent is not None and os.getppid() != parent:
                log.warning("the process that started the live gateway is gone")
                return


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--socket", type=Path, required=True, help="path of the unix-domain socket to listen on")
    parser.add_argument("--linger-s", type=float, default=GatewaySettings().linger_s)
    parser.add_argument("--pulls-per-host", type=int, default=GatewaySettings().pulls_per_host)
    parser.add_argument("--exit-with-parent", action="store_true")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    settings = GatewaySettings(linger_s=options.linger_s, pulls_per_host=options.pulls_per_host)
    run_gateway(options.socket, settings, exit_with_parent=options.exit_with_parent)


if __name__ == "__main__":
    main()
