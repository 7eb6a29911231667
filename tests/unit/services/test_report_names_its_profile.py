"""A report names the profile that ships in the reader's language, and any other as the office called it."""

from vms.assessment.profile import USUAL
from vms.services.assessment.said import heading


def told(name: str, language: str, **within: str) -> str:
    made = {
        "from": "2026-10-01", "to": "2026-10-31", "time_zone": "Asia/Shanghai", "until": "2026-11-01T00:00:00+00:00",
        "by": "region", "profile": {"name": name, "outages_are_charged": False}, **within,
    }  # fmt: skip
    return "\n".join(heading(made, "zh" if language == "zh" else "en"))


def test_the_profile_that_ships_has_a_chinese_name() -> None:
    assert "考核方案：通用方案；" in told(USUAL.name, "zh")
    assert "profile usual;" in told(USUAL.name, "en")
    assert "考核方案：2026 年市级；" in told("2026 年市级", "zh")


def test_a_report_on_a_part_of_the_town_names_it() -> None:
    part = {"region": "410102001", "region_name": "中原路街道"}
    assert "范围：中原路街道；分组：区域" in told(USUAL.name, "zh", **part)
    assert "Within 中原路街道; by region" in told(USUAL.name, "en", **part)
    assert "范围" not in told(USUAL.name, "zh")
