"""The order of the feeds for one spot, its terms and its sentences."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders.linkage import NOW, SPOT, a_candidate
from vms.core.ids import CameraId
from vms.health.status import Status
from vms.inventory.tier import Tier
from vms.linkage.feed import FeedCandidate, FeedReason, Permission
from vms.linkage.rank import WEIGHTS, rank_feeds, reason_of


def ranked(*candidates: FeedCandidate, limit: int = 100):
    return rank_feeds(SPOT, candidates, limit=limit, now=NOW)


def order(*candidates: FeedCandidate) -> list[int]:
    return [feed.camera_id for feed in ranked(*candidates)]


hidden = {"sees": False, "blocked": True}


def test_one_that_sees_the_spot_stands_above_a_nearer_one_behind_a_building():
    assert order(a_candidate(1, **hidden, distance_m=2.0), a_candidate(2, distance_m=110.0, density_px_per_m=21.0)) == [
        2,
        1,
    ]


def test_more_pixels_stand_above_fewer():
    assert order(a_candidate(1, density_px_per_m=30.0), a_candidate(2, density_px_per_m=200.0)) == [2, 1]


def test_a_fresh_picture_stands_above_an_old_one_and_an_old_one_above_none():
    feeds = [a_candidate(1, picture_age_s=None), a_candidate(2, picture_age_s=900.0), a_candidate(3)]
    assert order(*feeds) == [3, 2, 1]


def test_up_stands_above_unknown_and_unknown_above_suspect():
    feeds = [a_candidate(1, status=Status.SUSPECT), a_candidate(2, status=Status.UNKNOWN), a_candidate(3)]
    assert order(*feeds) == [3, 2, 1]


def test_the_spot_in_the_middle_of_the_picture_stands_above_the_spot_at_its_edge():
    assert order(a_candidate(1, bearing_deg=40.0), a_candidate(2, bearing_deg=5.0)) == [2, 1]


def test_a_surveyed_pose_stands_above_a_guessed_one():
    assert order(a_candidate(1, pose_confidence=0.2), a_candidate(2, pose_confidence=0.9)) == [2, 1]


def test_the_usable_stand_first_then_those_to_ask_then_the_refused_then_the_ill():
    feeds = [
        a_candidate(1, status=Status.DOWN),
        a_candidate(2, permission=Permission.REFUSED),
        a_candidate(3, permission=Permission.ASK),
        a_candidate(4, **hidden),
        a_candidate(5, sees=False, could_see=True),
        a_candidate(6),
    ]
    result = ranked(*feeds)
    assert [f.camera_id for f in result] == [6, 5, 4, 3, 2, 1]
    assert [f.usable for f in result] == [True, True, True, False, False, False]
    assert [f.reason for f in result][3:] == [FeedReason.ASK, FeedReason.REFUSED, FeedReason.DOWN]
    assert [f.rank for f in result] == [1, 2, 3, 4, 5, 6]


def test_the_ill_are_last_with_the_reason_and_those_that_would_see_first_among_them():
    feeds = [
        a_candidate(1, status=Status.DOWN, status_because="connection refused", **hidden, distance_m=1.0),
        a_candidate(2, status=Status.DOWN, status_because="no key frame", permission=Permission.ASK),
        a_candidate(3, **hidden, distance_m=5_000.0),
    ]
    result = ranked(*feeds)
    assert [f.camera_id for f in result] == [3, 2, 1]
    assert result[1].sentence_en == "down: no key frame; would see the spot at 140 px/m; 38 m; last picture 20 s ago"
    assert result[1].sentence_zh == "离线：no key frame；可用时可见现场，140 px/m；距离 38 m；最近画面 20 秒前"
    assert result[2].reason is FeedReason.DOWN


def test_among_those_that_do_not_see_only_the_distance_counts():
    feeds = [
        a_candidate(1, **hidden, distance_m=50.0, density_px_per_m=999.0),
        a_candidate(2, **hidden, distance_m=49.0, picture_age_s=None),
    ]
    assert order(*feeds) == [2, 1]


def test_equals_come_in_the_order_of_their_ids():
    assert order(*[a_candidate(i) for i in (7, 3, 5)]) == [3, 5, 7]


@pytest.mark.parametrize(
    ("told", "english", "chinese"),
    [
        (
            {},
            "sees the spot at 140 px/m; 38 m; picture good 20 s ago",
            "可见现场，140 px/m；距离 38 m；20 秒前画面正常",
        ),
        (
            {"sees": False, "could_see": True, "turnable": True},
            "can be turned to the spot at 140 px/m; 38 m; picture good 20 s ago",
            "可转向现场，140 px/m；距离 38 m；20 秒前画面正常",
        ),
        (
            {"sees": False, "could_see": True},
            "may see the spot at 140 px/m (its direction is unknown); 38 m; picture good 20 s ago",
            "可能看到现场，140 px/m（朝向未知）；距离 38 m；20 秒前画面正常",
        ),
        (
            hidden,
            "a building hides the spot; 38 m; picture good 20 s ago",
            "现场被建筑物遮挡；距离 38 m；20 秒前画面正常",
        ),
        (
            {"sees": False},
            "does not see the spot; 38 m; picture good 20 s ago",
            "看不到现场；距离 38 m；20 秒前画面正常",
        ),
        (
            {"status": Status.UNKNOWN, "picture_age_s": 600.0},
            "sees the spot at 140 px/m; 38 m; picture 10 min ago",
            "可见现场，140 px/m；距离 38 m；10 分钟前画面",
        ),
        (
            {"status": Status.SUSPECT, "status_because": "blurred", "picture_age_s": 10_800.0},
            "sees the spot at 140 px/m; 38 m; suspect: blurred, last picture 3 h ago",
            "可见现场，140 px/m；距离 38 m；状态可疑：blurred，最近画面 3 小时前",
        ),
        (
            {"picture_age_s": None},
            "sees the spot at 140 px/m; 38 m; no picture yet",
            "可见现场，140 px/m；距离 38 m；尚无画面",
        ),
        (
            {"permission": Permission.ASK, "permission_because": "a household's camera", "picture_age_s": 864_000.0},
            "ask for access: a household's camera; would see the spot at 140 px/m; 38 m; picture good 10 d ago",
            "需申请调阅：a household's camera；可用时可见现场，140 px/m；距离 38 m；10 天前画面正常",
        ),
        (
            {"permission": Permission.REFUSED, **hidden},
            "not permitted; a building hides the spot; 38 m; picture good 20 s ago",
            "不允许调阅；现场被建筑物遮挡；距离 38 m；20 秒前画面正常",
        ),
    ],
)
def test_the_sentence_says_why_in_both_languages(told, english, chinese):
    (feed,) = ranked(a_candidate(**told))
    assert feed.sentence_en == english
    assert feed.sentence_zh == chinese


def test_the_score_shows_its_terms_with_their_weights():
    (feed,) = ranked(a_candidate())
    assert [term.name for term in feed.terms] == ["standing", *WEIGHTS]
    assert {term.name: term.weight for term in feed.terms[1:]} == WEIGHTS
    assert sum(WEIGHTS.values()) == pytest.approx(1.0)
    assert next(term.value for term in feed.terms if term.name == "density") == 140.0
    assert feed.ranked_at == NOW


def test_no_more_than_the_limit_are_given():
    feeds = [a_candidate(i) for i in range(1, 6)]
    assert [f.camera_id for f in ranked(*feeds, limit=2)] == [1, 2]
    assert ranked(*feeds, limit=0) == ()
    assert ranked() == ()


candidates = st.lists(
    st.builds(
        a_candidate,
        camera_id=st.integers(1, 10_000).map(CameraId),
        tier=st.sampled_from(Tier),
        sees=st.booleans(),
        could_see=st.booleans(),
        blocked=st.booleans(),
        turnable=st.booleans(),
        density_px_per_m=st.floats(0, 3_000),
        distance_m=st.floats(0, 50_000),
        bearing_deg=st.one_of(st.none(), st.floats(0, 360)),
        status=st.sampled_from(Status),
        picture_age_s=st.one_of(st.none(), st.floats(0, 1e7)),
        permission=st.sampled_from(Permission),
        pose_confidence=st.one_of(st.none(), st.floats(0, 1)),
    ),
    max_size=25,
    unique_by=lambda candidate: candidate.camera_id,
)


@given(candidates)
def test_the_promises_hold_for_any_list(feeds):
    result = ranked(*feeds)
    assert sorted(f.camera_id for f in result) == sorted(f.camera_id for f in feeds)
    uses = [f.reason for f in result]
    assert uses == sorted(uses, key=[FeedReason.NONE, FeedReason.ASK, FeedReason.REFUSED, FeedReason.DOWN].index)
    for above, below in pairwise(result):
        assert above.score >= below.score - 1e-9
        if above.reason is below.reason:
            assert above.sees or not below.sees
    for feed in result:
        assert feed.score == pytest.approx(sum(term.contribution for term in feed.terms))
        assert feed.sentence_en
        assert feed.sentence_zh


@given(candidates, st.randoms(use_true_random=False), st.integers(0, 30))
def test_the_order_does_not_depend_on_the_order_of_asking_and_a_limit_only_cuts(feeds, random, limit):
    shuffled = list(feeds)
    random.shuffle(shuffled)
    assert ranked(*feeds, limit=limit) == ranked(*shuffled)[:limit]


@given(candidates)
def test_the_order_equals_a_brute_force_comparison_of_every_pair(feeds):
    result = ranked(*feeds)
    place = {feed.camera_id: feed.rank for feed in result}
    for a in feeds:
        for b in feeds:
            use_a, use_b = (
                [FeedReason.DOWN, FeedReason.REFUSED, FeedReason.ASK, FeedReason.NONE].index(reason_of(c))
                for c in (a, b)
            )
            sight_a, sight_b = (2 if c.sees else 1 if c.could_see else 0 for c in (a, b))
            better = (use_a, sight_a) > (use_b, sight_b)
            nearer = (use_a, sight_a) == (use_b, sight_b) and sight_a < 2 and a.distance_m < b.distance_m - 1e-6
            if better or nearer:
                assert place[a.camera_id] < place[b.camera_id]
