"""A request that the stopping server cuts off is told so, in the form of every other error."""

import asyncio
import contextlib
import threading

import httpx
import pytest
import uvicorn

from vms.api.stopping import TellOfStopping
from vms.demo.api import NoAnswer, answer_of

WITHIN_S = 10.0


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self):
        yield


def test_a_request_that_takes_longer_than_the_grace_gets_503_and_not_a_bare_500():
    begun = threading.Event()

    async def slow(scope, receive, send):
        if scope["type"] == "http":
            begun.set()
            await asyncio.sleep(60)

    config = uvicorn.Config(
        TellOfStopping(slow), port=0, lifespan="off", timeout_graceful_shutdown=0.2, log_level="critical"
    )
    server = _Server(config)
    running = threading.Thread(target=server.run)
    running.start()
    answers = []

    def ask(port):
        answers.append(httpx.post(f"http://127.0.0.1:{port}/incidents", timeout=WITHIN_S))

    try:
        while not server.started:
            assert running.is_alive()
        asking = threading.Thread(target=ask, args=(server.servers[0].sockets[0].getsockname()[1],))
        asking.start()
        assert begun.wait(WITHIN_S)
        server.should_exit = True
        asking.join(WITHIN_S)
    finally:
        server.should_exit = True
        running.join(WITHIN_S)
    assert [(answer.status_code, answer.json()["error"]["code"]) for answer in answers] == [(503, "stopping")]
    with pytest.raises(NoAnswer):
        answer_of(answers[0])
