"""A shop's camera beside the city's: on a network of its own, in nobody's archive, to be registered by its owner."""

from dataclasses import replace

from vms.inventory.tier import Tier
from vms.sim.plan import CityPlan, plan_city

SEED_OFFSET = 1000
CAMERAS_TO_CHOOSE_FROM = 12


def with_shop(plan: CityPlan, address: str) -> CityPlan:
    """The plan and one more device at `address`: a plain fixed unit camera that hangs outdoors."""
    first = plan.devices[0]
    others = plan_city(
        CAMERAS_TO_CHOOSE_FROM,
        seed=plan.seed + SEED_OFFSET,
        town=plan.town,
        onvif_port=first.onvif_port,
        rtsp_port=first.rtsp_port,
        personalities=False,
    )
    fixed = [
        device
        for device in others.of_tier(Tier.UNIT)
        if not device.is_recorder and not device.ptz and not device.channels[0].indoor
    ]
    shop = replace((fixed or list(others.devices))[0], index=len(plan.devices), address=address, switch="shop")
    return replace(plan, devices=(*plan.devices, shop))
