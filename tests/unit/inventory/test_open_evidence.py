"""What is told without a login: when does it speak against the device that was known at an address?"""

import pytest

from tests.builders.inventory import a_device
from vms.inventory.device import Quirks
from vms.inventory.identity.merge_observed import merge_observed
from vms.inventory.identity.open_evidence import Answerer, evidence_of, open_evidence, speaks_against, who_answers

OURS, OTHER = "urn:uuid:2f402f80-da50-11e1-9b23-4419b600000a", "urn:uuid:2f402f80-da50-11e1-9b23-99999999999a"
SAME_CARD = "urn:uuid:99990000-da50-11e1-9b23-4419b600000a"
HARDWARE, NAME = "onvif://www.onvif.org/hardware/DS-2CD", "onvif://www.onvif.org/name/Gate%201"
OTHER_HARDWARE, OTHER_NAME = "onvif://www.onvif.org/hardware/IPC-9", "onvif://www.onvif.org/name/Gate%202"
CARD, OTHER_CARD = "onvif://www.onvif.org/MAC/44:19:B6:00:00:0A", "onvif://www.onvif.org/macaddr/4419b6000077"
KNOWN = a_device(endpoint_reference=OURS, scopes=(HARDWARE, NAME), macs=("44:19:b6:00:00:0a",))


@pytest.mark.parametrize(
    ("reference", "scopes", "against"),
    [
        ("", (), False),
        (OURS.removeprefix("urn:uuid:").upper(), (OTHER_HARDWARE,), False),
        (OTHER, (HARDWARE, NAME), True),
        (SAME_CARD, (), False),
        ("", (HARDWARE, OTHER_NAME), False),
        ("", (OTHER_HARDWARE, NAME), True),
        ("", (OTHER_NAME,), True),
        ("", (NAME.replace("Gate", "GATE"),), False),
    ],
)
def test_the_strongest_that_both_told_decides(reference, scopes, against):
    assert speaks_against(open_evidence(reference, scopes), KNOWN) is against


@pytest.mark.parametrize(
    ("reference", "scopes", "answers"),
    [
        (OURS, (), Answerer.KNOWN),
        (OTHER, (CARD,), Answerer.KNOWN),
        ("", (CARD, OTHER_HARDWARE), Answerer.KNOWN),
        (OURS, (OTHER_CARD,), Answerer.KNOWN),
        (SAME_CARD, (), Answerer.KNOWN),
        ("", (OTHER_CARD, HARDWARE), Answerer.ANOTHER),
        (OTHER, (), Answerer.ANOTHER),
        ("", (HARDWARE, NAME), Answerer.UNTOLD),
        ("", (), Answerer.UNTOLD),
        ("", ("onvif://www.onvif.org/MAC/00:11:22:33:44:55",), Answerer.UNTOLD),
        ("", ("onvif://www.onvif.org/MAC/nonsense",), Answerer.UNTOLD),
    ],
)
def test_only_what_is_its_own_proves_that_it_is_the_known_one(reference, scopes, answers):
    assert who_answers(open_evidence(reference, scopes), KNOWN) is answers


def test_a_mac_says_nothing_where_none_is_known():
    nameless = a_device(endpoint_reference="", scopes=(), macs=())
    assert who_answers(open_evidence("", (CARD,)), nameless) is Answerer.UNTOLD


def test_a_reference_that_is_known_to_change_says_nothing():
    changing = a_device(endpoint_reference=OURS, scopes=(HARDWARE,), quirks=Quirks(reference_changes=True))
    assert not speaks_against(open_evidence(OTHER, (HARDWARE,)), changing)
    assert speaks_against(open_evidence(OTHER, (OTHER_HARDWARE,)), changing)


def test_that_it_changes_is_learnt_when_the_same_device_tells_another_one_and_kept():
    once = merge_observed(KNOWN, a_device(endpoint_reference=OTHER))
    assert once.quirks.reference_changes
    assert merge_observed(once, a_device(endpoint_reference=OTHER)).quirks.reference_changes
    assert once.quirks.forget().reference_changes
    assert not merge_observed(KNOWN, a_device(endpoint_reference=OURS)).quirks.reference_changes


def test_who_tells_the_same_has_the_same_mark():
    assert evidence_of(KNOWN).marks[:1] == open_evidence(OURS, ()).marks
    assert evidence_of(KNOWN).marks[1:] == open_evidence("", (HARDWARE, NAME)).marks
    assert open_evidence("", ()).marks == ()
