"""Some rows of a list become cameras, changes of cameras, or errors: what an import does in one transaction."""

import itertools
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
from vms.inventory.lists.described import described, new_candidate
from vms.inventory.lists.entry_claim import EntryKey, claim_of
from vms.inventory.lists.entry_columns import LIFE_CYCLE
from vms.inventory.lists.entry_matching import FIELD_OF_KEY, Candidate, Doubt, Matcher
from vms.inventory.lists.listed_state import other_state, state_after, state_of_new
from vms.inventory.tier import Tier
from vms.services.lists.listed_sensors import ListedSensors, of_new, refused
from vms.services.lists.rows_before import RowsBefore
from vms.store import camera_lists, cameras, owner_claims, sensors
from vms.store.camera_changes import Author
from vms.store.camera_lists import ListedCamera
from vms.store.owner_claims import OwnerClaim

SAME_PLACE_DEG = 1e-7
"""About a centimetre: a position that was written with fewer digits is no other."""
NOBODY_YET = OwnerId(0)
"""In a dry run, whoever would be made."""


@dataclass(slots=True)
class Outcome:
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    errors: list[RowError] = field(default_factory=list)
    row_of_camera: dict[CameraId, int] = field(default_factory=dict)
    owner_ids: dict[OwnerClaim, OwnerId] = field(default_factory=dict)
    described: list[Candidate] = field(default_factory=list)


@dataclass(slots=True)
class _Plan:
    create: list[tuple[Entry, LifeCycle]] = field(default_factory=list)
    change: list[tuple[Entry, ListedCamera, LifeCycle]] = field(default_factory=list)
    described: list[Candidate] = field(default_factory=list)
    """As they will be known once this is stored."""
    errors: list[RowError] = field(default_factory=list)


