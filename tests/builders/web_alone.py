"""The web application in a process of its own, over a filled database: `-m tests.builders.web_alone`."""

import asyncio
import json
import sys
from pathlib import Path

from tests.builders.web import running_web
from vms.health.spending import usual_budget
from vms.services.spending import Purse
from vms.store.database import Database

INTERVAL_S = 60.0


async def serve(database_url: str, folder: Path) -> None:
    """Says where it answers, then serves until its standard input ends."""
    database = Database(database_url)
    async with running_web(database, folder, purse=Purse(database, usual_budget(INTERVAL_S))) as web:
        print(json.dumps({"url": web.url}), flush=True)
        await asyncio.to_thread(sys.stdin.read)
    database.close()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], Path(sys.argv[2])))
