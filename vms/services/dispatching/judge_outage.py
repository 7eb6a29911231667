"""A person's word on an outage: right, or wrong; a wrong one falls apart into its cameras' own faults, and teaches."""

from datetime import datetime

from sqlalchemy import Connection

from vms.core.errors import BadInput, Conflict
from vms.health.outages.node import NodeSource
from vms.services.supply.edit_supply import retire_node
from vms.store import events, outages, supply
from vms.store.outages import OutageRow, OutageVerdict


def judge_outage(
    tx: Connection, outage_id: int, verdict: OutageVerdict, who: str, note: str, now: datetime
) -> OutageRow:  # fmt: skip
    """A cause that was named wrongly more often than rightly is believed less, one that was learnt is rejected.

    Raises NotFound, Conflict where the word was given, BadInput without a reason for `wrong`.
    """
    outage = outages.get(tx, outage_id)
    if outage.verdict is OutageVerdict.WRONG:
        raise Conflict("it was called wrong already; its cameras are on their own", code="decided")
    if verdict is OutageVerdict.WRONG:
        if not note.strip():
            raise BadInput("say why it is wrong", where="note")
        outages.dissolve(tx, outage_id, now)
    outages.judge(tx, outage_id, verdict, who, note, now)
    if verdict is OutageVerdict.WRONG and outage.source == NodeSource.LEARNT and outage.cause.isdecimal():
        node = supply.get(tx, int(outage.cause))
        if node.source is NodeSource.LEARNT and node.confirmed_at is None and node.retired_at is None:
            retire_node(tx, node.node_id, who, now)
    events.append(tx, "outage.judged", outage_id, {"verdict": verdict.value, "name": outage.name, "who": who}, now)
    return outages.get(tx, outage_id)
