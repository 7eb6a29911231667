"""The archive as a whole: code tables, how complete and right it is, where records and devices do not agree."""

import hashlib
import json
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from vms.access.roles import Person, sees_addresses
from vms.api.guards import AdminCall, AnyCall, RoomsNow, StaffCall
from vms.api.listing import compare_owners, owner_seen_by
from vms.api.models.archive import (
    ArchiveFiguresNow,
    ArchiveFilters,
    ArchiveGroup,
    ArchiveTargets,
    CodeRow,
    CodeTableList,
    CodeWanted,
    DifferencePage,
    DifferenceRow,
)
from vms.api.models.shape import IdNumber
from vms.api.parts import ready_json
from vms.api.region_asked import RegionAsked
from vms.api.rooms import Rooms
from vms.assessment.figure import FigureKind
from vms.inventory.archive.codes import CodeEntry
from vms.inventory.archive.fields import FIELDS, field_of_column
from vms.inventory.filters.archive_numbers import IN_SERVICE, NUMBERS, RULES, group_filter
from vms.inventory.tier import Tier
from vms.services.archive.archive_memory import ArchiveMemory, By, DifferenceFilter, Figures
from vms.services.archive.city_now import judge_cameras
from vms.services.archive.put_code import put_code
from vms.services.assessment.profiles import profile_named
from vms.store import cameras, code_tables, owners, regions

router = APIRouter()
_ADDRESSES = frozenset(field.name for field in FIELDS if field.network)
_AIMS = {
    "completeness": FigureKind.ARCHIVE_COMPLETENESS,
    "conformity": FigureKind.ARCHIVE_CONFORMITY,
    "consistency": FigureKind.ARCHIVE_CONSISTENCY,
}
_TIERS = {tier.value: tier.value for tier in Tier}


@router.get("/code-tables", response_model=CodeTableList)
def all_code_tables(_call: AnyCall, rooms: RoomsNow, request: Request) -> Response:
    """All tables in all editions; small."""
    with rooms.database.reading() as tx:
        found = code_tables.every(tx)
    answer = CodeTableList(items=[_code_row(entry) for entry in found.entries])
    content = json.dumps(answer.model_dump(mode="json"), ensure_ascii=False, separators=(",", ":")).encode()
    tag = f'"k{hashlib.sha256(content).hexdigest()[:20]}"'
    return ready_json(request, tag, lambda: content, media_type="application/json")


@router.put("/code-tables/{table}/{edition:path}/{code}")
def add_or_replace_code(
    table: Annotated[str, Path(max_length=40)],
    edition: Annotated[str, Path(min_length=1, max_length=40, pattern=r"^[^\x00-\x1f]+$")],
    code: Annotated[str, Path(min_length=1, max_length=20, pattern=r"^[0-9A-Za-z_.-]+$")],
    body: CodeWanted,
    _call: AdminCall,
    rooms: RoomsNow,
) -> CodeRow:
    """`edition` may hold a slash, as in `GA/T 2000.40`; one that is new begins with its first code."""
    entry = CodeEntry(
        table=table,
        edition=edition,
        code=code,
        zh=body.zh,
        en=body.en,
        in_use=body.in_use,
        position=body.position,
        shipped=False,
    )
    put_code(rooms.database, entry, rooms.clock())
    return _code_row(entry)


@router.get("/archive/figures")
def archive_figures(call: StaffCall, rooms: RoomsNow, request: Request, by: By = By.REGION) -> ArchiveFiguresNow:
    """Of all cameras in service."""
    if by is By.OWNER:
        compare_owners(call.person)
    memory: ArchiveMemory = request.app.state.archive
    found = memory.figures(by, rooms.clock())
    names = _names(rooms, by, found.groups)
    with rooms.database.reading() as tx:
        aims = profile_named(tx, "").aims
    return ArchiveFiguresNow(
        as_of=found.as_of,
        current=found.current,
        filters=ArchiveFilters(**NUMBERS, failed=RULES),
        targets=ArchiveTargets(**{name: aims[kind].target if kind in aims else None for name, kind in _AIMS.items()}),
        total=_group("", "", IN_SERVICE, found.total),
        items=[
            _group(key, names.get(key, key), group_filter(by, key), figures) for key, figures in found.groups.items()
        ],
    )


