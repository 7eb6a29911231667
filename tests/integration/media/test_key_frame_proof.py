"""A camera is proven alive by its first key frame, and every way of failing has a name."""

import asyncio
import time

import pytest

from tests.builders.device_certificates import a_certificate
from tests.builders.media_camera import Habits, a_camera, a_clip
from vms.media.login import Login
from vms.media.proof import prove_stream, prove_streams
from vms.media.tls import TlsTrust
from vms.media.trouble import Trouble

LOGIN = Login("operator", "secret phrase")


@pytest.mark.parametrize("scheme", ["md5", "sha256", "basic"])
async def test_a_camera_with_a_login_plays(scheme: str) -> None:
    async with a_camera(Habits(login=("operator", "secret phrase"), scheme=scheme)) as camera:
        proof = await prove_stream(camera.uri, LOGIN)
        assert proof.reading.playing, proof.message
        assert (proof.codec, proof.width, proof.height) == ("H264", 320, 240)
        assert camera.refused_logins == 0
        await camera.until(lambda: camera.playing == 0)
        assert camera.requests[-1] == "TEARDOWN"


async def test_a_login_in_the_address_is_used_and_not_shown() -> None:
    async with a_camera(Habits(login=("operator", "pass"))) as camera:
        uri = camera.uri.replace("rtsp://", "rtsp://operator:pass@")
        assert (await prove_stream(uri)).reading.playing


async def test_a_wrong_password_is_tried_once() -> None:
    async with a_camera(Habits(login=("operator", "other"))) as camera:
        proof = await prove_stream(camera.uri, LOGIN)
        assert proof.reading.because == "login_refused"
        assert camera.refused_logins == 1


async def test_without_a_login_none_is_sent() -> None:
    async with a_camera(Habits(login=("operator", "other"))) as camera:
        proof = await prove_stream(camera.uri)
        assert proof.trouble == Trouble.LOGIN_REFUSED
        assert "user name" in proof.message
        assert camera.refused_logins == 0


async def test_a_password_is_not_sent_in_plain_text_before_it_is_certain_who_answers() -> None:
    unsure = Login("operator", "secret phrase", digest_only=True)
    async with a_camera(Habits(login=("operator", "secret phrase"), scheme="basic")) as camera:
        withheld = await prove_stream(camera.uri, unsure)
        assert (withheld.reading.because, camera.refused_logins) == ("login_withheld", 0)
        assert (await prove_stream(camera.uri, LOGIN)).reading.playing
    async with a_camera(Habits(login=("operator", "secret phrase"), scheme="sha256")) as camera:
        assert (await prove_stream(camera.uri, unsure)).reading.playing, "a digest does not tell the password"


async def test_a_stream_by_tls_is_held_to_the_certificate_that_it_showed_first(tmp_path) -> None:
    habits = Habits(login=("operator", "secret phrase"))
    tls, shown = a_certificate(tmp_path)
    async with a_camera(habits, tls=tls) as camera:
        first = await prove_stream(camera.uri, LOGIN)
        assert (first.reading.playing, first.tls_sha256) == (True, shown)
        for known in (TlsTrust(stream_sha256=shown), TlsTrust(pinned_sha256=shown, stream_sha256="00" * 32)):
            assert (await prove_stream(camera.uri, LOGIN, trust=known)).reading.playing
        other_web_server = TlsTrust(pinned_sha256="00" * 32)
        assert (await prove_stream(camera.uri, LOGIN, trust=other_web_server)).reading.playing, (
            "its own, at first sight"
        )
        asked = len(camera.requests)
        another = TlsTrust(pinned_sha256="11" * 32, stream_sha256="00" * 32)
        changed = await prove_stream(camera.uri, LOGIN, trust=another)
        assert changed.trouble is Trouble.CERTIFICATE_CHANGED
        assert len(camera.requests) == asked, "nothing was said to it"


async def test_a_camera_that_hangs_up_after_asking_is_called_again() -> None:
    async with a_camera(Habits(login=("operator", "secret phrase"), close_after_401=True)) as camera:
        assert (await prove_stream(camera.uri, LOGIN)).reading.playing
        assert camera.connections == 2


