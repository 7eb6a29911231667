"""The settings are looked through like a file system."""

from pathlib import Path

from vms.app.check_settings import check_settings
from vms.config import Settings
from vms.config_sections import CredentialSettings, DiscoverySettings, MapSettings, NetworkSettings
from vms.inventory.tier import Tier


def a_password(folder: Path, mode: int = 0o600) -> Path:
    file = folder / "password"
    file.write_text("secret\n")
    file.chmod(mode)
    return file


def settings_with(file: Path, **other: object) -> Settings:
    credential = CredentialSettings(name="city", username="admin", password_file=file)
    network = NetworkSettings(cidr="10.0.0.0/8", tier=Tier.UNIT, credentials=("city",))
    return Settings(**{"credentials": (credential,), "networks": (network,), **other})


def messages(settings: Settings) -> list[str]:
    return [f"{finding.where}: {finding.message}" for finding in check_settings(settings)]


def test_good_settings_have_no_findings(tmp_path: Path) -> None:
    assert messages(settings_with(a_password(tmp_path))) == []


def test_a_password_that_others_can_read_is_found(tmp_path: Path) -> None:
    (found,) = messages(settings_with(a_password(tmp_path, 0o644)))
    assert "can be read by others" in found


def test_a_password_file_that_is_not_there_is_found(tmp_path: Path) -> None:
    (found,) = messages(settings_with(tmp_path / "absent"))
    assert "No such file" in found


def test_a_credential_set_that_no_network_uses_is_found(tmp_path: Path) -> None:
    found = messages(settings_with(a_password(tmp_path), networks=()))
    assert found == ["credentials city: no network uses this credential set"]


def test_a_network_without_credentials_and_one_named_twice_are_found(tmp_path: Path) -> None:
    bare = NetworkSettings(cidr="10.0.0.0/8", tier=Tier.UNIT)
    found = messages(Settings(networks=(bare, bare)))
    assert sum("named twice" in message for message in found) == 1
    assert sum("no credential set" in message for message in found) == 2


def test_a_schedule_of_sweeps_that_are_too_large_to_start_is_found(tmp_path: Path) -> None:
    scheduled = settings_with(a_password(tmp_path), discovery=DiscoverySettings(every_h=24))
    (found,) = messages(scheduled)
    assert found == (
        "discovery.every_h: no sweep can be started: cidrs: 16777216 addresses; 1048576 are allowed at once"
    )
    network = NetworkSettings(cidr="10.0.0.0/12", tier=Tier.UNIT, credentials=("city",))
    assert messages(scheduled.model_copy(update={"networks": (network,)})) == []


def test_a_public_network_for_registrations_is_found(tmp_path: Path) -> None:
    (found,) = messages(settings_with(a_password(tmp_path), registration_networks=("8.8.8.0/24",)))
    assert "public" in found


def test_a_base_map_that_is_no_file_of_tiles_is_found(tmp_path: Path) -> None:
    noise = tmp_path / "town.mbtiles"
    noise.write_bytes(b"no tiles at all" * 1000)
    (found,) = messages(settings_with(a_password(tmp_path), map=MapSettings(base="mbtiles", file=noise)))
    assert found.startswith(f"map.file: {noise}: not a readable MBTiles file")
