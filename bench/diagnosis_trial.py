"""Four hands' faults on real photographs with none, one and three references: recall, precision, false findings.

What `vms diagnose` would say of each picture: sizes from 512 px to 1920 px, grey and portrait ones among them; the
references are by day only, as somebody would hand them in. Promise: recall ≥ 0.95 from each marked strength on, with
three references, and no finding in 99 of 100 ordinary pictures.
"""

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import cv2
import numpy as np
from diagnosis_covers import COVERS
from diagnosis_everyday import ORDINARY, encode, everyday, ordinary
from diagnosis_faults import FAULTS
from diagnosis_foreign import FOREIGN
from diagnosis_made import Made, as_jpeg
from diagnosis_photographs import FRESH, HELD_OUT, LEARN, SECOND, THIRD, Picture, fetch, photographs
from diagnosis_strangers import STRANGERS

from vms.health.picture.baseline import learn_all
from vms.health.picture.diagnose import diagnose
from vms.health.picture.statistics import PictureStatistics
from vms.media.diagnosis.measure import measure_still

PROMISED_RECALL, PROMISED_ORDINARY = 0.95, 0.01
REFERENCES = (0, 1, 3)
JUDGED_WITH = 3
WIDTHS_PX = (640, 512, 800, 1280, 640, 480, 640, 720, 960, 1920, 512)
EVERYDAY_FROM = 10
"""Number of the first of the `everyday` pictures."""
ANOTHER = Made(
    kind="scene_change", way="another place", strengths=(1, 3, 6), marked=1, make=lambda image, *_: image, alone=False
)
"""The photograph that stands so many before it."""
COLOURFUL_FROM = 5.0
FRESH_WIDTHS_PX = (640, 512, 960, 640, 800, 1280, 640, 512)
CODED_ITSELF = Made(
    kind="mosaic",
    way="jpeg itself",
    strengths=(10, 5, 3),
    marked=5,
    make=lambda image, *_: image,
    also=frozenset({"color_cast", "low_contrast"}),
)
"""Sent as it was coded so coarsely: the file tells."""
HANDS = (*FAULTS, *FOREIGN, *STRANGERS, *COVERS)
FROM_THE_CAMERA = frozenset((*FAULTS, *FOREIGN))
"""Those are made of a picture as the camera takes it, with its grain; the others of the photograph as it is."""
Part = tuple[list[str], tuple[int, ...]]
PARTS: dict[str, tuple[Part, ...]] = {
    "learn": ((LEARN[::2], WIDTHS_PX), (LEARN[1::2], WIDTHS_PX)),
    "held-out": ((HELD_OUT, WIDTHS_PX),),
    "fresh": ((FRESH[::3], FRESH_WIDTHS_PX), (FRESH[1::3], FRESH_WIDTHS_PX)),
    "fresh-third": ((FRESH[2::3], FRESH_WIDTHS_PX),),
    "second": ((SECOND, FRESH_WIDTHS_PX),),
    "third": ((THIRD[::2], FRESH_WIDTHS_PX),),
    "third-shut": ((THIRD[1::2], FRESH_WIDTHS_PX),),
}
"""Of each set the photographs and the widths that they are shown in, in turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    fault: Made | None
    """None: an ordinary picture, `strength` says which."""
    strength: float
    statistics: PictureStatistics


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    name: str
    references: tuple[PictureStatistics, ...]
    shown: tuple[Shown, ...]


def subjects(folder: Path, names: list[str], widths_px: tuple[int, ...]) -> Iterator[Subject]:
    """One photograph after the other; the same each time."""
    every = [photographs(folder, names[at :: len(widths_px)], width) for at, width in enumerate(widths_px)]
    scenes = {name: scene for found in every for name, scene in found.items()}
    order = [name for name in names if name in scenes]
    for number, name in enumerate(order):
        chance, scene = np.random.default_rng(9000 + number), scenes[name]
        references = tuple(_look(encode(ordinary(scene, which, chance), chance)) for which in (0, 1, 4))
        others = [
            cv2.resize(
                scenes[order[(number - int(back)) % len(order)]], scene.shape[1::-1], interpolation=cv2.INTER_AREA
            )
            for back in ANOTHER.strengths
        ]
        shown = tuple(
            Shown(fault=fault, strength=strength, statistics=_look(data))
            for fault, strength, data in _pictures(scene, others, chance)
        )
        yield Subject(name=name, references=references, shown=shown)


def _pictures(
    scene: Picture, others: list[Picture], chance: np.random.Generator
) -> Iterator[tuple[Made | None, float, bytes]]:
    """Fault, strength, file; ordinary ones first."""
    for which in ORDINARY:
        yield None, which, encode(ordinary(scene, which, chance), chance)
    for number, image in enumerate(everyday(scene, others[0], chance)):
        yield None, EVERYDAY_FROM + number, as_jpeg(image, int(chance.integers(60, 92)))
    for back, other in zip(ANOTHER.strengths, others, strict=True):
        yield ANOTHER, back, encode(ordinary(other, 0, chance), chance)
    for fault in HANDS:
        for strength in fault.strengths:
            image = ordinary(scene, int(chance.integers(4)), chance) if fault in FROM_THE_CAMERA else scene
            yield fault, strength, encode(fault.make(image, strength, chance), chance)
    for quality in CODED_ITSELF.strengths:
        yield CODED_ITSELF, quality, as_jpeg(scene, int(quality))


def _look(data: bytes) -> PictureStatistics:
    return measure_still(data).statistics


@dataclass(slots=True)
class Tally:
    """Of one number of references."""

    tried: Counter[tuple[Made, float]] = field(default_factory=Counter)
    found: Counter[tuple[Made, float]] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    """Kind → times it was said of a picture that does not have it, from the marks on."""
    right: Counter[str] = field(default_factory=Counter)
    ordinary: int = 0
    disturbed: Counter[float] = field(default_factory=Counter)
    """Which ordinary pictures had a finding."""


def count(tally: Tally, subject: Subject, references: int) -> list[str]:
    """Also what went wrong, in words."""
    baseline = learn_all(subject.references[:references]) if references else None
    said = []
    for shown in subject.shown:
        kinds = {finding.kind.value for finding in diagnose(shown.statistics, baseline)}
        fault = shown.fault
        if fault is None:
            tally.ordinary += 1
            if kinds:
                tally.disturbed.update([shown.strength])
                tally.wrong.update(kinds)
                said.append(f"{subject.name}: ordinary {shown.strength}: {sorted(kinds)}")
            continue
        if (not references and not fault.alone) or _has_no_colour(fault, subject):
            continue
        right = bool(kinds & {fault.kind, *fault.same})
        tally.tried[fault, shown.strength] += 1
        tally.found[fault, shown.strength] += right
        if fault.is_marked(shown.strength):
            tally.right[fault.kind] += right
            tally.wrong.update(kinds - {fault.kind} - fault.same - fault.also)
            if not right or kinds - {fault.kind} - fault.same - fault.also:
                said.append(f"{subject.name}: {fault.kind} ({fault.way} {shown.strength:g}): {sorted(kinds)}")
    return said


def _has_no_colour(fault: Made, subject: Subject) -> bool:
    usual = float(np.mean([seen.chroma for seen in subject.references]))
    return fault.kind == "mono" and usual < COLOURFUL_FROM


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "diagnosis-photographs")
    parser.add_argument("--set", choices=tuple(PARTS), default="fresh")
    parser.add_argument("--photographs", type=int, default=1000, help="of each part of the set")
    parser.add_argument("--tell", action="store_true", help="name each picture that was misjudged")
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    begun, load = time.monotonic(), os.getloadavg()[0]
    fetch(asked.folder)
    tallies = {n: Tally() for n in REFERENCES}
    number = 0
    parts = [(names[: asked.photographs], widths_px) for names, widths_px in PARTS[asked.set]]
    there = asked.folder / "photographs"
    for subject in (subject for part in parts for subject in subjects(there, *part)):
        number += 1
        for references, tally in tallies.items():
            said = count(tally, subject, references)
            if asked.tell:
                for sentence in said:
                    print(f"[{references}] {sentence}")
    kept = show(tallies)
    print(
        f"{number} photographs ({asked.set}); load {load:.1f}, {time.monotonic() - begun:.0f} s; "
        f"promises {'kept' if kept else 'NOT kept'}"
    )
    return 0 if kept else 1


def show(tallies: dict[int, Tally]) -> bool:
    print(f"recall with {', '.join(map(str, tallies))} references (* marked: from here on it must be found)")
    for fault in (*HANDS, ANOTHER, CODED_ITSELF):
        parts = []
        for strength in fault.strengths:
            shares = " ".join(_share(tally, fault, strength) for tally in tallies.values())
            parts.append(f"{strength:g}{'*' if strength == fault.marked else ''} {shares}")
        print(f"{fault.kind:13s} {fault.way:15s} {'   '.join(parts)}")
    for references, tally in tallies.items():
        print(f"{references} references: {dict(tally.disturbed)} of {tally.ordinary} ordinary pictures had a finding")
        for kind in sorted({fault.kind for fault, _ in tally.tried}):
            precision = tally.right[kind] / max(1, tally.right[kind] + tally.wrong[kind])
            print(f"   {kind:13s} recall {_recall(tally, kind):.3f}, precision {precision:.3f}")
    judged = tallies[JUDGED_WITH]
    kept = min(_recall(judged, fault.kind) for fault in HANDS) >= PROMISED_RECALL
    return kept and sum(judged.disturbed.values()) <= PROMISED_ORDINARY * judged.ordinary


def _share(tally: Tally, fault: Made, strength: float) -> str:
    tried = tally.tried[fault, strength]
    return f"{tally.found[fault, strength] / tried:.2f}" if tried else "–"


def _recall(tally: Tally, kind: str) -> float:
    """From the marks on."""
    keys = [(f, s) for f, s in tally.tried if f.kind == kind and f.is_marked(s)]
    return sum(tally.found[key] for key in keys) / max(1, sum(tally.tried[key] for key in keys))


if __name__ == "__main__":
    sys.exit(main())
