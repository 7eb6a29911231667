"""Light and contrast: too dark, too bright, low contrast, and no signal at all."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from vms.health.fault import FaultKind
from vms.health.picture.baseline import LightBaseline
from vms.health.picture.cells import cells_of
from vms.health.picture.finding import Finding, grade
from vms.health.picture.only_light import not_by_light
from vms.health.picture.statistics import PictureStatistics

ONE_COLOUR, EVEN_LEVELS, WHITE = 0.965, 2.0, 248.0
"""The dimmest night still spans some levels; a burnt-out picture is white, which no device sends for want of signal."""
FAINT, SOME_LIGHT = 20.0, 24.0
"""A black picture in which something still shines is no blank one, but too dark."""
BLANK_SHARE, MOST_WRITING, LETTERS = 0.7, 0.28, 90.0
"""A word on a screen: most cells are exactly of one tone, the others lie in the middle and hold bold strokes."""
LETTERED_SHARE = 0.55
"""A line of letters on one flat tone, and nothing else: they may be large."""
BARS_STEP, BARS_STD, BARS_CHROMA = 0.35, 35.0, 25.0
"""Colour bars: colourful columns, and nothing that changes from row to row."""
DARK_BRIGHT, DARK_BRIGHTEST = 44.0, 56.0
NOTHING_LIT, LIFTED_SHADOWS_AT = (68.0, 50.0), 20.0
"""Without a normal: not one pixel in a thousand is brighter, and no veil lifts the shadows. By night there are lamps or
the camera's own light."""
DARK_SHARE = 0.35
DARK_MIDDLE, DARK_MIDDLE_SHARE, DARKER_CELL, DARKER_CELLS = 22.0, 0.18, 0.6, 0.82
"""Half of the picture is nearly black where it never was, and nearly all of it darker than it was: lamps and sky may
still be bright."""
DARK_MEAN_SHARE, NIGHT_MEAN_SHARE = 0.33, 0.22
"""Of the usual mean: less than dusk leaves."""
LIFTED_DARK = 10.0
"""Levels by which the darkest places may be brighter than usual: no want of light makes them so."""
CRUSHED_MIDDLE, CRUSHED_MEAN = (0.34, 0.15), (0.46, 0.33)
"""The middle tones sink that far below the usual while sky and lamps stay; of the middle tone, and of the mean."""
BENT_MIDDLE, BENT_MEAN, BENT_CELLS, ONLY_BENT = (0.2, 0.08), (0.7, 0.55), 0.6, 0.2
"""The same of a view that is sky for a third: of the middle tone, the mean, the cells; and of `NotByLight.share`."""
LIT_MEAN, SAME_ORDER = 40.0, 0.5
"""Only of a place that was lit, and where what is brighter than the rest still is."""
BURNT_SHARE, BRIGHT_MIDDLE, BRIGHT_DARK = 0.85, 212.0, 92.0
"""Bright photographs on white keep dark tones; an overexposed picture loses them."""
PARTLY_BURNT, HALF_BURNT = (0.15, 0.3), (204.0, 235.0)
"""Without a normal: so much of it burnt out, and half of it so bright. No sky and no lamp makes both."""
NO_SHADOW, NO_SHADOW_MIDDLE, UP_TO = (100.0, 118.0), (150.0, 180.0), (240.0, 250.0)
"""Nor is there fog that leaves white as it was and has no shadow at all."""
LIGHT_MIDDLE, LIGHT_DARKS, UP_TO_WHITE = (190.0, 225.0), (90.0, 130.0), (246.0, 254.0)
"""Nor has an ordinary picture that reaches white hardly anything dark; a pale wall does not reach it."""
LEAST_LIFT = 44.0
"""More than a fifth more light lifts a bright place."""
LIFTED_MIDDLE, LIFTED_SHADOWS, AT_THE_TOP = (95.0, 140.0), (70.0, 110.0), (244.0, 252.0)
LIFTED_MORE, GAINED, NO_FOG = (60.0, 90.0), (1.65, 2.1), (195.0, 215.0)
LIFTED_ENDS, NO_FOG_LIGHTS = (80.0, 112.0), (212.0, 230.0)
FAR_GAINED, SOME_FOG = (2.4, 3.0), (172.0, 190.0)
MORE_BURNT, LIFTED_DARKS = (0.4, 0.7), (42.0, 75.0)
"""More than fog lifts, or as no sun makes it; limit and what is beyond doubt."""
FEW_LEVELS, FEW_STD = 34.0, 11.0
FLAT_LEVELS, FLAT_SHARE, LIT = 36.0, 0.36, 60.0
"""Without a normal also: so few levels, so small a share of the brightest tones, of a picture that is lit. Dusk keeps
the share, a veil before the lens does not."""
SQUEEZED, SQUEEZED_SHARE = (76.0, 50.0), (0.78, 0.5)
"""The same for all but one pixel in a thousand at either end: a flat wall still has its darkest joint."""
CONTRAST_SHARE = 0.38
FLATTER = (0.65, 0.5)
"""Of the contrast that the light would leave: dusk takes contrast and brightness alike."""


