"""Sweeps of networks as background work: start, look, pause, go on, give up."""

from dataclasses import asdict, replace
from typing import Annotated

from fastapi import APIRouter, Query

from vms.access.roles import Person, sees_addresses
from vms.api.guards import KeeperCall, RoomsNow, SignedInCall, StaffCall
from vms.api.models.shape import IdNumber
from vms.api.models.sweeps import (
    NewSweep,
    SweepCommonGround,
    SweepDifferencePage,
    SweepDifferenceRow,
    SweepFieldDifference,
    SweepFindingPage,
    SweepFindingRow,
    SweepGround,
    SweepPage,
    SweepProblem,
    SweepRow,
)
from vms.core.errors import NotAllowed
from vms.devices.discovery.multicast import check_interfaces
from vms.inventory.sweep import SweepRequest, SweepState
from vms.inventory.sweep_differences import Difference, Kind
from vms.services.record_device import Outcome
from vms.services.sweeping.common_ground import CommonGround
from vms.services.sweeping.compare_sweeps import compared_ground
from vms.services.sweeping.report import report_of
from vms.services.sweeping.start_sweep import cancel_sweep, pause_sweep, resume_sweep, start_sweep
from vms.store import sweep_findings, sweeps
from vms.store.sweep_findings import Finding, FindingFilter
from vms.store.sweeps import StoredSweep

router = APIRouter(tags=["sweeps"])
SHOWN = 200
"""Networks and hosts of the common ground."""

Limit = Annotated[int, Query(ge=1, le=500)]
Offset = Annotated[int, Query(ge=0, le=10_000_000)]
Code = Annotated[str, Query(max_length=60, pattern="^[a-z0-9_]*$", description="a problem's code, or `any`")]
HeardBy = Annotated[str, Query(max_length=60, pattern="^[A-Za-z0-9_.:@ -]*$")]


@router.post("/sweeps", status_code=201)
def start(body: NewSweep, call: KeeperCall, rooms: RoomsNow) -> SweepRow:
    """It waits for the jobs process. Only networks of the settings are contacted. An interface that is named has to be
    there; where one of the settings is gone, the sweep runs and says so."""
    check_interfaces(body.interfaces or ())
    ours = rooms.settings.sweep_ground
    anywhere = body.cidrs is None and body.interfaces is None and not body.hosts
    request = replace(
        ours,
        cidrs=ours.cidrs if anywhere else tuple(body.cidrs or ()),
        hosts=tuple(body.hosts),
        interfaces=ours.interfaces if anywhere else tuple(body.interfaces or ()),
        ports=ours.ports if body.ports is None else tuple(body.ports),
        methods=ours.methods if body.methods is None else tuple(body.methods),
        pace_per_s=ours.pace_per_s if body.pace_per_s is None else body.pace_per_s,
    )
    return _row(start_sweep(rooms.database, request, call.person.name, rooms.clock()), call.person)


