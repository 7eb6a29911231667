"""What refuses people on the screens of rings, plans, gaps, needs, notices and registration is said in Chinese."""

import ast
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SAID = json.loads((ROOT / "vms/console/static/i18n/said.zh.json").read_text(encoding="utf-8"))
NAME = re.compile(r"\\\{\w+\\\}")
KNOWN = [re.compile(NAME.sub("(.+?)", re.escape(text)), re.DOTALL) for text in SAID["*"] | SAID["bad_input"]]
REFUSALS = ("BadInput", "Conflict", "NotFound", "PersonMustAct")
REFUSE_PEOPLE = [
    "coverage/gap_steps.py",
    "coverage/needs.py",
    "services/coverage/edit_needs.py",
    "services/coverage/step_gap.py",
    "services/decide_registration.py",
    "services/notices/announce.py",
    "services/plans/polygons.py",
    "services/plans/request.py",
    "services/register_camera.py",
    "services/rings/find_ring.py",
    "services/rings/make_ring.py",
    "services/work_orders/former_firm.py",
    "services/work_orders/order_photographs.py",
    "store/rings.py",
]


def sentences(source: Path) -> list[str]:
    """As they are raised; what is filled in stands as X."""
    found = []
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Raise) or not isinstance(node.exc, ast.Call) or not node.exc.args:
            continue
        said = node.exc.args[0]
        if getattr(node.exc.func, "id", "") not in REFUSALS:
            continue
        if isinstance(said, ast.Constant):
            found.append(str(said.value))
        elif isinstance(said, ast.JoinedStr):
            found.append("".join(part.value if isinstance(part, ast.Constant) else "X" for part in said.values))
    return found


def is_said(sentence: str) -> bool:
    if any(known.fullmatch(sentence) for known in KNOWN):
        return True
    parts = sentence.split("; ")
    return len(parts) > 1 and all(is_said(part) for part in parts)


@pytest.mark.parametrize("source", REFUSE_PEOPLE)
def test_every_refusal_has_chinese_words(source: str) -> None:
    raised = sentences(ROOT / "vms" / source)
    assert raised, "nothing is raised here any more"
    assert [sentence for sentence in raised if not is_said(sentence)] == []
