"""How a standing ring stands at this minute: each point with the road it lies on and whoever sees it, or why nobody."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from vms.core.geo import Wgs84, angle_between_deg
from vms.core.ids import CameraId
from vms.coverage.sightings import ViewState
from vms.roads.standing import Cause, Hole, OpenBecause
from vms.services.rings.road_memory import Roads
from vms.services.rings.watched import Watcher
from vms.store import cameras, rings
from vms.store.rings import OutageOf, RingPoint

FARTHEST_M = 30.0
"""Another map may have drawn the road a little aside."""
_ALIKE_DEG = 40.0
_BECAUSE = {ViewState.FAULTY: OpenBecause.FAULTY, ViewState.NO_CONSENT: OpenBecause.NO_CONSENT}


@dataclass(frozen=True, slots=True, kw_only=True)
class PointView:
    camera_id: CameraId
    px_per_m: float
    state: ViewState


@dataclass(frozen=True, slots=True, kw_only=True)
class PointState:
    point: RingPoint
    because: OpenBecause | None
    """Why nobody sees it; None: somebody does. Never `OUTAGE`."""
    views: tuple[PointView, ...]
    """Usable ones first, best first."""

    @property
    def watched(self) -> bool:
        return self.because is None


def point_states(roads: Roads, points: Sequence[RingPoint]) -> list[PointState]:
    """Milliseconds for a ring; one question for the views of all its points."""
    stretches = {point.point_id: _stretch_at(roads, point) for point in points}
    by_stretch: dict[int, list[Watcher]] = {}
    for watcher in roads.watched.watchers([one for one in stretches.values() if one is not None]):
        by_stretch.setdefault(watcher.stretch, []).append(watcher)
    return [_state(point, stretches[point.point_id], by_stretch) for point in points]


def holes_now(tx: Connection, states: Collection[PointState]) -> dict[Cause, Hole]:
    """With the outages and the names of the failed cameras as the store knows them."""
    views = [view for state in states if not state.watched for view in state.views]
    ill = {int(view.camera_id) for view in views if view.state is ViewState.FAULTY}
    if not ill:
        return holes_of(states, {}, {})
    names = {int(camera.camera_id): camera.name for camera in cameras.by_ids(tx, ill)}
    return holes_of(states, rings.outages_of(tx, ill), names)


def holes_of(
    states: Iterable[PointState], outages: Mapping[int, OutageOf], names: Mapping[int, str]
) -> dict[Cause, Hole]:
    """What keeps the ring open, by cause: an outage rather than each of its cameras; of several failed cameras at one
    point the best one."""
    found: dict[Cause, Hole] = {}
    for state in states:
        if state.because is None:
            continue
        cause, name = _cause(state, outages, names)
        before = found.get(cause, Hole(name=name, points=frozenset(), cameras=frozenset()))
        cameras = frozenset(int(view.camera_id) for view in state.views)
        found[cause] = Hole(name=name, points=before.points | {state.point.point_id}, cameras=before.cameras | cameras)
    return found


def _cause(state: PointState, outages: Mapping[int, OutageOf], names: Mapping[int, str]) -> tuple[Cause, str]:
    assert state.because is not None, "a watched point has no cause"
    if state.because is not OpenBecause.FAULTY:
        return Cause(because=state.because), ""
    ill = [view.camera_id for view in state.views if view.state is ViewState.FAULTY]
    for camera_id in ill:
        if camera_id in outages:
            outage = outages[camera_id]
            return Cause(because=OpenBecause.OUTAGE, key=str(outage.outage_id)), outage.name
    return Cause(because=OpenBecause.FAULTY, key=str(ill[0])), names.get(ill[0], "")


def _state(point: RingPoint, stretch: int | None, by_stretch: Mapping[int, list[Watcher]]) -> PointState:
    if stretch is None:
        return PointState(point=point, because=OpenBecause.NO_ROAD, views=())
    watchers = by_stretch.get(stretch, [])
    views = tuple(PointView(camera_id=one.camera_id, px_per_m=one.px_per_m, state=one.state) for one in watchers)
    states = {view.state for view in views}
    if ViewState.USABLE in states:
        return PointState(point=point, because=None, views=views)
    because = next((_BECAUSE[state] for state in _BECAUSE if state in states), OpenBecause.NONE_BUILT)
    return PointState(point=point, because=because, views=views)


def _stretch_at(roads: Roads, point: RingPoint) -> int | None:
    """The nearest road there that leads the same way; one of the same name before others."""
    x, y = roads.network.frame.to_xy(Wgs84(point.lon, point.lat))
    alike = []
    for near in roads.finder.around(x, y, FARTHEST_M):
        bearing_deg = roads.network.spot_m(near.stretch, near.along)[2]
        turned = angle_between_deg(bearing_deg, point.bearing_deg)
        if min(turned, 180.0 - turned) <= _ALIKE_DEG:
            alike.append((roads.network.name(near.stretch) != point.road, near.away_m, near.stretch))
    return min(alike)[2] if alike else None