@pytest.mark.parametrize(
    ("method", "status", "because"),
    [
        ("DESCRIBE", 404, "not_found"),
        ("SETUP", 453, "busy"),
        ("SETUP", 461, "transport_refused"),
        ("DESCRIBE", 503, "error_answer"),
        ("SETUP", 503, "busy"),
        ("PLAY", 503, "busy"),
        ("DESCRIBE", 302, "moved"),
    ],
)
async def test_a_refusal_has_a_name(method: str, status: int, because: str) -> None:
    async with a_camera(Habits(status_for={method: status})) as camera:
        proof = await prove_stream(camera.uri)
        assert proof.reading.because == because
        assert not proof.reading.playing
        assert camera.connections == 1


async def test_a_camera_whose_sessions_are_taken_says_busy() -> None:
    async with a_camera(Habits(max_sessions=0)) as camera:
        assert (await prove_stream(camera.uri)).trouble == Trouble.BUSY


@pytest.mark.parametrize("method", ["DESCRIBE", "SETUP", "PLAY"])
async def test_a_stall_ends_in_time_and_says_where(method: str) -> None:
    async with a_camera(Habits(stall_at=method)) as camera:
        began_s = time.monotonic()
        proof = await prove_stream(camera.uri, timeout_s=0.3)
        assert time.monotonic() - began_s < 1.2
        assert proof.reading.because == "timeout"
        assert method in proof.message


async def test_a_camera_that_agrees_but_sends_nothing() -> None:
    async with a_camera(Habits(stall_at="media")) as camera:
        assert (await prove_stream(camera.uri, timeout_s=0.3)).reading.because == "no_media"


async def test_pictures_without_a_key_frame_are_no_proof() -> None:
    async with a_camera(Habits(start_at=1), a_clip(pictures=200, gop=200)) as camera:
        assert (await prove_stream(camera.uri, timeout_s=0.5)).reading.because == "no_key_frame"


@pytest.mark.parametrize("method", ["DESCRIBE", "SETUP", "PLAY"])
async def test_a_camera_that_hangs_up(method: str) -> None:
    async with a_camera(Habits(hang_up_at=method)) as camera:
        assert (await prove_stream(camera.uri)).reading.because == "ended"


async def test_nobody_listens() -> None:
    async with a_camera() as camera:
        uri = camera.uri
    proof = await prove_stream(uri)
    assert proof.reading.because == "unreachable"
    assert "refused" in proof.message


@pytest.mark.parametrize(
    "uri", ["http://127.21.0.1/x", "rtsp://", "rtsp://a b/", "rtsp://h:99999/", "rtsp://" + "a" * 70]
)
async def test_an_address_that_cannot_be_used(uri: str) -> None:
    assert (await prove_stream(uri)).reading.because == "bad_address"


@pytest.mark.parametrize(
    "habits",
    [
        Habits(sets_in_sdp=False, sets_in_band=True),
        Habits(audio_first=True),
        Habits(start_at=7, speed=4),
        Habits(channel=6),
        Habits(wrong_markers=True),
    ],
    ids=["parameter sets in band only", "audio first", "starts amid a group", "other channels", "wrong markers"],
)
async def test_odd_but_playing(habits: Habits) -> None:
    async with a_camera(habits) as camera:
        proof = await prove_stream(camera.uri)
        assert proof.reading.playing, proof.message
        assert (proof.width, proof.height) == (320, 240)


async def test_h265_is_alive_too() -> None:
    async with a_camera(clip=a_clip(codec="H265")) as camera:
        proof = await prove_stream(camera.uri)
        assert proof.reading.playing, proof.message
        assert proof.codec == "H265"


async def test_sixty_cameras_at_once() -> None:
    async with a_camera() as camera:
        began_s = time.monotonic()
        proofs = await prove_streams([(camera.uri, None)] * 60, width=30)
        assert all(proof.reading.playing for proof in proofs)
        assert time.monotonic() - began_s < 10
        assert len(asyncio.all_tasks()) < 70
