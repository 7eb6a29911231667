"""A screen that waits for an event hears it: the browser knows those kinds that it listed, and no others."""

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
JS = ROOT / "vms" / "console" / "static" / "js"
KIND = re.compile(r"[a-z_]+\.[a-z_]+")
WAITS = re.compile(r"(?:refreshOn: |useEvents\(|\b(?:NEWS|CHANGES|REFRESH) = )(?:\w+ \? \[\] : )?\[([^\]]*)\]")
QUOTED = re.compile(r"'([a-z_.]+)'")


def listed() -> set[str]:
    text = (JS / "events.js").read_text(encoding="utf-8")
    block = re.search(r"const KINDS = \[(.*?)\];", text, re.DOTALL)
    assert block
    return set(QUOTED.findall(block[1]))


def waited_for() -> dict[str, str]:
    """Beginning of a kind → the script that waits for it."""
    texts = {script.name: script.read_text(encoding="utf-8") for script in sorted(JS.rglob("*.js"))}
    return {prefix: name for name, text in texts.items() for found in WAITS.findall(text)
            for prefix in QUOTED.findall(found)}  # fmt: skip


@cache
def written() -> set[str]:
    """Kinds that the program writes where it writes them in one word."""
    found = set()
    for source in sorted((ROOT / "vms").rglob("*.py")):
        text = source.read_text(encoding="utf-8")
        if "events.append(" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "events.append" and len(node.args) > 1:
                kinds = [part.value for part in ast.walk(node.args[1]) if isinstance(part, ast.Constant)]
                found |= {kind for kind in kinds if isinstance(kind, str) and KIND.fullmatch(kind)}
    return found


def test_whatever_a_screen_waits_for_is_listed() -> None:
    waits = waited_for()
    assert {"plan.", "ring.", "coverage.gap", "fault."} <= waits.keys()
    kinds = listed()
    assert sorted((prefix, script) for prefix, script in waits.items()
                  if not any(kind.startswith(prefix) for kind in kinds)) == []  # fmt: skip


def test_whatever_the_program_writes_of_it_is_listed_too() -> None:
    waits = tuple(waited_for())
    assert {"plan.done", "coverage.measured", "camera.changed"} <= written()
    assert sorted(kind for kind in written() - listed() if kind.startswith(waits)) == []
