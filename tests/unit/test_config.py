"""Every wrong file has its message."""

from dataclasses import replace
from pathlib import Path

import pytest

from vms.app.stage import dispatch_settings, notice_policy, retention_rules
from vms.config import load_settings
from vms.core.errors import BadInput
from vms.health.outages.policy import OutagePolicy
from vms.health.picture.area import AreaPolicy
from vms.services.dispatching.find_weather import WeatherSettings
from vms.services.dispatching.settings import DispatchSettings
from vms.services.notices.announce import NoticePolicy
from vms.services.retention_rules import RetentionRules


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"prot = 3\n", "prot: unknown key"),
        (b'time_zone = "Beijing"\n', "not a time zone such as Asia/Shanghai"),
        (b"[polling]\ninterval = 2\n", "polling.interval: unknown key"),
        (b"[polling]\ninterval_s = -1\n", "polling.interval_s"),
        (b"port = 99999\n", "port"),
        (b'[[networks]]\ncidr = "10.0.0.0/99"\ntier = "unit"\n', "not a network"),
        (b'[[networks]]\ncidr = "10.0.0.0/8"\ntier = "shop"\n', "networks.0.tier"),
        (b'[[networks]]\ncidr = "10.0.0.0/8"\ntier = "unit"\ncredentials = ["x"]\n', "unknown credential set 'x'"),
        (b'[discovery]\ninterfaces = ["eth0;rm"]\n', "discovery.interfaces.0"),
        (b"[discovery]\nports = [80, 70000]\n", "discovery.ports.1"),
        (b"[discovery]\nports = []\n", "discovery.ports"),
        (b"[discovery]\nevery_h = 1e-9\n", "discovery.every_h"),
        (b"[discovery]\nevery_h = nan\n", "discovery.every_h"),
        (b'[discovery]\nevery_h = "0 3 * * *"\n', "discovery.every_h"),
        (b"[archive]\nretention_days = 0\n", "archive.retention_days"),
        (
            b"[archive]\nretention_days = 100\n",
            "archive: Value error, key_retention_days is shorter than retention_days",
        ),
        (b"[archive]\nfiling_days = 3\n", "archive.filing_days: unknown key"),
        (b"[outages]\nshare = 0.4\n", "outages.share"),
        (b"[notices]\nlate_day = 3\n", "notices.late_day: unknown key"),
        (b'[map]\nbase = "wms"\n', "map.base"),
        (b'[map]\nbase = "xyz"\nurl = "file:///etc/{z}/{x}/{y}"\n', "url begins with http:// or https://"),
        (b'[map]\nbase = "xyz"\nurl = "https://t.example/{z}/{x}/{y}; img-src *"\n', "url holds a blank or a sign"),
        (b'[map]\nbase = "wmts"\nurl = "https://t.example/wmts/{z}.png"\n', "url needs {z}, {x} and {y}"),
        (b'[map]\nbase = "xyz"\nurl = "https://t.example/{z}/{x}/{y}.png"\n', "attribution is needed"),
        (b'[map]\nbase = "mbtiles"\n', "file is needed"),
        (b"[retention]\nlogs_days = 90\n", "retention.logs_days"),
        (b"[retention]\nhistory_days = 30\n", "retention.history_days"),
        (b"port = \n", "at line 1"),
        (b"\xff\xfe\x00", "not UTF-8 at byte 0"),
        (b"a = " + b"[" * 20_000, "nested too deeply"),
        (b"#" * 1_000_001, "larger than"),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(tmp_path: Path, content: bytes, says: str) -> None:
    file = tmp_path / "vms.toml"
    file.write_bytes(content)
    with pytest.raises(BadInput) as refused:
        load_settings(file)
    assert says in str(refused.value)
    assert "vms.toml" in str(refused.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"absent\.toml"):
        load_settings(tmp_path / "absent.toml")


