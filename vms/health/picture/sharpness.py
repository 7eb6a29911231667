"""Blur, noise and snow."""

from collections.abc import Iterator

from vms.health.fault import FaultKind
from vms.health.picture.baseline import LightBaseline
from vms.health.picture.finding import Finding, grade
from vms.health.picture.statistics import PictureStatistics

SOFT_PX, VERY_SOFT_PX = 1.3, 2.1
"""Width (sigma) of a picture's sharper edges at ≤ 640 px; photographs of shallow depth have something sharper too."""
SOFTER_PX = 0.75
DETAIL_SHARE = 0.0135
"""Gradient over contrast: below, a picture of some contrast has no edge at all."""
MIN_CONTRAST = 45.0
NOISE_LEVELS, FINE_GRAIN = 5.2, 1.05
NOISE_MORE = 4.0
SPECKLES, SPECKLES_MORE = 0.055, 0.035
FLAKES_PER_UNREST, ONLY_FLAKES = 0.33, 0.9
"""Pixels far off for each that is a little off. Grain of single pixels is noise unless hardly any is a little off."""


def judge_blur(seen: PictureStatistics, normal: LightBaseline | None) -> Iterator[Finding]:
    if seen.edge_px < 0:
        yield from _no_edges(seen, normal)
        return
    limit, doubtless = SOFT_PX, VERY_SOFT_PX
    if normal is not None and normal.of("edge_px").centre >= 0:
        usual = normal.of("edge_px")
        limit = usual.centre + max(SOFTER_PX, 4 * usual.deviation)
        doubtless = limit + 0.7
    score = grade(seen.edge_px, limit, doubtless)
    if score > 0:
        because = f"the sharper edges are {seen.edge_px:.1f} px wide, limit {limit:.1f}"
        yield Finding(kind=FaultKind.BLUR, score=score, because=because)


def _no_edges(seen: PictureStatistics, normal: LightBaseline | None) -> Iterator[Finding]:
    if normal is not None and normal.of("detail").centre * 0.4 < seen.detail:
        return
    share = seen.detail / max(seen.contrast, 1.0)
    limit = DETAIL_SHARE if normal is None else 4 * DETAIL_SHARE
    if (seen.contrast < MIN_CONTRAST and normal is None) or share > limit:
        return
    score = grade(share, limit, limit / 2)
    because = f"no edges although luma spans {seen.contrast:.0f} levels: gradient {seen.detail:.1f} a pixel"
    yield Finding(kind=FaultKind.BLUR, score=score, because=because)


def judge_grain(seen: PictureStatistics, normal: LightBaseline | None) -> Iterator[Finding]:
    """Snow is few pixels far off; noise is all pixels a little off."""
    snow = _snow(seen, normal)
    if snow:
        yield snow
    limit = NOISE_LEVELS
    score = min(grade(seen.noise, limit, 10), grade(seen.noise_fineness, FINE_GRAIN, 1.3))
    if normal is not None:
        usual = normal.of("noise")
        limit = usual.centre + max(NOISE_MORE, 5 * usual.deviation)
        score = min(grade(seen.noise, limit, limit + 5), grade(seen.noise_fineness, 0.9, 1.1))
    if score > 0:
        because = f"quiet parts scatter by {seen.noise:.1f} levels, limit {limit:.1f}"
        yield Finding(kind=FaultKind.NOISE, score=score, because=because)


def _snow(seen: PictureStatistics, normal: LightBaseline | None) -> Finding | None:
    limit = SPECKLES
    flakes = seen.speckle_share / max(seen.unrest_share, 0.01)
    if normal is not None:
        usual = normal.of("speckle_share")
        limit = usual.centre + max(SPECKLES_MORE, 5 * usual.deviation)
    score = min(
        grade(seen.speckle_share, limit, limit + 0.06),
        grade(seen.noise, 5.0, 8.0),
        max(
            min(grade(flakes, FLAKES_PER_UNREST, 0.5), grade(seen.noise_fineness, 1.35, 1.2)),
            grade(flakes, ONLY_FLAKES, 2 * ONLY_FLAKES),
        ),
    )
    if score <= 0:
        return None
    because = f"{seen.speckle_share:.1%} of the pixels are far off their neighbours, limit {limit:.1%}"
    return Finding(kind=FaultKind.SNOW, score=score, because=because)
