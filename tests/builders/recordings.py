"""Recorded devices, whoever recorded them: which answer belongs to which question is read off the answers themselves.

Known forms: a folder of XML files (with rooms below it or not), with or without an `index.json` that tells the HTTP
status and the question; a log of exchanges, one JSON object in a line. A folder that nobody has seen before is read the
same way: `<Operation>Response` in a body names its operation, a fault is named by its file.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.builders.devices import Asked, http, soap_fault
from vms.devices.onvif.xml import BadXml, anywhere, local, read_xml

ROOMS = frozenset({"core", "device", "media", "media2", "ptz", "events", "imaging", "analytics", "recording", "search"})
_WORD = re.compile(r"[A-Z][A-Za-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One answer."""

    name: str
    operation: str
    body: bytes
    status: int = 200
    asked: str = ""
    """What was asked, where the recording tells."""


@dataclass(slots=True, kw_only=True)
class Recording:
    """One device's answers. It answers questions in the order in which they were recorded, the last one for ever."""

    name: str
    """The folder or file, below the recordings' own folder."""
    answers: list[Recorded] = field(default_factory=list)

    def answer(self, asked: Asked) -> bytes:
        named = [one for one in self.answers if one.operation == asked.operation]
        of_service = [one for one in named if asked.service.encode() in one.body]
        fitting = of_service or ([] if _is_second_edition(asked) else named)
        token = re.search(rb"ProfileToken>([^<]*)<", asked.body)
        exact = [one for one in fitting if token and f">{token.group(1).decode()}<" in one.asked]
        good = [one for one in exact or fitting if b"Fault>" not in one.body]
        chosen = next(iter(good or exact or fitting), None)
        if chosen is None:
            return http(soap_fault("ter:ActionNotSupported"), status=500)
        return http(chosen.body, status=chosen.status)

    @property
    def operations(self) -> frozenset[str]:
        return frozenset(one.operation for one in self.answers)


def recordings(folder: Path) -> list[Recording]:
    """All devices below the folder, by name."""
    found: dict[str, Recording] = {}
    for file in sorted(folder.rglob("*")):
        if file.suffix == ".xml":
            home = file.parent.parent if file.parent.name in ROOMS else file.parent
            recording = _of(found, str(home.relative_to(folder)))
            recording.answers.append(_of_file(file))
        elif file.suffix == ".jsonl":
            _of(found, str(file.relative_to(folder))).answers.extend(_of_log(file))
    return [found[name] for name in sorted(found)]


def every_answer(folder: Path) -> Iterator[Recorded]:
    for recording in recordings(folder):
        yield from recording.answers


def operation_of(body: bytes) -> str:
    """By the body itself; empty for a fault, and for what cannot be read."""
    try:
        inside = anywhere(read_xml(body).root, "Body")
    except BadXml:
        return ""
    first = next((local(one) for one in inside), "") if inside is not None else ""
    return first.removesuffix("Response") if first.endswith("Response") else ""


def _is_second_edition(asked: Asked) -> bool:
    """Its operations have the names of the first's, which a recording of the first does not answer."""
    return asked.service.endswith("/ver20/media/wsdl")


def _rendered(template: bytes) -> bytes:
    """Some recordings are templates: the host and port are filled in, what else was to be computed is left out."""
    filled = template.replace(b"{{=it.hostname}}", b"192.0.2.1").replace(b"{{=it.port}}", b"80")
    filled = re.sub(rb"\{\{=it\.\w+\}\}", b"/onvif/device_service", filled)
    return re.sub(rb"\{\{[^}]{0,400}\}\}", b"", filled)


def _of(found: dict[str, Recording], name: str) -> Recording:
    return found.setdefault(name, Recording(name=name))


def _of_file(file: Path) -> Recorded:
    body = _rendered(file.read_bytes())
    told = next((one for one in _index(file.parent) if one.get("file") == file.name), {})
    asked = str(told.get("request_body_inner") or "")
    named = operation_of(body) or _operation_in(asked) or _operation_in(file.name)
    status = told.get("status")
    return Recorded(
        name=f"{file.parent.name}/{file.name}",
        operation=named,
        body=body,
        status=status if isinstance(status, int) else 200,
        asked=asked,
    )


def _index(folder: Path) -> list[dict[str, object]]:
    index = folder / "index.json"
    if not index.exists():
        return []
    told = json.loads(index.read_text(encoding="utf-8"))
    return [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []


def _of_log(file: Path) -> Iterator[Recorded]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines()):
        if line.strip():
            told = json.loads(line)
            body = str(told.get("response") or "").encode()
            asked = str(told.get("request") or "")
            action = str(told.get("soap_action") or "").rpartition("/")[2].removesuffix("Request")
            yield Recorded(
                name=f"{file.name}:{number}",
                operation=operation_of(body) or action,
                body=body,
                status=int(told.get("response_status") or 200),
                asked=asked,
            )


def _operation_in(words: str) -> str:
    """The first word that could be one."""
    return next((word for word in _WORD.findall(words) if word not in ("Error", "Response")), "")
