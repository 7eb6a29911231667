"""The still part of a camera's picture as YUV 4:2:0 planes, with what has happened to the lens."""

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np

from vms.sim.faults import Fault
from vms.sim.scene import Image, paint_scene

LENS_FAULTS = frozenset({Fault.BLACK, Fault.BRIGHT, Fault.BLURRED, Fault.OCCLUDED, Fault.TURNED_ASIDE})
TURNED_SEED = 1_000_003


@dataclass(frozen=True, slots=True)
class Planes:
    """Luma (height, width) and chroma (height / 2, width / 2)."""

    y: Image
    u: Image
    v: Image

    def copy_into(self, other: "Planes") -> None:
        np.copyto(other.y, self.y)
        np.copyto(other.u, self.u)
        np.copyto(other.v, self.v)


def paint_backdrop(seed: int, width_px: int, height_px: int, *, indoor: bool, faults: Iterable[Fault] = ()) -> Planes:
    """The scene under those of the faults that concern the lens. 3 to 60 ms."""
    held = set(faults)
    image = paint_scene(seed, width_px, height_px, indoor=indoor)
    if Fault.TURNED_ASIDE in held:
        image = _wall_from_near(paint_scene(seed + TURNED_SEED, width_px, height_px, indoor=indoor))
    if Fault.BLURRED in held:
        radius = width_px / 64
        image = np.asarray(cv2.GaussianBlur(image, (0, 0), radius), np.uint8)
    if Fault.OCCLUDED in held:
        _cover(image, seed)
    if Fault.BRIGHT in held:
        image = np.clip(image.astype(np.float32) * 0.08 + 242, 0, 255).astype(np.uint8)
    if Fault.BLACK in held:
        image = np.clip(image.astype(np.float32) * 0.03, 0, 255).astype(np.uint8)
    return to_planes(image)


def to_planes(image: Image) -> Planes:
    height_px, width_px = image.shape[:2]
    whole = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2YUV_I420), np.uint8).reshape(-1)
    luma, chroma = height_px * width_px, height_px * width_px // 4
    return Planes(
        whole[:luma].reshape(height_px, width_px),
        whole[luma : luma + chroma].reshape(height_px // 2, width_px // 2),
        whole[luma + chroma :].reshape(height_px // 2, width_px // 2),
    )


def _wall_from_near(image: Image) -> Image:
    """What a camera sees that was pushed towards the house: the scene's edge, enlarged and tilted."""
    height_px, width_px = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width_px * 0.15, height_px * 0.5), 14.0, 2.4)
    turned = cv2.warpAffine(image, turn, (width_px, height_px), borderMode=cv2.BORDER_REFLECT)
    return np.asarray(turned, np.uint8)


def _cover(image: Image, seed: int) -> None:
    """Something dull hangs before three quarters of the lens."""
    height_px, width_px = image.shape[:2]
    shape = image.copy()
    rng = np.random.default_rng(seed + 1)
    corners = [(0.0, 0.0), (0.86, 0.0), (0.78 + rng.uniform(-0.05, 0.05), 0.55), (0.84, 1.0), (0.0, 1.0)]
    points = np.array([(x * width_px, y * height_px) for x, y in corners]).astype(np.int32)
    cv2.fillPoly(shape, [points], (58, 62, 66))
    image[:] = cv2.GaussianBlur(shape, (0, 0), width_px / 90)
    keep = int(0.9 * width_px)
    image[:, keep:] = shape[:, keep:]
