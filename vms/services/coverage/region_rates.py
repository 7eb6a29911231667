"""Rates by region: each region with all below it, in the order of the tree, and what lies in none of those below."""

from collections.abc import Mapping
from dataclasses import dataclass

from vms.coverage.rate_history import CoveredTime
from vms.coverage.totals import FigureKey
from vms.places.land import Land
from vms.places.regions import RegionTree

Figures = Mapping[FigureKey, CoveredTime]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionFigures:
    code: str
    name: str
    depth: int
    rest: bool
    """What lies in the region and in none of those below it; else the region with all below it."""
    figures: Figures


def by_region(found: Figures, tree: RegionTree, within: str = "") -> list[RegionFigures]:
    """Of `within` and those below it, else of all; parents before children; ground in no region last."""
    land = Land.of(tree.regions.values())
    own: dict[str, dict[FigureKey, CoveredTime]] = {}
    for key, time in found.items():
        code = key.region if key.region in tree else land.holder("", key.region) or key.region
        own.setdefault(code, {})[key] = time
    rows: list[RegionFigures] = []
    tops = [within] if within in tree else [top.code for top in tree.children(None)]
    for code in tops:
        rows.extend(_of_region(code, tree, own, 0))
    for code in sorted(set(own) - set(tree.regions), key=lambda one: (not one, one)):
        rows.append(RegionFigures(code=code, name="", depth=0, rest=False, figures=own[code]))
    return rows


def _of_region(
    code: str, tree: RegionTree, own: Mapping[str, dict[FigureKey, CoveredTime]], depth: int
) -> list[RegionFigures]:
    """Nothing where nothing is asked for."""
    below = [row for child in tree.children(code) for row in _of_region(child.code, tree, own, depth + 1)]
    alone = own.get(code, {})
    together = dict(alone)
    for row in below:
        if row.depth == depth + 1 and not row.rest:
            together.update(row.figures)
    if not together:
        return []
    name = tree.regions[code].name
    if below and alone:
        below.append(RegionFigures(code=code, name=name, depth=depth + 1, rest=True, figures=alone))
    return [RegionFigures(code=code, name=name, depth=depth, rest=False, figures=together), *below]
