"""What the program says of a picture has Chinese words in the console."""

import ast
import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SAID = json.loads((ROOT / "vms/console/static/i18n/said.zh.json").read_text(encoding="utf-8"))
NAME = re.compile(r"\\\{\w+\\\}")
A_NUMBER = "7"


def sentences() -> list[str]:
    """Each part of every reason that is made in the rooms of picture diagnosis, with a number wherever one stands."""
    found = []
    for source in sorted((ROOT / "vms/health/picture").glob("*.py")):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.JoinedStr):
                names = [target.id for target in node.targets if isinstance(target, ast.Name)]
                if names == ["because"]:
                    values = node.value.values
                    told = "".join(str(v.value) if isinstance(v, ast.Constant) else A_NUMBER for v in values)
                    found += told.split("; ")
    return found


def test_every_reason_of_a_finding_is_said_in_chinese() -> None:
    known = [*SAID["picture"], *SAID["*"]]
    patterns = [re.compile(NAME.sub("(.+?)", re.escape(sentence))) for sentence in known]
    told = sentences()
    assert len(told) > 15
    assert [one for one in told if not any(pattern.fullmatch(one) for pattern in patterns)] == []
