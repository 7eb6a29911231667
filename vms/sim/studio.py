"""Where pictures are made: the streams that somebody watches now, and stills on request."""

import asyncio
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np

from vms.inventory.camera import StreamRole
from vms.sim.backdrop import Planes
from vms.sim.device import LiveDevice
from vms.sim.footage import Footage, picture_of
from vms.sim.picture import Picture
from vms.sim.plan import SIZES

PICTURES_KEPT = 32
IDLE_KEPT = 32
JPEG_QUALITY = 80


class Studio:
    """One per city. Painting and JPEG happen in one thread of their own."""

    def __init__(self) -> None:
        self._painter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="painter")
        self._footage: dict[tuple[int, int, StreamRole], Footage] = {}
        self._stills: OrderedDict[tuple[int, int, StreamRole], Picture] = OrderedDict()

    @property
    def viewers(self) -> int:
        return sum(footage.viewers for footage in self._footage.values())

    def footage(self, device: LiveDevice, channel: int, role: StreamRole) -> Footage:
        key = (device.plan.index, channel, role)
        if key not in self._footage:
            if len(self._footage) - self.viewers > IDLE_KEPT:
                self._footage = {k: f for k, f in self._footage.items() if f.viewers}
            self._footage[key] = Footage(device, channel, role, self._painter)
        return self._footage[key]

    def force_key_frames(self, device: LiveDevice, channel: int) -> None:
        for role in StreamRole:
            footage = self._footage.get((device.plan.index, channel, role))
            if footage is not None:
                footage.force_key_frame()

    async def still(self, device: LiveDevice, channel: int, role: StreamRole) -> bytes:
        """A JPEG of this instant with the sensor's noise, so that only a frozen camera gives the same twice."""
        return await asyncio.get_running_loop().run_in_executor(self._painter, self._still, device, channel, role)

    def close(self) -> None:
        for footage in self._footage.values():
            footage.stop()
        self._painter.shutdown(wait=True, cancel_futures=True)

    def _still(self, device: LiveDevice, channel: int, role: StreamRole) -> bytes:
        key, (width_px, height_px) = (device.plan.index, channel, role), SIZES[role]
        picture = self._stills.pop(key, None) or picture_of(device, channel, (width_px, height_px))
        self._stills[key] = picture
        if len(self._stills) > PICTURES_KEPT:
            self._stills.popitem(last=False)
        picture.prepare(device.faults_of(channel))
        whole = np.empty(width_px * height_px * 3 // 2, np.uint8)
        luma, chroma = width_px * height_px, width_px * height_px // 4
        planes = Planes(
            whole[:luma].reshape(height_px, width_px),
            whole[luma : luma + chroma].reshape(height_px // 2, width_px // 2),
            whole[luma + chroma :].reshape(height_px // 2, width_px // 2),
        )
        shown, true_s = device.picture_time(channel)
        picture.paint(planes, device_time=shown, true_time_s=true_s, pan=device.panned(channel))
        noise = np.random.default_rng(int(true_s * 1000)).integers(-3, 4, (height_px, width_px), dtype=np.int8)
        planes.y[:] = np.clip(planes.y.astype(np.int16) + noise, 0, 255)
        image = cv2.cvtColor(whole.reshape(height_px * 3 // 2, width_px), cv2.COLOR_YUV2BGR_I420)
        made, jpeg = cv2.imencode(".jpg", image, (cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY))
        if not made:
            raise RuntimeError("OpenCV made no JPEG")
        return bytes(jpeg)
