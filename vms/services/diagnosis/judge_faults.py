"""Staff's word on faults: true, false, or accepted; each camera's thresholds follow, in the same transaction."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from vms.access.roles import Person
from vms.core.errors import BadInput, NotAllowed, NotFound
from vms.core.ids import CameraId
from vms.health.fault import FaultKind
from vms.health.picture.diagnose import EXPLAINS
from vms.health.picture.finding import PICTURE_FINDINGS, Judgement, Thresholds, adjust
from vms.maintenance.may_step import is_office
from vms.store import events, fault_verdicts, picture_baselines, picture_thresholds, poses, reference_pictures
from vms.store.database import Database
from vms.store.fault_verdicts import JudgedFault, Verdict
from vms.store.faults import ClosedFault, close_faults, standing_faults

JUDGED = "fault.judged"
OF_THE_OLD_VIEW = EXPLAINS[FaultKind.SCENE_CHANGE] | {FaultKind.SCENE_CHANGE}
"""What was found against a normal that is none any more, or is explained by another view."""


def judge_fault(
    database: Database, fault_id: int, judgement: Judgement, person: Person, note: str, now: datetime
) -> Verdict:
    """Said again it is said once; another word takes the place of the one before. Raises NotFound, NotAllowed,
    BadInput."""
    with database.writing() as tx:
        fault_verdicts.take_turn(tx)
        found = fault_verdicts.fault(tx, fault_id)
        if judgement not in may_say(tx, person, found.camera_id):
            raise NotAllowed("this is not yours to judge", code="role")
        if judgement is Judgement.ACCEPTED:
            if found.kind not in PICTURE_FINDINGS:
                raise BadInput("only what is seen in the picture can be accepted", where="verdict")
            if not note.strip():
                raise BadInput("say why it is to stay so", where="note")
        judge_faults(tx, [fault_id], judgement, person.name, note, now)
        return fault_verdicts.last_of(tx, fault_id)


def may_say(tx: Connection, person: Person, camera_id: int) -> tuple[Judgement, ...]:
    """The office anything. A firm's crew may confirm what it was sent for: nobody calls his own order a false alarm."""
    if is_office(person):
        return tuple(Judgement)
    if person.maintainer_id is not None and fault_verdicts.is_order_of(tx, camera_id, person.maintainer_id):
        return (Judgement.TRUE,)
    return ()


def judge_faults(
    tx: Connection, fault_ids: Iterable[int], judgement: Judgement, who: str, note: str, now: datetime
) -> int:
    """How many were not judged so before. What is false or accepted of a picture is closed at once; of other kinds the
    word is kept for the figures, and what finds them goes on looking."""
    fault_verdicts.take_turn(tx)
    asked = fault_verdicts.faults_of(tx, fault_ids)
    said = fault_verdicts.in_force(tx, [one.fault_id for one in asked])
    new = [one for one in asked if one.fault_id not in said or said[one.fault_id].judgement is not judgement]
    changed = [one for one in new if one.fault_id in said]
    fault_verdicts.withdraw_of_faults(tx, [one.fault_id for one in changed], who, now)
    fault_verdicts.add(tx, new, judgement, who, note, now)
    pictures = [one for one in new if one.kind in PICTURE_FINDINGS]
    _tune(tx, pictures, {one.fault_id for one in changed}, judgement, who, now)
    closed: list[JudgedFault] = []
    if judgement is not Judgement.TRUE:
        closed = [one for one in pictures if one.is_open]
        close_faults(tx, [ClosedFault(one.camera_id, one.kind, now) for one in closed], now)
    if judgement is not Judgement.FALSE:
        moved = [one.camera_id for one in pictures if one.kind is FaultKind.SCENE_CHANGE]
        poses.end_checks(tx, moved, poses.SCENE_CHANGE, who, now)
    if judgement is Judgement.ACCEPTED:
        _begin_anew(tx, [one.camera_id for one in pictures if one.kind is FaultKind.SCENE_CHANGE], who, now)
    _tell(tx, new, {one.fault_id for one in closed}, judgement, who, now)
    return len(new)


