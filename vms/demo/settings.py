"""The demo's settings file: the pretend city's networks, owners and credential sets, as an office would write them."""

import secrets
from dataclasses import dataclass
from pathlib import Path

import tomli_w

from vms.inventory.tier import Tier
from vms.sim.plan import NETWORKS, OTHER_PASSWORD, PASSWORDS, USERNAME

SHOP_ADDRESS = "127.70.0.1"
SHOP_NETWORK = "127.70.0.0/24"
"""A shop's own network: nobody sweeps it, its owner registers the camera."""
OTHER = "other"
REGIONS = (
    ("410102", "中原区", "county", ""),
    ("410102001", "林山寨街道", "street", "410102"),
    ("410102001001", "建设社区", "community", "410102001"),
    ("410102001002", "中原社区", "community", "410102001"),
    ("410102002", "建设路街道", "street", "410102"),
    ("410102002001", "文化宫社区", "community", "410102002"),
    ("410102003", "绿东村街道", "street", "410102"),
    ("410102003001", "绿东社区", "community", "410102003"),
)
"""Code, name, level, parent: the regions that the pretend city's archive names."""
OWNERS = {
    Tier.GOVERNMENT: "公安局技防科",
    Tier.UNIT: "商户与单位",
    Tier.COMMUNITY: "社区与物业",
    Tier.HOUSEHOLD: "居民住户",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoFolder:
    """Where the demo keeps what it makes."""

    path: Path
    port: int
    control_port: int
    interval_s: float
    admin_password: str

    @property
    def config(self) -> Path:
        return self.path / "vms.toml"

    @property
    def town(self) -> Path:
        return self.path / "town.geojson"

    @property
    def archive(self) -> Path:
        return self.path / "archive.csv"

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def write_settings(folder: DemoFolder, town_name: str) -> None:
    """The settings file and one password file per credential set."""
    credentials = []
    for tier in Tier:
        file = folder.path / f"password-{tier.value}"
        file.touch(mode=0o600)
        file.write_text(PASSWORDS[tier] + "\n", encoding="utf-8")
        credentials.append({"name": tier.value, "username": USERNAME, "password_file": str(file)})
    credentials.append(_other_password(folder))
    content = {
        "data_folder": str(folder.path),
        "port": folder.port,
        "town": town_name,
        "demo_control": f"127.0.0.1:{folder.control_port}",
        "registration_networks": [SHOP_NETWORK],
        "regions": [
            {"code": code, "name": name, "level": level, "parent": parent} for code, name, level, parent in REGIONS
        ],
        "credentials": credentials,
        "networks": [
            {
                "cidr": NETWORKS[tier],
                "tier": tier.value,
                "owner": OWNERS[tier],
                "credentials": [tier.value, OTHER],
                "trusted": True,
                "agreement": tier in (Tier.UNIT, Tier.COMMUNITY),
            }
            for tier in Tier
        ],
        "polling": {
            "interval_s": folder.interval_s,
            "timeout_s": min(3.0, folder.interval_s),
            "stream_every": 6,
            "still_every": 3,
            "backoff_max_s": folder.interval_s * 2,
        },
    }
    folder.config.write_text(tomli_w.dumps(content), encoding="utf-8")


def _other_password(folder: DemoFolder) -> dict[str, str]:
    """One device of the city has a password of its own, as happens; the office knows it as a second set."""
    file = folder.path / f"password-{OTHER}"
    file.touch(mode=0o600)
    file.write_text(OTHER_PASSWORD + "\n", encoding="utf-8")
    return {"name": OTHER, "username": USERNAME, "password_file": str(file)}


def new_password() -> str:
    """Easy to type, hard to guess: four groups of four letters (75 bits)."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))
