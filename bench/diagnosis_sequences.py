"""Folders as sequences in time, through the call of `vms diagnose`: frozen, jitter, scene change, and none of them."""

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import cv2
import numpy as np
from diagnosis_everyday import encode, ordinary
from diagnosis_made import Chance, Picture, as_jpeg, clip, px
from diagnosis_photographs import HELD_OUT, LEARN, fetch, photographs

from vms.services.diagnose_files import baseline_of, diagnose_files

PROMISED = 0.95
FRAMES = 6
WIDTHS_PX = (640, 512, 1280, 800)
Make = Callable[[Picture, Picture, Chance], Iterator[bytes]]


def _live(scene: Picture, other: Picture, chance: Chance) -> Iterator[bytes]:
    for _ in range(FRAMES):
        yield encode(ordinary(scene, 4, chance), chance)


def _quiet(scene: Picture, other: Picture, chance: Chance) -> Iterator[bytes]:
    """Nothing moves; only the sensor's noise."""
    for _ in range(FRAMES):
        yield as_jpeg(clip(scene + chance.normal(0, 1.5, scene.shape)), 90)


def _shifted(scene: Picture, right_px: float, down_px: float, chance: Chance) -> bytes:
    move = np.array([[1, 0, right_px], [0, 1, down_px]], dtype=np.float64)
    image = cv2.warpAffine(scene, move, scene.shape[1::-1], borderMode=cv2.BORDER_REFLECT)
    return encode(clip(image + chance.normal(0, 1.5, image.shape)), chance)


def _pan(scene: Picture, other: Picture, chance: Chance) -> Iterator[bytes]:
    for number in range(FRAMES):
        yield _shifted(scene, px(scene, 7.0 * number), 0, chance)


def _copies(scene: Picture, other: Picture, chance: Chance) -> Iterator[bytes]:
    yield from [encode(scene, chance)] * FRAMES


def _two_copies(scene: Picture, other: Picture, chance: Chance) -> Iterator[bytes]:
    yield from [encode(scene, chance)] * 2


def _coded_anew(scene: Picture, other: Picture, chance: Chance) -> Iterator[bytes]:
    for number in range(FRAMES):
        yield as_jpeg(scene, 84 + number % 3)


