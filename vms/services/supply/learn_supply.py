"""Once a day: groups that fail together become learnt nodes, shown as such until a person confirms or rejects them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from vms.core.ids import DeviceId
from vms.health.outages.census import LINE
from vms.health.outages.graph import SupplyGraph
from vms.health.outages.learning import Fall, HiddenGroup, LearningPolicy, hidden_groups, most_alike
from vms.health.outages.node import NodeKind, NodeSource
from vms.store import events, supply
from vms.store.database import Database
from vms.store.schema import cameras, faults
from vms.store.supply import SupplyNode

WHO = "learnt"
_MOST_NODES = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnSettings:
    policy: LearningPolicy = field(default_factory=LearningPolicy)
    days: int = 90
    """So far back falls are compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    proposed: int = 0
    renewed: int = 0
    """Known ones with more evidence."""
    rejected: int = 0
    """Like one that a person has rejected."""


def learn_supply(database: Database, now: datetime, settings: LearnSettings | None = None) -> Learnt:
    """Blocking; reads first, then writes in one short transaction."""
    settings = settings or LearnSettings()
    with database.reading() as tx:
        graph = supply.read_graph(tx)
        falls = _falls(tx, now - timedelta(days=settings.days), settings.policy)
    groups = hidden_groups(falls, lambda device_id: _place(graph, device_id), settings.policy)
    groups = [group for group in groups if not _is_known(graph, group, settings.policy)]
    if not groups:
        return Learnt()
    with database.writing() as tx:
        return _keep(tx, groups, settings.policy, now)


def _falls(tx: Connection, since: datetime, policy: LearningPolicy) -> list[Fall]:
    """Of devices that fell often enough to tell anything. A recorder's channels fall as one."""
    f, c = faults.c, cameras.c
    chosen = (f.kind.in_([kind.value for kind in LINE]), f.opened_at >= since, c.device_id.is_not(None))
    statement = select(c.device_id, f.opened_at).join(cameras, c.id == f.camera_id).where(*chosen)
    found: list[Fall] = []
    mine: list[Fall] = []
    for device_id, opened_at in tx.execute(statement.order_by(c.device_id, f.opened_at)):
        if mine and mine[-1].device_id != device_id:
            found.extend(mine if len(mine) >= policy.least_events else ())
            mine = []
        at_s = opened_at.timestamp()
        if not mine or at_s - mine[-1].at_s > policy.window_s:
            mine.append(Fall(DeviceId(device_id), at_s))
    found.extend(mine if len(mine) >= policy.least_events else ())
    return found


def _place(graph: SupplyGraph, device_id: DeviceId) -> str:
    """A hidden switch serves one network; where that is not known, one region."""
    above = graph.above(device_id)
    for kind in (NodeKind.SUBNET, NodeKind.REGION):
        for key in above:
            if key.kind is kind:
                return key.value
    return ""


def _is_known(graph: SupplyGraph, group: HiddenGroup, policy: LearningPolicy) -> bool:
    """A typed node, a pole, a network explains it already."""
    near = {key for device_id in group.devices for key in graph.above(device_id)}
    settled = [key for key in near if graph.node(key).confirmed]
    members = {number: graph.devices_below(key) for number, key in enumerate(settled)}
    return most_alike(group.devices, members)[1] >= policy.known_overlap


def _keep(tx: Connection, groups: list[HiddenGroup], policy: LearningPolicy, now: datetime) -> Learnt:
    learnt = _learnt_nodes(tx)
    members = supply.member_ids(tx, learnt)
    rejected = {key: members.get(key, set()) for key, node in learnt.items() if node.retired_at is not None}
    standing = {key: members.get(key, set()) for key, node in learnt.items() if node.retired_at is None}
    proposed = renewed = refused = 0
    for group in groups:
        if most_alike(group.devices, rejected)[1] >= policy.rejected_overlap:
            refused += 1
            continue
        same, share = most_alike(group.devices, standing)
        if same is not None and share >= policy.rejected_overlap:
            renewed += _renew(tx, learnt[same], group, now)
            continue
        _propose(tx, group, now)
        proposed += 1
    if proposed or renewed:
        events.append(tx, "supply.changed", None, {"what": "learnt", "proposed": proposed, "renewed": renewed}, now)
    return Learnt(proposed=proposed, renewed=renewed, rejected=refused)


def _learnt_nodes(tx: Connection) -> dict[int, SupplyNode]:
    found: dict[int, SupplyNode] = {}
    for retired in (False, True):
        page = supply.page(tx, source=NodeSource.LEARNT, retired=retired, limit=_MOST_NODES)
        found.update((node.node_id, node) for node in page.items)
    return found


def _renew(tx: Connection, node: SupplyNode, group: HiddenGroup, now: datetime) -> bool:
    """A confirmed one stays as the person left it."""
    evidence = _evidence(group)
    if node.confirmed_at is not None or node.evidence == evidence:
        return False
    supply.change(tx, node.node_id, {"evidence": evidence})
    supply.put_members(tx, node.node_id, group.devices, NodeSource.LEARNT, now)
    return True


def _propose(tx: Connection, group: HiddenGroup, now: datetime) -> None:
    node_id = supply.add(
        tx,
        {
            "kind": NodeKind.SWITCH.value,
            "name": _free_name(tx, group.place),
            "source": NodeSource.LEARNT.value,
            "evidence": _evidence(group),
            "created_at": now,
            "created_by": WHO,
        },
    )
    supply.put_members(tx, node_id, group.devices, NodeSource.LEARNT, now)


def _free_name(tx: Connection, place: str) -> str:
    number = 1
    while supply.by_name(tx, NodeKind.SWITCH, [name := f"{place} #{number}"]):
        number += 1
    return name


def _evidence(group: HiddenGroup) -> Mapping[str, Any]:
    return {
        "events": group.events,
        "surely": group.surely,
        "spread_s": round(group.spread_s, 1),
        "last_at": datetime.fromtimestamp(group.last_at_s, UTC).isoformat(),
        "devices": len(group.devices),
    }
