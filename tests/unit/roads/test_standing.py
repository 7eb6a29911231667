"""One message for one cause: what opens a ring, what passes by, what is explained later."""

from datetime import UTC, datetime, timedelta

from vms.roads.standing import HOLD_S, QUIET_S, Cause, Hole, OpenBecause, Opening, Step, step

NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
HOLD, QUIET = timedelta(seconds=HOLD_S), timedelta(seconds=QUIET_S)


def camera(camera_id: int, *points: int) -> dict[Cause, Hole]:
    cause = Cause(because=OpenBecause.FAULTY, key=str(camera_id))
    return {cause: Hole(name=f"camera {camera_id}", points=frozenset(points), cameras=frozenset({camera_id}))}


def outage(*cameras: int) -> dict[Cause, Hole]:
    ids = frozenset(cameras)
    return {Cause(because=OpenBecause.OUTAGE, key="1"): Hole(name="switch", points=ids, cameras=ids)}


class Ring:
    def __init__(self) -> None:
        self.openings: tuple[Opening, ...] = ()
        self.told_at: list[datetime] = []
        self.closings: list[datetime] = []

    def at(self, now: datetime, holes: dict[Cause, Hole], *, silently: bool = False) -> Step:
        last = self.told_at[-1] if self.told_at else None
        done = step(self.openings, holes, last, now, silently=silently)
        self.openings = tuple(one for one in done.openings if one.closed_at is None)
        if done.told:
            self.told_at.append(now)
        if done.closed:
            self.closings.append(now)
        return done


def test_what_passes_within_a_minute_is_told_to_nobody() -> None:
    ring = Ring()
    ring.at(NOON, camera(1, 1))
    ring.at(NOON + HOLD / 2, {})
    ring.at(NOON + HOLD, camera(1, 1))
    assert ring.told_at == [] and [one.counts for one in ring.openings] == [False]


def test_a_camera_that_stays_away_is_told_once() -> None:
    ring = Ring()
    for seconds in range(0, 3600, 5):
        ring.at(NOON + timedelta(seconds=seconds), camera(1, 1))
    assert ring.told_at == [NOON + HOLD]


def test_a_ring_that_closes_for_good_is_told_once_and_what_flickers_is_not() -> None:
    ring = Ring()
    ring.at(NOON, camera(1, 1))
    ring.at(NOON + HOLD, camera(1, 1))
    back = NOON + 2 * HOLD
    ring.at(back, {})
    ring.at(back + HOLD / 2, camera(1, 1))
    ring.at(back + HOLD, {})
    assert ring.closings == []
    done = ring.at(back + 2 * HOLD, {})
    assert ring.closings == [back + 2 * HOLD] and len(ring.told_at) == 1
    assert [one.closed_at for one in done.openings] == [back + HOLD]
    ring.at(back + 3 * HOLD, {})
    assert len(ring.closings) == 1


def test_a_switch_that_fells_a_ring_camera_by_camera_is_two_messages_at_most() -> None:
    ring, holes = Ring(), {}
    for number in range(20):
        holes |= camera(number, number)
        ring.at(NOON + timedelta(seconds=10 * number), holes)
    for seconds in range(200, 3600, 5):
        ring.at(NOON + timedelta(seconds=seconds), holes)
    assert ring.told_at == [NOON + HOLD, NOON + HOLD + QUIET]


def test_an_outage_that_explains_what_is_open_already_is_not_told_again() -> None:
    ring = Ring()
    both = camera(1, 1) | camera(2, 2)
    ring.at(NOON, both)
    ring.at(NOON + HOLD, both)
    later = NOON + HOLD + QUIET
    for seconds in range(0, 1200, 5):
        ring.at(later + timedelta(seconds=seconds), outage(1, 2))
    assert ring.told_at == [NOON + HOLD] and ring.closings == []
    (left,) = ring.openings
    assert left.cause.because is OpenBecause.OUTAGE
    mended = later + timedelta(seconds=1200)
    ring.at(mended, {})
    ring.at(mended + HOLD, {})
    assert ring.closings == [mended + HOLD]


def test_an_outage_that_takes_more_points_is_told() -> None:
    ring = Ring()
    ring.at(NOON, camera(1, 1))
    ring.at(NOON + HOLD, camera(1, 1))
    later = NOON + HOLD + QUIET
    ring.at(later, outage(1, 2))
    told = ring.at(later + HOLD, outage(1, 2)).told
    assert [one.hole.points for one in told] == [frozenset({1, 2})]


def test_a_ring_made_with_gaps_is_told_only_when_it_gets_worse() -> None:
    ring = Ring()
    unbuilt = {Cause(because=OpenBecause.NONE_BUILT): Hole(name="", points=frozenset({9}), cameras=frozenset())}
    ring.at(NOON, unbuilt, silently=True)
    ring.at(NOON + 2 * HOLD, unbuilt)
    assert ring.told_at == [] and [one.counts for one in ring.openings] == [True]
    ring.at(NOON + 3 * HOLD, unbuilt | camera(1, 1))
    told = ring.at(NOON + 4 * HOLD, unbuilt | camera(1, 1)).told
    assert [one.hole.name for one in told] == ["camera 1"]
    ring.at(NOON + 5 * HOLD, unbuilt)
    ring.at(NOON + 6 * HOLD, unbuilt)
    assert ring.closings == [NOON + 6 * HOLD]
