"""Every screen that the console links to is there, and every path of the interface that it asks for exists."""

import importlib
import pkgutil
import re
from pathlib import Path

import vms.api.routes

ROOT = Path(__file__).resolve().parents[3]
JS = ROOT / "vms" / "console" / "static" / "js"
SCRIPTS = {script.relative_to(JS).as_posix(): script.read_text(encoding="utf-8") for script in sorted(JS.rglob("*.js"))}
SCREEN = re.compile(r"(?:\blink|\bgo)\(\s*['`]([a-z][a-z_-]*)|href=\"#/([a-z][a-z_-]*)")
ASKED = re.compile(
    r"(?<![.\w])(useResource|get|post|put|patch|remove|upload|address|request)\(\s*(?:'(?:GET|POST|PUT|PATCH|DELETE)',\s*)?"
    r"(?:[^()'`?]*\?\s*)?(['`])([a-z][^'`?]*)\2"
)
HOLE = re.compile(r"\$?\{[^{}]*\}")


def screens() -> set[str]:
    shell = SCRIPTS["shell.js"]
    block = re.search(r"const SCREENS = \{(.*?)\n\};", shell, re.DOTALL)
    public = re.search(r"const PUBLIC = \{(.*?)\}", shell)
    assert block
    assert public
    names = re.findall(r"^  (\w+): \{", block[1], re.MULTILINE) + re.findall(r"(\w+):", public[1])
    return {*names, "camera"}


def routes() -> set[tuple[str, ...]]:
    found = set()
    for module in pkgutil.iter_modules(vms.api.routes.__path__):
        part = importlib.import_module(f"vms.api.routes.{module.name}")
        for name in ("router", "demo_router"):
            for route in (one for one in getattr(getattr(part, name, None), "routes", []) if hasattr(one, "path")):
                found.add(tuple(HOLE.sub("{}", route.path).strip("/").split("/")))
    return found


def asked_paths() -> dict[str, str]:
    """Path → the script that asks for it. What a script does not begin in its own words cannot be checked."""
    return {
        HOLE.sub("{}", path): name
        for name, text in SCRIPTS.items()
        for _, _, path in ASKED.findall(text)
        if name not in ("api.js", "keys.js")
    }


def fits(path: str, route: tuple[str, ...]) -> bool:
    parts = path.split("/")
    return len(parts) == len(route) and all("{}" in (a, b) or a == b for a, b in zip(parts, route, strict=True))


def test_every_link_leads_to_a_screen() -> None:
    known = screens()
    assert {"maintenance", "wall", "orders", "camera", "owner"} <= known
    linked = {(a or b, name) for name, text in SCRIPTS.items() for a, b in SCREEN.findall(text)}
    assert len(linked) > 40
    assert sorted((screen, name) for screen, name in linked if screen not in known) == []


def test_every_screen_of_the_shell_has_a_role_that_may_open_it() -> None:
    session = SCRIPTS["session.js"]
    public = {"camera", "register", "owner"}
    assert [name for name in sorted(screens() - public) if not re.search(rf"\b{name}: ", session)] == []


def test_every_screen_is_opened_in_a_browser_by_a_test() -> None:
    visited = (ROOT / "tests" / "browser" / "test_every_screen.py").read_text(encoding="utf-8")
    elsewhere = {"camera", "register", "owner"}
    assert [name for name in sorted(screens() - elsewhere) if f'"{name}"' not in visited] == []


def test_every_path_that_a_script_asks_for_exists() -> None:
    known, asked = routes(), asked_paths()
    assert {"health/board", "faults/{}/verdict", "cameras/{}/calendar"} <= asked.keys()
    assert sorted((path, name) for path, name in asked.items() if not any(fits(path, route) for route in known)) == []
