"""Identity is not the address: habits 19 and 20 of real devices."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders.inventory import a_device
from vms.core.ids import DeviceId
from vms.inventory.identity.decide import Conflict, KnownIdentity, NewDevice, SameDevice, Unproven, decide
from vms.inventory.identity.keys import usable_keys, usable_mac, usable_reference, usable_serial

MAC_A, MAC_B, MAC_C = "44:19:b6:00:00:0a", "44:19:b6:00:00:0b", "44:19:b6:00:00:0c"
UUID_A, UUID_B = "urn:uuid:4a1e0f6c-0000-4000-8000-0000000000aa", "urn:uuid:4a1e0f6c-0000-4000-8000-0000000000bb"


def known(device_id, observed):
    return KnownIdentity(
        device_id=DeviceId(device_id),
        keys=frozenset(usable_keys(observed)),
        manufacturer=observed.manufacturer,
        model=observed.model,
        address=observed.address,
        port=observed.port,
    )


def test_a_device_that_nobody_knows_is_new():
    assert isinstance(decide(a_device(serial_no="DS001"), []), NewDevice)


def test_a_device_that_moved_to_another_address_is_the_same():
    before = known(1, a_device("10.0.0.1", serial_no="DS001", macs=(MAC_A,)))
    decision = decide(a_device("10.0.0.77", serial_no="DS001", macs=(MAC_A,)), [before])
    assert isinstance(decision, SameDevice)
    assert (decision.device_id, decision.reasons) == (1, ("same serial number and MAC as device 1",))


def test_another_device_at_the_address_of_a_known_one_is_new():
    before = known(1, a_device("10.0.0.1", serial_no="DS001", macs=(MAC_A,)))
    decision = decide(a_device("10.0.0.1", serial_no="DS002", macs=(MAC_B,)), [before])
    assert isinstance(decision, NewDevice)
    assert "device 1 was heard there, but its serial number is another" in decision.reasons[0]


@pytest.mark.parametrize(
    "fake", ["", "0", "000000000", "General", "SerialNumber", "serial_number", "123456", "N/A", "XXXXXXXX", "DS-2CD"]
)
def test_fake_serial_numbers_identify_nobody(fake):
    assert usable_serial(a_device(serial_no=fake)) == ""
    before = known(1, a_device("10.0.0.1", serial_no=fake, macs=(MAC_A,)))
    assert isinstance(decide(a_device("10.0.0.2", serial_no=fake, macs=(MAC_B,)), [before]), NewDevice)


@pytest.mark.parametrize(
    "fake", ["", "00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff", "00:11:22:33:44:55", "01:00:5e:00:00:01", "x"]
)
def test_placeholder_macs_identify_nobody(fake):
    assert usable_mac(fake) == ""


def test_macs_are_compared_however_they_are_written():
    assert usable_mac("44-19-B6-00-00-0A") == usable_mac("4419.b600.000a") == MAC_A


def test_the_same_serial_number_of_another_maker_is_another_device():
    before = known(1, a_device(manufacturer="Hik", serial_no="00012345"))
    assert isinstance(decide(a_device("10.0.0.2", manufacturer="Dahua", serial_no="00012345"), [before]), NewDevice)


def test_a_serial_number_that_comes_with_another_mac_is_a_conflict_and_not_a_merge():
    before = known(1, a_device("10.0.0.1", serial_no="ODD-77", macs=(MAC_A,)))
    decision = decide(a_device("10.0.0.2", serial_no="ODD-77", macs=(MAC_B,)), [before])
    assert isinstance(decision, Conflict)
    assert decision.device_ids == (1,)
    assert "its MAC is another than that of device 1" in decision.reasons


def test_a_serial_number_that_several_devices_share_tells_nothing_any_more():
    first = known(1, a_device("10.0.0.1", serial_no="ODD-77", macs=(MAC_A,)))
    second = known(2, a_device("10.0.0.2", serial_no="ODD-77", macs=(MAC_B,)))
    assert isinstance(decide(a_device("10.0.0.3", serial_no="ODD-77", macs=(MAC_C,)), [first, second]), NewDevice)


def test_those_that_share_a_serial_number_are_told_apart_by_their_macs():
    first = known(1, a_device("10.0.0.1", serial_no="ODD-77", macs=(MAC_A,)))
    second = known(2, a_device("10.0.0.2", serial_no="ODD-77", macs=(MAC_B,)))
    decision = decide(a_device("10.0.0.9", serial_no="ODD-77", macs=(MAC_B,)), [first, second])
    assert isinstance(decision, SameDevice)
    assert decision.device_id == 2


def test_those_that_share_all_keys_are_told_apart_by_the_address_together_with_the_keys():
    first = known(1, a_device("10.0.0.1", serial_no="ODD-77"))
    second = known(2, a_device("10.0.0.2", serial_no="ODD-77"))
    here = decide(a_device("10.0.0.2", serial_no="ODD-77"), [first, second])
    assert isinstance(here, SameDevice)
    assert here.device_id == 2
    assert isinstance(decide(a_device("10.0.0.3", serial_no="ODD-77"), [first, second]), Conflict)


def test_a_mac_that_is_equal_on_all_units_merges_nobody():
    """The first interface of some Wi-Fi cameras has one MAC on every unit."""
    first = known(1, a_device("10.0.0.1", serial_no="IMOU001", macs=(MAC_A,)))
    second_seen = a_device("10.0.0.2", serial_no="IMOU002", macs=(MAC_A,))
    assert isinstance(decide(second_seen, [first]), Conflict)
    both = [first, known(2, second_seen)]
    again = decide(second_seen, both)
    assert isinstance(again, SameDevice)
    assert again.device_id == 2
    assert isinstance(decide(a_device("10.0.0.3", serial_no="IMOU003", macs=(MAC_A,)), both), NewDevice)


def test_one_equal_network_card_of_several_is_enough():
    before = known(1, a_device(macs=(MAC_A, MAC_B)))
    assert isinstance(decide(a_device("10.0.0.2", macs=(MAC_B, MAC_C)), [before]), SameDevice)


def test_an_endpoint_reference_that_changes_at_each_start_makes_no_new_device():
    before = known(1, a_device("10.0.0.1", serial_no="DS001", endpoint_reference=UUID_A))
    assert isinstance(decide(a_device("10.0.0.1", serial_no="DS001", endpoint_reference=UUID_B), [before]), SameDevice)


def test_a_device_that_refuses_our_password_is_known_by_its_endpoint_reference():
    before = known(1, a_device("10.0.0.1", serial_no="DS001", endpoint_reference=UUID_A))
    silent = a_device("10.0.0.5", manufacturer="", model="", endpoint_reference=UUID_A.upper())
    assert isinstance(decide(silent, [before]), SameDevice)


def test_serial_number_of_one_and_mac_of_another_is_a_conflict_that_names_both():
    first = known(1, a_device("10.0.0.1", serial_no="DS001", macs=(MAC_A,)))
    second = known(2, a_device("10.0.0.2", serial_no="DS002", macs=(MAC_B,)))
    decision = decide(a_device("10.0.0.3", serial_no="DS001", macs=(MAC_B,)), [first, second])
    assert isinstance(decision, Conflict)
    assert decision.device_ids == (1, 2)


def test_a_conflict_that_was_stored_apart_is_recognised_the_next_time():
    first = known(1, a_device("10.0.0.1", serial_no="DS001", macs=(MAC_A,)))
    second = known(2, a_device("10.0.0.2", serial_no="DS002", macs=(MAC_B,)))
    odd = a_device("10.0.0.3", serial_no="DS001", macs=(MAC_B,))
    decision = decide(odd, [first, second, known(3, odd)])
    assert isinstance(decision, SameDevice)
    assert decision.device_id == 3


def test_the_address_alone_proves_nothing():
    before = known(1, a_device(serial_no="DS001"))
    nobody = a_device(manufacturer="", model="")
    assert isinstance(decide(nobody, [before]), Unproven)
    assert isinstance(decide(nobody, [known(1, nobody)]), Unproven)


def test_two_sights_of_a_device_without_any_key_are_one_where_address_maker_and_model_agree():
    bare = a_device(manufacturer="H264", model="ONVIF_IPNC", serial_no="General")
    assert isinstance(decide(bare, [known(1, bare)]), SameDevice)
    assert isinstance(decide(a_device(manufacturer="H264", model="OTHER"), [known(1, bare)]), NewDevice)


def test_a_device_that_had_told_nothing_is_taken_over_when_it_tells_who_it_is():
    before = known(1, a_device(manufacturer="", model=""))
    decision = decide(a_device(serial_no="DS001", macs=(MAC_A,)), [before])
    assert isinstance(decision, SameDevice)
    assert decision.device_id == 1


serials = st.sampled_from(["", "DS001", "DS002", "General", "ODD-77"])
macs = st.lists(st.sampled_from([MAC_A, MAC_B, MAC_C, "00:00:00:00:00:00"]), max_size=2, unique=True).map(tuple)
references = st.sampled_from(["", UUID_A, UUID_B])
addresses = st.sampled_from(["10.0.0.1", "10.0.0.2", "10.0.0.3"])
sights = st.builds(a_device, addresses, serial_no=serials, macs=macs, endpoint_reference=references)


@given(st.lists(sights, max_size=5), sights)
def test_whatever_is_known_the_order_does_not_matter_and_no_stranger_is_named(inventory, sight):
    devices = [known(number, observed) for number, observed in enumerate(inventory, start=1)]
    decision = decide(sight, devices)
    backwards = decide(sight, devices[::-1])
    assert type(decision) is type(backwards)
    if isinstance(decision, SameDevice):
        named = devices[decision.device_id - 1]
        assert set(usable_keys(sight)) & named.keys or (
            named.address == sight.address and named.manufacturer == sight.manufacturer
        )


@given(sights)
def test_a_device_with_a_lasting_key_is_recognised_after_it_was_stored(sight):
    if any(key.kind in ("serial", "mac") for key in usable_keys(sight)):
        assert isinstance(decide(sight, [known(1, sight)]), SameDevice)


def test_references_are_compared_without_their_scheme():
    assert usable_reference("urn:uuid:ABCDEF01-0000") == usable_reference("uuid:abcdef01-0000") == "abcdef01-0000"
    assert usable_reference("urn:uuid:00000000-0000-0000-0000-000000000000") == ""
