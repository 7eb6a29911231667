"""No Docker engine is at hand: the two files are looked through instead."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from vms.config import Settings

ROOT = Path(__file__).parents[2]
INSTRUCTIONS = {"FROM", "WORKDIR", "COPY", "RUN", "USER", "ENV", "VOLUME", "EXPOSE", "HEALTHCHECK", "CMD"}


def dockerfile() -> list[tuple[str, str]]:
    text = (ROOT / "docker" / "Dockerfile").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1].strip()) for line in lines]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "docker" / "compose.yaml").read_text())
    return found


def test_the_image_copies_what_is_there_and_runs_as_nobody_special() -> None:
    steps = dockerfile()
    assert {name for name, _ in steps} <= INSTRUCTIONS
    for name, rest in steps:
        if name == "COPY":
            for source in rest.split()[:-1]:
                assert (ROOT / source).exists(), source
    users = [rest for name, rest in steps if name == "USER"]
    assert users and users[-1] != "root"
    assert re.match(r"\S+:\S+$", dict(steps)["FROM"]), "the base image is pinned to a tag"


def test_every_setting_that_the_files_name_exists(compose: dict[str, Any]) -> None:
    environment = {name for step, rest in dockerfile() if step == "ENV" for name in re.findall(r"(VMS_\w+)=", rest)}
    environment |= {name for name in compose["services"]["vms"]["environment"] if name.startswith("VMS_")}
    assert {name.removeprefix("VMS_").lower() for name in environment} <= Settings.model_fields.keys()


def test_no_password_stands_in_the_files_and_volumes_are_declared(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        for name, value in service["environment"].items():
            if "PASSWORD" in name:
                assert value.startswith("${"), name
        for volume in service["volumes"]:
            source = volume.split(":")[0]
            assert source.startswith("./") or source in compose["volumes"], source
    assert compose["services"]["vms"]["depends_on"].keys() <= compose["services"].keys()
    assert all(port.startswith("127.0.0.1:") for port in compose["services"]["vms"]["ports"])
