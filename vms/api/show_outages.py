"""Outages, supply nodes and notices as models: only shapes change here."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from vms.access.hide_addresses import for_person
from vms.access.roles import Person
from vms.api.models.notices import NoticeRow, ScopeNow
from vms.api.models.outages import (
    BlindCamera,
    DeviceCamera,
    ImpactNow,
    LossNow,
    OutageMember,
    OutageNow,
    RegionCount,
    SupplyDevice,
    SupplyError,
    SupplyImported,
    SupplyRow,
)
from vms.coverage.loss import CoverageLoss
from vms.health.outages.node import NodeSource
from vms.health.outages.notice import Notice, Scope, ScopeKind
from vms.inventory.tier import Tier
from vms.services.supply.impact import Impact
from vms.services.supply.import_supply import SupplyImport
from vms.store.outages import OutageCamera, OutageRow
from vms.store.supply import SupplyMember, SupplyNode


def outage_fields(outage: OutageRow, person: Person) -> dict[str, Any]:
    return {
        "id": outage.outage_id,
        "kind": outage.kind,
        "cause": for_person(outage.cause, person),
        "name": for_person(outage.name, person),
        "source": outage.source,
        "whole": outage.whole,
        "because": outage.because,
        "cameras": outage.cameras,
        "opened_at": outage.opened_at,
        "found_at": outage.found_at,
        "closed_at": outage.closed_at,
        "part_of": outage.part_of,
        "verdict": outage.verdict,
        "verdict_by": outage.verdict_by,
        "verdict_at": outage.verdict_at,
        "note": outage.note,
    }


def show_outage(outage: OutageRow, person: Person) -> OutageNow:
    return OutageNow(**outage_fields(outage, person))


def show_member(member: OutageCamera) -> OutageMember:
    return OutageMember(
        camera_id=member.camera_id,
        name=member.name,
        tier=member.tier,
        region_code=member.region_code,
        from_at=member.from_at,
        until_at=member.until_at,
    )


def supply_fields(node: SupplyNode, person: Person) -> dict[str, Any]:
    return {
        "id": node.node_id,
        "kind": node.kind,
        "name": for_person(node.name, person),
        "parent_id": node.parent_id,
        "source": node.source,
        "confirmed": node.source is NodeSource.TYPED or node.confirmed_at is not None,
        "evidence": node.evidence,
        "lon": node.spot.lon if node.spot else None,
        "lat": node.spot.lat if node.spot else None,
        "created_at": node.created_at,
        "created_by": node.created_by,
        "confirmed_by": node.confirmed_by,
        "retired_at": node.retired_at,
        "devices": node.devices,
    }


def show_node(node: SupplyNode, person: Person) -> SupplyRow:
    return SupplyRow(**supply_fields(node, person))


def show_device(
    member: SupplyMember, cameras: Mapping[int, Sequence[DeviceCamera]], *, addresses: bool, whose: bool
) -> SupplyDevice:
    return SupplyDevice(
        device_id=member.device_id,
        cameras=list(cameras.get(member.device_id, ())),
        address=member.address if addresses else None,
        port=member.port if addresses else None,
        serial_no=member.serial_no if whose else "",
        source=member.source,
        since=member.since,
    )


def show_impact(impact: Impact, loss: CoverageLoss | None, person: Person) -> ImpactNow:
    return ImpactNow(
        kind=impact.kind,
        cause=for_person(impact.cause, person),
        name=for_person(impact.name, person),
        cameras=impact.cameras,
        class_one=impact.class_one,
        already_down=impact.already_down,
        by_tier=impact.by_tier,
        by_region=[RegionCount(code=code, name=name, cameras=n) for code, (name, n) in impact.by_region.items()],
        loss=None
        if loss is None
        else LossNow(placed=loss.placed, road_m=round(loss.road_m, 1), places=list(loss.places)),
        listed=[
            BlindCamera(
                camera_id=one.camera_id,
                name=one.name,
                tier=Tier(one.tier),
                region_code=one.region_code,
                point_class=one.point_class,
                status=one.status,
                lon=None if one.spot is None else one.spot.lon,
                lat=None if one.spot is None else one.spot.lat,
            )
            for one in impact.listed
        ],
    )


def show_supply_import(done: SupplyImport, *, dry_run: bool) -> SupplyImported:
    return SupplyImported(
        dry_run=dry_run,
        rows=done.rows,
        added=done.added,
        changed=done.changed,
        unchanged=done.unchanged,
        devices=done.devices,
        rejected=done.rejected,
        errors=[
            SupplyError(row=error.row, field=error.field, value=error.value[:200], reason=error.reason)
            for error in done.errors
        ],
    )


def _values(scope: Scope, person: Person) -> list[str]:
    if scope.kind is ScopeKind.NETWORK:
        return [for_person(value, person) for value in scope.values]
    return list(scope.values)


def notice_fields(notice: Notice, person: Person, now: datetime) -> dict[str, Any]:
    return {
        "id": notice.notice_id,
        "kind": notice.kind,
        "reason": notice.reason,
        "scope": ScopeNow(kind=notice.scope.kind, values=_values(notice.scope, person)),
        "start_at": notice.start_at,
        "end_at": notice.end_at,
        "asked_at": notice.asked_at,
        "asked_by": notice.asked_by,
        "late": notice.late,
        "state": notice.state,
        "holds": notice.covers(now),
        "decided_at": notice.decided_at,
        "decided_by": notice.decided_by,
        "note": notice.note,
        "cameras": notice.cameras,
    }


def show_notice(notice: Notice, person: Person, now: datetime) -> NoticeRow:
    return NoticeRow(**notice_fields(notice, person, now))