def judge_signal(seen: PictureStatistics, normal: LightBaseline | None = None) -> Iterator[Finding]:
    faint = seen.middle < FAINT and (
        seen.highest - seen.lowest > SOME_LIGHT
        or (normal is not None and _in_step(cells_of(normal.cell_luma), cells_of(seen.cell_luma)) >= SAME_ORDER)
    )
    if seen.one_colour_share >= ONE_COLOUR and seen.contrast <= EVEN_LEVELS and seen.middle < WHITE and not faint:
        because = (
            f"{seen.one_colour_share:.1%} of the picture is one even colour, limit {ONE_COLOUR:.1%}; "
            f"luma spans {seen.contrast:.0f} levels, limit {EVEN_LEVELS:.0f}"
        )
        score = grade(seen.one_colour_share, ONE_COLOUR, 0.99)
        yield Finding(kind=FaultKind.SIGNAL_LOST, score=score, because=because)
    elif (flat := seen.flat_beside_letters) >= LETTERED_SHARE and seen.middle < WHITE:
        because = f"{flat:.0%} of the picture is one even tone, limit {LETTERED_SHARE:.0%}; the rest is a word"
        yield Finding(kind=FaultKind.SIGNAL_LOST, score=1.0, because=because)
    elif (blank := _blank_beside_a_word(seen)) > 0:
        because = f"{blank:.0%} of the picture is one even tone, limit {BLANK_SHARE:.0%}; the rest is a word"
        yield Finding(kind=FaultKind.SIGNAL_LOST, score=grade(blank, BLANK_SHARE, 0.85), because=because)
    elif seen.along_columns < BARS_STEP and seen.std_luma > BARS_STD and seen.chroma > BARS_CHROMA:
        because = f"colour bars: luma changes by {seen.along_columns:.2f} from row to row, limit {BARS_STEP:g}"
        yield Finding(kind=FaultKind.SIGNAL_LOST, score=grade(seen.along_columns, BARS_STEP, 0.1), because=because)


def _blank_beside_a_word(seen: PictureStatistics) -> float:
    """Share of cells that are exactly of one tone, where the others can be a word; else 0."""
    bare = cells_of(seen.cell_detail) <= 1
    if np.count_nonzero(bare[1:-1]) < BLANK_SHARE * bare[1:-1].size:
        return 0.0
    luma = cells_of(seen.cell_luma)
    even = (np.abs(luma - np.median(luma)) <= 1) & bare
    inner = ~even[1:-1]
    share = float(np.count_nonzero(even[1:-1])) / inner.size
    if share < BLANK_SHARE or seen.brightest - seen.darkest < LETTERS or inner[:, 0].any() or inner[:, -1].any():
        return 0.0
    rows, columns = np.flatnonzero(inner.any(axis=1)), np.flatnonzero(inner.any(axis=0))
    if not rows.size or np.ptp(rows) + 1 > MOST_WRITING * inner.size / (np.ptp(columns) + 1):
        return 0.0
    return share


