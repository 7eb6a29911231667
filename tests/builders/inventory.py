"""Devices and cameras for tests, with only what the test is about."""

from typing import Any

from vms.core.geo import Wgs84
from vms.inventory.camera import Declared, Pose
from vms.inventory.device import ObservedChannel, ObservedDevice, ObservedStream
from vms.inventory.tier import Tier


def a_device(address: str = "10.0.0.1", port: int = 80, **told: Any) -> ObservedDevice:
    return ObservedDevice(address=address, port=port, **{"manufacturer": "Hik", "model": "DS-2CD"} | told)


def a_channel(token: str = "vs0", name: str = "", *, host: str = "10.0.0.1", **told: Any) -> ObservedChannel:
    streams = (
        ObservedStream(profile="p0", encoding="H264", width=1920, height=1080, uri=f"rtsp://{host}:554/{token}/main"),
        ObservedStream(profile="p1", encoding="H264", width=640, height=360, uri=f"rtsp://{host}:554/{token}/sub"),
    )
    given = {"streams": streams, "snapshot_uri": f"http://{host}/{token}.jpg"} | told
    return ObservedChannel(token=token, name=name, **given)


def declared(name: str = "人民路12号门口", **entered: Any) -> Declared:
    return Declared(name=name, **{"tier": Tier.GOVERNMENT} | entered)


def a_pose(lon: float = 113.62, lat: float = 34.75, **told: Any) -> Pose:
    return Pose(position=Wgs84(lon, lat), **told)