class RowStore:
    """Remembers of the rows before which camera each described, and the owners."""

    def __init__(self, *, life_cycle: LifeCycle, who: str, why: str, dry_run: bool) -> None:
        self._life_cycle = life_cycle
        self._author = Author(who=who, why=why)
        self._dry_run = dry_run
        self._row_of_camera: dict[CameraId, int] = {}
        self._before = RowsBefore() if dry_run else None
        self._owner_ids: dict[OwnerClaim, OwnerId] = {}

    def store(self, tx: Connection, entries: Sequence[Entry], now: datetime) -> Outcome:
        """`keep` what comes out of it when the transaction is on the disk."""
        plan = self._plan(camera_lists.like(tx, entries), entries)
        outcome = Outcome(errors=plan.errors, described=plan.described)
        self._find_owners(tx, plan, outcome, now)
        changes, several = [], []
        listed = ListedSensors.read(tx, ((entry, camera) for entry, camera, _ in plan.change))
        for entry, camera, state in plan.change:
            outcome.row_of_camera[camera.candidate.camera_id] = entry.row
            columns, differing = self._changes(entry, camera, state, outcome.owner_ids)
            looks = listed.change(entry, camera.candidate.camera_id)
            if (differing or looks) and camera.candidate.retired:
                outcome.errors.append(_retired(entry, camera))
                continue
            if differing:
                changes.append((camera, columns, differing))
            if looks:
                several.append(looks)
            outcome.updated += bool(differing or looks)
            outcome.unchanged += not (differing or looks)
        outcome.created = len(plan.create)
        if not self._dry_run:
            camera_lists.change_many(tx, changes, now, author=self._author)
            created = self._create(tx, plan.create, outcome.owner_ids, now)
            outcome.row_of_camera |= created
            several += of_new(created, (entry for entry, _ in plan.create))
            sensors.put_many(tx, several, self._author, now)
        return outcome

    def keep(self, outcome: Outcome) -> None:
        self._row_of_camera |= outcome.row_of_camera
        self._owner_ids |= outcome.owner_ids
        if self._before is not None:
            self._before.add(outcome.described)

    def close(self) -> None:
        if self._before is not None:
            self._before.close()

    def recognise(self, tx: Connection, entries: Sequence[Entry]) -> None:
        """Rows that are stored already: which cameras they are."""
        plan = self._plan(camera_lists.like(tx, entries), entries)
        self._row_of_camera |= {camera.candidate.camera_id: entry.row for entry, camera, _ in plan.change}

    def _create(
        self,
        tx: Connection,
        wanted: Sequence[tuple[Entry, LifeCycle]],
        owner_ids: Mapping[OwnerClaim, OwnerId],
        now: datetime,
    ) -> dict[CameraId, int]:
        entries = [entry for entry, _ in wanted]
        owned = [owner_ids.get(owner_claim(entry, entry.text("tier"))) for entry in entries]
        states = [state for _, state in wanted]
        rows = camera_lists.new_columns(entries, owned, states, now=now)
        return dict(zip(cameras.add_many(tx, rows, now), (entry.row for entry in entries), strict=True))

    def _plan(self, known: Sequence[ListedCamera], entries: Sequence[Entry]) -> _Plan:
        plan = _Plan()
        claims = [claim_of(entry) for entry in entries]
        by_id = {camera.candidate.camera_id: camera for camera in known}
        matcher = Matcher(camera.candidate for camera in known)
        if self._before is not None:
            keys_of_all = itertools.chain.from_iterable(claim.keys() for claim in claims)
            for one in self._before.like(keys_of_all, by_id):
                matcher.add(one)
        touched: dict[CameraId, int] = {}
        for entry, claim in zip(entries, claims, strict=True):
            keys = claim.keys()
            found = matcher.find(claim, keys)
            if isinstance(found, Doubt):
                plan.errors.append(RowError(row=entry.row, field=found.field, value=found.value, reason=found.reason))
            elif found is None:
                if self._plan_new(plan, entry):
                    plan.described.append(new_candidate(entry, claim))
                    matcher.add(plan.described[-1])
            elif before := found.row or touched.get(found.camera_id) or self._row_of_camera.get(found.camera_id):
                by_mark = found.mark == claim.mark != ""
                plan.errors.append(_twice(entry, ("mark", claim.mark) if by_mark else keys[0], before))
            else:
                touched[found.camera_id] = entry.row
                self._plan_change(plan, entry, by_id[found.camera_id])
                plan.described.append(described(found, entry, claim))
                matcher.add(plan.described[-1])
        return plan

    def _plan_change(self, plan: _Plan, entry: Entry, camera: ListedCamera) -> None:
        stored = LifeCycle(camera.columns["life_cycle"])
        state = stored if camera.by_registration else state_after(stored, entry.life_cycle, self._life_cycle)
        if state is None:
            reason = other_state(camera.candidate.camera_id, stored, entry.life_cycle)
            told = str(entry.life_cycle or "")
            plan.errors.append(RowError(row=entry.row, field=LIFE_CYCLE, value=told, reason=reason))
        elif self._moves_tier(entry, camera):
            plan.errors.append(RowError(row=entry.row, field="tier", value=entry.text("tier"), reason=NEEDS_REVIEWER))
        elif turning := refused(entry, camera):
            plan.errors.append(turning)
        else:
            plan.change.append((entry, camera, state))

    def _plan_new(self, plan: _Plan, entry: Entry) -> bool:
        state = state_of_new(entry.life_cycle, self._life_cycle)
        if not entry.text("tier"):
            plan.errors.append(_no_tier(entry))
        elif state is None:
            reason = "retired elsewhere and not known here: it is not taken in"
            plan.errors.append(RowError(row=entry.row, field=LIFE_CYCLE, value=str(entry.life_cycle), reason=reason))
        else:
            plan.create.append((entry, state))
            return True
        return False

    def _changes(
        self, entry: Entry, camera: ListedCamera, state: LifeCycle, owner_ids: Mapping[OwnerClaim, OwnerId]
    ) -> tuple[dict[str, Any], list[str]]:
        """All columns as they shall be, and the names of those that differ."""
        columns = self._wanted(entry, camera, owner_ids)
        differing = [name for name, value in columns.items() if camera.columns[name] != value]
        if camera.told and entry.mark == camera.candidate.mark and all(_is_told(n, columns, camera) for n in differing):
            columns, differing = dict(camera.columns), []  # as it went out: nobody has completed it
        if differing and self._reviewed(camera):
            state = after_edit(state)
        if state.value != camera.columns["life_cycle"]:
            columns["life_cycle"] = state.value
            differing.append("life_cycle")
        return columns, differing

    def _wanted(self, entry: Entry, camera: ListedCamera, owner_ids: Mapping[OwnerClaim, OwnerId]) -> dict[str, Any]:
        columns = dict(camera.columns) | dict(entry.columns)
        if _names_another(entry, camera) and (camera.columns["owner_id"] is None or not self._reviewed(camera)):
            made_later = NOBODY_YET if self._dry_run else None
            columns["owner_id"] = owner_ids.get(owner_claim(entry, str(columns["tier"])), made_later)
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

    def _find_owners(self, tx: Connection, plan: _Plan, outcome: Outcome, now: datetime) -> None:
        """Of everybody that the rows name; made where there is none, but not in a dry run."""
        claims = {entry.row: owner_claim(entry, entry.text("tier")) for entry, _ in plan.create if entry.owner}
        claims |= {
            entry.row: owner_claim(entry, entry.text("tier") or str(camera.columns["tier"]))
            for entry, camera, _ in plan.change
            if _names_another(entry, camera) and not camera.candidate.retired
        }
        wanted = dict.fromkeys(claims[row] for row in sorted(claims))
        outcome.owner_ids = {claim: self._owner_ids[claim] for claim in wanted if claim in self._owner_ids}
        new = [claim for claim in wanted if claim not in outcome.owner_ids]
        found, doubtful = owner_claims.claimed(tx, new, now, add=not self._dry_run)
        outcome.owner_ids |= found
        if doubtful:
            rows = {row: claim for row, claim in claims.items() if claim in doubtful}
            plan.errors.extend(_whose(row, claim) for row, claim in rows.items())
            plan.create = [one for one in plan.create if one[0].row not in rows]
            plan.change = [one for one in plan.change if one[0].row not in rows]


