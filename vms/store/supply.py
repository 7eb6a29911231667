"""What devices hang on, as rows: typed and learnt nodes with their members; and what the archive says about it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address, ip_network
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, delete, func, insert, select, update

from vms.core.errors import BadInput, NotFound
from vms.core.geo import Wgs84
from vms.core.ids import CameraId, DeviceId
from vms.health.outages.graph import CameraPlace, SupplyGraph
from vms.health.outages.node import TYPED_KINDS, Node, NodeKey, NodeKind, NodeSource
from vms.inventory.camera import IN_SERVICE_VALUES
from vms.store.page import Page
from vms.store.region_scope import is_within
from vms.store.schema import cameras, device_keys, devices, regions, supply_members, supply_nodes

_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyNode:
    node_id: int
    kind: NodeKind
    name: str
    parent_id: int | None
    source: NodeSource
    evidence: dict[str, Any]
    spot: Wgs84 | None
    created_at: datetime
    created_by: str
    confirmed_at: datetime | None
    confirmed_by: str | None
    retired_at: datetime | None
    devices: int = 0
    """Directly on it."""

    @property
    def key(self) -> NodeKey:
        return NodeKey(self.kind, str(self.node_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyMember:
    device_id: DeviceId
    address: str
    port: int
    serial_no: str
    source: NodeSource
    since: datetime


def read_graph(tx: Connection) -> SupplyGraph:
    """Of all watched cameras. Four statements; about a second per 100,000 cameras."""
    kept = tx.execute(select(supply_nodes).where(supply_nodes.c.retired_at.is_(None))).mappings().all()
    keys = {row["id"]: NodeKey(NodeKind(row["kind"]), str(row["id"])) for row in kept}
    nodes = [
        Node(
            key=keys[row["id"]],
            name=row["name"],
            source=NodeSource(row["source"]),
            parent=keys.get(row["parent_id"]),
            confirmed=row["source"] == NodeSource.TYPED or row["confirmed_at"] is not None,
            evidence=row["evidence"],
        )
        for row in kept
    ]
    m = supply_members.c
    members = [
        (DeviceId(row.device_id), keys[row.node_id])
        for row in tx.execute(select(m.node_id, m.device_id))
        if row.node_id in keys
    ]
    named = {row.code: (row.name, row.parent_code) for row in tx.execute(select(regions))}
    return SupplyGraph(_places(tx), nodes, members, named)


def page(
    tx: Connection,
    *,
    kind: NodeKind | None = None,
    source: NodeSource | None = None,
    text: str = "",
    retired: bool = False,
    limit: int = 100,
    offset: int = 0,
) -> Page[SupplyNode]:
    """By kind and name."""
    c = supply_nodes.c
    where: list[ColumnElement[bool]] = [c.retired_at.is_not(None) if retired else c.retired_at.is_(None)]
    if kind is not None:
        where.append(c.kind == kind.value)
    if source is not None:
        where.append(c.source == source.value)
    if text:
        where.append(c.name.contains(text, autoescape=True))
    total = tx.execute(select(func.count()).select_from(supply_nodes).where(*where)).scalar_one()
    rows = tx.execute(_nodes().where(*where).order_by(c.kind, c.name, c.id).limit(limit).offset(offset)).mappings()
    return Page(items=tuple(_node(row) for row in rows), total=total)


def get(tx: Connection, node_id: int) -> SupplyNode:
    """Raises NotFound."""
    row = tx.execute(_nodes().where(supply_nodes.c.id == node_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no supply node {node_id}")
    return _node(row)


def by_name(tx: Connection, kind: NodeKind, names: Collection[str]) -> dict[str, SupplyNode]:
    """Also retired ones."""
    found: dict[str, SupplyNode] = {}
    for some in _batches(names):
        rows = tx.execute(_nodes().where(supply_nodes.c.kind == kind.value, supply_nodes.c.name.in_(some)))
        found.update((row["name"], _node(row)) for row in rows.mappings())
    return found


def parents_of(tx: Connection) -> dict[int, int]:
    """Of every node that has one: to look for rings."""
    c = supply_nodes.c
    return {row.id: row.parent_id for row in tx.execute(select(c.id, c.parent_id).where(c.parent_id.is_not(None)))}


def add(tx: Connection, values: Mapping[str, Any]) -> int:
    statement = insert(supply_nodes).values(**{"evidence": {}, **values}).returning(supply_nodes.c.id)
    return int(tx.execute(statement).scalar_one())


def change(tx: Connection, node_id: int, values: Mapping[str, Any]) -> None:
    tx.execute(update(supply_nodes).where(supply_nodes.c.id == node_id).values(**values))


def members(tx: Connection, node_id: int, *, limit: int = 5000) -> list[SupplyMember]:
    m, d = supply_members.c, devices.c
    statement = (
        select(m.device_id, m.source, m.since, d.address, d.port, d.serial_no)
        .join(devices, d.id == m.device_id)
        .where(m.node_id == node_id)
        .order_by(d.address, d.port)
        .limit(limit)
    )
    return [
        SupplyMember(
            device_id=DeviceId(row.device_id),
            address=row.address,
            port=row.port,
            serial_no=row.serial_no,
            source=NodeSource(row.source),
            since=row.since,
        )
        for row in tx.execute(statement)
    ]


def member_ids(tx: Connection, node_ids: Collection[int]) -> dict[int, set[DeviceId]]:
    found: dict[int, set[DeviceId]] = {}
    for some in _batches(node_ids):
        rows = tx.execute(
            select(supply_members.c.node_id, supply_members.c.device_id).where(supply_members.c.node_id.in_(some))
        )
        for row in rows:
            found.setdefault(row.node_id, set()).add(DeviceId(row.device_id))
    return found


def put_members(
    tx: Connection, node_id: int, device_ids: Iterable[int], source: NodeSource, now: datetime
) -> tuple[int, int]:
    """(added, taken out): afterwards exactly these hang on the node."""
    wanted, known = set(device_ids), member_ids(tx, [node_id]).get(node_id, set())
    gone = known - wanted
    for some in _batches(gone):
        tx.execute(
            delete(supply_members).where(
                supply_members.c.node_id == node_id, supply_members.c.device_id.in_(some)
            )
        )  # fmt: skip
    fresh = sorted(wanted - known)
    if fresh:
        rows = [{"node_id": node_id, "device_id": one, "source": source.value, "since": now} for one in fresh]
        tx.execute(insert(supply_members), rows)
    return len(fresh), len(gone)


def hanging_beside(tx: Connection, device_ids: Collection[int]) -> dict[int, set[DeviceId]]:
    """Per node that one of these hangs on, or the parent of such a node: everybody who hangs on it or below it."""
    m, c = supply_members.c, supply_nodes.c
    direct: set[int] = set()
    for some in _batches(device_ids):
        direct.update(tx.execute(select(m.node_id).where(m.device_id.in_(some)).distinct()).scalars())
    if not direct:
        return {}
    above: dict[int, int | None] = {
        row.id: row.parent_id for row in tx.execute(select(c.id, c.parent_id).where(c.retired_at.is_(None)))
    }
    children: dict[int, list[int]] = {}
    for node_id, parent_id in above.items():
        if parent_id is not None:
            children.setdefault(parent_id, []).append(node_id)
    wanted = {node_id for node_id in direct if node_id in above}
    wanted |= {parent_id for node_id in wanted if (parent_id := above[node_id]) in above and parent_id is not None}
    below = {node_id: _all_below(node_id, children) for node_id in wanted}
    members = member_ids(tx, set().union(*below.values()))
    return {
        node_id: {device_id for one in nodes for device_id in members.get(one, ())} for node_id, nodes in below.items()
    }


def cameras_below(tx: Connection, kind: NodeKind, value: str, *, watched: bool = True) -> list[CameraId]:
    """Cameras, all or those that are watched, that hang on it, directly or through other nodes.

    `value`: id of a kept node or of a device, or the code, number or network that it follows from. Raises BadInput.
    """
    c = cameras.c
    if kind in TYPED_KINDS:
        below = _nodes_below(tx, _number(value))
        on = select(supply_members.c.device_id)
        found: set[int] = set()
        for some in _batches(below):
            found.update(_ids(tx, watched, c.device_id.in_(on.where(supply_members.c.node_id.in_(some)))))
    elif kind is NodeKind.NVR:
        found = set(_ids(tx, watched, c.device_id == _number(value)))
    elif kind is NodeKind.POLE:
        found = set(_ids(tx, watched, c.pole_code == value))
    elif kind is NodeKind.REGION:
        found = set(_ids(tx, watched, is_within(c.region_code, value)))
    else:
        try:
            network = ip_network(value)
        except ValueError:
            raise BadInput(f"not a network such as 10.1.2.0/24: {value!r}", where="value") from None
        if network.version != 4:
            raise BadInput("only IPv4 networks can be asked for", where="value")
        first, last = int(network.network_address), int(network.broadcast_address)
        found = set(_ids(tx, watched, c.address_number.between(first, last)))
    return [CameraId(one) for one in sorted(found)]


def _nodes_below(tx: Connection, node_id: int) -> set[int]:
    """With the node itself; those that were taken out hold nothing."""
    c = supply_nodes.c
    children: dict[int, list[int]] = {}
    for row in tx.execute(select(c.id, c.parent_id).where(c.parent_id.is_not(None), c.retired_at.is_(None))):
        children.setdefault(row.parent_id, []).append(row.id)
    return _all_below(node_id, children)


def _all_below(node_id: int, children: Mapping[int, Sequence[int]]) -> set[int]:
    """With the node itself."""
    found, waiting = {node_id}, [node_id]
    while waiting:
        fresh = [child for child in children.get(waiting.pop(), ()) if child not in found]
        found.update(fresh)
        waiting.extend(fresh)
    return found


def _ids(tx: Connection, watched: bool, condition: ColumnElement[bool]) -> Iterable[int]:
    c, d = cameras.c, devices.c
    if not watched:
        return tx.execute(select(c.id).where(condition)).scalars()
    here = (c.life_cycle.in_(IN_SERVICE_VALUES), d.displaced_at.is_(None))
    return tx.execute(select(c.id).join(devices, d.id == c.device_id).where(condition, *here)).scalars()


def _number(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 15):
        raise BadInput("a number is needed here", where="value")
    return int(value)


def device_of_cameras(tx: Connection, camera_ids: Collection[int]) -> dict[int, DeviceId]:
    """Camera → its device; without those that have none."""
    c = cameras.c
    found: dict[int, DeviceId] = {}
    for some in _batches(set(camera_ids)):
        rows = tx.execute(select(c.id, c.device_id).where(c.id.in_(some), c.device_id.is_not(None)))
        found.update((row.id, DeviceId(row.device_id)) for row in rows)
    return found


def cameras_of_devices(tx: Connection, device_ids: Collection[int]) -> dict[int, list[tuple[CameraId, str]]]:
    """Device → its cameras with their names."""
    c = cameras.c
    found: dict[int, list[tuple[CameraId, str]]] = {}
    for some in _batches(set(device_ids)):
        columns = select(c.device_id, c.id, c.shown_name, c.name)
        for row in tx.execute(columns.where(c.device_id.in_(some)).order_by(c.id)):
            found.setdefault(row.device_id, []).append((CameraId(row.id), row.shown_name or row.name))
    return found


def existing_devices(tx: Connection, device_ids: Iterable[int]) -> set[DeviceId]:
    found: set[DeviceId] = set()
    for some in _batches(set(device_ids)):
        found.update(DeviceId(one) for one in tx.execute(select(devices.c.id).where(devices.c.id.in_(some))).scalars())
    return found


def devices_called(tx: Connection, words: Collection[str]) -> dict[str, list[DeviceId]]:
    """By network address, `address:port`, or serial number; each word with all devices that it may mean."""
    found: dict[str, list[DeviceId]] = {}
    plain = {word: word.rpartition(":")[0] if word.count(":") == 1 else word for word in words}
    for some in _batches(set(plain.values())):
        here = (devices.c.displaced_at.is_(None), devices.c.merged_into.is_(None), devices.c.replaced_by.is_(None))
        rows = tx.execute(
            select(devices.c.id, devices.c.address, devices.c.port).where(devices.c.address.in_(some), *here)
        )
        for row in rows:
            found.setdefault(row.address, []).append(DeviceId(row.id))
            found.setdefault(f"{row.address}:{row.port}", []).append(DeviceId(row.id))
    for some in _batches({word for word in words if word not in found}):
        k = device_keys.c
        rows = tx.execute(select(k.value, k.device_id).where(k.kind == "serial", k.value.in_(some)))
        for row in rows:
            found.setdefault(row.value, []).append(DeviceId(row.device_id))
    return {word: sorted(set(found[word])) for word in words if word in found}


def network_of(address: str) -> str:
    """Its /24, or its /64 of IPv6; empty where it is no address."""
    try:
        known = ip_address(address)
    except ValueError:
        return ""
    return str(ip_network(f"{known}/{24 if known.version == 4 else 64}", strict=False))


def _places(tx: Connection) -> Iterable[CameraPlace]:
    c, d = cameras.c, devices.c
    statement = (
        select(c.id, c.device_id, c.pole_code, c.region_code, d.address)
        .join(devices, d.id == c.device_id)
        .where(c.life_cycle.in_(IN_SERVICE_VALUES), d.displaced_at.is_(None))
        .order_by(c.id)
    )
    networks: dict[str, str] = {}
    for row in tx.execute(statement):
        start, dot, _ = row.address.rpartition(".")
        known = networks.get(start) if dot else None
        if known is None:
            known = network_of(row.address)
            if dot:
                networks[start] = known
        yield CameraPlace(
            camera_id=CameraId(row.id),
            device_id=DeviceId(row.device_id),
            pole_code=row.pole_code,
            network=known,
            region_code=row.region_code,
        )


def _nodes() -> Any:
    count = (
        select(func.count())
        .select_from(supply_members)
        .where(supply_members.c.node_id == supply_nodes.c.id)
        .scalar_subquery()
    )
    return select(supply_nodes, count.label("devices"))


def _node(row: RowMapping) -> SupplyNode:
    return SupplyNode(
        node_id=row["id"],
        kind=NodeKind(row["kind"]),
        name=row["name"],
        parent_id=row["parent_id"],
        source=NodeSource(row["source"]),
        evidence=row["evidence"],
        spot=None if row["spot"] is None else Wgs84(*row["spot"]),
        created_at=row["created_at"],
        created_by=row["created_by"],
        confirmed_at=row["confirmed_at"],
        confirmed_by=row["confirmed_by"],
        retired_at=row["retired_at"],
        devices=row["devices"],
    )


def _batches(wanted: Collection[Any]) -> list[Sequence[Any]]:
    ordered = sorted(wanted)
    return [ordered[start : start + _BATCH] for start in range(0, len(ordered), _BATCH)]
