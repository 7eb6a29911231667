"""Stills from devices that are well, odd, broken or hostile."""

import ssl
import time
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.builders.media_camera import Habits, a_camera, a_clip
from tests.builders.media_http import a_jpeg, a_web_server, digest_is_right, ok
from vms.media.login import Login
from vms.media.still import fetch_still, still_from_stream
from vms.media.tls import TlsTrust
from vms.media.trouble import PictureFailed, Trouble

LOGIN = Login("operator", "sécret:phrase")


def asks(challenge: str) -> bytes:
    return f"HTTP/1.1 401 Unauthorized\r\n{challenge}Content-Length: 0\r\n\r\n".encode()


async def test_a_still_comes_with_its_size_and_time() -> None:
    at = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    async with a_web_server(ok(a_jpeg())) as web:
        still = await fetch_still(web.uri, clock=lambda: at)
    assert (still.width, still.height, still.at) == (640, 360, at)
    assert web.requests[0].startswith("GET /snapshot.jpg?channel=1 HTTP/1.1\r\n")
    assert f"Host: {web.host}:{web.port}\r\n" in web.requests[0]


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
async def test_a_digest_is_answered(algorithm: str) -> None:
    challenge = f'WWW-Authenticate: Digest realm="a, b", nonce="n\\"1", qop="auth,auth-int", algorithm={algorithm}\r\n'
    async with a_web_server(asks(challenge.replace('\\"', "")), ok(a_jpeg())) as web:
        await fetch_still(web.uri, LOGIN)
    assert "Authorization" not in web.requests[0]
    name = {"MD5": "md5", "SHA-256": "sha256"}[algorithm]
    assert digest_is_right(web.requests[1], username="operator", password="sécret:phrase", algorithm=name)


async def test_the_strongest_of_several_ways_is_taken() -> None:
    challenges = (
        'WWW-Authenticate: Basic realm="x"\r\n'
        'WWW-Authenticate: Digest realm="x", nonce="1", qop="auth"\r\n'
        'WWW-Authenticate: Digest realm="x", nonce="2", qop="auth", algorithm=SHA-256\r\n'
    )
    async with a_web_server(asks(challenges), ok(a_jpeg())) as web:
        await fetch_still(web.uri, LOGIN)
    assert digest_is_right(web.requests[1], username="operator", password="sécret:phrase", algorithm="sha256")


async def test_a_refused_login_costs_one_try() -> None:
    async with a_web_server(asks('WWW-Authenticate: Digest realm="x", nonce="1", qop="auth"\r\n')) as web:
        with pytest.raises(PictureFailed) as failure:
            await fetch_still(web.uri, LOGIN)
    assert failure.value.trouble == Trouble.LOGIN_REFUSED
    assert len(web.requests) == 2


@pytest.mark.parametrize(
    "answer",
    [
        ok(a_jpeg(), "Connection: close"),
        ok(b"8;x=y\r\n" + a_jpeg()[:8] + b"\r\n" + b"%x\r\n" % (len(a_jpeg()) - 8) + a_jpeg()[8:] + b"\r\n0\r\n\r\n",
           "Transfer-Encoding: chunked"),
        ok(a_jpeg() + b"\r\n").replace(b"HTTP/1.1", b"HTTP/1.0"),
    ],
    ids=["closed at the end", "chunked", "old version"],
)  # fmt: skip
async def test_odd_but_good(answer: bytes) -> None:
    async with a_web_server(answer) as web:
        assert (await fetch_still(web.uri)).width == 640


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (b"HTTP/1.1 404 Not Found\r\n\r\n", Trouble.NOT_FOUND),
        (b"HTTP/1.1 302 Found\r\nLocation: http://127.21.0.9/\r\n\r\n", Trouble.MOVED),
        (b"HTTP/1.1 503 Busy\r\n\r\n", Trouble.BUSY),
        (b"HTTP/1.1 500 Oh\r\n\r\n", Trouble.ERROR_ANSWER),
        (b"\xff\xd8\xff binary\r\n\r\n", Trouble.MALFORMED),
        (b"HTTP/1.1 2\xb20 OK\r\n\r\n", Trouble.MALFORMED),
        (b"HTTP/1.1 200 OK\r\nContent-", Trouble.ENDED),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n\xff\xd8", Trouble.TOO_LARGE),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n\xff\xd8", Trouble.MALFORMED),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", Trouble.MALFORMED),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n", Trouble.TOO_LARGE),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n", Trouble.TOO_LARGE),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000, Trouble.TOO_LARGE),
        (ok(a_jpeg())[:-1000], Trouble.ENDED),
        (ok(a_jpeg()[:-1000], "Connection: close"), Trouble.NOT_A_PICTURE),
        (ok(b"<html>404</html>"), Trouble.NOT_A_PICTURE),
        (ok(b""), Trouble.NOT_A_PICTURE),
    ],
)
async def test_every_failure_has_a_name(answer: bytes, trouble: Trouble) -> None:
    async with a_web_server(answer) as web:
        with pytest.raises(PictureFailed) as failure:
            await fetch_still(web.uri, timeout_s=2)
    assert failure.value.trouble == trouble, failure.value.message
    assert len(web.requests) == 1


async def test_a_dripping_server_is_left_in_time() -> None:
    async with a_web_server(ok(a_jpeg()), pause_s=0.1) as web:
        began_s = time.monotonic()
        with pytest.raises(PictureFailed) as failure:
            await fetch_still(web.uri, timeout_s=0.5)
    assert failure.value.trouble == Trouble.TIMEOUT
    assert time.monotonic() - began_s < 1.0


async def test_an_endless_body_is_not_kept() -> None:
    endless = ok(b"\xff\xd8" + bytes(1_000_000), "Connection: close")
    async with a_web_server(endless, repeat=100) as web:
        tracemalloc.start()
        try:
            with pytest.raises(PictureFailed) as failure:
                await fetch_still(web.uri, timeout_s=5, max_bytes=2_000_000)
            _, peak_bytes = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert failure.value.trouble == Trouble.TOO_LARGE
    assert peak_bytes < 12_000_000


async def test_https_with_a_certificate_of_its_own(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "camera")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "camera.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    async with a_web_server(ok(a_jpeg()), tls=context) as web:
        assert (await fetch_still(web.uri)).width == 640
        shown = TlsTrust(pinned_sha256=certificate.fingerprint(hashes.SHA256()).hex())
        assert (await fetch_still(web.uri, trust=shown)).width == 640
        with pytest.raises(PictureFailed) as failure:
            await fetch_still(web.uri, Login("admin", "secret"), trust=TlsTrust(pinned_sha256="00" * 32))
        assert failure.value.trouble == Trouble.CERTIFICATE_CHANGED
        assert len(web.requests) == 2, "nothing was said to it"


@pytest.mark.parametrize("codec", ["H264", "H265"])
async def test_without_a_snapshot_address_the_stream_gives_the_still(codec: str) -> None:
    async with a_camera(Habits(start_at=5, speed=5), a_clip(codec=codec)) as camera:
        still = await still_from_stream(camera.uri)
    image = cv2.imdecode(np.frombuffer(still.jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert image.shape == (240, 320) == (still.height, still.width)
    assert image[40:72].max() > 230, "the white square is in the picture"


async def test_a_stream_that_does_not_play_gives_the_reason() -> None:
    async with a_camera(Habits(status_for={"SETUP": 453})) as camera:
        with pytest.raises(PictureFailed) as failure:
            await still_from_stream(camera.uri)
    assert failure.value.trouble == Trouble.BUSY
