"""Sign-in answers, held against the examples of the standards."""

from vms.media.login import Login
from vms.media.rtsp.digest import SignIn, answer_challenge, read_challenges

RFC_7616 = (
    'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={}, '
    'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
)
MUFASA = Login("Mufasa", "Circle of Life")
CLIENT_NONCE = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"


def answered(algorithm: str) -> str:
    challenge = read_challenges([RFC_7616.format(algorithm)])[0]
    return answer_challenge(challenge, MUFASA, method="GET", uri="/dir/index.html", client_nonce=CLIENT_NONCE)


def test_rfc_7616_md5() -> None:
    assert 'response="8ca523f5e9506fed4657c9700eebdbec"' in answered("MD5")


def test_rfc_7616_sha_256() -> None:
    assert 'response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"' in answered("SHA-256")


def test_rfc_2069_without_qop_as_most_cameras_ask() -> None:
    challenge = read_challenges(['Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'])[0]
    value = answer_challenge(challenge, Login("Mufasa", "CircleOfLife"), method="GET", uri="/dir/index.html")
    assert 'response="1949323746fe6a43ef61f9606e7febea"' in value
    assert "algorithm" not in value and "qop" not in value


def test_basic_is_the_last_resort() -> None:
    found = read_challenges(
        ['Basic realm="x"', 'Digest realm="x", nonce="1"', 'Digest realm="x", nonce="1", algorithm="SHA-256"']
    )
    assert [(challenge.scheme, challenge.algorithm) for challenge in found] == [
        ("digest", "SHA-256"), ("digest", "MD5"), ("basic", "MD5"),
    ]  # fmt: skip


def test_two_challenges_in_one_header_are_both_read() -> None:
    found = read_challenges(['Basic realm="a, b", Digest realm="c", nonce="1"'])
    assert [(challenge.scheme, challenge.realm) for challenge in found] == [("digest", "c"), ("basic", "a, b")]


def test_what_cannot_be_answered_is_passed_over() -> None:
    assert (
        read_challenges(['Digest realm="x"', "Negotiate abc", 'Digest realm="x", nonce="1", algorithm=SHA-3', ""]) == []
    )
    assert read_challenges(['Digest realm="x", nonce="' + "n" * 5000 + '"']) == []


def test_a_refused_answer_is_not_sent_twice_but_a_stale_one_is() -> None:
    sign_in = SignIn(MUFASA)
    assert sign_in.header("PLAY", "rtsp://h/") == {}
    assert sign_in.learn(['Digest realm="x", nonce="1"'])
    assert 'nonce="1"' in sign_in.header("PLAY", "rtsp://h/")["Authorization"]
    assert not sign_in.learn(['Digest realm="x", nonce="2"'])
    assert sign_in.learn(['Digest realm="x", nonce="3", stale=true'])


def test_each_request_counts_on() -> None:
    sign_in = SignIn(MUFASA, lambda: "fixed")
    sign_in.learn(['Digest realm="x", nonce="1", qop="auth"'])
    assert "nc=00000001" in sign_in.header("SETUP", "rtsp://h/")["Authorization"]
    assert "nc=00000002" in sign_in.header("PLAY", "rtsp://h/")["Authorization"]


def test_a_password_is_never_shown() -> None:
    assert "Circle" not in repr(MUFASA)
