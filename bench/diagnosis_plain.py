"""What anybody would try first: plain faults of plain strength on well-known photographs, with 0, 1 and 3 references.

The limits were fitted to these photographs too: a figure of what is there, no promise about what is not.
"""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import cv2
import numpy as np
from diagnosis_made import as_jpeg, clip, in_blocks
from diagnosis_photographs import Picture, fetch, photographs

from vms.health.picture.as_faults import BY_NORMAL
from vms.health.picture.baseline import learn_all
from vms.health.picture.diagnose import diagnose
from vms.health.picture.statistics import PictureStatistics
from vms.media.diagnosis.measure import measure_still

NAMES = (  # noqa: SIM905
    "astronaut.png coffee.png chelsea.png rocket.jpg camera.png coins.png motorcycle_left.png brick.png gravel.png "
    "moon.png china.jpg flower.jpg bus.jpg zidane.jpg building.jpg home.jpg messi5.jpg baboon.jpg fruits.jpg "
    "squirrel_cls.jpg aero1.jpg leuvenA.jpg butterfly.jpg Background_Subtraction_Tutorial_frame.jpg "
    "cincinnati-bridge.jpg castle-maintenon.jpg panther-chameleon-female.jpg"
).split()
REFERENCES = (0, 1, 3)
COLOURFUL_FROM = 3.0
Chance = np.random.Generator


def faults(image: Picture, other: Picture, chance: Chance) -> Iterator[tuple[str, Picture]]:
    """Kind and picture; "none": an ordinary one."""
    height, width = image.shape[:2]
    levels, mean = image.astype(np.float32), float(image.mean())
    for light in (1.0, 0.9, 1.12):
        yield "none", clip(levels * light)
    for sigma in (4, 6, 8):
        yield "blur", np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), dtype=np.uint8)
    yield "too_dark", clip(levels * 0.15)
    yield "too_bright", clip(levels * 2.5)
    yield "low_contrast", clip(mean + (levels - mean) * 0.25)
    for side in (12, 16, 24):
        yield "mosaic", in_blocks(image, side)
    if float(np.abs(levels[..., 0] - levels[..., 2]).mean()) > COLOURFUL_FROM:
        grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
        yield "mono", np.repeat(grey[..., None], 3, axis=2)
    for share in (0.4, 0.6):
        tall, wide = int(height * share**0.5), int(width * share**0.5)
        top, left = (height - tall) // 2, (width - wide) // 2
        for tone in (0, 128):
            boxed = image.copy()
            boxed[top : top + tall, left : left + wide] = tone
            yield "occlusion", boxed
        rows, columns = np.mgrid[:height, :width]
        away = np.hypot(rows / height - 0.5, columns / width - 0.5) / (share / np.pi) ** 0.5
        mask = (1 / (1 + np.exp((away - 1) * 12)))[..., None]
        yield "occlusion", clip(levels * (1 - mask) + 20 * mask)
    yield "scene_change", np.asarray(cv2.resize(other, (width, height)), dtype=np.uint8)
    yield "noise", clip(levels + chance.normal(0, 30, levels.shape))
    dice, flakes = chance.random((height, width)), image.copy()
    flakes[dice < 0.025], flakes[dice > 0.975] = 0, 255
    yield "snow", flakes
    for spacing in (8, 16, 24):
        yield "stripe", clip(levels + 40 * np.sin(2 * np.pi * np.arange(height) / spacing)[:, None, None])
        yield "stripe", clip(levels + 40 * np.sin(2 * np.pi * np.arange(width) / spacing)[None, :, None])
    for channel in range(3):
        yield "color_cast", clip(levels * np.where(np.arange(3) == channel, 1.6, 1.0))
    yield "signal_lost", np.zeros_like(image)


def _seen(image: Picture, quality: int = 92) -> PictureStatistics:
    return measure_still(as_jpeg(image, quality)).statistics


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "diagnosis-photographs")
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    fetch(asked.folder)
    scenes = photographs(asked.folder / "photographs", NAMES, 640)
    order = list(scenes)
    found: Counter[tuple[str, int]] = Counter()
    tried: Counter[tuple[str, int]] = Counter()
    for number, name in enumerate(order):
        chance, image = np.random.default_rng(number), scenes[name]
        references = [
            _seen(clip(image * light + chance.normal(0, grain, image.shape)), quality)
            for light, grain, quality in ((1.0, 0, 95), (1.05, 2, 90), (0.92, 2, 85))
        ]
        for kind, faulty in faults(image, scenes[order[number - 1]], chance):
            seen = _seen(faulty)
            for count in REFERENCES:
                if not count and (kind == "mono" or kind in BY_NORMAL):
                    continue
                kinds = {f.kind.value for f in diagnose(seen, learn_all(references[:count]) if count else None)}
                tried[kind, count] += 1
                found[kind, count] += kind in kinds if kind != "none" else not kinds
    print(
        f"{len(order)} photographs; found (none: without a finding) with {', '.join(map(str, REFERENCES))} references"
    )
    for kind in dict.fromkeys(kind for kind, _ in tried):
        shares = [f"{found[kind, n] / tried[kind, n]:.3f}" if tried[kind, n] else "–" for n in REFERENCES]
        print(f"{kind:13s} {tried[kind, 3]:4d} pictures  {'  '.join(shares)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
