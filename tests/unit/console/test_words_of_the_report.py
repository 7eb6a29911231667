"""The printed report on coverage calls things in Chinese as the screen does."""

import json
from pathlib import Path

from vms.services.coverage.report_words import CAUSE, GROUND, STATE

I18N = Path(__file__).resolve().parents[3] / "vms" / "console" / "static" / "i18n"


def test_classes_causes_and_states_are_called_as_on_the_screen() -> None:
    words = json.loads((I18N / "zh.json").read_text(encoding="utf-8"))
    told = {f"ground.{name}": zh for name, (_, zh) in GROUND.items()}
    told |= {f"cause.{name}": zh for name, (_, zh) in CAUSE.items()}
    told |= {f"gap.state.{name}": zh for name, (_, zh) in STATE.items()}
    assert {key: words.get(key) for key in told} == told
