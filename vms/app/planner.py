"""One plan as a process: asked on standard input; what came out goes to the store (see vms.app.plan_beside)."""

import os
from ipaddress import ip_network

from vms.access.agreement import Agreements
from vms.app.child import log_to_stderr
from vms.app.plan_beside import AskedPlan
from vms.core.clock import system_clock
from vms.services.plans.run_plans import PlanToDo, do_plan
from vms.store.database import Database
from vms.supervisor import settings_from_parent

NICE = 10
"""Whoever plans for next year can wait a little longer; a poll cannot."""


def run(asked: AskedPlan) -> None:
    agreements = Agreements(networks=tuple(ip_network(cidr) for cidr in asked.agreement_networks))
    database = Database(asked.database_url)
    try:
        do_plan(database, agreements, PlanToDo(plan_id=asked.plan_id, runner=asked.runner), system_clock)
    finally:
        database.close()


if __name__ == "__main__":
    log_to_stderr()
    os.nice(NICE)
    run(AskedPlan.model_validate_json(settings_from_parent()))
