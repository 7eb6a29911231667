"""Stripes across the whole picture, and blocks."""

from collections.abc import Iterator

from vms.health.fault import FaultKind
from vms.health.picture.baseline import LightBaseline
from vms.health.picture.finding import Finding, grade
from vms.health.picture.statistics import PictureStatistics

STRIPE_LEVELS, STRIPE_MORE = 8.0, 6.0
COHERENCE, PEAK = 0.5, 0.45
REPEATS, REPEATS_MORE, STEP = 0.6, 0.25, 2.2


def judge_stripes(seen: PictureStatistics, normal: LightBaseline | None) -> Iterator[Finding]:
    ways = (
        ("horizontal", seen.stripe_rows, seen.row_coherence, seen.row_peak, "stripe_rows"),
        ("vertical", seen.stripe_columns, seen.column_coherence, seen.column_peak, "stripe_columns"),
    )
    best: Finding | None = None
    for way, amplitude, coherence, peak, name in ways:
        limit = STRIPE_LEVELS if normal is None else normal.of(name).centre + STRIPE_MORE
        slack = 1.0 if normal is None else 0.8
        score = min(
            grade(amplitude, limit, limit + 8),
            grade(coherence, COHERENCE * slack, 0.8),
            grade(peak, PEAK * slack, 0.75),
        )
        if score > 0 and (best is None or score > best.score):
            because = (
                f"{way} stripes of {amplitude:.0f} levels, limit {limit:.0f}, {coherence:.0%} equal from side to side"
            )
            best = Finding(kind=FaultKind.STRIPE, score=score, because=because)
    if best:
        yield best


def judge_mosaic(seen: PictureStatistics, normal: LightBaseline | None) -> Iterator[Finding]:
    limit = REPEATS
    if normal is not None:
        limit = min(0.8, max(REPEATS, normal.of("mosaic").centre + REPEATS_MORE))
    score = min(grade(seen.mosaic, limit, 0.85), grade(seen.mosaic_step, STEP, 4.0))
    if score > 0:
        because = (
            f"edges repeat every {seen.mosaic_px} px across and down: {seen.mosaic:.2f} alike, limit {limit:.2f}; "
            f"{seen.mosaic_step:.1f} times stronger on that grid"
        )
        yield Finding(kind=FaultKind.MOSAIC, score=score, because=because)
