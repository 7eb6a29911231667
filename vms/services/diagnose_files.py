"""Picture diagnosis of files: single pictures, folders as sequences in time, against a camera's own normal pictures."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from vms.core.errors import BadInput
from vms.health.picture.baseline import Baseline, Light, learn_all
from vms.health.picture.diagnose import diagnose, without_explained
from vms.health.picture.finding import Finding
from vms.health.picture.sequence import diagnose_sequence
from vms.health.picture.statistics import PictureStatistics
from vms.media.diagnosis.decode import MAX_FILE_BYTES, Decoded, Picture, decode_still
from vms.media.diagnosis.measure import measure_decoded
from vms.media.diagnosis.steps import step_between
from vms.media.diagnosis.writing import Region
from vms.media.trouble import PictureFailed, Trouble

PICTURE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp"})
MOST_IN_A_FOLDER = 10_000
STANDING_SHARE = 0.5
"""A sequence has what at least half of its pictures show."""


_TOO_SHORT = {
    1: "one picture is no sequence: frozen, jitter and scene change were not asked",
    2: "two pictures: frozen is told only where they are the same to the last pixel, jitter not at all",
    3: "three pictures: jitter needs four",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosed:
    image: str
    findings: tuple[Finding, ...] = ()
    error: str = ""
    """Why there are no findings; empty where the picture was read."""
    pictures: int = 1
    unreadable: tuple[str, ...] = ()
    """Of a folder: its files that were left out, each with the reason."""
    note: str = ""
    """Of a folder too short to tell everything: what was not asked."""


def baseline_of(references: Iterable[Path], osd: Region | None = None) -> tuple[Baseline, tuple[str, ...]]:
    """The normal that these pictures show (a folder stands for its pictures), and what could not be read."""
    learnt, failed = [], []
    for path in _pictures(references):
        try:
            learnt.append(_measured(_read(path), osd))
        except PictureFailed as problem:
            failed.append(f"{path}: {problem.message}")
    if not learnt:
        why = failed[0] if failed else "no pictures are there"
        raise BadInput("none of the reference pictures can be read: " + why, where="--reference")
    return learn_all(learnt), tuple(failed)


def diagnose_files(
    arguments: Sequence[Path], baseline: Baseline | None = None, osd: Region | None = None, light: Light | None = None
) -> Iterator[Diagnosed]:
    """One result per argument; what cannot be read says so and the others go on."""
    for path in arguments:
        try:
            yield _folder(path, baseline, osd, light) if path.is_dir() else _file(path, baseline, osd, light)
        except PictureFailed as problem:
            yield Diagnosed(image=str(path), error=problem.message)


def _file(path: Path, baseline: Baseline | None, osd: Region | None, light: Light | None) -> Diagnosed:
    statistics = _measured(_read(path), osd)
    return Diagnosed(image=str(path), findings=diagnose(statistics, baseline, light=light))


def _measured(still: Decoded, osd: Region | None) -> PictureStatistics:
    return measure_decoded(still, osd).statistics


def _folder(folder: Path, baseline: Baseline | None, osd: Region | None, light: Light | None) -> Diagnosed:
    """The order of names is the order in time. Holds two pictures in memory, however many there are."""
    before: Picture | None = None
    each: list[tuple[Finding, ...]] = []
    steps, failed = [], []
    for path in _pictures([folder]):
        try:
            still = _read(path)
        except PictureFailed as problem:
            failed.append(f"{path.name}: {problem.message}")
            continue
        each.append(diagnose(_measured(still, osd), baseline, light=light))
        if before is not None:
            steps.append(step_between(before, still.picture))
        before = still.picture
    if not each:
        why = failed[0] if failed else "no pictures are in it"
        return Diagnosed(image=str(folder), error=f"nothing to diagnose: {why}", pictures=0, unreadable=tuple(failed))
    findings = without_explained((*diagnose_sequence(steps), *_standing(each)))
    return Diagnosed(
        image=str(folder),
        findings=findings,
        pictures=len(each),
        unreadable=tuple(failed),
        note=_TOO_SHORT.get(len(each), ""),
    )


def _standing(each: Sequence[tuple[Finding, ...]]) -> Iterator[Finding]:
    counts = Counter(finding.kind for findings in each for finding in findings)
    for kind, count in counts.items():
        if count >= STANDING_SHARE * len(each):
            scores = sorted((f for findings in each for f in findings if f.kind is kind), key=lambda f: f.score)
            middle = scores[len(scores) // 2]
            because = f"{middle.because} (in {count} of {len(each)} pictures)"
            yield Finding(kind=kind, score=middle.score, because=because)


def _pictures(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        inside = sorted(p for p in path.iterdir() if p.suffix.lower() in PICTURE_SUFFIXES and p.is_file())
        if len(inside) > MOST_IN_A_FOLDER:
            raise BadInput(
                f"{len(inside)} pictures are too many for one sequence; {MOST_IN_A_FOLDER} are taken", where=str(path)
            )
        yield from inside


def _read(path: Path) -> Decoded:
    try:
        if not path.is_file():
            raise _unreadable("there is no such file" if not path.exists() else "it is no file")
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as problem:
        raise _unreadable(f"it cannot be read ({problem.strerror})") from problem
    return decode_still(data)


def _unreadable(why: str) -> PictureFailed:
    return PictureFailed(Trouble.NOT_A_PICTURE, why)
