"""What is normal for a camera: learnt, merged, kept."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders.pictures import FAULTY, a_baseline, a_street, by_night, statistics_of
from vms.core.errors import BadInput
from vms.health.picture.baseline import Baseline, Light, Normal, from_json, learn, learn_all, match, merge, to_json

DAYS = [statistics_of(a_street(seed)) for seed in range(6)]
NIGHT = statistics_of(by_night(a_street(9)))


def test_day_and_night_are_learnt_apart() -> None:
    known = learn_all([*DAYS, NIGHT])
    assert known.lights[Light.DAY].seen == len(DAYS)
    assert known.lights[Light.NIGHT].seen == 1
    assert known.light_of(NIGHT) is Light.NIGHT
    assert known.light_of(DAYS[0]) is Light.DAY


def test_a_picture_is_compared_with_the_other_light_where_its_own_is_unknown() -> None:
    assert a_baseline().light_of(NIGHT) is Light.DAY
    assert Baseline().light_of(NIGHT) is None


def test_a_baseline_takes_at_most_four_kilobytes() -> None:
    assert len(to_json(learn_all([*DAYS, NIGHT, NIGHT]))) <= 4096


def test_a_baseline_comes_back_as_it_was_written() -> None:
    written = to_json(learn_all([*DAYS, NIGHT]))
    assert to_json(from_json(written)) == written


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "null", "{}", '{"version":9,"lights":{}}', '{"version":1,"lights":{"noon":{}}}',
        '{"version":1,"lights":{"day":{"seen":1}}}', '{"version":1,"lights":[]}',
    ],
)  # fmt: skip
def test_what_is_no_baseline_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        from_json(text)


def test_a_map_of_another_size_is_refused() -> None:
    document = json.loads(to_json(a_baseline(2)))
    document["lights"]["day"]["look"] = "AAAA"
    with pytest.raises(BadInput):
        from_json(json.dumps(document))


def test_one_odd_picture_hardly_moves_what_is_normal() -> None:
    steady = learn_all(DAYS)
    odd = learn(steady, statistics_of(FAULTY["too_bright"](a_street(1))), Light.DAY)
    before, after = (known.lights[Light.DAY].of("middle").centre for known in (steady, odd))
    assert abs(after - before) < 10


def test_two_halves_merge_to_about_the_whole() -> None:
    whole = learn_all(DAYS).lights[Light.DAY]
    merged = merge(learn_all(DAYS[:3]), learn_all(DAYS[3:])).lights[Light.DAY]
    assert merged.seen == whole.seen
    assert merged.of("bright").centre == pytest.approx(whole.of("bright").centre, rel=0.05)
    assert match(merged.look, whole.look) > 0.95


@given(st.floats(-100, 100), st.lists(st.floats(-300, 300), min_size=10, max_size=60))
def test_a_normal_stays_within_what_was_seen(first: float, values: list[float]) -> None:
    normal = Normal(first, 0.0)
    for seen, value in enumerate(values, start=1):
        normal = normal.with_value(value, seen)
    assert min(first, *values) - 1e-6 <= normal.centre <= max(first, *values) + 1e-6
    assert normal.deviation >= 0
