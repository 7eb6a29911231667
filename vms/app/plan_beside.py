"""Starts the process that works out a plan: asked on its standard input, it ends with whoever started it."""

import asyncio
import os
import sys
from dataclasses import dataclass

from pydantic import BaseModel

from vms.config import Settings
from vms.services.plans.run_plans import PlanToDo
from vms.supervisor import without_secrets

COMMAND = (sys.executable, "-m", "vms.app.planner")


class AskedPlan(BaseModel):
    """What the process is told; its log may be read by others, its input by nobody."""

    database_url: str
    agreement_networks: list[str]
    plan_id: int
    runner: str


@dataclass(frozen=True, slots=True)
class PlanBeside:
    settings: Settings
    database_url: str

    async def __call__(self, to_do: PlanToDo) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            *COMMAND, stdin=asyncio.subprocess.PIPE, start_new_session=True, env=without_secrets(os.environ)
        )
        assert process.stdin is not None
        asked = AskedPlan(
            database_url=self.database_url,
            agreement_networks=[item.cidr for item in self.settings.networks if item.agreement],
            plan_id=to_do.plan_id,
            runner=to_do.runner,
        )
        process.stdin.write(asked.model_dump_json().encode() + b"\n")
        return process
