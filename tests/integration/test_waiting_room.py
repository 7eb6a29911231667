"""While the server gets ready, whoever comes is told so, and the port is free for the server afterwards."""

import logging
import socket
import time

import httpx
import pytest

from vms.app.port import refuse_taken_port
from vms.app.waiting_room import EVERY_TIME, waiting_room
from vms.core.compiled import FIRST_TIME

HERE = "127.96.150.1"
WITHIN_S = 20.0


def a_free_port() -> int:
    with socket.create_server((HERE, 0)) as found:
        port: int = found.getsockname()[1]
    return port


def first_answer(url: str) -> httpx.Response:
    deadline_s = time.monotonic() + WITHIN_S
    while True:
        try:
            return httpx.get(url, timeout=5.0)
        except httpx.TransportError:
            assert time.monotonic() < deadline_s
            time.sleep(0.02)


def test_who_comes_while_the_server_gets_ready_is_told_so(caplog: pytest.LogCaptureFixture) -> None:
    port = a_free_port()
    url = f"http://{HERE}:{port}"
    with caplog.at_level(logging.INFO), waiting_room(HERE, port, FIRST_TIME):
        health = first_answer(f"{url}/healthz")
        page = httpx.get(f"{url}/", timeout=5.0)
        sign_in = httpx.post(f"{url}/api/v1/session", json={"name": "admin", "password": "x"}, timeout=5.0)
    assert [answer.status_code for answer in (health, page, sign_in)] == [503, 503, 503]
    assert health.headers["retry-after"] == "3"
    assert sign_in.json()["error"] == {"code": "getting_ready", "message": FIRST_TIME, "where": ""}
    assert "首次启动，正在为本机准备计算程序" in page.text
    assert FIRST_TIME in caplog.text and "ready after" in caplog.text
    refuse_taken_port(HERE, port)


def test_a_room_that_is_left_at_once_leaves_its_port() -> None:
    port = a_free_port()
    with waiting_room(HERE, port, EVERY_TIME):
        pass
    refuse_taken_port(HERE, port)
