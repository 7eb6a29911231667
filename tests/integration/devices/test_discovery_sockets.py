"""The sockets under discovery: a storm of answers, and IPv6."""

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path

import pytest

from vms.devices.discovery.listener import Listener, Packet

MATCH = (
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><ProbeMatches><ProbeMatch><EndpointReference>'
    "<Address>urn:uuid:6</Address></EndpointReference><XAddrs>http://10.1.2.3:8080/onvif/six</XAddrs>"
    "</ProbeMatch></ProbeMatches></s:Body></s:Envelope>"
)


@pytest.mark.skipif(os.geteuid() != 0, reason="a buffer beyond the system's limit needs root")
async def test_ten_thousand_answers_at_once_are_all_heard_by_a_late_reader() -> None:
    heard: list[Packet] = []
    everything = asyncio.Event()

    def hear(packet: Packet) -> None:
        heard.append(packet)
        if len(heard) == 10_000:
            everything.set()

    listener = Listener(socket.AF_INET, hear)
    port = listener.socket.getsockname()[1]

    def storm() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.bind(("127.22.180.1", 0))
            for number in range(10_000):
                sender.sendto(b"%5d" % number + b"x" * 500, ("127.0.0.1", port))

    thread = threading.Thread(target=storm)
    try:
        thread.start()
        time.sleep(0.3)  # noqa: ASYNC251 - the reader is late on purpose
        await asyncio.wait_for(everything.wait(), 10)
    finally:
        thread.join(10)
        listener.close()
    assert {address for _, address in heard} == {"127.22.180.1"}
    assert len({data for data, _ in heard}) == 10_000


SIX = """
import asyncio, json, socket, struct, sys
from vms.devices.discovery.find import find
from vms.devices.discovery.messages import GROUP_V6, PORT
from vms.devices.discovery.request import DiscoveryRequest, Limits, Method

MATCH = sys.argv[1].encode()

async def main():
    index = socket.if_nametoindex("cam1")
    group = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    group.bind(("::", PORT))
    joined = socket.inet_pton(socket.AF_INET6, GROUP_V6) + struct.pack("@I", index)
    group.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, joined)
    group.setblocking(False)
    camera = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    camera.bind(("fd00::7", 0))
    asyncio.get_running_loop().add_reader(group, lambda: camera.sendto(MATCH, group.recvfrom(65535)[1]))
    limits = Limits(multicast_rounds=1, listen_s=0.5)
    request = DiscoveryRequest(interfaces=("cam1",), methods=(Method.MULTICAST,), limits=limits)
    heard = [one async for one in find(request)]
    print(json.dumps([[one.address, one.port, one.by, [each.code for each in one.problems]] for one in heard]))

asyncio.run(main())
"""


@pytest.mark.namespace
@pytest.mark.skipif(os.geteuid() != 0, reason="a network namespace needs root")
@pytest.mark.skipif(shutil.which("ip") is None, reason="the Debian package iproute2 is not installed")
def test_a_camera_with_ipv6_alone_is_heard_where_it_answers() -> None:
    name = f"vms-devices-{uuid.uuid4().hex[:8]}"
    run("ip", "netns", "add", name)
    inside = ("ip", "netns", "exec", name)
    try:
        run(*inside, "sysctl", "-q", "-w", "net.ipv6.conf.default.accept_dad=0")
        run(*inside, "ip", "link", "add", "cam1", "type", "veth", "peer", "name", "cam2")
        for interface in ("lo", "cam1", "cam2"):
            run(*inside, "ip", "link", "set", interface, "up")
        run(*inside, "ip", "address", "add", "fd00::7/64", "dev", "cam1", "nodad")
        told = run(*inside, sys.executable, "-c", SIX, MATCH)
    finally:
        run("ip", "netns", "delete", name)
    ((address, port, by, problems),) = json.loads(told)
    assert (address, port, by) == ("fd00::7", 8080, "multicast:cam1")
    assert problems == ["xaddr_rewritten"]


def run(*command: str) -> str:
    told = subprocess.run(command, capture_output=True, text=True, timeout=30, cwd=Path(__file__).resolve().parents[3])
    assert told.returncode == 0, f"{command[:8]}: {told.stderr[-2000:]}"
    return told.stdout
