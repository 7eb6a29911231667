"""What `vms map import` says when it is done."""

from vms.cli.map import sentences
from vms.services.maps.import_file import Imported


def test_an_import_without_attribution_is_warned_of() -> None:
    nobodys, ours = (
        Imported(version_id=1, source="office", attribution=whose, is_new=True) for whose in ("", "the office")
    )
    assert any("--attribution" in line for line in sentences(nobodys))
    assert not any("--attribution" in line for line in sentences(ours))
