"""Blur, noise and snow."""

import math
from collections.abc import Iterator

import numpy as np

from vms.health.fault import FaultKind
from vms.health.picture.baseline import LightBaseline, match
from vms.health.picture.cells import below_which, cells_of
from vms.health.picture.finding import Finding, grade
from vms.health.picture.statistics import PictureStatistics

SOFT_PX, VERY_SOFT_PX = 1.3, 2.1
"""Width (sigma) of a picture's sharper edges at ≤ 640 px; photographs of shallow depth have something sharper too."""
SOFTER_PX = 0.5
DETAIL_SHARE, NO_DETAIL_SHARE = 0.022, 0.011
"""Gradient over contrast: below, a picture of some contrast has no edge at all."""
BLURRED_DETAIL_SHARE = 0.054
"""The same where the camera has edges as a rule."""
MIN_CONTRAST = 45.0
NOISE_LEVELS, FINE_GRAIN = 5.2, 1.05
NOISE_MORE = 3.5
SCATTER_EVERYWHERE, GRAINY, SAME_VIEW = (6.5, 10.0), (0.12, 0.2), 0.7
NO_GRAIN = 0.5
"""What is as equal from side to side is stripes."""
LIT_CELL, STEEPER, LEVELS_PER_STEP = 25.0, 1.1, 0.41
"""Luma from which on a cell shows noise that grows with the light; how much steeper its edges may be than their
contrast tells; and noise in levels for each quarter of a level of gradient."""
SPECKLES, SPECKLES_MORE = 0.03, 0.035
BURNT_PER_FLAKE, LIT_TEXTURE = 4.0, 0.06
"""Flakes burn out about as much as they cover; where far more is burnt out, light made the texture coarser."""
FLAKES_PER_UNREST, FINE_FLAKES = 0.33, 0.9
"""Pixels far off for each that is a little off. Grain of single pixels is noise unless few are moved at all."""
GRAIN_SHARE, GRAIN_PER_LEVEL, CLEARLY_LESS = 0.22, 0.013, 0.06
"""Noise moves more pixels the stronger it is; snow of the same strength leaves most where they were."""
NOTHING_BEHIND, NOTHING_AT_ALL = 6.0, 3.0
"""Spread of the cells' luma: nothing but grain."""
STRONG_GRAIN, SINGLE_PIXELS = 12.0, 1.25

MOST_LEAN = 6.0
LEANS_MORE, ONE_WAY_DETAIL = (0.6, 1.2), (0.93, 0.8)
"""What moves while the shutter is open smears one way: so much more of the gradient's energy lies the other way than
usual (logarithm), and some detail is gone."""
LESS_DETAIL, FAR_LESS_DETAIL = 0.68, 0.5
TELLING_STEPS, MIN_TELLING_CELLS = 8, 8
"""Cells with less detail (quarters of a level) than the first cannot lose any."""


def judge_blur(seen: PictureStatistics, normal: LightBaseline | None) -> Iterator[Finding]:
    score, because = _no_edges(seen, normal) if seen.edge_px < 0 else _soft_edges(seen, normal)
    left = _detail_left(seen, normal) if normal is not None else 1.0
    less = grade(left, LESS_DETAIL, FAR_LESS_DETAIL)
    if less > score:
        score = less
        because = f"{left:.0%} of the usual detail is left where its contrast is, limit {LESS_DETAIL:.0%}"
    in_all = left if normal is None else min(left, _detail_in_all(seen, normal))
    smeared = 0.0 if normal is None else _smeared(seen, normal, in_all)
    if smeared > score:
        score, left = smeared, in_all
        times = math.exp(min(abs(seen.lean), MOST_LEAN))
        because = f"its edges lie one way {times:.1f} times stronger; {left:.0%} of the usual detail is left"
    if score > 0:
        yield Finding(kind=FaultKind.BLUR, score=score, because=because)


def _smeared(seen: PictureStatistics, normal: LightBaseline, left: float) -> float:
    usual = normal.known_of("lean")
    if usual is None:
        return 0.0
    slack = 4 * usual.deviation
    limit, doubtless = (value + slack for value in LEANS_MORE)
    return min(grade(abs(seen.lean - usual.centre), limit, doubtless), grade(left, *ONE_WAY_DETAIL))


def _soft_edges(seen: PictureStatistics, normal: LightBaseline | None) -> tuple[float, str]:
    limit, doubtless = SOFT_PX, VERY_SOFT_PX
    if normal is not None and normal.of("edge_px").centre >= 0:
        usual = normal.of("edge_px")
        limit = usual.centre + max(SOFTER_PX, 4 * usual.deviation)
        doubtless = limit + 0.7
    score = grade(seen.edge_px, limit, doubtless)
    return score, f"the sharper edges are {seen.edge_px:.1f} px wide, limit {limit:.1f}"


