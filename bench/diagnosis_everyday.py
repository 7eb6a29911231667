"""Pictures with nothing wrong: other light, sensor noise, wind, things passing by, dusk and rain."""

from collections.abc import Iterator

import cv2
import numpy as np
from diagnosis_days import Hour, render
from diagnosis_made import Chance, Picture, as_jpeg, clip, px
from diagnosis_strangers import rectangle
from numpy.typing import NDArray

ORDINARY = range(8)


def ordinary(scene: Picture, number: int, chance: Chance) -> Picture:
    """What a camera shows when nothing is wrong: 0 … 3 only light, sensor noise and half a pixel of wind; 4, 5 with
    something passing by; 6 dusk, 7 rain."""
    if number == 6:
        return render(scene, Hour.DUSK, chance)
    if number == 7:
        return render(scene, Hour.RAIN, chance)
    light = chance.uniform(0.85, 1.15)
    move = np.array([[1, 0, chance.normal(0, px(scene, 0.4))], [0, 1, chance.normal(0, px(scene, 0.4))]])
    image = cv2.warpAffine(scene, move, scene.shape[1::-1], borderMode=cv2.BORDER_REFLECT).astype(np.float32) * light
    if number in {4, 5}:
        for _ in range(3):
            size = [int(px(scene, chance.uniform(15, 60))) for _ in range(2)]
            left, top = int(chance.integers(scene.shape[1])), int(chance.integers(scene.shape[0]))
            angle, colour = chance.uniform(0, 180), chance.uniform(20, 230, 3).tolist()
            cv2.ellipse(image, (left, top), size, angle, 0, 360, colour, -1)
    return clip(image + chance.normal(0, chance.uniform(0.5, 3), image.shape))


def everyday(scene: Picture, other: Picture, chance: Chance) -> Iterator[Picture]:
    """What nobody should complain of: a shaken mast, a lorry or a person before it, lamps and clouds."""
    height, width = scene.shape[:2]
    levels: NDArray[np.float32] = scene.astype(np.float32)
    yield scene
    for light in (0.8, 1.2):
        yield clip(levels * light + chance.normal(0, 1.5, scene.shape))
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), chance.uniform(-0.5, 0.5), 1)
    turn[:, 2] += chance.uniform(-1, 1, 2) * px(scene, 6)
    yield np.asarray(cv2.warpAffine(scene, turn, (width, height), borderMode=cv2.BORDER_REFLECT), dtype=np.uint8)
    for number in range(3):
        made = scene.copy()
        rows, columns = rectangle(scene, chance.uniform(0.04, 0.1), chance)
        part = other[rows, columns] if number else np.uint8(chance.integers(20, 220))
        made[rows, columns] = part
        yield made
    yield clip(255 * (levels / 255) ** chance.uniform(0.8, 1.25))


def encode(image: Picture, chance: Chance) -> bytes:
    return as_jpeg(image, int(chance.integers(70, 96)))
