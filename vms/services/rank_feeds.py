"""Ranks the feeds for one incident: candidates from the index, health and permission from the store.

What is shown is the head of the order over all cameras. Where ill or refused cameras would see the spot, up to a third
of the places, at the end, is theirs, with the reason: an operator asks for the camera that is known to hang there.
"""

from collections.abc import Sequence
from datetime import datetime

from vms.access.decide import Decision, IncidentScene, Verdict
from vms.access.roles import Person
from vms.core.ids import CameraId
from vms.coverage.sightings import Sight, Sighting
from vms.health.fault import Fault
from vms.health.status import Status
from vms.health.words import blinding
from vms.inventory.camera import Camera
from vms.linkage.feed import FeedCandidate, Permission, RankedFeed
from vms.linkage.rank import rank_feeds
from vms.services.coverage.answers import Feed, FeedTerm
from vms.services.coverage.memory import CoverageMemory
from vms.services.coverage.views_of_cameras import known_views
from vms.services.fault_words import fault_in_words
from vms.services.look_at_camera import decisions_for
from vms.services.poses.surely_looks import HOW_SURE, looks_everywhere, looks_now_deg
from vms.store import cameras, faults, stills, watching
from vms.store.watching import UNWATCHED, StatusRow

PERMISSIONS = {
    Verdict.ALLOWED: Permission.ALLOWED,
    Verdict.ASK: Permission.ASK,
    Verdict.REFUSED: Permission.REFUSED,
}


def rank_for(
    memory: CoverageMemory, incident: IncidentScene, person: Person, limit: int, now: datetime
) -> tuple[Feed, ...]:
    """Best first. A spot inside a building is ranked from before its nearest wall: no camera sees through it."""
    with memory.lock:
        spot = memory.walls.outdoors(incident.position)
        sightings = memory.index.candidates(spot, limit, least_usable=limit)
    ids = [sighting.camera_id for sighting in sightings]
    with memory.database.reading() as tx:
        found = {camera.camera_id: camera for camera in cameras.approved(tx, ids)}
        shown = watching.statuses(tx, now, ids)
        pictures = {camera_id: still.at for camera_id, still in stills.of_cameras(tx, ids).items()}
        standing = faults.standing_faults(tx, ids)
        decisions = decisions_for(tx, person, ids, memory.agreements, now, incident=incident)
        known = known_views(tx, found.values())
    candidates = [
        _candidate(
            found[seen.camera_id],
            looks_now_deg(found[seen.camera_id], known),
            seen,
            shown.get(seen.camera_id, UNWATCHED),
            standing.get(seen.camera_id, ()),
            decisions[seen.camera_id],
            _age_s(pictures.get(seen.camera_id), now),
        )
        for seen in sightings
        if seen.camera_id in found and seen.camera_id in decisions
    ]
    ranked = rank_feeds(spot, candidates, limit=len(candidates), now=now)
    return tuple(
        _feed(rank, feed, found[feed.camera_id], decisions[feed.camera_id], pictures.get(feed.camera_id))
        for rank, feed in enumerate(_to_show(ranked, limit), start=1)
    )


def _to_show(ranked: Sequence[RankedFeed], limit: int) -> list[RankedFeed]:
    """Of everybody in order: the first ones, and at the end those that would see the spot but cannot be used."""
    missed = [feed for feed in ranked if feed.sees and not feed.usable][: limit // 3]
    kept = {feed.camera_id for feed in missed}
    head = [feed for feed in ranked if feed.camera_id not in kept][: limit - len(missed)]
    chosen = {feed.camera_id for feed in head} | kept
    return [feed for feed in ranked if feed.camera_id in chosen]


def _age_s(at: datetime | None, now: datetime) -> float | None:
    return None if at is None else max(0.0, (now - at).total_seconds())


def _candidate(
    camera: Camera,
    bearing_deg: float | None,
    seen: Sighting,
    watch: StatusRow,
    standing: Sequence[Fault],
    decision: Decision,
    picture_age_s: float | None,
) -> FeedCandidate:
    pose = camera.pose
    status_en, status_zh = fault_in_words(watch.because)
    blind_en, blind_zh = blinding(standing) if watch.status is not Status.UNKNOWN else ("", "")
    assert pose is not None, "only placed cameras are in the index"
    return FeedCandidate(
        camera_id=CameraId(camera.camera_id),
        name=camera.name,
        tier=camera.declared.tier,
        position=pose.position,
        bearing_deg=bearing_deg,
        sees=seen.sees,
        density_px_per_m=seen.density_px_per_m,
        distance_m=seen.distance_m,
        status=watch.status,
        status_because=status_en,
        status_because_zh=status_zh,
        blind_because=blind_en,
        blind_because_zh=blind_zh,
        picture_age_s=picture_age_s,
        permission=PERMISSIONS[decision.verdict],
        permission_because=decision.because_en,
        permission_because_zh=decision.because_zh,
        could_see=seen.sight is Sight.COULD_SEE,
        blocked=seen.sight is Sight.BLOCKED,
        turnable=camera.ptz,
        pose_confidence=None if looks_everywhere(camera) else HOW_SURE[seen.confidence],
    )


def _feed(rank: int, ranked: RankedFeed, camera: Camera, decision: Decision, still_at: datetime | None) -> Feed:
    candidate = ranked.candidate
    return Feed(
        rank=rank,
        camera_id=ranked.camera_id,
        name=candidate.name,
        tier=candidate.tier,
        status=candidate.status,
        position=candidate.position,
        bearing_deg=candidate.bearing_deg,
        distance_m=candidate.distance_m,
        density_px_per_m=candidate.density_px_per_m,
        sees=ranked.sees,
        usable=ranked.usable,
        decision=decision,
        sentence_en=ranked.sentence_en,
        sentence_zh=ranked.sentence_zh,
        terms=tuple(
            FeedTerm(name=term.name, value=term.value, weight=term.weight, contribution=term.contribution)
            for term in ranked.terms
        ),
        still_at=still_at,
        has_stream=bool(camera.streams),
    )
