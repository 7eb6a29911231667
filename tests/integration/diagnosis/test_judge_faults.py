"""Staff's word on picture faults in the store: thresholds follow, false ones close, what was accepted stays silent."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

import pytest
from sqlalchemy import Row

from tests.builders.access import a_person
from tests.builders.orders import Town
from tests.builders.pictures import a_baseline
from vms.access.roles import Role
from vms.core.errors import BadInput, NotAllowed, NotFound
from vms.core.ids import CameraId
from vms.health.fault import LAYER_OF, Fault, FaultKind, Severity
from vms.health.picture.baseline import Light
from vms.health.picture.finding import Judgement, Thresholds
from vms.services.diagnosis.judge_faults import judge_fault, judge_faults, withdraw_acceptance
from vms.store import events, fault_verdicts, faults, picture_baselines, picture_thresholds, reference_pictures
from vms.store.database import Database
from vms.store.faults import OpenedFault
from vms.store.picture_baselines import KeptBaseline
from vms.store.reference_pictures import Reference
from vms.store.schema import faults as fault_table

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
OFFICE = a_person(Role.ADMIN, name="office")
BLUR, CHANGE = FaultKind.BLUR, FaultKind.SCENE_CHANGE


@pytest.fixture
def town(sqlite_database: Database) -> Town:
    return Town(database=sqlite_database, now=NOON)


@pytest.fixture
def either_town(database: Database) -> Town:
    """For what PostgreSQL does in another way."""
    return Town(database=database, now=NOON)


def a_fault(town: Town, camera: CameraId, kind: FaultKind = BLUR, score: float | None = 0.7) -> int:
    fault = Fault(kind=kind, layer=LAYER_OF[kind], severity=Severity.MAJOR, because="soft", score=score)
    with town.database.writing() as tx:
        faults.open_faults(tx, [OpenedFault(camera, fault, town.now)], town.now)
    number: int = newest(town, camera).id
    return number


def newest(town: Town, camera: CameraId) -> Row[Any]:
    with town.database.reading() as tx:
        chosen = fault_table.select().where(fault_table.c.camera_id == camera)
        return tx.execute(chosen.order_by(fault_table.c.id.desc()).limit(1)).one()


def thresholds(town: Town, camera: CameraId) -> Thresholds:
    with town.database.reading() as tx:
        return picture_thresholds.thresholds_of(tx, [camera]).get(camera, Thresholds())


def judged_news(town: Town) -> list[tuple[int | None, str, bool]]:
    with town.database.reading() as tx:
        news = [event for event in events.after(tx, 0, 1000) if event.kind == "fault.judged"]
    return [(event.subject, event.content["verdict"], event.content["closed"]) for event in news]


def test_a_false_one_is_closed_at_once_and_must_be_clearly_exceeded_next_time(town: Town) -> None:
    camera, other = town.camera(), town.camera("another")
    fault = a_fault(town, camera)
    town.later(minutes=1)
    said = judge_fault(town.database, fault, Judgement.FALSE, OFFICE, "sharp enough", town.now)
    assert (said.judgement, said.score, said.who) == (Judgement.FALSE, 0.7, "office")
    assert newest(town, camera).closed_at == town.now
    assert thresholds(town, camera).of(BLUR) == pytest.approx(0.75)
    assert thresholds(town, other) == Thresholds()
    assert judged_news(town) == [(camera, "false", True)]


def test_a_true_one_stays_open_and_makes_its_kind_keener(town: Town) -> None:
    camera = town.camera()
    fault = a_fault(town, camera)
    judge_fault(town.database, fault, Judgement.TRUE, OFFICE, "", town.now)
    assert newest(town, camera).closed_at is None
    assert thresholds(town, camera).of(BLUR) == pytest.approx(0.475)


def test_the_same_word_twice_is_said_once_also_by_two_at_the_same_time(either_town: Town) -> None:
    town = either_town
    camera = town.camera()
    fault = a_fault(town, camera)

    def say(_: int) -> int:
        return judge_fault(town.database, fault, Judgement.FALSE, OFFICE, "", town.now).verdict_id

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(say, range(4)))) == 1
    assert thresholds(town, camera).of(BLUR) == pytest.approx(0.75)
    assert len(judged_news(town)) == 1


def test_another_word_takes_the_place_of_the_first_and_its_effect(either_town: Town) -> None:
    town = either_town
    camera = town.camera()
    earlier, fault = a_fault(town, camera, score=0.6), a_fault(town, camera, score=0.9)
    judge_fault(town.database, earlier, Judgement.FALSE, OFFICE, "", town.now)
    judge_fault(town.database, fault, Judgement.FALSE, OFFICE, "", town.now)
    assert thresholds(town, camera).of(BLUR) == pytest.approx(0.95)
    judge_fault(town.database, fault, Judgement.TRUE, OFFICE, "seen on the spot", town.now)
    assert thresholds(town, camera).of(BLUR) == pytest.approx(0.625), "0.65 after the earlier one, then keener"
    with town.database.reading() as tx:
        history = fault_verdicts.of_camera(tx, camera).items
    assert [(said.judgement, said.withdrawn_by) for said in history] == [
        (Judgement.TRUE, None),
        (Judgement.FALSE, "office"),
        (Judgement.FALSE, None),
    ]


def test_what_is_accepted_is_silent_beyond_doubt_until_that_is_withdrawn(town: Town) -> None:
    camera = town.camera()
    fault = a_fault(town, camera, FaultKind.MONO, score=1.0)
    with pytest.raises(BadInput, match="why it is to stay so"):
        judge_fault(town.database, fault, Judgement.ACCEPTED, OFFICE, " ", town.now)
    judge_fault(town.database, fault, Judgement.ACCEPTED, OFFICE, "a camera without colour", town.now)
    assert thresholds(town, camera).of(FaultKind.MONO) > 1
    with town.database.reading() as tx:
        (kept,) = picture_thresholds.of_camera(tx, camera)
    assert (kept.accepted_at, kept.accepted_by, kept.score) == (town.now, "office", None)
    withdraw_acceptance(town.database, camera, FaultKind.MONO, "wang", town.now)
    assert thresholds(town, camera) == Thresholds()
    with town.database.reading() as tx:
        (said,) = fault_verdicts.of_camera(tx, camera).items
    assert said.withdrawn_by == "wang"
    with pytest.raises(NotFound):
        withdraw_acceptance(town.database, camera, FaultKind.MONO, "wang", town.now)


def test_what_is_beyond_doubt_and_called_false_rests_until_another_word_or_somebody_ends_that(
    either_town: Town,
) -> None:
    town = either_town
    camera, frozen = town.camera(), FaultKind.FROZEN
    fault = a_fault(town, camera, frozen, 1.0)
    judge_fault(town.database, fault, Judgement.FALSE, OFFICE, "a still scene", town.now)
    with town.database.reading() as tx:
        (kept,) = picture_thresholds.of_camera(tx, camera)
    assert (kept.rests_until, kept.score) == (town.now + timedelta(days=1), 0.95)
    assert thresholds(town, camera).at(town.later(hours=23)).of(frozen) > 1
    judge_fault(town.database, fault, Judgement.TRUE, OFFICE, "it was frozen after all", town.now)
    assert thresholds(town, camera).rests == {}
    judge_fault(town.database, fault, Judgement.FALSE, OFFICE, "no", town.now)
    withdraw_acceptance(town.database, camera, frozen, "wang", town.now)
    assert thresholds(town, camera).rests == {}
    with pytest.raises(NotFound):
        withdraw_acceptance(town.database, camera, frozen, "wang", town.now)


def test_an_accepted_view_begins_anew_with_nothing_of_the_old_one(either_town: Town) -> None:
    town = either_town
    camera, other = town.camera(), town.camera("another")
    normal = a_baseline(2).lights[Light.DAY]
    with town.database.writing() as tx:
        for one in (camera, other):
            kept = KeptBaseline(camera_id=one, light=Light.DAY, normal=normal, written_at=None)
            picture_baselines.put_many(tx, [kept], town.now)
            picture = Reference(
                camera_id=one, preset="", light=Light.DAY, at=town.now, file=f"{one}.jpg", chosen_by="program"
            )
            reference_pictures.put(tx, picture)
    wall = a_fault(town, camera, FaultKind.LOW_CONTRAST, 1.0)
    judge_fault(town.database, wall, Judgement.ACCEPTED, OFFICE, "a wall", town.now)
    turned = a_fault(town, camera, CHANGE, 1.0)
    for kind, one in ((FaultKind.OCCLUSION, camera), (FaultKind.FROZEN, camera), (FaultKind.OCCLUSION, other)):
        a_fault(town, one, kind, 0.9)
    judge_fault(town.database, turned, Judgement.ACCEPTED, OFFICE, "it looks at the gate now", town.now)
    assert thresholds(town, camera) == Thresholds(scores=MappingProxyType({}))
    with town.database.reading() as tx:
        standing = {one: [fault.kind for fault in found] for one, found in faults.standing_faults(tx).items()}
        assert standing == {camera: [FaultKind.FROZEN], other: [FaultKind.OCCLUSION]}, (
            "what only the old view told ends"
        )
        ended = [event.content["kind"] for event in events.after(tx, 0, 1000) if event.kind == "fault.closed"]
        assert sorted(ended) == ["low_contrast", "occlusion", "scene_change"], "each end is told once"
        assert set(picture_baselines.of_cameras(tx, [camera, other])) == {other}
        assert reference_pictures.of_camera(tx, camera) == []
        assert len(reference_pictures.of_camera(tx, other)) == 1


def test_words_on_other_faults_are_kept_for_the_figures_and_close_nothing(town: Town) -> None:
    camera = town.camera()
    fault = a_fault(town, camera, FaultKind.UNREACHABLE, None)
    judge_fault(town.database, fault, Judgement.FALSE, OFFICE, "it answers me", town.now)
    assert newest(town, camera).closed_at is None
    assert thresholds(town, camera) == Thresholds()
    with pytest.raises(BadInput, match="only what is seen"):
        judge_fault(town.database, fault, Judgement.ACCEPTED, OFFICE, "so be it", town.now)


def test_a_crew_confirms_what_it_was_sent_for_and_calls_nothing_false(town: Town) -> None:
    firm = town.firm()
    crew = a_person(Role.MAINTAINER, name="wang", maintainer_id=firm)
    camera, foreign = town.camera(), town.camera("not theirs")
    town.seen(camera)
    fault, other = a_fault(town, camera), a_fault(town, foreign)
    with pytest.raises(NotAllowed):
        judge_fault(town.database, fault, Judgement.TRUE, crew, "", town.now)
    with town.database.writing() as tx:
        judge_faults(tx, [other], Judgement.FALSE, "office", "", town.now)
    town.later(minutes=5)
    town.turn()
    assert judge_fault(town.database, fault, Judgement.TRUE, crew, "", town.now).who == "wang"
    for judgement in (Judgement.FALSE, Judgement.ACCEPTED):
        with pytest.raises(NotAllowed):
            judge_fault(town.database, fault, judgement, crew, "no", town.now)
    with pytest.raises(NotAllowed):
        judge_fault(town.database, other, Judgement.TRUE, crew, "", town.now)


def test_the_quality_counts_what_was_found_and_the_words_that_hold(either_town: Town) -> None:
    town = either_town
    camera = town.camera()
    for judgement in (Judgement.TRUE, Judgement.TRUE, Judgement.FALSE):
        judge_fault(town.database, a_fault(town, camera), judgement, OFFICE, "", town.now)
    a_fault(town, camera, FaultKind.SNOW)
    with town.database.reading() as tx:
        end = town.later(seconds=1)
        blur, snow = fault_verdicts.counts_between(tx, NOON, end, [BLUR, FaultKind.SNOW])
        assert fault_verdicts.counts_between(tx, end, town.later(days=1), [BLUR])[0].found == 0
        assert fault_verdicts.counts_between(tx, NOON, end, [BLUR], "37")[0].found == 0
    assert (blur.found, blur.true, blur.false, blur.accepted) == (3, 2, 1, 0)
    assert (snow.found, snow.true, snow.false) == (1, 0, 0)
