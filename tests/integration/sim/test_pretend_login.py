"""The pretend city lets in whom a real device lets in, and refuses as real devices refuse."""

import secrets
from datetime import UTC, datetime, timedelta

import pytest

from tests.builders.sim import a_device, answer_challenge, call, envelope, get, post, token
from vms.sim.personality import PLAIN, Personality, SignIn, habit

INFORMATION = "<tds:GetDeviceInformation/>"


def stamp(offset_s: float = 0.0) -> str:
    return (datetime.now(UTC) + timedelta(seconds=offset_s)).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize("operation", ["GetSystemDateAndTime", "GetServices", "GetCapabilities", "GetHostname"])
async def test_what_the_standard_leaves_open_needs_no_login(operation: str) -> None:
    async with a_device() as (_, device):
        answer = await call(device, f"<tds:{operation}/>", login=False)
        assert answer.status == 200
        assert f"{operation}Response".encode() in answer.body


@pytest.mark.parametrize("status", [200, 400, 401, 500])
async def test_without_a_login_the_subcode_says_not_authorized_whatever_the_status(status: int) -> None:
    async with a_device(Personality(refusal_status=status)) as (_, device):
        answer = await call(device, INFORMATION, login=False)
        assert answer.status == status
        assert "ter:NotAuthorized" in answer.texts("Value")


async def test_the_right_password_is_let_in_and_the_wrong_one_is_not() -> None:
    async with a_device() as (_, device):
        assert (await call(device, INFORMATION)).text("SerialNumber") == device.serial_no
        wrong = await post(device, envelope(INFORMATION, header=token(device.username, "guess")))
        assert "ter:NotAuthorized" in wrong.texts("Value")


async def test_a_message_sent_again_is_refused() -> None:
    async with a_device() as (_, device):
        message = envelope(INFORMATION, header=token(device.username, device.password))
        assert (await post(device, message)).status == 200
        assert "used before" in (await post(device, message)).text("Text")


@pytest.mark.parametrize(("personality", "status"), [(PLAIN, 200), (habit("strict_nonce"), 400)])
async def test_only_a_strict_device_refuses_an_old_nonce_with_a_new_time(personality: Personality, status: int) -> None:
    async with a_device(personality) as (_, device):
        nonce = secrets.token_bytes(16)
        for offset_s in (-2.0, 0.0):
            header = token(device.username, device.password, created=stamp(offset_s), nonce=nonce)
            answer = await post(device, envelope(INFORMATION, header=header))
        assert answer.status == status


@pytest.mark.parametrize(
    ("personality", "offset_s", "status"),
    [
        (PLAIN, 290.0, 200),
        (PLAIN, 310.0, 400),
        (habit("clock_ahead"), 0.0, 400),
        (habit("clock_ahead"), 1234.0, 200),
        (habit("clock_behind_strict"), -60.0, 400),
        (habit("clock_behind_strict"), -97.0, 200),
        (habit("utc_wrong_by_zone"), 8 * 3600.0, 200),
        (habit("date_missing"), 0.0, 200),
    ],
)
async def test_created_is_measured_by_the_devices_own_clock(
    personality: Personality, offset_s: float, status: int
) -> None:
    async with a_device(personality) as (_, device):
        assert (await call(device, INFORMATION, offset_s=offset_s)).status == status


async def test_created_with_a_numeric_zone_is_refused() -> None:
    async with a_device() as (_, device):
        created = stamp().replace("Z", "+00:00")
        header = token(device.username, device.password, created=created)
        assert "must end with Z" in (await post(device, envelope(INFORMATION, header=header))).text("Text")


async def test_five_wrong_passwords_lock_the_account_and_the_device_counts_aloud() -> None:
    async with a_device(habit("locks")) as (_, device):
        said = [
            (await post(device, envelope(INFORMATION, header=token(device.username, f"guess {n}")))).text("Text")
            for n in range(5)
        ]
        for left, text in zip((4, 3, 2, 1), said, strict=False):
            assert f"You still have {left} attempt(s)" in text
        assert "locked" in said[4]
        assert "locked" in (await call(device, INFORMATION)).text("Text"), "the right password does not help now"
        assert (await call(device, "<tds:GetSystemDateAndTime/>", login=False)).status == 200


async def test_asking_without_a_login_never_locks() -> None:
    async with a_device(habit("locks")) as (_, device):
        for _ in range(7):
            await call(device, INFORMATION, login=False)
        assert (await call(device, INFORMATION)).status == 200


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-256"])
async def test_http_digest_is_asked_for_and_accepted(algorithm: str) -> None:
    async with a_device(habit("digest")) as (_, device):
        refused = await call(device, INFORMATION)
        assert refused.status == 401, "a WS-UsernameToken is worth nothing here"
        challenges = [value for name, value in refused.headers if name == "www-authenticate"]
        challenge = next(c for c in challenges if f"algorithm={algorithm}" in c)
        login = answer_challenge(
            challenge, method="POST", uri="/onvif/device_service", username=device.username, password=device.password
        )
        answer = await post(device, envelope(INFORMATION), authorization=login)
        assert answer.text("SerialNumber") == device.serial_no
        again = await post(device, envelope(INFORMATION), authorization=login)
        assert again.status == 401
        assert "stale=true" in again.header("www-authenticate"), "the same nonce count a second time"


async def test_an_open_device_asks_nobody() -> None:
    async with a_device(habit("open")) as (city, device):
        assert (await call(device, INFORMATION, login=False)).status == 200
        path = city.device(device.address).snapshot_path(1, "sub")
        assert (await get(device, path)).body.startswith(b"\xff\xd8\xff")


async def test_a_snapshot_needs_digest() -> None:
    async with a_device(Personality(auth=SignIn.WSSE)) as (city, device):
        path = city.device(device.address).snapshot_path(1, "main")
        refused = await get(device, path)
        assert refused.status == 401
        login = answer_challenge(
            refused.header("www-authenticate"),
            method="GET",
            uri=path,
            username=device.username,
            password=device.password,
        )
        assert (await get(device, path, authorization=login)).body.startswith(b"\xff\xd8\xff")


async def test_a_clock_that_wants_a_login_gets_one() -> None:
    async with a_device(habit("clock_needs_login")) as (_, device):
        assert (await call(device, "<tds:GetSystemDateAndTime/>", login=False)).status == 401
        assert (await call(device, "<tds:GetSystemDateAndTime/>")).status == 200
