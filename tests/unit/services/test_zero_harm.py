"""No device is harmed: a simulated year of random answers and kills (tests/builders/harmless_year.py)."""

import asyncio
from pathlib import Path

import pytest
import uvloop

from tests.builders.harmless_town import REFUSED, Town
from tests.builders.harmless_year import CHANNELS, TIGHT, a_year, harm_done

YEAR, MONTH = 365, 30


def a_town_after(seed: int, days: int, folder: Path) -> Town:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(a_year(seed, folder, days=days))


def test_in_a_year_no_device_is_asked_too_often_too_much_at_once_or_signed_in_to_twice_in_vain(tmp_path):
    town = a_town_after(1, YEAR, tmp_path)
    assert harm_done(town) == []
    assert town.kills >= 20, "and the poller was killed again and again"
    for number, channels in CHANNELS.items():
        seen, budget = town.seen[f"device-{number}"], TIGHT.times(channels)
        assert len(seen.refused) >= 10, "logins were refused, each once for a change of the credential"
        assert max(seen.requests.values()) > budget.requests * 0.5, "the budget was put to the test"
        assert len(seen.requests) >= YEAR * 0.9, "it was looked at nearly every day, whatever was killed"
        assert seen.sign_ins > 500
        assert seen.heads["GetStatus"] >= 40 and seen.heads["GetPresets"] >= 15, "and its head was looked at"

    assert any(seen.heads[REFUSED] for seen in town.seen.values()), "some logins were refused by a look at a head"


@pytest.mark.parametrize("seed", [2, 3])
def test_nor_in_the_months_of_other_towns(seed, tmp_path):
    assert harm_done(a_town_after(seed, MONTH, tmp_path)) == []
