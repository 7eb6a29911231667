"""Some rows of a list become cameras, changes of cameras, or errors: what an import does in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from vms.core.ids import CameraId, OwnerId
from vms.inventory.archive.direction import direction_code
from vms.inventory.archive.fields import PLACE_COLUMNS
from vms.inventory.camera import CoordinateSystem, LifeCycle
from vms.inventory.life_cycle import NEEDS_REVIEWER, after_edit
from vms.inventory.lists.camera_entry import Entry, RowError
from vms.inventory.lists.entry_matching import EntryKey, Matcher, entry_keys
from vms.inventory.tier import Tier
from vms.store import camera_lists, cameras, owners
from vms.store.camera_changes import Author
from vms.store.camera_lists import ListedCamera

SAME_PLACE_DEG = 1e-7
"""About a centimetre: a position that was written with fewer digits is no other."""

_OwnerKey = tuple[str, str]


@dataclass(slots=True)
class Outcome:
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    errors: list[RowError] = field(default_factory=list)
    row_of_camera: dict[CameraId, int] = field(default_factory=dict)
    owner_ids: dict[_OwnerKey, OwnerId] = field(default_factory=dict)


@dataclass(slots=True)
class _Plan:
    create: list[Entry] = field(default_factory=list)
    change: list[tuple[Entry, ListedCamera]] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)


class RowStore:
    """Remembers of the rows before which camera each described, and the owners."""

    def __init__(self, *, life_cycle: LifeCycle, who: str, why: str, dry_run: bool) -> None:
        self._life_cycle = life_cycle
        self._author = Author(who=who, why=why)
        self._dry_run = dry_run
        self._row_of_camera: dict[CameraId, int] = {}
        self._row_of_key: dict[int, int] = {}
        """By hash of the key; only a dry run needs it beyond its batch, as it finds nothing in the store."""
        self._owner_ids: dict[_OwnerKey, OwnerId] = {}

    def store(self, tx: Connection, entries: Sequence[Entry], now: datetime) -> Outcome:
        """`keep` what comes out of it when the transaction is on the disk."""
        plan = self._plan(camera_lists.like(tx, entries), entries)
        outcome = Outcome(created=len(plan.create), errors=plan.errors)
        if not self._dry_run:
            outcome.owner_ids = self._owners(tx, plan, now)
        changes = []
        for entry, camera in plan.change:
            outcome.row_of_camera[camera.candidate.camera_id] = entry.row
            columns = self._wanted(entry, camera, outcome.owner_ids)
            differing = [name for name, value in columns.items() if camera.columns[name] != value]
            if self._dry_run and entry.owner and camera.columns["owner_id"] is None:
                differing.append("owner_id")
            if differing and self._reviewed(camera):
                columns["life_cycle"] = after_edit(LifeCycle(camera.columns["life_cycle"])).value
                differing = [name for name, value in columns.items() if camera.columns[name] != value]
            if differing:
                changes.append((camera, columns, differing))
        outcome.updated, outcome.unchanged = len(changes), len(plan.change) - len(changes)
        if not self._dry_run:
            camera_lists.change_many(tx, changes, now, author=self._author)
            outcome.row_of_camera |= self._create(tx, plan.create, outcome.owner_ids, now)
        return outcome

    def keep(self, outcome: Outcome) -> None:
        self._row_of_camera |= outcome.row_of_camera
        self._owner_ids |= outcome.owner_ids

    def recognise(self, tx: Connection, entries: Sequence[Entry]) -> None:
        """Rows that are stored already: which cameras they are."""
        plan = self._plan(camera_lists.like(tx, entries), entries)
        self._row_of_camera |= {camera.candidate.camera_id: entry.row for entry, camera in plan.change}

    def _create(
        self, tx: Connection, entries: Sequence[Entry], owner_ids: Mapping[_OwnerKey, OwnerId], now: datetime
    ) -> dict[CameraId, int]:
        owned = [owner_ids.get((entry.owner or "", entry.text("tier"))) for entry in entries]
        rows = camera_lists.new_columns(entries, owned, life_cycle=self._life_cycle, now=now)
        return dict(zip(cameras.add_many(tx, rows, now), (entry.row for entry in entries), strict=True))

    def _plan(self, known: Sequence[ListedCamera], entries: Sequence[Entry]) -> _Plan:
        if not self._dry_run:
            self._row_of_key.clear()
        plan = _Plan()
        matcher = Matcher(camera.candidate for camera in known)
        by_id = {camera.candidate.camera_id: camera for camera in known}
        touched: dict[CameraId, int] = {}
        for entry in entries:
            keys = entry_keys(entry)
            found = matcher.find(entry, keys)
            before = self._row_of_key.get(hash(keys[0]))
            if found is not None:
                before = before or touched.get(found.camera_id) or self._row_of_camera.get(found.camera_id)
            if before is not None:
                plan.errors.append(_twice(entry, keys[0], before))
            elif found is not None and self._moves_tier(entry, by_id[found.camera_id]):
                plan.errors.append(
                    RowError(row=entry.row, field="tier", value=entry.text("tier"), reason=NEEDS_REVIEWER)
                )
            elif found is not None:
                touched[found.camera_id] = entry.row
                plan.change.append((entry, by_id[found.camera_id]))
            elif not entry.text("tier"):
                plan.errors.append(_no_tier(entry))
                continue
            else:
                plan.create.append(entry)
            if before is None:
                self._row_of_key.update((hash(key), entry.row) for key in keys)
        return plan

    def _wanted(self, entry: Entry, camera: ListedCamera, owner_ids: Mapping[_OwnerKey, OwnerId]) -> dict[str, Any]:
        columns = dict(camera.columns) | dict(entry.columns)
        owner_id = owner_ids.get((entry.owner or "", str(columns["tier"]))) if entry.owner else None
        if owner_id is not None and (camera.columns["owner_id"] is None or not self._reviewed(camera)):
            columns["owner_id"] = owner_id
        if columns["life_cycle"] == LifeCycle.PENDING.value and not camera.by_registration:
            columns["life_cycle"] = self._life_cycle.value
        if _same_place(columns, camera.columns):
            columns |= {name: camera.columns[name] for name in PLACE_COLUMNS}
        stored_deg = camera.columns["bearing_deg"]
        if entry.direction is not None and stored_deg is not None and direction_code(stored_deg) == entry.direction:
            columns["bearing_deg"] = stored_deg
        return columns

    def _moves_tier(self, entry: Entry, camera: ListedCamera) -> bool:
        told = entry.text("tier")
        return self._reviewed(camera) and told not in ("", camera.columns["tier"])

    def _reviewed(self, camera: ListedCamera) -> bool:
        """In service, and who takes the list in may not approve: its tier and owner stay."""
        in_service = LifeCycle(camera.columns["life_cycle"]).in_service
        return in_service and self._life_cycle is not LifeCycle.APPROVED

    def _owners(self, tx: Connection, plan: _Plan, now: datetime) -> dict[_OwnerKey, OwnerId]:
        """Of everybody that the rows name; made where there is none."""
        wanted = {(entry.owner, entry.text("tier")) for entry in plan.create if entry.owner}
        wanted |= {
            (entry.owner, entry.text("tier") or str(camera.columns["tier"]))
            for entry, camera in plan.change
            if entry.owner
        }
        known = self._owner_ids
        return {
            (name, tier): known.get((name, tier)) or owners.ensure(tx, name, Tier(tier), now)
            for name, tier in sorted(wanted)
        }


def _same_place(wanted: Mapping[str, Any], stored: Mapping[str, Any]) -> bool:
    """Entered as it was, or told as WGS-84 where it is: then what is stored stays, to the last digit."""
    if stored["lon"] is None or wanted["lon"] is None:
        return False
    if all(wanted[name] == stored[name] for name in ("entered_x", "entered_y", "entered_system")):
        return True
    told_as_wgs84 = wanted["entered_system"] == CoordinateSystem.WGS84.value
    return told_as_wgs84 and all(abs(wanted[name] - stored[name]) < SAME_PLACE_DEG for name in ("lon", "lat"))


def _twice(entry: Entry, key: EntryKey, before: int) -> RowError:
    field_name = {"gb": "gb_device_id", "serial": "serial_no", "place": "name"}.get(str(key[0]), str(key[0]))
    return RowError(
        row=entry.row, field=field_name, value=str(key[1]), reason=f"row {before} describes this camera already"
    )


def _no_tier(entry: Entry) -> RowError:
    reason = "a new camera, and the list does not say its tier; say it for all rows (--tier, or a mapping's constants)"
    return RowError(row=entry.row, field="tier", value="", reason=reason)
