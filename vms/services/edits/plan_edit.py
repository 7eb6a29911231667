"""What an edit does to each camera: which columns change, or why it is refused. The same for preview and doing."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping

from vms.core.errors import BadInput, Conflict
from vms.core.ids import OwnerId
from vms.inventory.archive.fields import find_field
from vms.inventory.archive.values import Value
from vms.inventory.camera import LifeCycle
from vms.inventory.filters.expression import parse_filter
from vms.inventory.life_cycle import FOLLOWS_REGISTRATION, NEEDS_REVIEWER, RECLASSIFIES, after_edit
from vms.inventory.tier import Tier
from vms.services.archive.one_id_one_camera import taken_by
from vms.services.archive.record_columns import columns_of, read_fields
from vms.store import camera_pages, owners
from vms.store.camera_filter import CameraFilter

MOST_CAMERAS = 200_000
OF_ONE_CAMERA = frozenset({"gb_device_id", "serial_no", "mac"})
"""Fields that name one camera: never the same for several."""
_PLACE = frozenset({"lon", "lat", "coordinate_system"})


@dataclass(frozen=True, slots=True, kw_only=True)
class EditRequest:
    changes: Mapping[str, object]
    """By field of the archive; None empties it."""
    filter_text: str = ""
    camera_ids: tuple[int, ...] = ()
    """Instead of a filter."""
    text: str = ""
    """A search by anything, with the filter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """On one camera. Neither columns nor refusal: it is so already."""

    columns: Mapping[str, Any] = field(default_factory=dict)
    """That become different, life_cycle among them."""
    refused: str = ""
    code: str = ""


def read_changes(changes: Mapping[str, object]) -> dict[str, Value]:
    """Raises BadInput that names the field."""
    if not changes:
        raise BadInput("say what is to be changed", where="changes")
    return read_fields(changes)


def chosen_ids(tx: Connection, request: EditRequest, now: datetime) -> list[int]:
    """Raises BadInput where it is nobody, everybody by oversight, or too many."""
    if bool(request.camera_ids) == bool(request.filter_text.strip() or request.text.strip()):
        raise BadInput("either a filter or ids", where="filter")
    if request.camera_ids:
        ids = sorted(set(request.camera_ids))
    else:
        wanted = CameraFilter(expression=parse_filter(request.filter_text), text=request.text, sees_addresses=True)
        ids = [int(found) for found in camera_pages.every_id(tx, wanted, now, limit=MOST_CAMERAS + 1)]
    if len(ids) > MOST_CAMERAS:
        raise BadInput(f"more than {MOST_CAMERAS} cameras", where="filter")
    single = sorted(OF_ONE_CAMERA & set(request.changes))
    if len(ids) > 1 and any(request.changes[name] not in (None, "") for name in single):
        raise BadInput(f"{single[0]} names one camera, and these are {len(ids)}", where=single[0])
    return ids


def columns_read(given: Iterable[str]) -> set[str]:
    """The columns that a verdict looks at."""
    names = set(given)
    found = {"lon", "lat", "entered_x", "entered_y", "entered_system"} if names & _PLACE else set[str]()
    for name in names - _PLACE:
        known = find_field(name)
        if known is not None:
            found.add(known.column)
    return found


def judge(
    row: Mapping[str, Any] | RowMapping,
    given: Mapping[str, Value],
    registered: Collection[int],
    owner_ids: Mapping[Tier, OwnerId],
    tx: Connection,
    now: datetime,
) -> Verdict:
    """`owner_ids`: the owner that is given, by tier; one that is not there yet counts as number 0."""
    bound = sorted(FOLLOWS_REGISTRATION & set(given))
    if bound and row["id"] in registered:
        return Verdict(refused=f"{bound[0]} changes with its owner's registration", code="follows_registration")
    if RECLASSIFIES & set(given) and LifeCycle(row["life_cycle"]).in_service:
        return Verdict(refused=NEEDS_REVIEWER, code="needs_reviewer")
    try:
        after = after_edit(LifeCycle(row["life_cycle"]))
        plain = {name: value for name, value in given.items() if name != "owner"}
        wanted = columns_of(tx, dict(row), plain, now)
    except (BadInput, Conflict) as problem:
        return Verdict(refused=problem.message, code=problem.code)
    if "owner" in given:
        tier = Tier(wanted.get("tier", row["tier"]))
        wanted["owner_id"] = owner_of(row, tier, owner_ids) if given["owner"] else None
    columns = {name: value for name, value in wanted.items() if row[name] != value}
    if (taken := taken_by(tx, row["id"], columns.get("gb_device_id"))) is not None:
        return Verdict(refused=taken, code="id_taken")
    if columns and after.value != row["life_cycle"]:
        columns["life_cycle"] = after.value
    return Verdict(columns=columns)


def owner_of(row: Mapping[str, Any] | RowMapping, tier: Tier, owner_ids: Mapping[Tier, OwnerId]) -> OwnerId:
    """Whoever has the camera under the name that is given keeps it, whatever becomes of the camera's tier."""
    present = row["owner_id"]
    return OwnerId(present) if present in owner_ids.values() else owner_ids.get(tier, OwnerId(0))


def known_owners(tx: Connection, given: Mapping[str, Value]) -> dict[Tier, OwnerId]:
    """By the camera's tier the owner of the name that is given, where there is one."""
    name = str(given.get("owner") or "")
    return owners.by_tier(tx, name) if name else {}
