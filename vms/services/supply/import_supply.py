"""A list of what hangs on what: one row per device, `name, device` and where known `kind, parent`; rows err alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from vms.core.errors import BadInput
from vms.core.ids import DeviceId
from vms.health.outages.node import TYPED_KINDS, NodeKind, NodeSource
from vms.inventory.lists.camera_entry import RowError
from vms.services.lists.csv_file import CsvFile
from vms.services.lists.table import Row
from vms.services.supply.edit_supply import NodeWish, add_node, change_node
from vms.store import events, supply
from vms.store.database import Database

MOST_ROWS = 200_000
MOST_ERRORS = 200
_HEADINGS = {
    **dict.fromkeys(("name", "switch", "node", "名称", "交换机", "节点"), "name"),
    **dict.fromkeys(("device", "address", "serial", "设备", "地址", "设备地址", "序列号", "ip"), "device"),
    **dict.fromkeys(("kind", "type", "类型", "种类"), "kind"),
    **dict.fromkeys(("parent", "feeder", "上级", "供电", "馈线"), "parent"),
}
_KINDS = {
    **{kind.value: kind for kind in TYPED_KINDS},
    **dict.fromkeys(("交换机", "接入交换机"), NodeKind.SWITCH),
    **dict.fromkeys(("馈线", "供电", "配电箱", "feeder"), NodeKind.POWER_FEEDER),
    **dict.fromkeys(("上联", "链路"), NodeKind.UPLINK),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyRow:
    row: int
    kind: NodeKind
    name: str
    parent: str
    device: str
    """Address, address:port or serial number; empty: the row is about the node alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyImport:
    rows: int
    added: int
    changed: int
    unchanged: int
    devices: int
    """Devices that hang on the nodes of the list."""
    errors: tuple[RowError, ...]
    """The first MOST_ERRORS of them."""
    rejected: int


@dataclass(slots=True)
class _Wanted:
    row: int
    parent: str
    devices: set[DeviceId]


def import_supply(database: Database, path: Path, who: str, now: datetime, *, dry_run: bool = False) -> SupplyImport:
    """The list says all that hangs on each node that it names; other nodes stay. The same list twice changes nothing.

    Raises BadInput where it cannot be read.
    """
    rows, errors = _read(path)
    with database.writing() as tx:
        done = _store(tx, rows, errors, who, now)
        if dry_run:
            tx.rollback()
    return done


def _read(path: Path) -> tuple[list[SupplyRow], list[RowError]]:
    file = CsvFile(path, lambda heading: _HEADINGS.get(heading.strip().lower()))
    columns: dict[str, int] = {}
    for number, cell in enumerate(file.heading.cells):
        field = _HEADINGS.get(cell.strip().lower())
        if field is not None:
            columns.setdefault(field, number)
    missing = [field for field in ("name", "device") if field not in columns]
    if missing:
        raise BadInput(f"no column is called {' or '.join(missing)}", where=str(path.name))
    found: list[SupplyRow] = []
    errors: list[RowError] = []
    for row in file.rows():
        if isinstance(row, RowError):
            errors.append(row)
            continue
        if len(found) + len(errors) >= MOST_ROWS:
            raise BadInput(f"more than {MOST_ROWS} rows; split the file", where=str(path.name))
        read = _row(row, columns)
        (errors if isinstance(read, RowError) else found).append(read)  # type: ignore[arg-type]
    return found, errors


def _row(row: Row, columns: dict[str, int]) -> SupplyRow | RowError:
    def cell(field: str) -> str:
        place = columns.get(field)
        return "" if place is None else str(row.cells[place] or "").strip()

    name, kind_text = cell("name"), cell("kind").lower()
    if not name or len(name) > 200:
        return RowError(row=row.number, field="name", value=name[:100], reason="a name of 1 to 200 characters")
    kind = _KINDS.get(kind_text or NodeKind.SWITCH.value)
    if kind is None:
        return RowError(
            row=row.number, field="kind", value=kind_text, reason=f"one of {', '.join(sorted(TYPED_KINDS))}"
        )
    return SupplyRow(row=row.number, kind=kind, name=name, parent=cell("parent"), device=cell("device")[:200])


def _store(
    tx: Connection, rows: Sequence[SupplyRow], errors: list[RowError], who: str, now: datetime
) -> SupplyImport:  # fmt: skip
    called = supply.devices_called(tx, {row.device for row in rows if row.device})
    wanted: dict[tuple[NodeKind, str], _Wanted] = {}
    for row in rows:
        found = called.get(row.device, [])
        if row.device and len(found) != 1:
            reason = "no such device" if not found else f"{len(found)} devices are called so; say address:port"
            errors.append(RowError(row=row.row, field="device", value=row.device, reason=reason))
            continue
        node = wanted.setdefault((row.kind, row.name), _Wanted(row.row, row.parent, set()))
        node.parent = node.parent or row.parent
        node.devices.update(found)
    counts = [0, 0, 0]
    ids = _make_parents(tx, wanted, counts, who, now)
    for key, node in wanted.items():
        _put(tx, key, node, ids, counts, errors, who, now)
    errors.sort(key=lambda error: error.row)
    if counts[0] or counts[1]:
        events.append(tx, "supply.changed", None, {"what": "imported", "who": who}, now)
    return SupplyImport(
        rows=len(rows) + sum(error.field not in ("device", "parent") for error in errors),
        added=counts[0],
        changed=counts[1],
        unchanged=counts[2],
        devices=sum(len(node.devices) for node in wanted.values()),
        errors=tuple(errors[:MOST_ERRORS]),
        rejected=len(errors),
    )


def _make_parents(
    tx: Connection, wanted: dict[tuple[NodeKind, str], _Wanted], counts: list[int], who: str, now: datetime
) -> dict[str, int]:
    """Ids by name. A parent that is nowhere else is a power feeder, as in most lists."""
    names = {node.parent for node in wanted.values() if node.parent}
    ids: dict[str, int] = {}
    for kind in (NodeKind.UPLINK, NodeKind.SWITCH, NodeKind.POWER_FEEDER):
        for name, known in supply.by_name(tx, kind, names).items():
            if known.retired_at is None:
                ids[name] = known.node_id
    for name in sorted(names - ids.keys()):
        kind = next((kind for kind, other in wanted if other == name), NodeKind.POWER_FEEDER)
        ids[name] = add_node(tx, NodeWish(kind=kind, name=name), who, now).node_id
        counts[0] += 1
    return ids


def _put(
    tx: Connection,
    key: tuple[NodeKind, str],
    node: _Wanted,
    ids: dict[str, int],
    counts: list[int],
    errors: list[RowError],
    who: str,
    now: datetime,
) -> None:
    kind, name = key
    known = supply.by_name(tx, kind, [name]).get(name)
    parent = ids.get(node.parent) if node.parent else (known.parent_id if known else None)
    devices = tuple(sorted(node.devices))
    try:
        if known is None or known.retired_at is not None:
            add_node(tx, NodeWish(kind=kind, name=name, parent_id=parent, devices=devices), who, now)
            counts[0] += 1
            return
        same = supply.member_ids(tx, [known.node_id]).get(known.node_id, set()) == node.devices
        if same and known.parent_id == parent and known.source is NodeSource.TYPED:
            counts[2] += 1
            return
        wish = NodeWish(kind=kind, name=name, parent_id=parent, spot=known.spot, devices=devices)
        change_node(tx, known.node_id, wish, who, now)
        counts[1] += 1
    except BadInput as problem:
        errors.append(RowError(row=node.row, field="parent", value=node.parent, reason=problem.message))