def _detail_left(seen: PictureStatistics, normal: LightBaseline) -> float:
    """Of three quarters of the cells at most so much is left for their contrast: also what smears one way only."""
    before = np.frombuffer(normal.cell_detail, dtype=np.uint8).astype(np.float64)
    now = np.frombuffer(seen.cell_detail, dtype=np.uint8)
    telling = before >= TELLING_STEPS
    usual = normal.of("contrast").centre
    if np.count_nonzero(telling) < MIN_TELLING_CELLS or usual < 1 or seen.contrast < 1:
        return 1.0
    return below_which(now[telling] / before[telling], 0.75) / min(1.0, seen.contrast / usual)


def _detail_in_all(seen: PictureStatistics, normal: LightBaseline) -> float:
    """The same of the whole picture: edges along the smear keep what they had."""
    contrast = min(1.0, seen.contrast / max(normal.of("contrast").centre, 1.0))
    return seen.detail / max(normal.of("detail").centre * contrast, 0.1)


def _no_edges(seen: PictureStatistics, normal: LightBaseline | None) -> tuple[float, str]:
    if normal is not None and normal.of("detail").centre * 0.4 < seen.detail:
        return 0.0, ""
    share = seen.detail / max(seen.contrast, 1.0)
    limit, doubtless = DETAIL_SHARE, NO_DETAIL_SHARE
    if normal is not None:
        usual = normal.of("detail").centre / max(normal.of("contrast").centre, 1.0)
        limit = min(BLURRED_DETAIL_SHARE, LESS_DETAIL * usual)
        doubtless = limit / 2
    if (seen.contrast < MIN_CONTRAST and normal is None) or share > limit:
        return 0.0, ""
    because = f"no edges although luma spans {seen.contrast:.0f} levels: gradient {seen.detail:.1f} a pixel"
    return grade(share, limit, doubtless), because


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
    because = f"quiet parts scatter by {seen.noise:.1f} levels, limit {limit:.1f}"
    everywhere = 0.0 if normal is None else _scatter_of_lit_cells(seen, normal)
    more = min(grade(everywhere, *SCATTER_EVERYWHERE), grade(seen.grain_share, *GRAINY))
    striped = max(seen.row_coherence, seen.column_coherence) >= NO_GRAIN
    if normal is not None and more > score and not striped and match(normal.look, seen.look) >= SAME_VIEW:
        score, because = more, f"lit parts scatter by {everywhere:.1f} levels more, limit {SCATTER_EVERYWHERE[0]:.1f}"
    if score > 0:
        yield Finding(kind=FaultKind.NOISE, score=score, because=because)


def _scatter_of_lit_cells(seen: PictureStatistics, normal: LightBaseline) -> float:
    """Levels of noise that three quarters of them have at least, by what their gradients have gained: noise that grows
    with the light is hardly there in the quiet parts, which are dark."""
    before, now = cells_of(normal.cell_detail), cells_of(seen.cell_detail)
    lit = cells_of(normal.cell_luma) >= LIT_CELL
    if np.count_nonzero(lit) < MIN_TELLING_CELLS:
        return 0.0
    usual = before[lit] * (STEEPER * max(1.0, seen.contrast / max(normal.of("contrast").centre, 1.0)))
    gained = below_which(now[lit] ** 2 - usual**2, 0.25)
    return math.sqrt(max(0.0, gained)) * LEVELS_PER_STEP


def _snow(seen: PictureStatistics, normal: LightBaseline | None) -> Finding | None:
    limit = SPECKLES
    flakes = seen.speckle_share / max(seen.unrest_share, 0.01)
    if normal is not None:
        usual = normal.of("speckle_share")
        limit = usual.centre + max(SPECKLES_MORE, 5 * usual.deviation)
        more = seen.speckle_share - usual.centre
        if more > 0 and seen.burnt_share - normal.of("burnt_share").centre >= BURNT_PER_FLAKE * more:
            limit += LIT_TEXTURE
    moved = GRAIN_SHARE + GRAIN_PER_LEVEL * seen.noise
    score = min(
        grade(seen.speckle_share, limit, limit + 0.06),
        grade(seen.noise, 5.0, 8.0),
        max(
            min(grade(seen.grain_share, moved, moved - CLEARLY_LESS), grade(seen.noise_fineness, FINE_FLAKES, 1.2)),
            min(grade(flakes, FLAKES_PER_UNREST, 0.5), grade(seen.noise_fineness, 1.35, 1.2)),
        ),
    )
    because = f"{seen.speckle_share:.1%} of the pixels are far off their neighbours, limit {limit:.1%}"
    grain = grade(seen.noise, STRONG_GRAIN, 1.5 * STRONG_GRAIN)
    spread = float(np.frombuffer(seen.cell_luma, dtype=np.uint8).std()) if grain > 0 else 0.0
    alone = min(
        grain,
        grade(spread, NOTHING_BEHIND, NOTHING_AT_ALL),
        grade(seen.noise_fineness, SINGLE_PIXELS, 1.5),
    )
    if alone > score:
        score = alone
        because = f"nothing but grain of {seen.noise:.0f} levels: its cells differ by {spread:.1f} levels"
    return Finding(kind=FaultKind.SNOW, score=score, because=because) if score > 0 else None
