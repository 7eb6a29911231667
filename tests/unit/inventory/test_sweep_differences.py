"""New, gone, moved, changed: told between two sweeps, where both looked."""

from hypothesis import given
from hypothesis import strategies as st

from vms.inventory.sweep_differences import FieldDifference, Kind, Sighting, differences


def seen(last: int = 1, device_id: int | None = None, port: int = 80, **told: str) -> Sighting:
    return Sighting(address=f"10.0.0.{last}", port=port, device_id=device_id, told=told)


def kinds(before, now, **more):
    return [(one.kind, one.address) for one in differences(before, now, **more)]


def test_nothing_is_different_when_everybody_is_where_he_was() -> None:
    assert differences([seen(1, 7, model="A"), seen(2)], [seen(2), seen(1, 7, model="A")]) == ()


def test_who_was_not_there_before_is_new_and_who_is_not_there_now_is_gone() -> None:
    assert kinds([seen(1, 7)], [seen(2, 8)]) == [(Kind.NEW, "10.0.0.2"), (Kind.GONE, "10.0.0.1")]


def test_whose_place_was_not_looked_at_is_not_gone() -> None:
    assert kinds([seen(1, 7)], [], looked_at_now=lambda sighting: sighting.address != "10.0.0.1") == []


def test_where_nobody_looked_then_nobody_is_new() -> None:
    then = {"looked_at_then": lambda sighting: sighting.address != "10.0.0.1"}
    assert kinds([], [seen(1, 7)], **then) == []
    assert kinds([], [seen(1, 7), seen(3, 7)], **then) == [(Kind.NEW, "10.0.0.3")], "he was not there either"


def test_who_is_heard_elsewhere_has_moved_only_where_his_old_place_was_looked_at() -> None:
    before, now = [seen(1, 7, model="A")], [seen(2, 7, model="B")]
    assert kinds(before, now, looked_at_now=lambda sighting: False) == [(Kind.CHANGED, "10.0.0.2")]
    assert (Kind.MOVED, "10.0.0.2") in kinds(before, now, looked_at_then=lambda sighting: False)


def test_the_same_device_at_another_address_has_moved() -> None:
    (moved,) = differences([seen(1, 7)], [seen(2, 7, port=8080)])
    assert (moved.kind, moved.device_id, moved.address, moved.port) == (Kind.MOVED, 7, "10.0.0.2", 8080)
    assert moved.fields == (FieldDifference(name="address", before="10.0.0.1:80", now="10.0.0.2:8080"),)


def test_a_device_with_two_addresses_that_lost_one_has_not_moved() -> None:
    assert differences([seen(1, 7), seen(2, 7)], [seen(2, 7)]) == ()


def test_another_device_at_the_same_address_is_new_and_the_old_one_gone() -> None:
    assert kinds([seen(1, 7)], [seen(1, 8)]) == [(Kind.NEW, "10.0.0.1"), (Kind.GONE, "10.0.0.1")]


def test_at_the_same_place_somebody_who_does_not_say_who_he_is_counts_as_the_same() -> None:
    assert differences([seen(1, 7)], [seen(1)]) == ()
    assert differences([seen(1)], [seen(1, 7)]) == ()


def test_new_firmware_is_a_change_and_silence_is_none() -> None:
    before = [seen(1, 7, firmware="1.0", model="A", channels="one")]
    (changed,) = differences(before, [seen(1, 7, firmware="1.1", model="", channels="one")])
    assert changed.kind is Kind.CHANGED
    assert changed.fields == (FieldDifference(name="firmware", before="1.0", now="1.1"),)


def test_who_moved_and_changed_is_told_twice() -> None:
    assert kinds([seen(1, 7, model="A")], [seen(2, 7, model="B")]) == [
        (Kind.MOVED, "10.0.0.2"),
        (Kind.CHANGED, "10.0.0.2"),
    ]


sightings = st.lists(
    st.builds(
        seen,
        st.integers(1, 12),
        st.none() | st.integers(1, 8),
        st.sampled_from([80, 8080]),
        firmware=st.sampled_from(["", "1", "2"]),
    ),
    max_size=14,
    unique_by=lambda one: one.place,
)


def whose(some: list[Sighting]) -> set[int]:
    return {one.device_id for one in some if one.device_id is not None}


@given(sightings, st.randoms())
def test_the_order_of_sightings_does_not_matter_and_nothing_differs_from_itself(some, random) -> None:
    shuffled = list(some)
    random.shuffle(shuffled)
    assert differences(some, shuffled) == ()


@given(sightings, sightings)
def test_each_device_is_accounted_for_once(before, now) -> None:
    found = differences(before, now)
    gone = [one.device_id for one in found if one.kind is Kind.GONE and one.device_id is not None]
    new = [one.device_id for one in found if one.kind is Kind.NEW and one.device_id is not None]
    moved = [one.device_id for one in found if one.kind is Kind.MOVED and one.device_id is not None]
    for some in (gone, new, moved):
        assert len(some) == len(set(some))
    places = {one.place for one in now}
    for device_id in whose(before) - whose(now) - set(gone):
        assert any(one.place in places for one in before if one.device_id == device_id), "lost without a word"
    assert set(gone) <= whose(before) - whose(now)
    assert set(new) <= whose(now) - whose(before)
    assert set(moved) <= whose(before) & whose(now)


@given(sightings, sightings)
def test_looked_at_from_the_other_side_new_is_gone(before, now) -> None:
    there = differences(before, now)
    back = differences(now, before)
    assert sum(one.kind is Kind.NEW for one in there) == sum(one.kind is Kind.GONE for one in back)
    assert sum(one.kind is Kind.CHANGED for one in there) == sum(one.kind is Kind.CHANGED for one in back)


@given(sightings)
def test_everybody_is_new_where_nobody_was(now) -> None:
    found = differences([], now)
    assert {one.kind for one in found} <= {Kind.NEW}
    assert {one.device_id for one in found if one.device_id} == whose(now)
