"""Stripes across the whole picture, and blocks."""

from collections.abc import Iterator

from vms.health.fault import FaultKind
from vms.health.picture.baseline import LightBaseline
from vms.health.picture.finding import Finding, grade
from vms.health.picture.statistics import PictureStatistics

STRIPE_LEVELS, STRIPE_MORE = 8.0, 6.0
COHERENCE, PEAK = 0.5, 0.45
BAND_LEVELS, BAND_MORE = 18.0, 14.0
BAND_COHERENCE, BAND_PEAK = 0.72, 0.78
"""Horizon, street and shadows are wide bands too, but neither as regular nor as equal from side to side."""
BLOCKS, MORE_THAN_USUAL = (0.66, 0.92), 0.15
"""Limit and what is beyond doubt of how clear a grid is: how exactly it repeats, and the two below."""
LEAST_REPEATS, LEAST_STEP, USUAL_STEP, MOST_STEP, LEAST_STRAIGHT = 0.36, 2.0, 2.6, 5.5, 0.28
CLEAR_ON_OWN_GRID = (0.78, 0.95)
OWN_GRID, TWICE_OWN_GRID = (0.68, 0.8), (0.48, 0.6)
"""Every JPEG leaves its own grid where there is little else to see: there, and at twice and three times its spacing, it
must repeat so exactly."""
ASKED_OWN_GRID = (0.8, 0.9)
"""The same where its borders were asked by themselves: only blocks that others made repeat so exactly."""
OWN_GRID_SEEN, USUALLY_A_GRID, HIDDEN_GRID = (0.13, 0.2), 0.6, 0.06
"""Share of its borders that can be seen where the picture was coded coarsely before; no news where a grid is usual.
Below the last no multiple of it is its doing."""
PER_STEP, PER_STRAIGHT, USUALLY_STRAIGHT = 0.12, 0.3, 0.4
"""What its edges add by standing out, and by being straight and thin."""
COARSE_STEP, VERY_COARSE_STEP = 75.0, 130.0
"""Levels by which the device itself rounded: those of JPEG quality 9 and 5."""


def judge_stripes(seen: PictureStatistics, normal: LightBaseline | None) -> Iterator[Finding]:
    """The clearest of horizontal and vertical stripes and wide bands."""
    best = max(_stripes(seen, normal), key=lambda finding: finding.score)
    if best.score > 0:
        yield best


def _stripes(seen: PictureStatistics, normal: LightBaseline | None) -> Iterator[Finding]:
    ways = (
        ("horizontal", seen.stripe_rows, seen.row_coherence, seen.row_peak, "stripe_rows"),
        ("vertical", seen.stripe_columns, seen.column_coherence, seen.column_peak, "stripe_columns"),
    )
    slack = 1.0 if normal is None else 0.8
    for way, amplitude, coherence, peak, name in ways:
        limit = STRIPE_LEVELS if normal is None else normal.of(name).centre + STRIPE_MORE
        score = min(
            grade(amplitude, limit, limit + 8),
            grade(coherence, COHERENCE * slack, 0.8),
            grade(peak, PEAK * slack, 0.75),
        )
        yield _striped(f"{way} stripes", amplitude, limit, coherence, score)
    limit = BAND_LEVELS if normal is None else normal.of("band_rows").centre + BAND_MORE
    score = min(
        grade(seen.band_rows, limit, limit + 15),
        grade(seen.band_coherence, BAND_COHERENCE * slack, 0.95),
        grade(seen.band_peak, BAND_PEAK, 0.95),
    )
    yield _striped("wide horizontal bands", seen.band_rows, limit, seen.band_coherence, score)


def _striped(what: str, amplitude: float, limit: float, coherence: float, score: float) -> Finding:
    because = f"{what} of {amplitude:.0f} levels, limit {limit:.0f}, {coherence:.0%} equal from side to side"
    return Finding(kind=FaultKind.STRIPE, score=score, because=because)


def judge_mosaic(seen: PictureStatistics, normal: LightBaseline | None) -> Iterator[Finding]:
    """The clearest of blocks that are seen, of the file's own, and of coding so coarse that there must be some."""
    ways = (_blocks(seen, normal), _own_grid_seen(seen, normal), _coarsely_coded(seen))
    best = max(ways, key=lambda finding: finding.score)
    if best.score > 0:
        yield best


def _blocks(seen: PictureStatistics, normal: LightBaseline | None) -> Finding:
    usual = normal.of("mosaic").centre if normal is not None else 0.0
    clear, limit = _grid(seen), BLOCKS[0]
    score = min(grade(clear, *BLOCKS), _beyond_own_grid(seen)) if seen.mosaic >= usual + MORE_THAN_USUAL else 0.0
    because = (
        f"edges repeat every {seen.mosaic_px} px across and down, {clear:.2f} clear, limit {limit:.2f}; "
        f"{seen.mosaic_step:.1f} times stronger on that grid; {seen.mosaic_straight:.2f} alike where they are straight"
    )
    return Finding(kind=FaultKind.MOSAIC, score=score, because=because)


def _grid(seen: PictureStatistics) -> float:
    """How clear a grid is; 0 where one of its signs is missing."""
    step, straight = seen.mosaic_step, seen.mosaic_straight
    if seen.mosaic < LEAST_REPEATS or step < LEAST_STEP or straight < LEAST_STRAIGHT:
        return 0.0
    stands_out = PER_STEP * (min(step, MOST_STEP) - USUAL_STEP)
    return seen.mosaic + stands_out + PER_STRAIGHT * (straight - USUALLY_STRAIGHT)


def _own_grid_seen(seen: PictureStatistics, normal: LightBaseline | None) -> Finding:
    is_usual = normal is not None and normal.of("mosaic").centre >= USUALLY_A_GRID
    share = 0.0 if is_usual else seen.own_grid_share or 0.0
    because = f"{share:.0%} of the borders of its own blocks can be seen, limit {OWN_GRID_SEEN[0]:.0%}"
    return Finding(kind=FaultKind.MOSAIC, score=grade(share, *OWN_GRID_SEEN), because=because)


def _beyond_own_grid(seen: PictureStatistics) -> float:
    asked = seen.own_grid_share is not None
    hidden = seen.own_grid_share is not None and seen.own_grid_share < HIDDEN_GRID
    twice = () if hidden else ((2, TWICE_OWN_GRID), (3, TWICE_OWN_GRID))
    for times, limits in ((1, ASKED_OWN_GRID if asked else OWN_GRID), *twice):
        if seen.coding_grid_px and abs(seen.mosaic_px - times * seen.coding_grid_px) < 1:
            return min(grade(seen.mosaic, *limits), grade(_grid(seen), *CLEAR_ON_OWN_GRID))
    return 1.0


def _coarsely_coded(seen: PictureStatistics) -> Finding:
    score = grade(seen.coding_step, COARSE_STEP, VERY_COARSE_STEP)
    because = f"coded so coarsely that brightness steps by {seen.coding_step:.0f} levels, limit {COARSE_STEP:.0f}"
    return Finding(kind=FaultKind.MOSAIC, score=score, because=because)
