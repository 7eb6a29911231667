"""An address that a device names is data; the one that answered is where we go."""

import pytest

from vms.devices.onvif.addresses import named_port, place, plain_address, same_host


@pytest.mark.parametrize(
    ("told", "uri", "moved"),
    [
        ("http://10.1.1.5/onvif/media", "http://10.1.1.5/onvif/media", False),
        ("http://10.1.1.5:8081/snap.jpg?x=1", "http://10.1.1.5:8081/snap.jpg?x=1", False),
        ("http://192.168.1.108/onvif/media", "http://10.1.1.5:8080/onvif/media", True),
        ("http://127.0.0.1:80/a", "http://10.1.1.5:8080/a", True),
        ("rtsp://192.168.1.108:5540/live", "rtsp://10.1.1.5:5540/live", True),
        ("rtsp://admin:secret@10.1.1.5/live", "rtsp://10.1.1.5/live", False),
        ("rtsp://camera.local/live", "rtsp://10.1.1.5/live", True),
        ("http://[fe80::1]/a", "http://10.1.1.5:8080/a", True),
    ],
)
def test_the_host_is_always_the_one_that_answered(told: str, uri: str, moved: bool) -> None:
    placed = place(told, "10.1.1.5", 8080)
    assert placed is not None
    assert (placed.uri, placed.moved) == (uri, moved)


@pytest.mark.parametrize(
    "told",
    ["", "nonsense", "file:///etc/passwd", "gopher://10.1.1.5/", "http://", "http://a b/", "http://h:99999/",
    "http://h/\r\nX: y", "rtsp://[::1/", "http://h/" + "a" * 3000],
)  # fmt: skip
def test_what_is_no_address_of_ours_is_none(told: str) -> None:
    assert place(told, "10.1.1.5", 80) is None


def test_ipv6_is_put_into_brackets() -> None:
    placed = place("rtsp://192.168.1.1/live", "fd00::7", 80)
    assert placed is not None
    assert placed.uri == "rtsp://[fd00::7]/live"


def test_the_same_host_in_other_words() -> None:
    assert same_host("::ffff:10.0.0.1", "10.0.0.1")
    assert same_host("fe80::1%eth0", "FE80::1")
    assert not same_host("10.0.0.1", "10.0.0.2")
    assert not same_host("10.0.0.1", "camera")


def test_ports_by_name_or_by_scheme() -> None:
    assert named_port("https://a/") == 443
    assert named_port("http://a:81/") == 81
    assert named_port("a") is None
    assert str(plain_address("[::1]")) == "::1"
