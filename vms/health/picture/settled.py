"""How sure a camera's normal is: provisional until a person has seen it or it held for days; what speaks against it.

A camera that is ill from its first picture on teaches its illness. What no ordinary picture shows is told from the
first one and never learnt; what only a normal can tell (colour that is missing or wrong, mild blur, something before
the lens) is a doubt about the normal itself, for a person to look at.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from vms.health.fault import FaultKind
from vms.health.picture.baseline import Light, LightBaseline
from vms.health.picture.cells import one_bare_tone
from vms.health.picture.learning import LEAST_PICTURES

SETTLED_DAYS, SETTLED_PARTS = 7, 2
"""Different days, and different quarters of a day, of which it has learnt a picture: no morning's fog, no lorry."""
PART_HOURS = 6
COLOURLESS, ONE_COLOUR, ONE_COLOUR_SHARE = 1.5, 14.0, 0.8
"""Mean distance from grey; how far the average colour is from grey, and how much of all colour that is."""
SOFT_EDGES_PX = 1.0
BARE_SHARE, LEAST_CONTRAST, DIM_BY_DAY = 0.45, 60.0, 50.0


class Sureness(StrEnum):
    UNKNOWN = "unknown"
    """Too few pictures: it does not count yet."""
    PROVISIONAL = "provisional"
    SETTLED = "settled"
    """It held for days; no person has said so."""
    CONFIRMED = "confirmed"
    """A person chose or accepted the reference picture of this light."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """What the normal shows that an ill camera would show too. No fault: some views are like that."""

    kind: FaultKind
    because: str


def part_of_day(hour: int) -> int:
    """A bit for each quarter of the day."""
    return 1 << hour // PART_HOURS


def sureness_of(*, pictures: int, days: int, parts: int, is_confirmed: bool) -> Sureness:
    """`parts`: a bit for each quarter of a day (`part_of_day`) of which a picture was learnt."""
    if is_confirmed:
        return Sureness.CONFIRMED
    if pictures < LEAST_PICTURES:
        return Sureness.UNKNOWN
    held = days >= SETTLED_DAYS and parts.bit_count() >= SETTLED_PARTS
    return Sureness.SETTLED if held else Sureness.PROVISIONAL


def doubts_about(normal: LightBaseline, light: Light) -> tuple[Doubt, ...]:
    """In the order in which a person would see them."""
    return tuple(_doubts(normal, light))


def _doubts(normal: LightBaseline, light: Light) -> Iterator[Doubt]:
    bare = one_bare_tone(normal.cell_luma, normal.cell_detail)
    if bare >= BARE_SHARE:
        because = f"{bare:.0%} of its normal picture is bare and of one tone, limit {BARE_SHARE:.0%}"
        yield Doubt(kind=FaultKind.OCCLUSION, because=because)
    edge_px = normal.of("edge_px").centre
    if edge_px >= SOFT_EDGES_PX:
        because = f"the sharper edges of its normal picture are {edge_px:.1f} px wide, limit {SOFT_EDGES_PX:.1f}"
        yield Doubt(kind=FaultKind.BLUR, because=because)
    contrast = normal.of("contrast").centre
    if contrast < LEAST_CONTRAST:
        because = f"luma of its normal picture spans {contrast:.0f} levels, limit {LEAST_CONTRAST:.0f}"
        yield Doubt(kind=FaultKind.LOW_CONTRAST, because=because)
    if light is Light.DAY:
        yield from _by_day(normal)


def _by_day(normal: LightBaseline) -> Iterator[Doubt]:
    """At night there is neither colour nor much light."""
    chroma, middle = normal.of("chroma").centre, normal.of("middle").centre
    away = math.hypot(normal.of("tint_a").centre, normal.of("tint_b").centre)
    if chroma < COLOURLESS:
        because = f"its normal picture by day has colour {chroma:.1f}, limit {COLOURLESS:.1f}"
        yield Doubt(kind=FaultKind.MONO, because=because)
    elif away >= ONE_COLOUR and away >= ONE_COLOUR_SHARE * chroma:
        because = f"the average colour of its normal picture is {away:.0f} from grey, limit {ONE_COLOUR:.0f}"
        yield Doubt(kind=FaultKind.COLOR_CAST, because=because)
    if middle < DIM_BY_DAY:
        because = f"half of its normal picture by day is darker than luma {middle:.0f}, limit {DIM_BY_DAY:.0f}"
        yield Doubt(kind=FaultKind.TOO_DARK, because=because)
