"""Standing rings as the console gets them."""

from vms.api.models.rings import PointViewNow, RingOpeningNow, RingPointNow, StandingRingDetail, StandingRingRow
from vms.coverage.sightings import ViewState
from vms.roads.standing import Opening
from vms.services.rings.ring_state import PointState
from vms.services.rings.show_rings import RingNow


def show_row(now: RingNow) -> StandingRingRow:
    ring = now.ring
    return StandingRingRow(
        id=ring.ring_id,
        name=ring.name,
        kind=ring.kind,
        made_from=ring.made_from,
        note=ring.note,
        created_at=ring.created_at,
        created_by=ring.created_by,
        closed=now.closed,
        points=len(now.states),
        watched=sum(state.watched for state in now.states),
        openings=[_opening(one) for one in now.openings],
    )


def show_detail(now: RingNow) -> StandingRingDetail:
    return StandingRingDetail(
        **dict(show_row(now)),
        outline=list(now.ring.outline),
        at=[_point(state, now.names) for state in now.states],
        past=[_opening(one) for one in now.past],
    )


def _point(state: PointState, names: dict[int, str]) -> RingPointNow:
    return RingPointNow(
        id=state.point.point_id,
        lon=state.point.lon,
        lat=state.point.lat,
        bearing_deg=state.point.bearing_deg,
        road=state.point.road,
        watched=state.watched,
        because=state.because,
        views=[
            PointViewNow(
                camera_id=view.camera_id,
                name=names.get(int(view.camera_id), ""),
                px_per_m=round(view.px_per_m, 1),
                state=_STATES[view.state],
            )
            for view in state.views
        ],
    )


def _opening(opening: Opening) -> RingOpeningNow:
    return RingOpeningNow(
        because=opening.cause.because,
        name=opening.hole.name,
        points=sorted(opening.hole.points),
        camera_ids=sorted(opening.hole.cameras),
        opened_at=opening.seen_at,
        told_at=opening.told_at,
        closed_at=opening.closed_at,
    )


_STATES = {ViewState.USABLE: "usable", ViewState.FAULTY: "faulty", ViewState.NO_CONSENT: "no_consent"}
