"""One still judged: measured once, compared with its camera's own normal of this light, learnt where it is whole."""

from dataclasses import dataclass, field, fields
from datetime import datetime
from types import MappingProxyType

from vms.core.ids import CameraId
from vms.health.fault import FaultKind
from vms.health.picture.as_faults import OF_A_VIEW, hidden_by, told_by_still
from vms.health.picture.baseline import Baseline, Light, LightBaseline, learn, own_light
from vms.health.picture.daylight import light_taken_by
from vms.health.picture.diagnose import diagnose, without_explained
from vms.health.picture.finding import Finding, Thresholds
from vms.health.picture.learning import is_known, learns_now
from vms.health.picture.statistics import PictureStatistics
from vms.health.reading import PictureReading
from vms.media.diagnosis.measure import measure_still
from vms.media.diagnosis.writing import Region
from vms.store.picture_baselines import KeptBaseline
from vms.store.picture_knowledge import PictureKnowledge

CLEAR_SCORE = 0.65
"""What is only just beyond a limit may be how this camera's scene looks: as long as its normal is not known, that is
learnt and not told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedStill:
    reading: PictureReading
    cells: bytes = field(repr=False)
    """Its cells' mean luma, to compare the next still with."""
    figures: dict[str, float]
    """To be kept with the still; `findings` among them, so that a still without any can be told."""
    learnt: KeptBaseline | None = None
    """The normal with this picture in it, where it may be learnt."""


def judge_still(
    jpeg: bytes,
    camera_id: CameraId,
    known: PictureKnowledge,
    at: datetime,
    *,
    is_whole: bool,
    doubted: frozenset[FaultKind] = frozenset(),
) -> JudgedStill:
    """`is_whole`: nothing stands against the camera's picture by now, so that it may be learnt; `doubted`: unless this
    look could tell one of these, which were named lately. Costs what measuring costs. Raises
    `PictureFailed(not_a_picture)`."""
    statistics, light, normal = _measured(jpeg, known, at)
    found = diagnose(statistics, _baseline(light, normal), known.thresholds, light)
    if normal is None:
        found = tuple(finding for finding in found if finding.score >= CLEAR_SCORE)
    elif not known.is_sure(light):
        found = _and_what_no_normal_excuses(found, statistics, known.thresholds, light)
    thresholds = known.thresholds.at(at)
    reported = tuple(finding for finding in found if finding.score >= thresholds.of(finding.kind))
    findings = tuple(finding for finding in reported if not (known.turns and finding.kind in OF_A_VIEW))
    compared = light if normal is not None else None
    reading = PictureReading(  # a head that looks elsewhere hides what its own view would show, and is no fault
        fetched=True,
        findings=findings,
        told=told_by_still(compared, turns=known.turns),
        hidden=hidden_by(found),
        mean_luma=statistics.mean_luma,
        detail=statistics.detail,
    )
    learnt, kept = None, known.normals.get(light)
    is_time = kept is None or learns_now(kept.normal, kept.written_at, at)
    rests = len(reported) < len(found)  # nobody knows yet that it is normal
    if known.learns and is_whole and not (findings or rests or doubted & reading.told) and is_time:
        learnt = with_one_more(statistics, camera_id, light, known)
    return JudgedStill(
        reading=reading,
        cells=statistics.cell_luma,
        figures=figures_of(statistics, len(findings)),
        learnt=learnt,
    )


def learn_in_spite(
    jpeg: bytes, camera_id: CameraId, known: PictureKnowledge, at: datetime, kind: FaultKind
) -> KeptBaseline | None:
    """The normal with a still in it that somebody called normal though it shows that kind; None where it does not show
    it by the usual thresholds, or shows more. Raises `PictureFailed(not_a_picture)`."""
    statistics, light, normal = _measured(jpeg, known, at)
    found = {finding.kind for finding in diagnose(statistics, _baseline(light, normal), None, light)}
    return with_one_more(statistics, camera_id, light, known) if found == {kind} else None


def _measured(
    jpeg: bytes, known: PictureKnowledge, at: datetime
) -> tuple[PictureStatistics, Light, LightBaseline | None]:
    """And the light to judge by, and what is normal by that light as soon as it is known."""
    statistics = measure_still(jpeg, region_of(known)).statistics
    light = light_taken_by(known.position, at, own_light(statistics))
    kept = known.normals.get(light)
    normal = None if kept is None else kept.normal
    return statistics, light, normal if is_known(normal) else None


def _and_what_no_normal_excuses(
    found: tuple[Finding, ...], statistics: PictureStatistics, thresholds: Thresholds, light: Light
) -> tuple[Finding, ...]:
    """The normal may have been ill from its first picture: what no ordinary picture shows is told in spite of it."""
    kinds = {finding.kind for finding in found}
    plain = (finding for finding in diagnose(statistics, None, thresholds, light) if finding.score >= CLEAR_SCORE)
    beside = [finding for finding in plain if finding.kind not in kinds]
    return without_explained((*found, *beside)) if beside else found


def _baseline(light: Light, normal: LightBaseline | None) -> Baseline | None:
    return None if normal is None else Baseline(lights=MappingProxyType({light: normal}))


def with_one_more(
    statistics: PictureStatistics, camera_id: CameraId, light: Light, known: PictureKnowledge
) -> KeptBaseline:
    """The normal of that light with this picture in it."""
    kept = known.normals.get(light)
    normal = None if kept is None else kept.normal
    before = Baseline() if normal is None else Baseline(lights=MappingProxyType({light: normal}))
    return KeptBaseline(
        camera_id=camera_id,
        preset=known.preset,
        light=light,
        normal=learn(before, statistics, light).lights[light],
        written_at=None if kept is None else kept.written_at,
        days=0 if kept is None else kept.days,
        day_parts=0 if kept is None else kept.day_parts,
    )


def region_of(known: PictureKnowledge) -> Region | None:
    caption = known.caption
    if caption is None:
        return None
    return Region(
        left=caption.left_share, top=caption.top_share, width=caption.width_share, height=caption.height_share
    )


def figures_of(statistics: PictureStatistics, findings: int) -> dict[str, float]:
    values = {one.name: getattr(statistics, one.name) for one in fields(statistics)}
    told = {name: float(f"{value:.4g}") for name, value in values.items() if isinstance(value, float)}
    return {**told, "findings": float(findings)}
