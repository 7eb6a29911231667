"""Statistics of a still → findings: every kind that one picture can show, and which of them explain others away."""

import math
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from vms.health.fault import FaultKind
from vms.health.picture.baseline import Baseline, Light, LightBaseline, match
from vms.health.picture.colour import judge_colour
from vms.health.picture.exposure import bent_down, judge_contrast, judge_light, judge_signal
from vms.health.picture.finding import USUAL_SCORE, Finding, Thresholds, grade
from vms.health.picture.only_light import not_by_light
from vms.health.picture.pattern import judge_mosaic, judge_stripes
from vms.health.picture.scene import is_in_same_light, judge_scene
from vms.health.picture.sharpness import judge_blur, judge_grain
from vms.health.picture.statistics import PictureStatistics

FEW_STROKES, NO_STROKES = 0.02, 0.005
BEYOND_DOUBT, SURE_COVER = 0.95, 0.75
"""A view that is surely another one may be a brighter one."""
SURELY_GREY = 0.75
"""Colour that is gone makes some pictures a little brighter; too much light leaves some colour."""
NO_GLARE = 225.0
"""Too much light is white where it is brightest."""
UNDER_STRIPES = 0.2
"""Stripes lie over a view that is still the normal one; what is nothing like it has stripes of its own."""
STRONG_CAST = 0.9
"""Neither darkness nor fog colours like that; a colour that is missing darkens."""
_LOOKS = frozenset({FaultKind.SCENE_CHANGE, FaultKind.OCCLUSION})
_COLOUR = frozenset({FaultKind.COLOR_CAST, FaultKind.MONO})
_DETAIL = frozenset({FaultKind.LOW_CONTRAST, FaultKind.BLUR, FaultKind.NOISE})
EXPLAINS: Mapping[FaultKind, frozenset[FaultKind]] = MappingProxyType(
    {
        FaultKind.SIGNAL_LOST: frozenset(FaultKind) - {FaultKind.SIGNAL_LOST},
        FaultKind.TOO_DARK: _LOOKS | _COLOUR | _DETAIL | {FaultKind.MOSAIC},
        FaultKind.TOO_BRIGHT: _LOOKS | _COLOUR | _DETAIL | {FaultKind.MOSAIC},
        FaultKind.SNOW: _LOOKS | _COLOUR | _DETAIL | {FaultKind.MOSAIC, FaultKind.TOO_BRIGHT},
        FaultKind.NOISE: frozenset({FaultKind.MOSAIC, FaultKind.BLUR}),
        FaultKind.MOSAIC: _LOOKS | _DETAIL | {FaultKind.MONO},
        FaultKind.SCENE_CHANGE: frozenset({FaultKind.OCCLUSION, FaultKind.BLUR, FaultKind.LOW_CONTRAST}) | _COLOUR,
        FaultKind.MONO: frozenset({FaultKind.COLOR_CAST}),
        FaultKind.OCCLUSION: frozenset({FaultKind.LOW_CONTRAST, FaultKind.BLUR}) | _COLOUR,
        FaultKind.LOW_CONTRAST: _COLOUR | _LOOKS | {FaultKind.BLUR},
        FaultKind.STRIPE: frozenset({FaultKind.MOSAIC, FaultKind.BLUR}) | _LOOKS,
    }
)
"""What one finding says about others: a black picture is not blurred as well."""
PLAIN_BESIDE = (
    (FaultKind.BLUR, FaultKind.LOW_CONTRAST, BEYOND_DOUBT, math.inf),
    (FaultKind.OCCLUSION, FaultKind.TOO_DARK, SURE_COVER, BEYOND_DOUBT),
    (FaultKind.SCENE_CHANGE, FaultKind.STRIPE, BEYOND_DOUBT, BEYOND_DOUBT),
)
"""Kind, what explains it no more, the score from which on it does not, and the other's score from which on it does."""


def diagnose(
    statistics: PictureStatistics,
    baseline: Baseline | None = None,
    thresholds: Thresholds | None = None,
    light: Light | None = None,
) -> tuple[Finding, ...]:
    """The worst first. Without a baseline only what no ordinary photograph shows. `light`: what the sun says."""
    baseline = baseline or Baseline()
    thresholds = thresholds or Thresholds()
    compared = light if light in baseline.lights else baseline.light_of(statistics)
    found = _findings(statistics, baseline, compared, light)
    noticed = without_explained(f for f in found if f.score >= thresholds.noticed_from(f.kind))
    return tuple(finding for finding in noticed if finding.score >= thresholds.of(finding.kind))


