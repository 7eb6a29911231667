"""Sums of the gap map, read off the tally: metres and key places, asked for and covered, by region and class."""

from dataclasses import dataclass

import numpy as np

from vms.coverage.gaps import CAUSES, GapCause
from vms.coverage.ground import GROUNDS, KEY_GROUND, LINES, Ground
from vms.coverage.tally import Tally
from vms.coverage.tally_rows import DAY, NIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """By day."""

    road_m: float
    covered_road_m: float
    places: int
    """Key places and squares."""
    covered_places: int
    by_cause_m: dict[GapCause, float]
    """Metres of road that each cause costs."""
    by_cause_places: dict[GapCause, int]
    """Key places that each cause costs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureKey:
    """What one rate is about."""

    region: str
    ground: Ground
    px_per_m: float
    by_night: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """How much of it, at one moment. Lengths in whole millimetres: sums are exact."""

    length_mm: int
    covered_mm: int
    places: int
    covered_places: int


def totals_of(tally: Tally) -> Totals:
    roads = [i for i, figure in enumerate(tally.figures) if GROUNDS[figure.ground] in LINES]
    keys = [i for i, figure in enumerate(tally.figures) if GROUNDS[figure.ground] in KEY_GROUND]
    metres = tally.counts.length_mm[roads, DAY].sum(axis=0) / 1000.0
    places = tally.counts.places[keys, DAY].sum(axis=0)
    return Totals(
        road_m=float(metres.sum()),
        covered_road_m=float(metres[0]),
        places=int(places.sum()),
        covered_places=int(places[0]),
        by_cause_m={cause: float(metres[i]) for i, cause in enumerate(CAUSES) if cause is not None and metres[i]},
        by_cause_places={cause: int(places[i]) for i, cause in enumerate(CAUSES) if cause is not None and places[i]},
    )


def covered_now(tally: Tally) -> dict[FigureKey, Covered]:
    """Each figure that asks for anything."""
    found: dict[FigureKey, Covered] = {}
    for number, figure in enumerate(tally.figures):
        for light in (DAY, NIGHT):
            lengths, places = tally.counts.length_mm[number, light], tally.counts.places[number, light]
            if not lengths.any() and not places.any():
                continue
            key = FigureKey(
                region=tally.demand.regions[figure.region],
                ground=GROUNDS[figure.ground],
                px_per_m=figure.px_per_m,
                by_night=light == NIGHT,
            )
            found[key] = Covered(
                length_mm=int(np.sum(lengths)),
                covered_mm=int(lengths[0]),
                places=int(np.sum(places)),
                covered_places=int(places[0]),
            )
    return found
