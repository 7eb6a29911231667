"""A turn that a plan asks of a crew reads Chinese where Chinese is read."""

from vms.api.show_orders import cause_in_words
from vms.health.fault import Severity
from vms.inventory.tier import Tier
from vms.maintenance.turn_words import turn_in_words, turn_words
from vms.store.work_orders import About


def of_a_plan(cause: str) -> About:
    return About(severity=Severity.MINOR, tier=Tier.GOVERNMENT, cause=cause)


def test_a_turn_of_a_plan_is_told_in_chinese_as_an_orders_cause() -> None:
    english, chinese = cause_in_words(of_a_plan(turn_words(179.6, 95.2)), whole=True)
    assert english == "turn the camera from 180° to 95°, then set its direction on the map"
    assert chinese == "将摄像机方向由 180° 调整到 95°，再在地图上更新其方向"


def test_what_a_person_wrote_stays() -> None:
    assert turn_in_words("turn the camera from the window") is None
    assert cause_in_words(of_a_plan("支架松动"), whole=True) == ("支架松动", "支架松动")
