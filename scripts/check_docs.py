"""Checks the documents that are made from the code, or with `--write` makes them anew."""

import os
import sys
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.builders.supported_devices import current_page, what_is_stale  # noqa: E402
from vms.config import Settings  # noqa: E402

DEVICES_PAGE = ROOT / "docs" / "supported-devices.md"
RECORDED = Path(os.environ.get("VMS_SHARED_FIXTURES", ROOT.parent / "shared" / "fixtures")) / "onvif"

HEAD = """# Configuration

`vms serve --config FILE` reads one TOML file; each key can also be given by the environment as `VMS_` and the key in
capitals, with two underscores before the key of a section (`VMS_PORT`, `VMS_POLLING__INTERVAL_S`). The environment wins
over the file, the command line over both. Unknown keys are refused by name. This page is generated (`make docs`).

| key | default | meaning |
|---|---|---|
"""


def model_of(annotation: Any) -> tuple[type[BaseModel] | None, bool]:
    """The section's model, and whether it is a list of such sections."""
    if get_origin(annotation) is tuple:
        inner = get_args(annotation)[0]
        return (inner, True) if isinstance(inner, type) and issubclass(inner, BaseModel) else (None, False)
    return (annotation, False) if isinstance(annotation, type) and issubclass(annotation, BaseModel) else (None, False)


def default_of(field: FieldInfo) -> str:
    if field.is_required():
        return "needed"
    value = field.default
    if isinstance(value, NoneType):
        return "none"
    return f"`{list(value)}`" if isinstance(value, tuple) else f"`{value}`" if value != "" else "empty"


def rows(model: type[BaseModel], prefix: str = "") -> list[str]:
    lines = []
    for name, field in model.model_fields.items():
        section, repeated = model_of(field.annotation)
        if section is None:
            lines.append(f"| `{prefix}{name}` | {default_of(field)} | {field.description or ''} |")
        else:
            lines += rows(section, f"{prefix}[[{name}]] " if repeated else f"{prefix}{name}.")
    return lines


def main() -> int:
    wanted = {ROOT / "docs" / "configuration.md": HEAD + "\n".join(rows(Settings)) + "\n"}
    if not RECORDED.is_dir():
        sys.stderr.write("docs/supported-devices.md: the recorded devices are not here (VMS_SHARED_FIXTURES); ")
        sys.stderr.write("its first table is taken as it is\n")
    page = DEVICES_PAGE.read_text(encoding="utf-8") if DEVICES_PAGE.exists() else ""
    if "--write" in sys.argv:
        wanted[DEVICES_PAGE] = current_page(RECORDED, ROOT / "tests", page)
        for file, content in wanted.items():
            file.write_text(content, encoding="utf-8")
        return 0
    stale = [
        file for file, content in wanted.items() if not file.exists() or file.read_text(encoding="utf-8") != content
    ]
    for file in stale:
        sys.stderr.write(f"{file.relative_to(ROOT)} is not what the code says: make docs\n")
    because = what_is_stale(page, RECORDED, ROOT / "tests")
    for reason in because:
        sys.stderr.write(f"docs/supported-devices.md: {reason}: make docs\n")
    return 1 if stale or because else 0


if __name__ == "__main__":
    sys.exit(main())
