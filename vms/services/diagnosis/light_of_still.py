"""By which light a kept still was taken, by the rule by which it was judged."""

from vms.core.geo import Wgs84
from vms.health.picture.baseline import Light, light_by
from vms.health.picture.daylight import light_by_sun, light_taken_by
from vms.store.stills import Still


def light_of_still(still: Still, position: Wgs84 | None) -> Light | None:
    """None: neither the sun tells, nor the figures that are kept with it."""
    figures = still.statistics
    if not {"chroma", "middle", "bright"} <= figures.keys():
        return light_by_sun(position, still.at)
    own = light_by(chroma=figures["chroma"], middle=figures["middle"], bright=figures["bright"])
    return light_taken_by(position, still.at, own)
