"""Strangers' faults on real photographs with none, one, three and five references: recall, precision, false findings.

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
from diagnosis_foreign import FOREIGN, ORDINARY, Foreign, encode, ordinary
from diagnosis_photographs import HELD_OUT, LEARN, Picture, fetch, photographs

from vms.health.picture.baseline import learn_all
from vms.health.picture.diagnose import diagnose
from vms.health.picture.statistics import PictureStatistics
from vms.media.diagnosis.measure import measure_still

PROMISED_RECALL, PROMISED_ORDINARY = 0.95, 0.01
REFERENCES = (0, 1, 3, 5)
JUDGED_WITH = 3
WIDTHS_PX = (640, 512, 800, 1280, 640, 480, 640, 720, 960, 1920, 512)
ANOTHER = Foreign(
    kind="scene_change", way="another place", strengths=(1,), marked=1, make=lambda image, *_: image, alone=False
)
COLOURFUL_FROM = 5.0
LATE = frozenset(
    {
        "cheetah.jpg",
        "cheetah1.jpg",
        "groot.jpeg",
        "grace_hopper.jpg",
        "faust_github.jpg",
        "Butterfly-Kenneth-Wimer.jpg",
        "drop.png",
        "flowers.png",
        "gimp-splash.png",
    }
)
"""What no limit was fitted to and the first run of the held-out set left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    fault: Foreign | None
    """None: an ordinary picture, `strength` says which."""
    strength: float
    statistics: PictureStatistics


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    name: str
    references: tuple[PictureStatistics, ...]
    shown: tuple[Shown, ...]


def subjects(folder: Path, names: list[str]) -> Iterator[Subject]:
    """One photograph after the other; the same each time."""
    every = [photographs(folder, names[at :: len(WIDTHS_PX)], width) for at, width in enumerate(WIDTHS_PX)]
    scenes = {name: scene for found in every for name, scene in found.items()}
    order = [name for name in names if name in scenes]
    for number, name in enumerate(order):
        chance, scene = np.random.default_rng(7000 + number), scenes[name]

        def look(image: Picture, chance: np.random.Generator = chance) -> PictureStatistics:
            return measure_still(encode(image, chance)).statistics

        references = tuple(look(ordinary(scene, which, chance)) for which in (0, 1, 4, 2, 3))
        shown = [Shown(fault=None, strength=w, statistics=look(ordinary(scene, w, chance))) for w in ORDINARY]
        other = cv2.resize(scenes[order[number - 1]], scene.shape[1::-1], interpolation=cv2.INTER_AREA)
        shown.append(Shown(fault=ANOTHER, strength=1, statistics=look(ordinary(other, 0, chance))))
        for fault in FOREIGN:
            for strength in fault.strengths:
                faulty = fault.make(ordinary(scene, int(chance.integers(4)), chance), strength, chance)
                shown.append(Shown(fault=fault, strength=strength, statistics=look(faulty)))
        yield Subject(name=name, references=references, shown=tuple(shown))


@dataclass(slots=True)
class Tally:
    """Of one number of references."""

    tried: Counter[tuple[Foreign, float]] = field(default_factory=Counter)
    found: Counter[tuple[Foreign, float]] = field(default_factory=Counter)
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
        if fault.strengths.index(shown.strength) >= fault.strengths.index(fault.marked):
            tally.right[fault.kind] += right
            tally.wrong.update(kinds - {fault.kind} - fault.same - fault.also)
            if not right or kinds - {fault.kind} - fault.same - fault.also:
                said.append(f"{subject.name}: {fault.kind} ({fault.way} {shown.strength:g}): {sorted(kinds)}")
    return said


def _has_no_colour(fault: Foreign, subject: Subject) -> bool:
    usual = float(np.mean([seen.chroma for seen in subject.references]))
    return fault.kind == "mono" and usual < COLOURFUL_FROM


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "diagnosis-photographs")
    parser.add_argument("--set", choices=("learn", "held-out"), default="held-out")
    parser.add_argument("--photographs", type=int, default=1000)
    parser.add_argument("--late", action="store_true", help="only the nine of the held-out set that are tried last")
    parser.add_argument("--tell", action="store_true", help="name each picture that was misjudged")
    asked = parser.parse_args()
    cv2.setNumThreads(1)
    begun, load = time.monotonic(), os.getloadavg()[0]
    fetch(asked.folder)
    names = (LEARN if asked.set == "learn" else HELD_OUT)[: asked.photographs]
    names = [name for name in names if name in LATE] if asked.late else names
    tallies = {n: Tally() for n in REFERENCES}
    number = 0
    for subject in subjects(asked.folder / "photographs", names):
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
    for fault in (*FOREIGN, ANOTHER):
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
    kept = min(_recall(judged, fault.kind) for fault in FOREIGN) >= PROMISED_RECALL
    return kept and sum(judged.disturbed.values()) <= PROMISED_ORDINARY * judged.ordinary


def _share(tally: Tally, fault: Foreign, strength: float) -> str:
    tried = tally.tried[fault, strength]
    return f"{tally.found[fault, strength] / tried:.2f}" if tried else "–"


def _recall(tally: Tally, kind: str) -> float:
    """From the marks on."""
    keys = [(f, s) for f, s in tally.tried if f.kind == kind and f.strengths.index(s) >= f.strengths.index(f.marked)]
    return sum(tally.found[key] for key in keys) / max(1, sum(tally.tried[key] for key in keys))


if __name__ == "__main__":
    sys.exit(main())
