"""WS-UsernameToken and HTTP Digest against the vectors of their standards."""

import base64
from datetime import UTC, datetime

import pytest

from vms.devices.onvif.digest import Challenge, authorization, read_challenges
from vms.devices.onvif.operations import GET_SYSTEM_DATE_AND_TIME, get_stream_uri
from vms.devices.onvif.soap import envelope, host_line, http_request, wsse_token

NONCE = base64.b64decode("LKqI6G/AikKCQrN0zqZFlg==")


def test_the_password_digest_is_that_of_the_onvif_programmers_guide() -> None:
    token = wsse_token("user", "userpassword", created=datetime(2010, 9, 16, 7, 50, 45, tzinfo=UTC), nonce=NONCE)
    assert "<u:Created>2010-09-16T07:50:45.000Z</u:Created>" in token
    assert "tuOSpGlFlIXsozq4HFNeeGeFLEI=" not in token  # that one is for a stamp without milliseconds
    assert base64.b64encode(NONCE).decode() in token
    assert "userpassword" not in token


def test_names_are_escaped() -> None:
    assert "<w:Username>a&amp;b&lt;</w:Username>" in wsse_token(
        "a&b<", "x", created=datetime(2020, 1, 1, tzinfo=UTC), nonce=b"n"
    )
    assert b"&lt;&amp;" in envelope(get_stream_uri("<&"))


MD5_AND_SHA = (
    'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, '
    'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"',
    'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=MD5, '
    'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"',
)


@pytest.mark.parametrize(
    ("offered", "response"),
    [
        (MD5_AND_SHA, "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
        (MD5_AND_SHA[1:], "8ca523f5e9506fed4657c9700eebdbec"),
    ],
)
def test_digest_answers_are_those_of_rfc_7616(offered: tuple[str, ...], response: str) -> None:
    challenge = read_challenges(offered)
    assert challenge is not None
    line = authorization(
        challenge,
        username="Mufasa",
        password="Circle of Life",
        method="GET",
        path="/dir/index.html",
        count=1,
        cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
    )
    assert f'response="{response}"' in line
    assert "nc=00000001" in line


def test_challenges_may_share_a_line_with_others() -> None:
    challenge = read_challenges(['Basic realm="x", Digest realm="a, b", nonce="n", stale=TRUE'])
    assert challenge == Challenge(realm="a, b", nonce="n", stale=True)


@pytest.mark.parametrize(
    "header",
    ["", "Basic realm=x", "Digest realm=x", 'Digest nonce="a", algorithm=ROT13', 'Digest nonce=a, qop="auth-int"'],
)
def test_a_challenge_that_cannot_be_met_is_none(header: str) -> None:
    assert read_challenges([header]) is None


def test_requests_are_one_line_of_xml_without_a_trailing_semicolon() -> None:
    request = http_request(envelope(GET_SYSTEM_DATE_AND_TIME), GET_SYSTEM_DATE_AND_TIME, host="h:1", path="/p")
    head, _, body = request.partition(b"\r\n\r\n")
    assert b"\n" not in body
    assert b'action="http://www.onvif.org/ver10/device/wsdl/GetSystemDateAndTime"\r\n' in head
    assert b"Connection: close" in head


def test_soap_11_names_its_action_in_a_line_of_its_own() -> None:
    request = http_request(b"", GET_SYSTEM_DATE_AND_TIME, host="h:1", path="/p", soap_version="1.1")
    assert b"Content-Type: text/xml" in request
    assert b'SOAPAction: "http://www.onvif.org/ver10/device/wsdl/GetSystemDateAndTime"' in request


def test_no_line_can_be_smuggled_into_the_head() -> None:
    with pytest.raises(ValueError, match="line break"):
        http_request(b"", GET_SYSTEM_DATE_AND_TIME, host="h:1", path="/p HTTP/1.1\r\nX: y")


def test_ipv6_goes_into_brackets_without_its_scope() -> None:
    assert host_line("fe80::1%eth0", 80) == "[fe80::1]:80"
