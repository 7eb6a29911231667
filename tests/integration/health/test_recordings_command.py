"""`vms recordings check` as it is typed."""

import asyncio
import json
from dataclasses import replace

import typer
from cryptography.fernet import Fernet
from typer.testing import CliRunner

from tests.builders.tasks import TaskCity, a_recorder, store_all
from tests.builders.whole_program import Program, a_program
from vms.cli.recordings import add_to
from vms.services.device_tasks.desk import TaskDesk
from vms.sim.city import running_city
from vms.sim.personality import PLAIN, SignIn
from vms.store.database import Database
from vms.store.migrate import upgrade
from vms.store.secret_box import SecretBox


def typed(program: Program, *arguments: str, code: int = 0):
    app = typer.Typer()
    add_to(app)
    done = CliRunner().invoke(app, [*arguments, "--config", str(program.config), "--json"])
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


async def test_a_camera_is_looked_at_from_the_command_line(tmp_path):
    plan = a_recorder("127.67.252.1", 2, replace(PLAIN, auth=SignIn.NONE))
    program = a_program(tmp_path, "127.67.252.0/24", "government")
    (program.folder / "data").mkdir(exist_ok=True)
    database = Database(program.database_url)
    upgrade(database)
    async with running_city(plan) as city:
        found = TaskCity(city=city, desk=TaskDesk(database=database, box=SecretBox(Fernet.generate_key())))
        store_all(found, plan)
        database.close()
        (camera_id, _) = found.camera_ids[plan.devices[0].address]
        asked = ("recordings", "check", "--camera", str(camera_id))
        told = await asyncio.to_thread(typed, program, *asked)
        played = await asyncio.to_thread(typed, program, "recordings", "play", "--camera", str(camera_id))
    assert (told["check"]["source"], told["faults"], len(told["days"])) == ("recorder", [], 8)
    assert told["caption"]["name_ok"] is True
    assert (played["ok"], played["because"]) == (True, "")
    gone = await asyncio.to_thread(typed, program, *asked, code=1)
    assert (gone["check"]["because"], gone["days"]) == ("unreachable", [])
