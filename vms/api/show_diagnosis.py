"""Verdicts, thresholds and references as the interface shows them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from vms.api.models.diagnosis import (
    CameraVerdicts,
    KindQuality,
    NormalDoubt,
    NormalRow,
    QualityNow,
    ReferenceRow,
    ThresholdRow,
    UnconfirmedRow,
    VerdictRow,
    WitnessNow,
)
from vms.core.errors import NotFound
from vms.health.picture.finding import USUAL_SCORE, Judgement
from vms.health.picture.settled import Sureness, doubts_about, sureness_of
from vms.store import fault_verdicts, picture_thresholds, picture_witnesses
from vms.store.fault_verdicts import KindCounts, Verdict
from vms.store.picture_baselines import KeptBaseline
from vms.store.picture_thresholds import KindThreshold
from vms.store.picture_witnesses import StoredWitness
from vms.store.reference_pictures import Reference
from vms.store.unconfirmed_references import Unconfirmed

HOME, BETWEEN, OF_PRESET = "home", "between", "preset-"


def show_verdict(said: Verdict) -> VerdictRow:
    return VerdictRow(
        id=said.verdict_id,
        fault_id=said.fault_id,
        camera_id=said.camera_id,
        kind=said.kind,
        verdict=said.judgement,
        score=said.score,
        who=said.who,
        at=said.at,
        note=said.note,
        withdrawn_at=said.withdrawn_at,
        withdrawn_by=said.withdrawn_by,
    )


def show_verdicts(
    tx: Connection, camera_id: int, may_say: Sequence[Judgement], limit: int, offset: int
) -> CameraVerdicts:
    page = fault_verdicts.of_camera(tx, camera_id, limit=limit, offset=offset)
    witness = picture_witnesses.of_camera(tx, camera_id)
    return CameraVerdicts(
        camera_id=camera_id,
        may_say=list(may_say),
        thresholds=[_threshold(one) for one in picture_thresholds.of_camera(tx, camera_id)],
        witness=None if witness is None else _witness(witness),
        total=page.total,
        items=[show_verdict(said) for said in page.items],
    )


def show_quality(start: datetime, end: datetime, counted: Sequence[KindCounts]) -> QualityNow:
    together = KindQuality(
        kind="all",
        found=sum(one.found for one in counted),
        true=sum(one.true for one in counted),
        false=sum(one.false for one in counted),
        accepted=sum(one.accepted for one in counted),
        precision=_precision(sum(one.true + one.accepted for one in counted), sum(one.false for one in counted)),
    )
    return QualityNow(from_at=start, to_at=end, kinds=[_kind(one) for one in counted], all=together)


def preset_shown(token: str) -> str:
    return OF_PRESET + token if token else HOME


def preset_stored(shown: str) -> str:
    """Raises NotFound for what is no preset's address."""
    if shown == HOME:
        return ""
    token = shown.removeprefix(OF_PRESET)
    if not token or token == shown:
        raise NotFound(f"there is no view {shown}: `home`, or `preset-` and the token", code="no_preset")
    return token


def show_reference(found: Reference) -> ReferenceRow:
    return ReferenceRow(
        preset=preset_shown(found.preset),
        light=found.light,
        at=found.at,
        chosen_by=found.chosen_by,
        by_program=found.by_program,
        confirmed_by=found.confirmed_by,
        confirmed_at=found.confirmed_at,
    )


def show_normal(kept: KeptBaseline, *, is_confirmed: bool) -> NormalRow:
    seen = 0 if kept.normal is None else kept.normal.seen
    sureness = sureness_of(pictures=seen, days=kept.days, parts=kept.day_parts, is_confirmed=is_confirmed)
    doubted = kept.normal is not None and sureness in (Sureness.PROVISIONAL, Sureness.SETTLED)
    doubts = doubts_about(kept.normal, kept.light) if doubted and kept.normal is not None else ()
    return NormalRow(
        preset=preset_shown(kept.preset),
        light=kept.light,
        pictures=seen,
        days=kept.days,
        sureness=sureness,
        doubts=[NormalDoubt(kind=one.kind, because=one.because) for one in doubts],
    )


def show_unconfirmed(one: Unconfirmed) -> UnconfirmedRow:
    return UnconfirmedRow(
        camera_id=one.camera_id,
        camera_name=one.name,
        tier=one.tier,
        region_code=one.region_code,
        at=one.at,
        normal=show_normal(one.normal, is_confirmed=False),
    )


def _kind(one: KindCounts) -> KindQuality:
    return KindQuality(
        kind=one.kind,
        found=one.found,
        true=one.true,
        false=one.false,
        accepted=one.accepted,
        precision=_precision(one.true + one.accepted, one.false),
    )


def _precision(right: int, wrong: int) -> float | None:
    return round(right / (right + wrong), 4) if right + wrong else None


def _threshold(one: KindThreshold) -> ThresholdRow:
    return ThresholdRow(
        kind=one.kind,
        score=USUAL_SCORE if one.score is None else one.score,
        usual=USUAL_SCORE,
        accepted_at=one.accepted_at,
        accepted_by=one.accepted_by,
        rests_until=one.rests_until,
        changed_at=one.changed_at,
    )


def _witness(one: StoredWitness) -> WitnessNow:
    return WitnessNow(asked_at=one.asked_at, offers=list(one.offers), says=list(one.says), because=one.because)
