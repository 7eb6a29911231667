"""Every query name that the console sends is one that the endpoint knows: unknown ones are refused."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import vms.api.routes
from vms.api.known_query import query_names

JS = Path(__file__).resolve().parents[3] / "vms" / "console" / "static" / "js"
CALL = re.compile(
    r"(?<![.\w])(?P<verb>useResource|get|post|put|patch|remove|upload|address|request|sendFile)\(\s*"
    r"(?:'(?P<method>GET|POST|PUT|PATCH|DELETE)',\s*)?(?:[^()'`?]*\?\s*)?(?P<quote>['`])(?P<path>[a-z][^'`?]*)(?P=quote)"
)
METHODS = {"useResource": "GET", "get": "GET", "address": "GET", "post": "POST", "upload": "POST", "sendFile": "POST",
           "put": "PUT", "patch": "PATCH", "remove": "DELETE"}  # fmt: skip
HOLE = re.compile(r"\$?\{[^{}]*\}")
KEY = re.compile(r"\s*(?:(\w+)\s*(?:[:,}]|$)|'(\w+)'\s*:)")


def test_every_query_name_that_a_script_sends_is_known() -> None:
    known = routes()
    sent = {(method, path, name): script for script, method, path, name in names_sent()}
    assert {("GET", "faults", "fold"), ("GET", "recordings", "plan"), ("POST", "imports", "dry_run")} <= sent.keys()
    unknown = [
        f"{script}: {method} {path}?{name}="
        for (method, path, name), script in sent.items()
        if not any(name in names for verb, route, names in known if verb == method and fits(path, route))
    ]
    assert sorted(unknown) == []


def routes() -> list[tuple[str, tuple[str, ...], frozenset[str]]]:
    found = []
    for module in pkgutil.iter_modules(vms.api.routes.__path__):
        part = importlib.import_module(f"vms.api.routes.{module.name}")
        for holder in ("router", "demo_router"):
            own = getattr(getattr(part, holder, None), "routes", [])
            for route in (one for one in own if hasattr(one, "dependant")):
                names = frozenset(query_names(route.dependant))
                parts = tuple(HOLE.sub("{}", route.path).strip("/").split("/"))
                found += [(method, parts, names) for method in getattr(route, "methods", None) or ()]
    return found


def fits(path: str, route: tuple[str, ...]) -> bool:
    parts = path.split("/")
    return len(parts) == len(route) and all("{}" in (a, b) or a == b for a, b in zip(parts, route, strict=True))


def names_sent() -> Iterator[tuple[str, str, str, str]]:
    """Script, method, path, name; of questions that are written where they are sent. What is spread in from elsewhere
    cannot be seen here."""
    for script in sorted(JS.rglob("*.js")):
        text = script.read_text(encoding="utf-8")
        for call in CALL.finditer(text):
            verb, method = call["verb"], call["method"] or METHODS.get(call["verb"], "")
            for name in keys(question_after(text, call.end(), verb)):
                yield script.name, method, HOLE.sub("{}", call["path"]), name


def question_after(text: str, at: int, verb: str) -> str:
    """The object of query names, braces off; empty where there is none to be read."""
    rest = text[at : at + 2000]
    if verb in ("useResource", "get", "address"):
        begin = re.match(r",\s*\{", rest)
    else:
        within = re.match(r"[^;]*?\bquery:\s*\{", rest)
        begin = within if within and within[0].count("(") >= within[0].count(")") else None
    return inside(rest, begin.end()) if begin else ""


def inside(text: str, begin: int) -> str:
    deep = 1
    for at in range(begin, len(text)):
        deep += {"{": 1, "}": -1}.get(text[at], 0)
        if deep == 0:
            return text[begin:at]
    return ""


def keys(inner: str) -> Iterator[str]:
    """Names at the top of an object literal."""
    start = deep = 0
    for at, sign in enumerate(inner + ","):
        deep += (sign in "({[") - (sign in ")}]")
        if sign == "," and deep == 0:
            found = KEY.match(inner[start:at])
            if found:
                yield found[1] or found[2]
            start = at + 1
