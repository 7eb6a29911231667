"""Items of a GeoJSON file in WGS-84, their outlines tried: a batch at a time, because items by themselves are slow."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

import numpy as np
import shapely
from numpy.typing import NDArray

from vms.core.coordinates import lonlat_in_wgs84
from vms.core.errors import BadInput
from vms.core.geo import Wgs84
from vms.maps.cell_sorter import Item
from vms.maps.features import border_of, items_of
from vms.maps.tags import plain_text
from vms.places.land_area import LandArea
from vms.places.town import Building, Road

BATCH = 2_000
MOST_TOLD = 20
"""Features that are named; of more only the number."""

Floats = NDArray[np.float64]
_Found = tuple[str, str, Item]
"""Where, layer, item."""


class CheckedItems:
    """Iterate once. The first broken feature ends it with BadInput; with `skip_bad` they are left out and told."""

    def __init__(
        self, features: Iterable[object], *, system: str = "wgs84", skip_bad: bool = False, border: str = ""
    ) -> None:
        self._features = features
        self._system = system
        self._skip_bad = skip_bad
        self._border = border
        self.border: Floats | None = None
        """The outline of the area of this name, not closed; known when all have been read."""
        self.bad = 0
        self.told: list[str] = []
        """What is wrong with the first broken ones."""

    def __iter__(self) -> Iterator[tuple[str, Item]]:
        found = self._found()
        while batch := list(islice(found, BATCH)):
            yield from self._checked(_moved(batch, self._system))

    def _found(self) -> Iterator[_Found]:
        for number, feature in enumerate(self._features):
            where = f"feature {number}"
            try:
                outline = border_of(feature, self._border, where) if self._border else None
                if outline is not None:
                    self.border = lonlat_in_wgs84(outline, self._system)
                    continue
                items = list(items_of(feature, where))
            except BadInput as bad:
                self._refuse(bad)
                continue
            for layer, item in items:
                yield where, layer, item

    def _checked(self, batch: list[_Found]) -> Iterator[tuple[str, Item]]:
        reasons = _broken_outlines(batch)
        for at, (where, layer, item) in enumerate(batch):
            if at in reasons:
                self._refuse(BadInput(reasons[at], where=where))
            else:
                yield layer, _without_empty_holes(item)

    def _refuse(self, bad: BadInput) -> None:
        if not self._skip_bad:
            raise bad
        self.bad += 1
        if len(self.told) < MOST_TOLD:
            self.told.append(bad.message)


def _moved(batch: list[_Found], system: str) -> list[_Found]:
    """From GCJ-02 or BD-09; all corners of a batch at once."""
    if system == "wgs84":
        return batch
    lines = [line for _, _, item in batch for line in _lines(item)]
    corners = lonlat_in_wgs84(np.concatenate(lines), system)
    moved = iter(np.split(corners, np.cumsum([len(line) for line in lines])[:-1]))
    return [(where, layer, _at(item, moved)) for where, layer, item in batch]


def _lines(item: Item) -> list[Floats]:
    match item:
        case Building() | LandArea():
            return [item.outline, *item.holes]
        case Road():
            return [item.line]
        case _:
            return [np.array([[item.position.lon, item.position.lat]])]


def _at(item: Item, moved: Iterator[Floats]) -> Item:
    match item:
        case Building() | LandArea():
            return replace(item, outline=next(moved), holes=tuple(next(moved) for _ in item.holes))
        case Road():
            return replace(item, line=next(moved))
        case _:
            lon, lat = next(moved)[0].tolist()
            return replace(item, position=Wgs84(lon, lat))


def _broken_outlines(batch: list[_Found]) -> dict[int, str]:
    """Why an outline encloses nothing or crosses itself, by its number in the batch."""
    rows = [at for at, (_, _, item) in enumerate(batch) if isinstance(item, Building | LandArea)]
    if not rows:
        return {}
    outlines = [batch[at][2].outline for at in rows]  # type: ignore[union-attr]
    of_ring = np.repeat(np.arange(len(rows)), [len(outline) for outline in outlines])
    polygons = shapely.polygons(shapely.linearrings(np.concatenate(outlines), indices=of_ring))
    empty, broken = shapely.area(polygons) == 0.0, ~shapely.is_valid(polygons)
    reasons = {}
    for at in np.flatnonzero(empty | broken).tolist():
        if broken[at] and (why := str(shapely.is_valid_reason(polygons[at]))).startswith("Self-intersection"):
            reasons[rows[at]] = f"the outline crosses itself at {plain_text(why.partition('[')[2].rstrip(']'))}"
        elif empty[at]:
            reasons[rows[at]] = "the outline encloses nothing"
        else:
            reasons[rows[at]] = f"the outline is broken ({plain_text(str(shapely.is_valid_reason(polygons[at])))})"
    return reasons


def _without_empty_holes(item: Item) -> Item:
    if not isinstance(item, Building | LandArea) or not item.holes:
        return item
    kept = tuple(hole for hole in item.holes if _area(hole) > 1e-13)
    return item if len(kept) == len(item.holes) else replace(item, holes=kept)


def _area(ring: Floats) -> float:
    x, y = ring[:, 0] - ring[0, 0], ring[:, 1] - ring[0, 1]
    return abs(float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))) / 2.0
