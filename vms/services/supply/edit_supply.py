"""What cameras hang on, as people type it in, confirm it, reject it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from vms.core.errors import BadInput, Conflict
from vms.core.geo import Wgs84
from vms.health.outages.node import TYPED_KINDS, NodeKind, NodeSource
from vms.store import events, supply
from vms.store.supply import SupplyNode

MOST_DEVICES = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeWish:
    kind: NodeKind
    name: str
    parent_id: int | None = None
    spot: Wgs84 | None = None
    devices: tuple[int, ...] | None = None
    """None: as it is."""


def add_node(tx: Connection, wish: NodeWish, who: str, now: datetime) -> SupplyNode:
    """Raises BadInput, Conflict where there is one of this kind and name."""
    _check(tx, wish, None)
    known = supply.by_name(tx, wish.kind, [wish.name]).get(wish.name)
    if known is not None and known.retired_at is None:
        raise Conflict(f"there is a {wish.kind} {wish.name} already", code="exists")
    values: dict[str, Any] = {"parent_id": wish.parent_id, "spot": _spot(wish.spot)}
    if known is not None:
        node_id = known.node_id
        supply.change(tx, node_id, {**values, "source": NodeSource.TYPED.value, "retired_at": None})
    else:
        made = {"kind": wish.kind.value, "name": wish.name, "source": NodeSource.TYPED.value}
        node_id = supply.add(tx, {**values, **made, "created_at": now, "created_by": who})
    supply.put_members(tx, node_id, wish.devices or (), NodeSource.TYPED, now)
    return _told(tx, node_id, who, "added", now)


def change_node(tx: Connection, node_id: int, wish: NodeWish, who: str, now: datetime) -> SupplyNode:
    """A learnt one that a person changes is confirmed by that. Raises NotFound, BadInput, Conflict."""
    node = _standing(tx, node_id)
    _check(tx, wish, node_id)
    same = supply.by_name(tx, wish.kind, [wish.name]).get(wish.name)
    if same is not None and same.node_id != node_id:
        raise Conflict(f"there is a {wish.kind} {wish.name} already", code="exists")
    values: dict[str, Any] = {
        "kind": wish.kind.value,
        "name": wish.name,
        "parent_id": wish.parent_id,
        "spot": _spot(wish.spot),
    }
    if node.source is NodeSource.LEARNT and node.confirmed_at is None:
        values |= {"confirmed_at": now, "confirmed_by": who}
    supply.change(tx, node_id, values)
    if wish.devices is not None:
        supply.put_members(tx, node_id, wish.devices, NodeSource.TYPED, now)
    return _told(tx, node_id, who, "changed", now)


def change_devices(
    tx: Connection, node_id: int, add: Collection[int], take_off: Collection[int], who: str, now: datetime
) -> SupplyNode:
    """Devices put on a node, others taken off it. A learnt one is confirmed by that. Raises NotFound, BadInput."""
    node = _standing(tx, node_id)
    there = supply.member_ids(tx, [node_id]).get(node_id, set())
    wanted = sorted((there - set(take_off)) | set(add))
    _check_devices(tx, wanted)
    if node.source is NodeSource.LEARNT and node.confirmed_at is None:
        supply.change(tx, node_id, {"confirmed_at": now, "confirmed_by": who})
    supply.put_members(tx, node_id, wanted, NodeSource.TYPED, now)
    return _told(tx, node_id, who, "changed", now)


def devices_of_cameras(tx: Connection, camera_ids: Collection[int]) -> set[int]:
    """Raises BadInput for a camera that is not there or has no device."""
    found = supply.device_of_cameras(tx, camera_ids)
    missing = sorted(set(camera_ids) - found.keys())
    if missing:
        raise BadInput(f"camera {missing[0]} has no device", where="add_cameras")
    return set(found.values())


def confirm_node(tx: Connection, node_id: int, who: str, now: datetime) -> SupplyNode:
    """A person says that what was learnt is right. Raises NotFound, Conflict for a typed one."""
    node = _standing(tx, node_id)
    if node.source is not NodeSource.LEARNT:
        raise Conflict("only what was learnt needs to be confirmed", code="not_learnt")
    supply.change(tx, node_id, {"confirmed_at": now, "confirmed_by": who})
    return _told(tx, node_id, who, "confirmed", now)


def retire_node(tx: Connection, node_id: int, who: str, now: datetime) -> SupplyNode:
    """What hung on it hangs on its parent. A learnt one that is taken out is rejected: it is not proposed again."""
    node = _standing(tx, node_id)
    values: dict[str, Any] = {"retired_at": now}
    if node.source is NodeSource.LEARNT:
        values["evidence"] = {**node.evidence, "rejected_by": who, "rejected_at": now.isoformat()}
    supply.change(tx, node_id, values)
    for child, parent in supply.parents_of(tx).items():
        if parent == node_id:
            supply.change(tx, child, {"parent_id": node.parent_id})
    return _told(tx, node_id, who, "retired", now)


def _standing(tx: Connection, node_id: int) -> SupplyNode:
    node = supply.get(tx, node_id)
    if node.retired_at is not None:
        raise Conflict(f"{node.name} was taken out", code="retired")
    return node


def _check(tx: Connection, wish: NodeWish, node_id: int | None) -> None:
    if wish.kind not in TYPED_KINDS:
        raise BadInput(f"{wish.kind} follows from the archive; it is not typed in", where="kind")
    if not wish.name.strip():
        raise BadInput("a name is needed", where="name")
    if wish.parent_id is not None:
        if supply.get(tx, wish.parent_id).retired_at is not None:
            raise BadInput("the parent was taken out", where="parent_id")
        if node_id is not None and _hangs_on(supply.parents_of(tx), wish.parent_id, node_id):
            raise BadInput("the parent hangs on this node itself", where="parent_id")
    _check_devices(tx, wish.devices or ())


def _check_devices(tx: Connection, devices: Sequence[int]) -> None:
    if len(devices) > MOST_DEVICES:
        raise BadInput(f"more than {MOST_DEVICES} devices", where="devices")
    missing = sorted(set(devices) - supply.existing_devices(tx, devices))
    if missing:
        raise BadInput(f"there is no device {missing[0]}", where="devices")


def _hangs_on(parents: dict[int, int], node_id: int, on: int) -> bool:
    seen: set[int] = set()
    at: int | None = node_id
    while at is not None and at not in seen:
        if at == on:
            return True
        seen.add(at)
        at = parents.get(at)
    return False


def _spot(spot: Wgs84 | None) -> list[float] | None:
    return None if spot is None else [spot.lon, spot.lat]


def _told(tx: Connection, node_id: int, who: str, what: str, now: datetime) -> SupplyNode:
    node = supply.get(tx, node_id)
    events.append(tx, "supply.changed", node_id, {"what": what, "name": node.name, "who": who}, now)
    return node
