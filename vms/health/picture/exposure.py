"""Light and contrast: too dark, too bright, low contrast, and no signal at all."""

from collections.abc import Iterator

from vms.health.fault import FaultKind
from vms.health.picture.baseline import LightBaseline
from vms.health.picture.finding import Finding, grade
from vms.health.picture.statistics import PictureStatistics

ONE_COLOUR, EVEN_LEVELS, WHITE = 0.965, 2.0, 248.0
"""The dimmest night still spans some levels; a burnt-out picture is white, which no device sends for want of signal."""
BARS_STEP, BARS_STD, BARS_CHROMA = 0.35, 35.0, 25.0
"""Colour bars: colourful columns, and nothing that changes from row to row."""
DARK_BRIGHT, DARK_BRIGHTEST = 44.0, 56.0
DARK_SHARE = 0.35
BURNT_SHARE, BRIGHT_MIDDLE, BRIGHT_DARK = 0.85, 224.0, 88.0
"""Bright photographs on white keep dark tones; an overexposed picture loses them."""
LIFTED_MIDDLE, LIFTED_SHADOWS, AT_THE_TOP = (95.0, 140.0), (70.0, 110.0), (244.0, 252.0)
"""More than fog lifts; limit and what is beyond doubt."""
FEW_LEVELS, FEW_STD = 34.0, 11.0
CONTRAST_SHARE = 0.38


def judge_signal(seen: PictureStatistics) -> Iterator[Finding]:
    if seen.one_colour_share >= ONE_COLOUR and seen.contrast <= EVEN_LEVELS and seen.middle < WHITE:
        because = (
            f"{seen.one_colour_share:.1%} of the picture is one even colour, limit {ONE_COLOUR:.1%}; "
            f"luma spans {seen.contrast:.0f} levels, limit {EVEN_LEVELS:.0f}"
        )
        score = grade(seen.one_colour_share, ONE_COLOUR, 0.99)
        yield Finding(kind=FaultKind.SIGNAL_LOST, score=score, because=because)
    elif seen.along_columns < BARS_STEP and seen.std_luma > BARS_STD and seen.chroma > BARS_CHROMA:
        because = f"colour bars: luma changes by {seen.along_columns:.2f} from row to row, limit {BARS_STEP:g}"
        yield Finding(kind=FaultKind.SIGNAL_LOST, score=grade(seen.along_columns, BARS_STEP, 0.1), because=because)


def judge_light(seen: PictureStatistics, normal: LightBaseline | None) -> Iterator[Finding]:
    dark = min(grade(seen.bright, DARK_BRIGHT, 20), grade(seen.brightest, DARK_BRIGHTEST, 28))
    limit = DARK_BRIGHT
    if normal is not None:
        limit = DARK_SHARE * normal.of("bright").centre
        by_normal = grade(seen.bright, limit, limit / 2) if limit > 12 else 0.0
        dark = max(by_normal, min(dark, grade(seen.bright, 0.6 * normal.of("bright").centre, limit)))
    if dark > 0:
        because = f"95 % of the picture is darker than luma {seen.bright:.0f}, limit {limit:.0f}"
        yield Finding(kind=FaultKind.TOO_DARK, score=dark, because=because)
    burnt = grade(seen.burnt_share, BURNT_SHARE, 0.97)
    washed = min(grade(seen.middle, BRIGHT_MIDDLE, 250), grade(seen.dark, BRIGHT_DARK, 190))
    bright = max(burnt, washed)
    if normal is not None:
        more = seen.burnt_share - normal.of("burnt_share").centre
        lifted = seen.middle - normal.of("middle").centre
        limit = max(35.0, 3 * normal.of("middle").deviation)
        bright = min(max(bright, grade(more, 0.3, 0.6)), grade(lifted, limit, limit + 25))
        shadows = seen.dark - (normal.of("bright").centre - normal.of("contrast").centre)
        burnt_out = grade(seen.brightest, *AT_THE_TOP)
        bright = max(bright, min(grade(lifted, *LIFTED_MIDDLE), grade(shadows, *LIFTED_SHADOWS), burnt_out))
    if bright > 0:
        because = (
            f"half of the picture is brighter than luma {seen.middle:.0f}, limit {BRIGHT_MIDDLE:.0f}; "
            f"{seen.burnt_share:.0%} is burnt out"
        )
        yield Finding(kind=FaultKind.TOO_BRIGHT, score=bright, because=because)


def judge_contrast(seen: PictureStatistics, normal: LightBaseline | None) -> Iterator[Finding]:
    score, limit = min(grade(seen.contrast, FEW_LEVELS, 15), grade(seen.std_luma, FEW_STD, 4)), FEW_LEVELS
    if normal is not None:
        usual = normal.of("contrast").centre
        limit = CONTRAST_SHARE * usual
        score = grade(seen.contrast, limit, limit / 2.5) if limit > 4 else 0.0
    if score > 0:
        because = f"luma spans {seen.contrast:.0f} levels, limit {limit:.0f}"
        yield Finding(kind=FaultKind.LOW_CONTRAST, score=score, because=because)
