"""The views of the ways out as feeds, in the order in which somebody who flees can come past them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from vms.access.decide import IncidentScene
from vms.access.roles import Person
from vms.core.geo import distance_m
from vms.core.ids import CameraId
from vms.health.status import Status
from vms.linkage.feed import Term
from vms.linkage.rank import sight_terms
from vms.services.coverage.answers import Feed, FeedTerm
from vms.services.coverage.memory import CoverageMemory
from vms.services.coverage.views_of_cameras import known_views
from vms.services.look_at_camera import decisions_for
from vms.services.poses.surely_looks import how_sure, looks_now_deg
from vms.services.rings.ring_answers import RingAnswer, RingArc
from vms.store import cameras, stills, watching
from vms.store.watching import UNWATCHED

MOST_FEEDS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class RingFeed:
    arc_id: int
    arrives_s: float
    """From the start, at the earliest."""
    feed: Feed


@dataclass(frozen=True, slots=True)
class _Passed:
    arc: RingArc
    px_per_m: float


def ring_feeds(
    memory: CoverageMemory, answer: RingAnswer, scene: IncidentScene, person: Person, now: datetime
) -> tuple[RingFeed, ...]:
    """Each camera once, where it is passed first; at most `MOST_FEEDS`. Those that are passed together: whoever sees
    the road well and surely looks there goes first."""
    arcs = [arc for one in answer.minutes for arc in one.watched] + [arc for arc in answer.cut.arcs if arc.watched]
    chosen = sorted(_first_passed(arcs).items(), key=lambda one: (one[1].arc.arrives_s, -one[1].px_per_m, one[0]))
    ids = [camera_id for camera_id, _ in chosen[:MOST_FEEDS]]
    with memory.database.reading() as tx:
        found = {camera.camera_id: camera for camera in cameras.approved(tx, ids)}
        shown = watching.statuses(tx, now, ids)
        pictures = {camera_id: still.at for camera_id, still in stills.of_cameras(tx, ids).items()}
        decisions = decisions_for(tx, person, ids, memory.agreements, now, incident=scene)
        known = known_views(tx, found.values())
    sights = {
        camera_id: sight_terms(passed.px_per_m, how_sure(found[camera_id], known))
        for camera_id, passed in chosen[:MOST_FEEDS]
        if camera_id in found
    }
    feeds: list[RingFeed] = []
    for camera_id, passed in sorted(
        chosen[:MOST_FEEDS], key=lambda one: _order(one[0], one[1], sights.get(one[0], ()))
    ):
        camera = found.get(camera_id)
        if camera is None or camera.pose is None or camera_id not in decisions:
            continue
        english, chinese = _sentences(passed, answer.elapsed_s)
        decision = decisions[camera_id]
        status = shown.get(camera_id, UNWATCHED).status
        feed = Feed(
            rank=len(feeds) + 1,
            camera_id=camera_id,
            name=camera.name,
            tier=camera.declared.tier,
            status=status,
            position=camera.pose.position,
            bearing_deg=looks_now_deg(camera, known),
            distance_m=distance_m(camera.pose.position, answer.place),
            density_px_per_m=passed.px_per_m,
            sees=True,
            usable=decision.allowed and status is not Status.DOWN,
            decision=decision,
            sentence_en=english,
            sentence_zh=chinese,
            terms=(
                FeedTerm(name="arrival", value=passed.arc.arrives_s, weight=1.0, contribution=-passed.arc.arrives_s),
                *(
                    FeedTerm(name=one.name, value=one.value, weight=one.weight, contribution=one.contribution)
                    for one in sights[camera_id]
                ),
            ),
            still_at=pictures.get(camera_id),
            has_stream=bool(camera.streams),
        )
        feeds.append(RingFeed(arc_id=passed.arc.arc_id, arrives_s=passed.arc.arrives_s, feed=feed))
    return tuple(feeds)


def _order(camera_id: CameraId, passed: _Passed, sight: Sequence[Term]) -> tuple[float, float, CameraId]:
    return passed.arc.arrives_s, -sum(term.contribution for term in sight), camera_id


def _first_passed(arcs: Iterable[RingArc]) -> dict[CameraId, _Passed]:
    first: dict[CameraId, _Passed] = {}
    for arc in arcs:
        for view in arc.views:
            known = first.get(view.camera_id)
            if known is None or arc.arrives_s < known.arc.arrives_s:
                first[view.camera_id] = _Passed(arc, view.px_per_m)
    return first


def _sentences(passed: _Passed, elapsed_s: float) -> tuple[str, str]:
    road = passed.arc.road
    left_s = passed.arc.arrives_s - elapsed_s
    density = f"{passed.px_per_m:.0f} px/m"
    if left_s <= 0.0:
        return (
            f"{road or 'this road'}: they may have come past already; {density}",
            f"{road or '此路'}：可能已经经过；{density}",
        )
    minutes, seconds = divmod(round(left_s), 60)
    return (
        f"{road or 'this road'}: from {minutes}:{seconds:02d} min on they can come past; {density}",
        f"{road or '此路'}：最早 {minutes} 分 {seconds:02d} 秒后经过；{density}",
    )
