"""What the poller says of pictures, from the first still to the closed fault, against a pretend city."""

from sqlalchemy import select, update

from tests.builders.polled_city import PolledCity, polled_city, running_poller, until
from vms.core.clock import system_clock
from vms.core.ids import CameraId
from vms.health.fault import Fault, FaultKind
from vms.health.picture.finding import Judgement
from vms.health.picture.learning import LEAST_PICTURES
from vms.health.status import Status
from vms.services.diagnosis.judge_faults import judge_faults, withdraw_acceptance
from vms.sim.faults import Fault as Broken
from vms.store import faults, picture_baselines, stills
from vms.store.picture_baselines import KeptBaseline
from vms.store.schema import cameras as camera_table
from vms.store.schema import faults as fault_table

QUICK = {"still_every": 1, "interval_s": 0.5, "normals_every_s": 0.2, "burst_gap_s": 0.15}
SHOWS = {
    Broken.BLACK: FaultKind.TOO_DARK,
    Broken.BRIGHT: FaultKind.TOO_BRIGHT,
    Broken.BLURRED: FaultKind.BLUR,
    Broken.FROZEN: FaultKind.FROZEN,
    Broken.OCCLUDED: FaultKind.OCCLUSION,
    Broken.TURNED_ASIDE: FaultKind.SCENE_CHANGE,
}


def open_faults(polled: PolledCity) -> dict[CameraId, tuple[Fault, ...]]:
    with polled.database.reading() as tx:
        return faults.standing_faults(tx)


def open_kinds(polled: PolledCity) -> dict[CameraId, set[FaultKind]]:
    return {camera_id: {fault.kind for fault in found} for camera_id, found in open_faults(polled).items()}


def normals(polled: PolledCity) -> dict[CameraId, list[KeptBaseline]]:
    with polled.database.reading() as tx:
        return picture_baselines.of_cameras(tx, polled.everything)


def all_are_known(polled: PolledCity) -> bool:
    known = {camera_id for camera_id, kept in normals(polled).items() if any(is_known(one) for one in kept)}
    return known == polled.everything


def is_known(kept: KeptBaseline) -> bool:
    return kept.normal is not None and kept.normal.seen >= LEAST_PICTURES


async def test_cameras_are_learnt_fall_ill_are_found_and_are_well_again(sqlite_database, tmp_path):
    async with (
        polled_city(sqlite_database, tmp_path, first_address="127.61.1.1", cameras=9, **QUICK) as polled,
        running_poller(polled),
    ):
        await until(lambda: all_are_known(polled), 20, "every camera's normal is known")
        assert open_kinds(polled) == {}, "nobody was ill so far"
        ill = dict(zip(SHOWS, polled.addresses, strict=False))
        for fault, address in ill.items():
            await polled.city.set_fault(address, fault, True, 1)
        patients = {polled.camera_ids[address][0]: SHOWS[fault] for fault, address in ill.items()}

        def all_are_found() -> bool:
            found = open_kinds(polled)
            return all(kind in found.get(camera_id, set()) for camera_id, kind in patients.items())

        await until(all_are_found, 30, "each illness has its name")
        assert set(open_kinds(polled)) == set(patients), "and nobody else has any"
        assert polled.with_status(Status.UP) == polled.everything, "an ill picture does not make a camera down"
        with polled.database.reading() as tx:
            still = stills.of_camera(tx, next(iter(patients)))
        told = [fault for found in open_faults(polled).values() for fault in found]
        assert all(fault.because and fault.score is not None and fault.score >= 0.5 for fault in told)
        assert still is not None and still.statistics["findings"] >= 1
        assert (tmp_path / "stills" / still.file).read_bytes().startswith(b"\xff\xd8")
        for fault, address in ill.items():
            await polled.city.set_fault(address, fault, False, 1)
        await until(lambda: open_kinds(polled) == {}, 30, "every picture is good again")
        assert list((tmp_path / "stills").glob("*.part")) == []