def ended_by(kind: FaultKind, judgement: Judgement) -> frozenset[FaultKind]:
    """The kinds that are over for the camera when a fault of its picture is closed by such a word."""
    if judgement is Judgement.ACCEPTED and kind is FaultKind.SCENE_CHANGE:
        return OF_THE_OLD_VIEW
    return frozenset({kind})


def withdraw_acceptance(database: Database, camera_id: CameraId, kind: FaultKind, who: str, now: datetime) -> None:
    """From now on the kind is reported again, also where it only rests. Raises NotFound where it does neither."""
    with database.writing() as tx:
        fault_verdicts.take_turn(tx)
        before = picture_thresholds.thresholds_of(tx, [camera_id])
        known = before.get(camera_id, Thresholds())
        if kind not in known.accepted and kind not in known.at(now).accepted:
            raise NotFound(f"{kind} is not accepted of camera {camera_id}")
        fault_verdicts.withdraw_accepted(tx, camera_id, [kind], who, now)
        rests = {rested: rest for rested, rest in known.rests.items() if rested is not kind}
        after = Thresholds(scores=known.scores, accepted=known.accepted - {kind}, rests=rests)
        picture_thresholds.keep(tx, before, {camera_id: after}, who, now)
        content = {"kind": kind.value, "verdict": "withdrawn", "closed": False, "who": who}
        events.append(tx, JUDGED, camera_id, content, now)


def _tune(
    tx: Connection, pictures: Sequence[JudgedFault], changed: set[int], judgement: Judgement, who: str, now: datetime
) -> None:
    before = picture_thresholds.thresholds_of(tx, [one.camera_id for one in pictures])
    after = {one.camera_id: before.get(one.camera_id, Thresholds()) for one in pictures}
    for one in pictures:
        known = after[one.camera_id]
        if one.fault_id in changed:
            after[one.camera_id] = _of_all_words(tx, one, known)
        else:
            score = known.noticed_from(one.kind) if one.score is None else one.score
            after[one.camera_id] = adjust(known, one.kind, judgement, score, now)
    picture_thresholds.keep(tx, before, after, who, now)


def _of_all_words(tx: Connection, judged: JudgedFault, known: Thresholds) -> Thresholds:
    """A word was taken back: its kind's threshold is made anew of those that hold."""
    scores = {kind: score for kind, score in known.scores.items() if kind is not judged.kind}
    rests = {kind: rest for kind, rest in known.rests.items() if kind is not judged.kind}
    made = Thresholds(scores=scores, accepted=known.accepted - {judged.kind}, rests=rests)
    for word in fault_verdicts.words_on(tx, judged.camera_id, judged.kind):
        score = made.noticed_from(judged.kind) if word.score is None else word.score
        made = adjust(made, judged.kind, word.judgement, score, word.at)
    return made


def _begin_anew(tx: Connection, camera_ids: Sequence[CameraId], who: str, now: datetime) -> None:
    """Another view is the normal one now: what was learnt, chosen and accepted of the old one is over, and so is what
    stands open against it: without the old normal no look could tell that it is gone."""
    reference_pictures.forget(tx, camera_ids)
    standing = standing_faults(tx, camera_ids) if camera_ids else {}
    ends = [
        ClosedFault(camera_id, fault.kind, now)
        for camera_id, found in standing.items()
        for fault in found
        if fault.kind in OF_THE_OLD_VIEW
    ]
    close_faults(tx, ends, now)
    others = PICTURE_FINDINGS - {FaultKind.SCENE_CHANGE}
    for camera_id in camera_ids:
        picture_baselines.forget(tx, camera_id)
        fault_verdicts.withdraw_accepted(tx, camera_id, others, who, now)


def _tell(
    tx: Connection, judged: Sequence[JudgedFault], closed: set[int], judgement: Judgement, who: str, now: datetime
) -> None:
    news = [
        (
            one.camera_id,
            {
                "fault_id": one.fault_id,
                "kind": one.kind.value,
                "verdict": judgement.value,
                "closed": one.fault_id in closed,
                "who": who,
            },
        )
        for one in judged
    ]
    events.append_many(tx, JUDGED, news, now)
