from vms.services.assessment.recent import GOOD_FOR_S, MOST, RecentAnswers


class Work:
    """Takes `cost_s` of a clock of its own, each time another answer."""

    def __init__(self, cost_s: float) -> None:
        self.now_s, self.cost_s, self.done = 0.0, cost_s, 0

    def __call__(self) -> dict[str, int]:
        self.now_s += self.cost_s
        self.done += 1
        return {"made": self.done}


def test_what_took_long_is_good_for_a_minute_and_no_longer():
    work = Work(9.0)
    recent = RecentAnswers(now_s=lambda: work.now_s)
    assert recent.answer("may", work) == recent.answer("may", work) == {"made": 1}
    assert recent.answer("june", work) == {"made": 2}
    work.now_s += GOOD_FOR_S
    assert recent.answer("may", work) == {"made": 3}


def test_what_is_quick_is_made_anew_each_time():
    work = Work(0.1)
    recent = RecentAnswers(now_s=lambda: work.now_s)
    assert [recent.answer("may", work)["made"] for _ in range(2)] == [1, 2]


def test_only_the_last_few_are_kept():
    work = Work(3.0)
    recent = RecentAnswers(now_s=lambda: work.now_s)
    for number in range(MOST + 1):
        recent.answer(number, work)
    assert recent.answer(MOST, work) == {"made": MOST + 1}
    assert recent.answer(0, work) == {"made": MOST + 2}