async def test_a_shaking_camera_is_found_in_its_stream_and_a_snapshot_that_fails_gives_way_to_it(
    sqlite_database, tmp_path
):
    every = {"stream_every": 1000, "motion_every_s": 0.5, "interval_s": 0.5, "still_every": 1}
    async with polled_city(sqlite_database, tmp_path, first_address="127.61.3.1", cameras=2, **every) as polled:
        shaking, mute = polled.camera_ids[polled.addresses[0]][0], polled.camera_ids[polled.addresses[1]][0]
        await polled.city.set_fault(polled.addresses[0], Broken.SHAKING, True, 1)
        with polled.database.writing() as tx:
            nowhere = f"http://{polled.addresses[1]}:{polled.city.device(polled.addresses[1]).plan.onvif_port}/nowhere"
            tx.execute(update(camera_table).where(camera_table.c.id == mute).values(snapshot_uri=nowhere))
        async with running_poller(polled):
            await until(lambda: open_kinds(polled).get(shaking) == {FaultKind.JITTER}, 30, "it shakes")
            with polled.database.reading() as tx:
                assert set(stills.times(tx)) == {shaking, mute}, "the other one's came from its stream"
            assert mute not in open_kinds(polled)
            await polled.city.set_fault(polled.addresses[0], Broken.SHAKING, False, 1)
            await until(lambda: open_kinds(polled) == {}, 30, "it hangs still again")


async def test_what_staff_call_false_is_learnt_and_what_they_accept_stays_silent(sqlite_database, tmp_path):
    async with (
        polled_city(sqlite_database, tmp_path, first_address="127.61.2.1", cameras=1, **QUICK) as polled,
        running_poller(polled),
    ):
        (camera_id,) = polled.everything
        await until(lambda: all_are_known(polled), 20, "the camera's normal is known")
        await polled.city.set_fault(polled.addresses[0], Broken.BLACK, True, 1)
        await until(lambda: open_kinds(polled) == {camera_id: {FaultKind.TOO_DARK}}, 20, "it is black")
        before = pictures_learnt(polled)
        said(polled, Judgement.FALSE)
        await until(lambda: pictures_learnt(polled) == before + 1, 20, "the black picture is learnt in spite of it")
        await is_silent(polled)
        withdraw_acceptance(polled.database, camera_id, FaultKind.TOO_DARK, "somebody", system_clock())
        await until(lambda: open_kinds(polled) != {}, 20, "it rests no more, and is so black that it is told")
        said(polled, Judgement.ACCEPTED)
        await is_silent(polled)


async def test_a_word_on_what_is_no_picture_ends_nothing_nor_is_told_twice(sqlite_database, tmp_path):
    quick = {"interval_s": 0.3, "timeout_s": 1.0}
    async with polled_city(sqlite_database, tmp_path, first_address="127.78.1.1", cameras=2, **quick) as polled:
        dead, wrong = polled.addresses
        await polled.city.set_fault(wrong, Broken.CLOCK_SKEWED, True, 1)
        await polled.city.set_fault(dead, Broken.OFF, True, 1)
        both = {
            polled.camera_ids[dead][0]: {FaultKind.UNREACHABLE},
            polled.camera_ids[wrong][0]: {FaultKind.CLOCK_OFF},
        }
        async with running_poller(polled):
            await until(lambda: open_kinds(polled) == both, 20, "one is dead, and one clock is wrong")
            said(polled, Judgement.FALSE, of=2)
            await polled.city.set_fault(dead, Broken.OFF, False, 1)
            await until(lambda: len(open_kinds(polled)) == 1, 20, "it is back, and its fault has ended")
            await until(lambda: polled.with_status(Status.UP) == polled.everything, 20, "and is up")
            await polled.city.set_fault(wrong, Broken.CLOCK_SKEWED, False, 1)
            await until(lambda: open_kinds(polled) == {}, 20, "the clock goes right")
        with polled.database.reading() as tx:
            kept = tx.execute(select(fault_table.c.kind, fault_table.c.closed_at)).all()
        assert sorted(row.kind for row in kept) == ["clock_off", "unreachable"], "nothing was told a second time"


def pictures_learnt(polled: PolledCity) -> int:
    return sum(kept.normal.seen for found in normals(polled).values() for kept in found if kept.normal is not None)


async def is_silent(polled: PolledCity) -> None:
    looked = len(stills_seen(polled, set()))
    seen: set[object] = set()
    await until(lambda: len(stills_seen(polled, seen)) >= looked + 6, 20, "it was looked at again and again")
    assert open_kinds(polled) == {}


def stills_seen(polled: PolledCity, seen: set[object]) -> set[object]:
    with polled.database.reading() as tx:
        seen.update(stills.times(tx).values())
    return seen


def said(polled: PolledCity, judgement: Judgement, of: int = 1) -> None:
    with polled.database.writing() as tx:
        open_now = tx.execute(select(fault_table.c.id).where(fault_table.c.closed_at.is_(None))).scalars().all()
        assert judge_faults(tx, open_now, judgement, "somebody", "it is a cellar", system_clock()) == of
