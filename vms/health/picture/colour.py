"""Colour: a cast over everything, and colour that is gone."""

import math
from collections.abc import Iterator

from vms.health.fault import FaultKind
from vms.health.picture.baseline import Light, LightBaseline, own_light
from vms.health.picture.finding import Finding, grade
from vms.health.picture.statistics import PictureStatistics

CAST_EVERYWHERE, CAST_LIKE_LEAVES, CAST_ONE_WAY = 34.0, 80.0, 0.965
BLUISH_B = -8.0
"""Without a normal: even the least coloured tenth is this far from grey, and all of it towards one hue. Leaves, flowers
and evening light are all green, yellow or red; nothing ordinary is all violet or blue."""
CAST_AWAY, PALER, RICHER = 8.0, 0.6, 1.15
MANY_COLOURS, PALER_AS_ALL = 4.0, 0.85
NEVER_COLOURLESS = 3.0
"""Mean absolute deviations: where some pictures have no colour, it is often less."""
COLOURFUL_FROM, COLOURLESS_BELOW, COLOURLESS_SHARE = 5.0, 1.2, 0.12


def judge_colour(
    seen: PictureStatistics, normal: LightBaseline | None, light: Light | None, *, by_night: bool
) -> Iterator[Finding]:
    """`by_night`: colour that a dim view has had without fail may be missed; nobody says that the lamp went on."""
    if normal is None:
        limit = CAST_EVERYWHERE if seen.tint_b < BLUISH_B else CAST_LIKE_LEAVES
        score = min(grade(seen.grey_tint, limit, 1.6 * limit), grade(seen.same_hue, CAST_ONE_WAY, 0.99))
        if score > 0:
            because = f"even the greyest tenth is {seen.grey_tint:.0f} from grey, limit {limit:.0f}"
            yield Finding(kind=FaultKind.COLOR_CAST, score=score, because=because)
        return
    usual = normal.of("chroma").centre
    steady = usual > NEVER_COLOURLESS * normal.of("chroma").deviation
    if usual >= COLOURFUL_FROM and (light is Light.DAY or (by_night and steady)) and seen.chroma < usual / 4:
        limit = min(max(COLOURLESS_BELOW, COLOURLESS_SHARE * usual), usual / 4)
        because = f"colour {seen.chroma:.1f} where {usual:.0f} is normal, limit {limit:.1f}"
        yield Finding(kind=FaultKind.MONO, score=grade(seen.chroma, limit, limit / 3), because=because)
    if own_light(seen) is Light.NIGHT and seen.chroma < usual:
        return
    a, b = normal.of("tint_a"), normal.of("tint_b")
    away = _beside(seen.tint_a, seen.tint_b, a.centre, b.centre, least=_palest(seen, normal))
    limit = max(CAST_AWAY, 2.2 * math.hypot(a.deviation, b.deviation))
    score = grade(away, limit, limit + 12)
    if score > 0:
        because = f"its average colour is {away:.0f} from the normal one, limit {limit:.0f}"
        yield Finding(kind=FaultKind.COLOR_CAST, score=score, because=because)


def _palest(seen: PictureStatistics, normal: LightBaseline) -> float:
    """How pale the usual colour may be without being another one: as much as the colours have drawn together; where
    there is only one, as fog and dusk would have it."""
    usual = _many_colours(normal.of("chroma").centre, normal.of("tint_a").centre, normal.of("tint_b").centre)
    if usual >= MANY_COLOURS:
        return PALER_AS_ALL * min(1.0, _many_colours(seen.chroma, seen.tint_a, seen.tint_b) / usual)
    return PALER * min(1.0, seen.contrast / max(normal.of("contrast").centre, 1.0))


def _many_colours(chroma: float, a: float, b: float) -> float:
    """How far colours lie from their average: a cast leaves it, paleness does not."""
    return math.sqrt(max(0.0, chroma**2 - a**2 - b**2))


def _beside(a: float, b: float, usual_a: float, usual_b: float, least: float) -> float:
    """Distance from the way between a paler and a richer usual colour: fog and dusk pale it as they take contrast."""
    power = usual_a**2 + usual_b**2
    along = (a * usual_a + b * usual_b) / power if power > 0 else 0.0
    along = min(max(along, least), RICHER)
    return math.hypot(a - along * usual_a, b - along * usual_b)