def without_explained(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    reported = {finding.kind: finding for finding in findings}
    explained: set[FaultKind] = set()
    if _outdoes(reported, FaultKind.COLOR_CAST, STRONG_CAST, FaultKind.TOO_DARK):
        explained |= {FaultKind.LOW_CONTRAST, FaultKind.TOO_DARK}
    for kind, others in EXPLAINS.items():
        if kind in reported and kind not in explained:
            explained |= others
    for kind, surely in ((FaultKind.SCENE_CHANGE, BEYOND_DOUBT), (FaultKind.MONO, SURELY_GREY)):
        if FaultKind.TOO_BRIGHT in reported and _outdoes(reported, kind, surely, FaultKind.TOO_BRIGHT):
            explained = (explained - {kind}) | {FaultKind.TOO_BRIGHT}
    explained -= _plain_beside(reported)
    kept = [finding for finding in reported.values() if finding.kind not in explained]
    return tuple(sorted(kept, key=lambda finding: -finding.score))


def _outdoes(reported: Mapping[FaultKind, Finding], kind: FaultKind, surely: float, weaker: FaultKind) -> bool:
    """It is so sure that it explains the other one, which is not beyond doubt, and nothing else explains it."""
    if kind not in reported or reported[kind].score < surely:
        return False
    others = {other for other in reported if kind in EXPLAINS.get(other, frozenset())}
    return others <= {weaker, FaultKind.LOW_CONTRAST} and (
        weaker not in reported or reported[weaker].score < BEYOND_DOUBT
    )


def _plain_beside(reported: Mapping[FaultKind, Finding]) -> set[FaultKind]:
    """Kinds too clear for the only finding that would explain them: blur that took the contrast with it, something so
    large before the lens that little light is left, another view that looks striped."""
    plain = set()
    for kind, explaining, at_least, below in PLAIN_BESIDE:
        others = {other for other in reported if kind in EXPLAINS.get(other, frozenset())}
        if kind in reported and others == {explaining} and reported[kind].score >= at_least:
            plain |= {kind} if reported[explaining].score < below else set()
    return plain


def _shows_something_else(seen: PictureStatistics, normal: LightBaseline, scene: Iterable[Finding]) -> bool:
    """No light makes it darker or brighter: another thing stands there, and other places are the bright ones."""
    found = {finding.kind for finding in scene if finding.score >= USUAL_SCORE}
    if FaultKind.OCCLUSION in found and (is_in_same_light(seen, normal) or _is_brighter_without_glare(seen, normal)):
        return True
    return bool(found) and not_by_light(seen, normal).is_something_else


def _is_brighter_without_glare(seen: PictureStatistics, normal: LightBaseline) -> bool:
    return seen.middle > normal.of("middle").centre and seen.highest < NO_GLARE


def _findings(
    seen: PictureStatistics, baseline: Baseline, compared: Light | None, light: Light | None
) -> Iterator[Finding]:
    normal = baseline.lights[compared] if compared is not None else None
    yield from judge_signal(seen, normal)
    scene = () if normal is None or bent_down(seen, normal) >= USUAL_SCORE else tuple(judge_scene(seen, normal))
    yield from scene
    if normal is None or not _shows_something_else(seen, normal, scene):
        yield from judge_light(seen, normal)
    yield from judge_contrast(seen, normal)
    yield from judge_blur(seen, normal)
    yield from judge_grain(seen, normal)
    yield from judge_colour(seen, normal, compared, by_night=light is None)
    if normal is None or not scene or match(normal.look, seen.look) >= UNDER_STRIPES:
        yield from judge_stripes(seen, normal)
    yield from judge_mosaic(seen, normal)
    if seen.text_share is not None:
        score = grade(seen.text_share, FEW_STROKES, NO_STROKES)
        because = f"{seen.text_share:.1%} of the caption's region are strokes of writing, limit {FEW_STROKES:.1%}"
        yield Finding(kind=FaultKind.OSD_MISSING, score=score, because=because)
