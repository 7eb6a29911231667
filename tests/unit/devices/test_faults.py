"""What a device refuses, and why."""

import pytest

from tests.builders.devices import SOAP_11, soap, soap_fault
from vms.devices.onvif.faults import attempts_left, read_fault
from vms.devices.onvif.xml import read_xml


def fault_of(document: str):  # type: ignore[no-untyped-def]
    fault = read_fault(read_xml(document.encode()).root)
    assert fault is not None
    return fault


def test_the_subcode_decides() -> None:
    fault = fault_of(soap_fault("ter:NotAuthorized", "whatever"))
    assert fault.codes == ("Sender", "NotAuthorized")
    assert fault.not_authorized
    assert not fault.not_supported


def test_nested_subcodes_are_read() -> None:
    nested = (
        "<env:Fault><env:Code><env:Value>env:Receiver</env:Value><env:Subcode><env:Value>ter:Action</env:Value>"
        "<env:Subcode><env:Value>ter:ActionNotSupported</env:Value></env:Subcode></env:Subcode></env:Code></env:Fault>"
    )
    assert fault_of(soap(nested)).not_supported


def test_a_fault_of_soap_11_is_read() -> None:
    words = "<faultstring>Sender not Authorized</faultstring>"
    old = f"<env:Fault><faultcode>ter:NotAuthorized</faultcode>{words}</env:Fault>"
    assert fault_of(soap(old, version=SOAP_11)).not_authorized


@pytest.mark.parametrize(
    "words",
    [
        "Sender not authorized",
        "Unauthorised",
        "Authority failure",
        "The action requested requires authorization and the sender is not authorized",
        "Authentication failed",
        "invalid username or password",
    ],
)
def test_some_say_it_only_in_words(words: str) -> None:
    assert fault_of(soap_fault("ter:Action", words)).not_authorized


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("You still have 22 attempt(s)", 22),
        ("wrong password, 3 attempts left", 3),
        ("Remaining attempts: 4", 4),
        ("密码错误,剩余次数 2", 2),
        ("您还有3次机会", 3),
        ("Sender not authorized", None),
    ],
)
def test_the_attempts_left_are_counted(words: str, left: int | None) -> None:
    assert attempts_left(words) == left


@pytest.mark.parametrize(
    "words", ["The account is locked. Try again in 1800 s", "too many failed logins", "账号已锁定"]
)
def test_a_locked_account_is_known(words: str) -> None:
    fault = fault_of(soap_fault("ter:NotAuthorized", words))
    assert fault.locked


def test_an_answer_is_no_fault() -> None:
    assert read_fault(read_xml(soap("<tds:GetScopesResponse/>").encode()).root) is None
