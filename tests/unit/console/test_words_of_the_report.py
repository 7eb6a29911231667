"""The printed report on coverage calls things in Chinese as the screen does."""

import json
from pathlib import Path

from vms.maps.tags import KEY_CATEGORIES
from vms.services.coverage.place_name_words import KINDS, place_name_words
from vms.services.coverage.report_words import CAUSE, GROUND, STATE

I18N = Path(__file__).resolve().parents[3] / "vms" / "console" / "static" / "i18n"


def test_classes_causes_and_states_are_called_as_on_the_screen() -> None:
    words = json.loads((I18N / "zh.json").read_text(encoding="utf-8"))
    told = {f"ground.{name}": zh for name, (_, zh) in GROUND.items()}
    told |= {f"cause.{name}": zh for name, (_, zh) in CAUSE.items()}
    told |= {f"gap.state.{name}": zh for name, (_, zh) in STATE.items()}
    assert {key: words.get(key) for key in told} == told


def test_a_place_without_a_name_is_called_by_its_kind_as_on_the_screen() -> None:
    words = json.loads((I18N / "zh.json").read_text(encoding="utf-8"))
    assert {f"kind.{kind}": zh for kind, (_, zh) in KINDS.items()}.items() <= words.items()
    assert set().union(*KEY_CATEGORIES.values()) <= KINDS.keys()
    assert place_name_words("subway entrance") == ("subway entrance", "地铁出入口")
    assert place_name_words("人民广场") == ("人民广场", "人民广场")
