"""Agreements by network, and the sentence that tells an owner who may look."""

from datetime import timedelta
from ipaddress import ip_network

import pytest

from tests.builders.access import NOON, a_consent
from vms.access.agreement import Agreements
from vms.access.consent import ConsentMode
from vms.access.registration import RegistrationStatus, what_is_allowed, who_may_see


def test_an_agreement_covers_the_addresses_of_its_networks_and_nothing_else() -> None:
    agreements = Agreements(networks=(ip_network("10.65.0.0/16"), ip_network("fd00::/64")))
    assert agreements.cover("10.65.3.4")
    assert agreements.cover("fd00::7")
    assert not agreements.cover("10.66.0.1")
    for odd in ("", "shop.example", "10.65.0.0/16", "999.1.1.1"):
        assert not agreements.cover(odd)


@pytest.mark.parametrize("mode", list(ConsentMode))
def test_every_mode_has_a_sentence_in_both_languages(mode: ConsentMode) -> None:
    sentence = what_is_allowed(a_consent(mode, radius_m=120.0), NOON)
    assert sentence.en.endswith(".")
    assert sentence.zh.endswith("。")
    if mode is ConsentMode.NEAR_INCIDENT:
        assert "120 m" in sentence.en
        assert "120 米" in sentence.zh


def test_what_is_paused_or_left_says_nobody() -> None:
    paused = a_consent(ConsentMode.ALWAYS, paused_until=NOON + timedelta(hours=1))
    left = a_consent(ConsentMode.ALWAYS, withdrawn_at=NOON)
    assert what_is_allowed(paused, NOON).en.startswith("Paused: nobody")
    assert what_is_allowed(left, NOON).en.startswith("Nobody")
    for status in (RegistrationStatus.SUBMITTED, RegistrationStatus.REFUSED, RegistrationStatus.WITHDRAWN):
        assert who_may_see(status, ConsentMode.ALWAYS, 100).en.startswith("Nobody")