def owner_claim(entry: Entry, tier: str) -> OwnerClaim:
    contact = entry.text("mgmt_contact") if tier == Tier.HOUSEHOLD else ""
    return OwnerClaim(name=entry.owner or "", tier=Tier(tier), contact=contact)


def _whose(row: int, claim: OwnerClaim) -> RowError:
    reason = "several households are called so; say the contact, or the owner's name as the archive has it"
    return RowError(row=row, field="owner", value=claim.name, reason=reason)


def _names_another(entry: Entry, camera: ListedCamera) -> bool:
    """Whoever has a camera keeps it under the same name, whatever becomes of the camera's tier."""
    return bool(entry.owner) and entry.owner != camera.owner


def _is_told(name: str, columns: Mapping[str, Any], camera: ListedCamera) -> bool:
    return name in camera.told and columns[name] == camera.told[name]


def _retired(entry: Entry, camera: ListedCamera) -> RowError:
    reason = other_state(camera.candidate.camera_id, LifeCycle.RETIRED, entry.life_cycle)
    return RowError(row=entry.row, field=LIFE_CYCLE, value=entry.text("name"), reason=reason)


def _same_place(wanted: Mapping[str, Any], stored: Mapping[str, Any]) -> bool:
    """Entered as it was, or told as WGS-84 where it is: then what is stored stays, to the last digit."""
    if stored["lon"] is None or wanted["lon"] is None:
        return stored["lon"] is wanted["lon"] is None
    if all(wanted[name] == stored[name] for name in ("entered_x", "entered_y", "entered_system")):
        return True
    told_as_wgs84 = wanted["entered_system"] == CoordinateSystem.WGS84.value
    return told_as_wgs84 and all(abs(wanted[name] - stored[name]) < SAME_PLACE_DEG for name in ("lon", "lat"))


def _twice(entry: Entry, key: EntryKey, before: int) -> RowError:
    reason = f"row {before} describes this camera already"
    return RowError(row=entry.row, field=FIELD_OF_KEY[str(key[0])], value=str(key[1]), reason=reason)


def _no_tier(entry: Entry) -> RowError:
    reason = "a new camera, and the list does not say its tier; say it for all rows (--tier, or a mapping's constants)"
    return RowError(row=entry.row, field="tier", value="", reason=reason)