def judge_light(seen: PictureStatistics, normal: LightBaseline | None) -> Iterator[Finding]:
    dark = min(grade(seen.bright, DARK_BRIGHT, 20), grade(seen.brightest, DARK_BRIGHTEST, 28))
    limit = DARK_BRIGHT
    if normal is None:
        dark = max(dark, grade(seen.highest, *NOTHING_LIT)) if seen.dark <= LIFTED_SHADOWS_AT else dark
    else:
        limit = DARK_SHARE * normal.of("bright").centre
        by_normal = grade(seen.bright, limit, limit / 2) if limit > 12 else 0.0
        dark = max(by_normal, min(dark, grade(seen.bright, 0.6 * normal.of("bright").centre, limit)))
        half_limit = min(DARK_MIDDLE_SHARE * normal.of("middle").centre, DARK_MIDDLE)
        half = grade(seen.middle, half_limit, half_limit / 4) if half_limit > 6 else 0.0
        before, now = cells_of(normal.cell_luma), cells_of(seen.cell_luma)
        share = float(now.mean() / max(before.mean(), 1.0))
        told = before.mean() > LIT_MEAN and _in_step(before, now) >= SAME_ORDER
        mean = grade(share, DARK_MEAN_SHARE, NIGHT_MEAN_SHARE) if told else 0.0
        crushed = grade(seen.middle / max(normal.of("middle").centre, 1.0), *CRUSHED_MIDDLE)
        crushed = min(crushed, grade(share, *CRUSHED_MEAN))
        if told and crushed > mean and not_by_light(seen, normal).is_light:
            mean = crushed
        if seen.dark > normal.of("bright").centre - normal.of("contrast").centre + LIFTED_DARK:
            half = mean = dark = 0.0
        curved = bent_down(seen, normal)
        if curved > max(half, mean, dark):
            because = f"half of the picture is darker than luma {seen.middle:.0f}, limit {half_limit:.0f}"
            yield Finding(kind=FaultKind.TOO_DARK, score=curved, because=because)
            half = mean = dark = 0.0
        if max(half, mean) > dark and _darker_cells(seen, normal) >= DARKER_CELLS:
            because = f"half of the picture is darker than luma {seen.middle:.0f}, limit {half_limit:.0f}"
            if mean > half:
                because = f"{share:.0%} of the usual light is left, limit {DARK_MEAN_SHARE:.0%}"
            yield Finding(kind=FaultKind.TOO_DARK, score=max(half, mean), because=because)
            dark = 0.0
    if dark > 0:
        because = f"95 % of the picture is darker than luma {seen.bright:.0f}, limit {limit:.0f}"
        yield Finding(kind=FaultKind.TOO_DARK, score=dark, because=because)
    bright, limit = max(_ways_of_glare(seen) if normal is None else _ways_of_more_glare(seen, normal))
    if bright > 0:
        because = (
            f"half of the picture is brighter than luma {seen.middle:.0f}, limit {limit:.0f}; "
            f"{seen.burnt_share:.0%} is burnt out"
        )
        yield Finding(kind=FaultKind.TOO_BRIGHT, score=bright, because=because)


def bent_down(seen: PictureStatistics, normal: LightBaseline) -> float:
    """Score: the middle tones are gone although a bright sky is still bright, and light alone explains the picture."""
    usual = normal.of("middle").centre
    score = grade(seen.middle / max(usual, 1.0), *BENT_MIDDLE)
    if score <= 0 or usual < LIT_MEAN or seen.dark > LIFTED_DARK or _darker_cells(seen, normal) < BENT_CELLS:
        return 0.0
    before, now = cells_of(normal.cell_luma), cells_of(seen.cell_luma)
    score = min(score, grade(float(now.mean() / max(before.mean(), 1.0)), *BENT_MEAN))
    told = _in_step(before, now) >= SAME_ORDER and not_by_light(seen, normal).share <= ONLY_BENT
    return score if told else 0.0


def _glare(seen: PictureStatistics) -> float:
    """Burnt out, or washed out, whatever is usual."""
    washed = min(grade(seen.middle, BRIGHT_MIDDLE, 245), grade(seen.dark, BRIGHT_DARK, 190))
    return max(grade(seen.burnt_share, BURNT_SHARE, 0.97), washed)


