"""Which regions checkpoints of a ring lie in: whoever answers for one of them is to hear of it."""

from collections import Counter
from collections.abc import Collection, Sequence

import numpy as np
from sqlalchemy import Connection

from vms.coverage.region_of import region_of
from vms.store import cameras, regions
from vms.store.rings import RingPoint

MOST_REGIONS = 20


def regions_of_points(tx: Connection, points: Sequence[RingPoint], camera_ids: Collection[int]) -> list[str]:
    """Codes, the most frequent first: of the places themselves and of the cameras' records."""
    codes = (
        Counter(camera.declared.region_code for camera in cameras.by_ids(tx, camera_ids)) if camera_ids else Counter()
    )
    if points:
        lonlat = np.array([(point.lon, point.lat) for point in points])
        named, found = region_of(lonlat, list(regions.tree(tx).regions.values()))
        codes.update(named[number] for number in found.tolist())
    del codes[""]
    return sorted(codes, key=lambda code: (-codes[code], code))[:MOST_REGIONS]