def _with_clock(scene: Picture, other: Picture, chance: Chance) -> Iterator[bytes]:
    for number in range(FRAMES):
        made, size = scene.copy(), scene.shape[1] / 900
        where = (scene.shape[1] // 50, int(scene.shape[0] * 0.08))
        cv2.putText(made, f"12:00:{number:02d}", where, cv2.FONT_HERSHEY_SIMPLEX, size, (255, 255, 255), 2)
        yield as_jpeg(made, 85)


def _freezes(scene: Picture, other: Picture, chance: Chance) -> Iterator[bytes]:
    for _ in range(FRAMES // 2):
        yield encode(ordinary(scene, 4, chance), chance)
    yield from [encode(ordinary(scene, 0, chance), chance)] * (FRAMES // 2 + 1)


def _jitter(strength_px: float) -> Make:
    def make(scene: Picture, other: Picture, chance: Chance) -> Iterator[bytes]:
        for _ in range(FRAMES + 2):
            way = chance.uniform(-1, 1, 2) * px(scene, strength_px)
            yield _shifted(scene, float(way[0]), float(way[1]), chance)

    return make


def _other_half(scene: Picture, other: Picture, chance: Chance) -> Iterator[bytes]:
    for number in range(FRAMES):
        yield encode(ordinary(scene if number < FRAMES // 2 else other, number % 4, chance), chance)


def _other_last(scene: Picture, other: Picture, chance: Chance) -> Iterator[bytes]:
    for number in range(FRAMES):
        yield encode(ordinary(scene if number < FRAMES - 1 else other, number % 4, chance), chance)


def _turned_half(scene: Picture, other: Picture, chance: Chance) -> Iterator[bytes]:
    for number in range(FRAMES):
        yield _shifted(scene, scene.shape[1] * (0.25 if number >= FRAMES // 2 else 0), 0, chance)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    kind: str
    way: str
    make: Make
    promised: bool = True


SEQUENCES = (
    Sequence(kind="", way="live", make=_live),
    Sequence(kind="", way="quiet", make=_quiet),
    Sequence(kind="", way="slow pan", make=_pan),
    Sequence(kind="frozen", way="copies", make=_copies),
    Sequence(kind="frozen", way="two copies", make=_two_copies),
    Sequence(kind="frozen", way="coded anew", make=_coded_anew, promised=False),
    Sequence(kind="frozen", way="a clock runs", make=_with_clock),
    Sequence(kind="frozen", way="from half on", make=_freezes),
    Sequence(kind="jitter", way="± 3 px", make=_jitter(3)),
    Sequence(kind="jitter", way="± 6 px", make=_jitter(6)),
    Sequence(kind="jitter", way="± 20 px", make=_jitter(20)),
    Sequence(kind="scene_change", way="another half", make=_other_half),
    Sequence(kind="scene_change", way="another last", make=_other_last),
    Sequence(kind="scene_change", way="turned a quarter", make=_turned_half),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "diagnosis-photographs")
    parser.add_argument("--set", choices=("learn", "held-out"), default="held-out")
    parser.add_argument("--photographs", type=int, default=1000)
    parser.add_argument("--tell", action="store_true")
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    begun, load = time.monotonic(), os.getloadavg()[0]
    fetch(asked.folder)
    names = (LEARN if asked.set == "learn" else HELD_OUT)[: asked.photographs]
    right: Counter[tuple[str, bool]] = Counter()
    beside: Counter[tuple[str, bool]] = Counter()
    count = 0
    there = asked.folder / "photographs"
    every = [photographs(there, names[at :: len(WIDTHS_PX)], width) for at, width in enumerate(WIDTHS_PX)]
    scenes = {name: scene for found in every for name, scene in found.items()}
    for number, (name, scene) in enumerate(scenes.items()):
        count += 1
        chance = np.random.default_rng(number)
        other = cv2.resize(list(scenes.values())[number - 1], scene.shape[1::-1], interpolation=cv2.INTER_AREA)
        with tempfile.TemporaryDirectory() as made:
            reference = Path(made) / "reference.jpg"
            reference.write_bytes(encode(ordinary(scene, 0, chance), chance))
            baseline = baseline_of([reference])[0]
            for sequence in SEQUENCES:
                folder = Path(made) / sequence.way
                folder.mkdir()
                for at, data in enumerate(sequence.make(scene, other, chance)):
                    (folder / f"{at:03d}.jpg").write_bytes(data)
                for known in (False, True):
                    (result,) = diagnose_files([folder], baseline if known else None)
                    kinds = {finding.kind.value for finding in result.findings}
                    wrong = kinds - {sequence.kind}
                    right[sequence.way, known] += not sequence.kind or sequence.kind in kinds
                    beside[sequence.way, known] += bool(wrong)
                    if asked.tell and (wrong or (sequence.kind and sequence.kind not in kinds)):
                        beside_what = "with" if known else "without"
                        print(f"{name} {sequence.kind} {sequence.way} {beside_what}: {sorted(kinds)}")
    kept = True
    print(f"{count} photographs ({asked.set}); load {load:.1f}, {time.monotonic() - begun:.0f} s")
    print("found without and with one reference; sequences in which anything else was said")
    for sequence in SEQUENCES:
        shares = [right[sequence.way, known] / count for known in (False, True)]
        told = [beside[sequence.way, known] for known in (False, True)]
        kept &= not sequence.promised or (min(shares) >= PROMISED and (bool(sequence.kind) or not sum(told)))
        found = f"{shares[0]:.2f} {shares[1]:.2f}" if sequence.kind else "   –     "
        print(f"{sequence.kind or 'nothing wrong':14s} {sequence.way:17s} {found}   {told[0]} {told[1]}")
    print(f"promises {'kept' if kept else 'NOT kept'}")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
