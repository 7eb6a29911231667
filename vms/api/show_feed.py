"""A ranked feed as the console gets it: with the address of its live picture where it may be played."""

from vms.api.models.incidents import FeedAccess, FeedNow, LiveAddress, TermNow
from vms.health.status import Status
from vms.services.coverage.answers import Feed


def show_feed(feed: Feed, incident_id: int) -> FeedNow:
    playable = feed.decision.allowed and feed.has_stream and feed.status is not Status.DOWN
    url = f"/api/v1/live/{feed.camera_id}?incident={incident_id}&role=sub"
    return FeedNow(
        rank=feed.rank,
        camera_id=feed.camera_id,
        name=feed.name,
        tier=feed.tier,
        status=feed.status,
        lon=feed.position.lon,
        lat=feed.position.lat,
        bearing_deg=feed.bearing_deg,
        distance_m=feed.distance_m,
        density_px_per_m=feed.density_px_per_m,
        sees=feed.sees,
        usable=feed.usable,
        access=FeedAccess(
            decision=feed.decision.verdict,
            because_en=feed.decision.because_en,
            because_zh=feed.decision.because_zh,
        ),
        sentence_en=feed.sentence_en,
        sentence_zh=feed.sentence_zh,
        terms=[
            TermNow(name=term.name, value=term.value, weight=term.weight, contribution=term.contribution)
            for term in feed.terms
        ],
        still_at=feed.still_at,
        live=LiveAddress(url=url) if playable else None,
    )