def test_the_environment_wins_over_the_file_and_the_command_line_over_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "vms.toml"
    file.write_text('port = 1\nhost = "::1"\n[polling]\ninterval_s = 9\n')
    monkeypatch.setenv("VMS_PORT", "2")
    monkeypatch.setenv("VMS_POLLING__INTERVAL_S", "7")
    assert load_settings(file).port == 2
    assert load_settings(file).host == "::1"
    assert load_settings(file).polling.interval_s == 7
    assert load_settings(file, port=3).port == 3


def test_a_password_is_not_shown() -> None:
    assert "hunter2" not in repr(load_settings(admin_password="hunter2", secret_key="hunter2"))


def test_the_example_is_a_good_file() -> None:
    settings = load_settings(Path(__file__).parents[2] / "config" / "vms.example.toml")
    assert [network.tier for network in settings.networks] == ["government", "unit"]
    assert settings.polling.interval_s == 60


def test_the_usual_settings_of_outages_notices_and_retention_are_those_of_the_services(tmp_path: Path) -> None:
    settings = load_settings(None, data_folder=tmp_path)
    assert retention_rules(settings) == RetentionRules()
    assert notice_policy(settings) == NoticePolicy()
    usual, made = OutagePolicy(), dispatch_settings(settings).outages
    assert made == replace(usual, stream_window_s=made.stream_window_s), "of a usual poller"
    assert dispatch_settings(settings).weather == WeatherSettings()
    assert dispatch_settings(settings).never_reached_after_s == DispatchSettings().never_reached_after_s


def test_weather_and_what_was_never_reached_are_found_as_the_office_says(tmp_path: Path) -> None:
    file = tmp_path / "vms.toml"
    file.write_text("[weather]\nleast = 2\nshare = 0.1\ncell_m = 500\n[outages]\nnever_reached_after_h = 2\n")
    made = dispatch_settings(load_settings(file))
    assert made.never_reached_after_s == 7200
    assert made.weather.policy.begins == AreaPolicy(cell_m=500, least_devices=2, share=0.1)
    assert made.weather.policy.lasts == made.weather.policy.begins, "to go on never takes more than to begin"
    file.write_text("[weather]\nwindow_s = 3600\nwrong_for_s = 600\n")
    with pytest.raises(BadInput, match="wrong_for_s is shorter than window_s"):
        load_settings(file)


def test_who_fell_together_and_who_stays_away_are_told_in_the_poller_s_own_pace(tmp_path: Path) -> None:
    file = tmp_path / "vms.toml"
    file.write_text("[polling]\ninterval_s = 10\nstill_every = 3\n")
    made = dispatch_settings(load_settings(file))
    assert made.weather.policy.together_s == 90, "three rounds of stills"
    assert made.outages.left_grace_s == 100, "ten looks after the others came back, a straggler is ill on its own"


def test_no_notice_is_taken_afterwards_where_the_office_wants_it_so(tmp_path: Path) -> None:
    file = tmp_path / "vms.toml"
    file.write_text("[notices]\nlate_days = 0\nlongest_days = 7\n[outages]\nshare = 0.95\n")
    settings = load_settings(file)
    assert notice_policy(settings).late_at_most is None
    assert notice_policy(settings).longest.days == 7
    assert dispatch_settings(settings).outages.learnt_share == 0.95, "no less than what is asked of a sure node"


def test_a_wmts_address_is_written_as_the_console_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "vms.toml"
    address = "https://t0.example.cn/vec_w/wmts?tk=1&tilematrix={TileMatrix}&tilerow={TileRow}&tilecol={TileCol}"
    file.write_text(f'[map]\nbase = "wmts"\nurl = "{address}"\nattribution = "天地图"\n', "utf-8")
    found = load_settings(file).map
    assert found.tile_url == "https://t0.example.cn/vec_w/wmts?tk=1&tilematrix={z}&tilerow={y}&tilecol={x}"
