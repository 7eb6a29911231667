"""Prometheus' blackbox exporter (Debian: prometheus-blackbox-exporter) with its http probe, as a child on loopback.

It asks the same devices the same question as the poller and is asked for it as Prometheus would ask: one scrape per
device. Its CPU is counted, not that of whoever scrapes it. Stopped by its process id.
"""

import asyncio
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx
import psutil

from vms.demo.run import free_port
from vms.devices.onvif.operations import GET_SYSTEM_DATE_AND_TIME
from vms.devices.onvif.soap import envelope

WIDTH = 500
UP_WITHIN_S = 20.0


def configuration() -> str:
    """A module that posts the poll's question; JSON is YAML."""
    module = {
        "prober": "http",
        "timeout": "5s",
        "http": {
            "method": "POST",
            "headers": {"Content-Type": "application/soap+xml; charset=utf-8"},
            "body": envelope(GET_SYSTEM_DATE_AND_TIME).decode(),
            "fail_if_body_not_matches_regexp": ["UTCDateTime"],
            "preferred_ip_protocol": "ip4",
        },
    }
    return json.dumps({"modules": {"onvif": module}})


async def blackbox(folder: Path, addresses: list[str], port: int, probes: int) -> dict[str, Any]:
    """CPU seconds of the exporter per 1,000 probes."""
    program = shutil.which("prometheus-blackbox-exporter")
    if program is None:
        raise SystemExit("prometheus-blackbox-exporter is not there: scripts/debian.sh bench")
    config, own = folder / "blackbox.json", free_port()
    config.write_text(configuration())
    process = subprocess.Popen(  # noqa: ASYNC220 - nothing else runs yet
        [program, f"--config.file={config}", f"--web.listen-address=127.0.0.1:{own}", "--log.level=error"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        limits = httpx.Limits(max_connections=WIDTH, max_keepalive_connections=WIDTH)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{own}", timeout=30, limits=limits) as prometheus:
            await _until_up(prometheus)
            await asyncio.gather(*(_scrape(prometheus, address, port) for address in addresses[:WIDTH]))
            began_s, answered = _cpu_s(process.pid), 0
            wanted = (addresses * (probes // len(addresses) + 1))[:probes]
            for first in range(0, probes, WIDTH):
                some = wanted[first : first + WIDTH]
                answered += sum(await asyncio.gather(*(_scrape(prometheus, address, port) for address in some)))
            used_s = _cpu_s(process.pid) - began_s
        return {
            "polls": probes,
            "answered": answered,
            "cpu_s_per_1000": round(used_s / probes * 1000, 3),
            "peak_mb": round(psutil.Process(process.pid).memory_info().rss / 2**20, 1),
        }
    finally:
        process.terminate()
        process.wait(10)


async def _scrape(prometheus: httpx.AsyncClient, address: str, port: int) -> bool:
    target = f"http://{address}:{port}/onvif/device_service"
    answer = await prometheus.get("/probe", params={"module": "onvif", "target": target})
    return "\nprobe_success 1" in answer.text


async def _until_up(prometheus: httpx.AsyncClient) -> None:
    async with asyncio.timeout(UP_WITHIN_S):
        while True:
            try:
                if (await prometheus.get("/-/healthy")).is_success:
                    return
            except httpx.TransportError:
                await asyncio.sleep(0.1)


def _cpu_s(pid: int) -> float:
    used = psutil.Process(pid).cpu_times()
    return float(used.user + used.system)
