"""The Python of the outsiders' own virtual environment, where ipycam and onvif-zeep-async live."""

from pathlib import Path

OUTSIDERS = Path(__file__).resolve().parents[2] / ".venv-outsiders" / "bin" / "python"


def outsiders_python() -> str:
    """Fails where it is missing: the set-up brings it, so nothing may be skipped for want of it."""
    assert OUTSIDERS.exists(), f"{OUTSIDERS} is not there: make .venv/ready-dev"
    return str(OUTSIDERS)
