"""Which region each of many points lies in: of all regions whose box holds it, the one with the smallest box."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vms.places.regions import Region

NOWHERE = 0


def region_of(lonlat: NDArray[np.float64], regions: Sequence[Region]) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """(codes, per point its number in them); the first code is empty: no box holds the point."""
    boxed = [(region, region.box) for region in regions if region.box is not None]
    boxed.sort(key=lambda one: (-(one[1][2] - one[1][0]) * (one[1][3] - one[1][1]), one[0].code))
    found = np.full(len(lonlat), NOWHERE, np.int64)
    order = np.argsort(lonlat[:, 0], kind="stable")
    lon, lat = lonlat[order, 0], lonlat[order, 1]
    for number, (_, (west, south, east, north)) in enumerate(boxed, start=1):
        begin, end = np.searchsorted(lon, west, side="left"), np.searchsorted(lon, east, side="right")
        inside = (lat[begin:end] >= south) & (lat[begin:end] <= north)
        found[order[begin:end][inside]] = number
    return ("", *(region.code for region, _ in boxed)), found