def _ways_of_glare(seen: PictureStatistics) -> Iterator[tuple[float, float]]:
    """Scores without a normal, each with its limit of the middle tone."""
    yield _glare(seen), BRIGHT_MIDDLE
    yield min(grade(seen.burnt_share, *PARTLY_BURNT), grade(seen.middle, *HALF_BURNT)), HALF_BURNT[0]
    light = min(grade(seen.middle, *NO_SHADOW_MIDDLE), grade(seen.highest, *UP_TO))
    yield min(grade(seen.lowest, *NO_SHADOW), light), NO_SHADOW_MIDDLE[0]
    white = min(grade(seen.dark, *LIGHT_DARKS), grade(seen.brightest, *UP_TO_WHITE))
    yield min(grade(seen.middle, *LIGHT_MIDDLE), white), LIGHT_MIDDLE[0]


def _ways_of_more_glare(seen: PictureStatistics, normal: LightBaseline) -> Iterator[tuple[float, float]]:
    """The same against a normal."""
    usual = normal.of("middle")
    lifted, more = seen.middle - usual.centre, seen.burnt_share - normal.of("burnt_share").centre
    lift = max(LEAST_LIFT, 3 * usual.deviation)
    yield min(max(_glare(seen), grade(more, 0.3, 0.6)), grade(lifted, lift, lift + 25)), usual.centre + lift
    shadows = seen.dark - (normal.of("bright").centre - normal.of("contrast").centre)
    burnt_out = grade(seen.brightest, *AT_THE_TOP)
    raised = min(grade(lifted, *LIFTED_MIDDLE), grade(shadows, *LIFTED_SHADOWS), burnt_out)
    yield raised, usual.centre + LIFTED_MIDDLE[0]
    both_ends = min(grade(lifted, *LIFTED_MORE), grade(shadows, *LIFTED_ENDS), grade(seen.bright, *NO_FOG_LIGHTS))
    yield both_ends, usual.centre + LIFTED_MORE[0]
    times = seen.middle / max(usual.centre, 1.0)
    far = min(grade(times, *FAR_GAINED), grade(seen.middle, *SOME_FOG))
    gained = max(min(grade(times, *GAINED), max(burnt_out, grade(seen.middle, *NO_FOG))), far)
    yield min(grade(lifted, *LIFTED_MORE), gained), usual.centre + LIFTED_MORE[0]
    yield min(grade(more, *MORE_BURNT), grade(shadows, *LIFTED_DARKS)), BRIGHT_MIDDLE


def _in_step(before: NDArray[np.float64], now: NDArray[np.float64]) -> float:
    """-1 … 1: correlation."""
    one, two = before - before.mean(), now - now.mean()
    return float((one * two).sum() / max(float(np.sqrt((one * one).sum() * (two * two).sum())), 1e-6))


def _darker_cells(seen: PictureStatistics, normal: LightBaseline) -> float:
    """Share of the cells that are clearly darker than usual."""
    return float(np.mean(cells_of(seen.cell_luma) < DARKER_CELL * cells_of(normal.cell_luma)))


def judge_contrast(seen: PictureStatistics, normal: LightBaseline | None) -> Iterator[Finding]:
    score, limit = min(grade(seen.contrast, FEW_LEVELS, 15), grade(seen.std_luma, FEW_STD, 4)), FEW_LEVELS
    if normal is None and seen.bright >= LIT:
        flat = min(grade(seen.contrast, FLAT_LEVELS, 30), grade(seen.contrast / seen.bright, FLAT_SHARE, 0.2))
        score, limit = (flat, FLAT_LEVELS) if flat > score else (score, limit)
        span = seen.highest - seen.lowest
        squeezed = min(grade(span, *SQUEEZED), grade(span / max(seen.highest, 1.0), *SQUEEZED_SHARE))
        score, limit = (squeezed, SQUEEZED[0]) if squeezed > score else (score, limit)
    if normal is not None:
        usual = normal.of("contrast").centre
        limit = CONTRAST_SHARE * usual
        flatter = (
            seen.contrast / max(usual, 1.0) / max(min(1.0, seen.bright / max(normal.of("bright").centre, 1.0)), 0.05)
        )
        score = min(grade(seen.contrast, limit, limit / 2.5), grade(flatter, *FLATTER)) if limit > 4 else 0.0
    if score > 0:
        because = f"luma spans {seen.contrast:.0f} levels, limit {limit:.0f}"
        yield Finding(kind=FaultKind.LOW_CONTRAST, score=score, because=because)