@router.get("/sweeps")
def list_sweeps(
    call: StaffCall,
    rooms: RoomsNow,
    state: Annotated[SweepState | None, Query()] = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> SweepPage:
    """The newest first."""
    with rooms.database.reading() as tx:
        page = sweeps.page(tx, states=(state,) if state else (), limit=limit, offset=offset)
    return SweepPage(total=page.total, items=[_row(sweep, call.person) for sweep in page.items])


@router.get("/sweeps/{sweep_id}")
def one_sweep(sweep_id: IdNumber, call: StaffCall, rooms: RoomsNow) -> SweepRow:
    with rooms.database.reading() as tx:
        return _row(sweeps.get(tx, sweep_id), call.person)


@router.get("/sweeps/{sweep_id}/findings")
def findings(
    sweep_id: IdNumber,
    call: StaffCall,
    rooms: RoomsNow,
    outcome: Annotated[Outcome | None, Query()] = None,
    problem: Code = "",
    heard_by: HeardBy = "",
    limit: Limit = 100,
    offset: Offset = 0,
) -> SweepFindingPage:
    """By address."""
    _see_addresses(call)
    wanted = FindingFilter(outcome=outcome.value if outcome else "", problem=problem, heard_by=heard_by)
    with rooms.database.reading() as tx:
        sweeps.get(tx, sweep_id)
        page = sweep_findings.page(tx, sweep_id, wanted, limit=limit, offset=offset)
    return SweepFindingPage(total=page.total, items=[_finding(one) for one in page.items])


@router.get("/sweeps/{sweep_id}/differences")
def differences(
    sweep_id: IdNumber,
    call: StaffCall,
    rooms: RoomsNow,
    kind: Annotated[Kind | None, Query()] = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> SweepDifferencePage:
    """From an earlier sweep that came to its end, as far as both looked at the same: the newest that looked everywhere
    where this one did, else the one with most in common."""
    _see_addresses(call)
    with rooms.database.reading() as tx:
        sweep = sweeps.get(tx, sweep_id)
        page = sweep_findings.differences(tx, sweep_id, kind=kind, limit=limit, offset=offset)
        common = compared_ground(tx, sweep)
    return SweepDifferencePage(
        compared_with=sweep.compared_with,
        common=None if common is None else _common(common),
        total=page.total,
        items=[_difference(one) for one in page.items],
    )


@router.post("/sweeps/{sweep_id}/pause")
def pause(sweep_id: IdNumber, call: KeeperCall, rooms: RoomsNow) -> SweepRow:
    """Whoever runs it stops within seconds."""
    return _row(pause_sweep(rooms.database, sweep_id, call.person.name, rooms.clock()), call.person)


@router.post("/sweeps/{sweep_id}/resume")
def resume(sweep_id: IdNumber, call: KeeperCall, rooms: RoomsNow) -> SweepRow:
    """Goes on where it was; blocks that are over and whoever answered are not asked again."""
    return _row(resume_sweep(rooms.database, sweep_id, call.person.name, rooms.clock()), call.person)


@router.post("/sweeps/{sweep_id}/cancel")
def cancel(sweep_id: IdNumber, call: KeeperCall, rooms: RoomsNow) -> SweepRow:
    """For good; what was found stays found."""
    return _row(cancel_sweep(rooms.database, sweep_id, call.person.name, rooms.clock()), call.person)


def _see_addresses(call: SignedInCall) -> None:
    if not sees_addresses(call.person):
        raise NotAllowed("your role may not see network addresses", code="role")


def _row(sweep: StoredSweep, person: Person) -> SweepRow:
    report = report_of(sweep)
    return SweepRow(
        id=report.sweep_id,
        state=report.state.value,
        scheduled=report.scheduled,
        who=report.who,
        created_at=report.created_at,
        started_at=report.started_at,
        finished_at=report.finished_at,
        ground=_ground(report.request) if sees_addresses(person) else None,
        blocks_done=report.blocks_done,
        blocks_total=report.blocks_total,
        addresses_done=report.addresses_done,
        addresses_total=report.addresses_total,
        busy_s=report.busy_s,
        rate_per_s=report.rate_per_s,
        remaining_s=report.remaining_s,
        findings=report.findings,
        new_cameras=report.new_cameras,
        outcomes=dict(report.outcomes),
        heard_by=dict(report.heard_by),
        packets={area: dict(counts) for area, counts in report.packets.items()},
        problems=dict(report.problems),
        compared_with=report.compared_with,
        problem=report.problem,
    )


def _ground(request: SweepRequest) -> SweepGround:
    return SweepGround(
        cidrs=list(request.cidrs),
        hosts=list(request.hosts),
        interfaces=list(request.interfaces),
        ports=list(request.ports),
        methods=list(request.methods),
        pace_per_s=request.pace_per_s,
    )


def _finding(finding: Finding) -> SweepFindingRow:
    told = finding.told
    return SweepFindingRow(
        address=finding.address,
        port=finding.port,
        device_id=finding.device_id,
        outcome=finding.outcome,
        heard_by=list(finding.heard_by),
        problems=[SweepProblem(code=problem.code, message=problem.message) for problem in finding.problems],
        answered=told["answered"],
        manufacturer=told["manufacturer"],
        model=told["model"],
        firmware=told["firmware"],
        serial_no=told["serial_no"],
        macs=told["macs"],
        channels=told["channels"],
        at=finding.at,
    )


def _common(common: CommonGround) -> SweepCommonGround:
    return SweepCommonGround(
        whole=common.whole,
        addresses=common.addresses,
        cidrs=[str(network) for network in common.networks[:SHOWN]],
        hosts=list(common.hosts[:SHOWN]),
        interfaces=list(common.interfaces),
    )


def _difference(one: Difference) -> SweepDifferenceRow:
    return SweepDifferenceRow(
        kind=one.kind.value,
        device_id=one.device_id,
        address=one.address,
        port=one.port,
        fields=[SweepFieldDifference(**asdict(field)) for field in one.fields],
    )
