"""A web process that runs alone has no live gateway: that is told once, and is no warning."""

import asyncio
import logging
from pathlib import Path

import pytest

from vms.health.spending import usual_budget
from vms.media.gateway_client import GatewayClient
from vms.media.live import GatewayStatus
from vms.services.follow_news import News
from vms.services.pull_book import PullBook
from vms.services.spending import Purse
from vms.store.database import Database


class CountedGateway(GatewayClient):
    def __init__(self, socket_path: Path) -> None:
        super().__init__(socket_path)
        self.looks, self.asked_often = 0, asyncio.Event()

    async def status(self) -> GatewayStatus:
        self.looks += 1
        if self.looks == 4:
            self.asked_often.set()
        return await super().status()


async def test_a_gateway_that_nobody_started_is_told_once_and_warns_nobody(
    sqlite_database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "vms.services.pull_book")
    live = CountedGateway(tmp_path / "none.socket")
    book = PullBook(database=sqlite_database, live=live, purse=Purse(sqlite_database, usual_budget(60)), every_s=0.001)
    noting = asyncio.create_task(book(News(sqlite_database)))
    async with asyncio.timeout(20):
        await live.asked_often.wait()
    noting.cancel()
    await asyncio.gather(noting, return_exceptions=True)
    told = [(one.levelno, one.getMessage()) for one in caplog.records if one.name == "vms.services.pull_book"]
    assert told == [(logging.INFO, "no live pulls are put down: the live gateway is not running")]