@router.get("/differences")
def all_differences(
    call: StaffCall,
    rooms: RoomsNow,
    request: Request,
    region: RegionAsked = "",
    tier: Tier | None = None,
    owner: Annotated[IdNumber | None, Query(description="the owner's id")] = None,
    field: Annotated[str, Query(max_length=40, description="e.g. model, position")] = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> DifferencePage:
    """Of cameras in service, those that a person let stand left out."""
    memory: ArchiveMemory = request.app.state.archive
    now = rooms.clock()
    wanted = DifferenceFilter(
        region=region,
        tier=tier.value if tier else "",
        owner=owner_seen_by(call.person, owner),
        field=field,
        hidden=_hidden(call.person),
    )
    pairs = memory.differing(wanted, now)
    shown = pairs[offset : offset + limit]
    ids = {camera_id for camera_id, _ in shown}
    with rooms.database.reading() as tx:
        judged = judge_cameras(tx, ids, now)
        names: dict[int, str] = {camera.camera_id: camera.name for camera in cameras.by_ids(tx, ids)}
    rows = [
        _difference(camera_id, names.get(camera_id, ""), one.field, one.declared, one.observed)
        for camera_id, name in shown
        for one in (judged[camera_id].differences if camera_id in judged else ())
        if one.field == name
    ]
    return DifferencePage(total=len(pairs), items=rows)


def _hidden(person: Person) -> frozenset[str]:
    """A crew reads what differs of its cameras in their records."""
    if person.maintainer_id is not None:
        return _ADDRESSES | {"serial_no"}
    return frozenset() if sees_addresses(person) else _ADDRESSES


def _difference(camera_id: int, camera_name: str, field: str, declared: str, observed: str) -> DifferenceRow:
    about = field_of_column(field)
    return DifferenceRow(
        camera_id=camera_id,
        camera_name=camera_name,
        field=field,
        label_zh=about.zh if about else "位置",
        label_en=about.en if about else "position",
        declared=declared,
        observed=observed,
        sentence_en=f"declared {declared}; the device says {observed}",
        sentence_zh=f"登记为 {declared}；设备报告 {observed}",
    )


def _names(rooms: Rooms, by: By, groups: Mapping[str, Figures]) -> Mapping[str, str]:
    with rooms.database.reading() as tx:
        match by:
            case By.REGION:
                return regions.names(tx)
            case By.OWNER:
                return {str(one): name for one, name in owners.names(tx, map(int, filter(None, groups))).items()}
            case By.TIER | By.POINT_CLASS:
                tables = code_tables.every(tx)
                found = ((key, tables.find(by.value, key)) for key in groups)
                return {key: entry.zh for key, entry in found if entry is not None}


def _group(key: str, name: str, filter_text: str, figures: Figures) -> ArchiveGroup:
    return ArchiveGroup(
        key=key,
        name=name,
        filter=filter_text,
        cameras=figures.cameras,
        complete=figures.complete,
        completeness=figures.completeness,
        conforming=figures.conforming,
        conformity=figures.conformity,
        with_device=figures.with_device,
        consistent=figures.consistent,
        consistency=figures.consistency,
        failed=dict(sorted(figures.failed.items())),
    )


def _code_row(entry: CodeEntry) -> CodeRow:
    return CodeRow(
        table=entry.table,
        edition=entry.edition,
        code=entry.code,
        zh=entry.zh,
        en=entry.en,
        in_use=entry.in_use,
        position=entry.position,
        sure=entry.sure,
        shipped=entry.shipped,
    )
