"""What real devices do, over real sockets; the numbers are those of the notes on ONVIF."""

from collections.abc import Callable

import pytest

from tests.builders.devices import (
    SOAP_11,
    Answer,
    Asked,
    a_camera,
    clock_answer,
    http,
    next_address,
    plain_answers,
    says,
    soap,
    soap_fault,
)
from vms.devices.budget import Login, LoginGuard
from vms.devices.identify import identify
from vms.inventory.device import AuthScheme, ObservedDevice, Quirks

LOGIN = Login(username="admin", password="right")
OTHER = Login(username="admin", password="wrong", version="2")
OPEN = ("GetSystemDateAndTime", "GetServices")
CHALLENGE = 'WWW-Authenticate: Digest realm="r", nonce="abc", qop="auth", algorithm=MD5\r\n'


def codes(device: ObservedDevice) -> set[str]:
    return {problem.code for problem in device.problems}


def with_login(accepts: Callable[[Asked], bool], refusal: bytes) -> Answer:
    """A camera that tells only its time and its services to strangers."""
    plain = says(plain_answers())

    def answer(asked: Asked) -> bytes | None:
        if asked.operation in OPEN or accepts(asked):
            return plain(asked)
        return refusal

    return answer


async def test_a_camera_without_users_needs_no_login() -> None:
    async with a_camera(says(plain_answers())) as camera:
        device = await identify(camera.address, camera.port, [LOGIN])
    assert (device.manufacturer, device.model, device.serial_no) == ("Pretend", "P-1", "S-42")
    assert device.macs == ("aa:bb:cc:00:11:22",)
    assert device.auth is AuthScheme.NONE
    assert camera.signed_operations == []
    (channel,) = device.channels
    assert (channel.token, channel.name) == ("VS", "人民路口")
    assert [(stream.profile, stream.width) for stream in channel.streams] == [("main", 1280), ("sub", 640)]


@pytest.mark.habit(1)
async def test_1_the_time_is_asked_without_credentials_and_with_them_only_if_refused() -> None:
    refusal = http(soap_fault("ter:NotAuthorized"), status=401)
    plain = says(plain_answers())

    def wants_login_for_everything(asked: Asked) -> bytes | None:
        return plain(asked) if asked.signed else refusal

    async with a_camera(wants_login_for_everything) as camera:
        device = await identify(camera.address, camera.port, [LOGIN])
    assert camera.operations[0] == "GetSystemDateAndTime"
    assert not camera.asked[0].signed
    assert device.quirks.needs_login_for_clock
    assert device.model == "P-1"
    assert "GetSystemDateAndTime" not in camera.signed_operations


@pytest.mark.habit(8)
@pytest.mark.parametrize("status", [200, 400, 401, 500])
async def test_8_not_authorized_is_read_off_the_subcode_whatever_the_status(status: int) -> None:
    answer = with_login(lambda asked: asked.signed, http(soap_fault("ter:NotAuthorized"), status=status))
    async with a_camera(answer) as camera:
        device = await identify(camera.address, camera.port, [LOGIN])
    assert device.auth is AuthScheme.WSSE
    assert device.model == "P-1"


@pytest.mark.habit(4)
async def test_4_every_request_has_a_nonce_of_its_own() -> None:
    answer = with_login(lambda asked: asked.signed, http(soap_fault("ter:NotAuthorized"), status=400))
    async with a_camera(answer) as camera:
        await identify(camera.address, camera.port, [LOGIN])
    nonces = [asked.body.split(b"Nonce")[1] for asked in camera.asked if asked.signed]
    assert len(nonces) > 3
    assert len(set(nonces)) == len(nonces)


@pytest.mark.habit(5)
async def test_5_a_device_that_shows_a_digest_challenge_gets_digest_only() -> None:
    def accepts(asked: Asked) -> bool:
        return "authorization" in asked.headers

    async with a_camera(with_login(accepts, http("", status=401, headers=CHALLENGE))) as camera:
        device = await identify(camera.address, camera.port, [LOGIN])
    assert device.auth is AuthScheme.DIGEST
    assert not any(b"UsernameToken" in asked.body for asked in camera.asked)
    counts = [asked.headers["authorization"].split("nc=")[1][:8] for asked in camera.asked if asked.signed]
    assert counts == sorted(counts)
    assert len(set(counts)) == len(counts)


@pytest.mark.habit(5)
async def test_5_a_challenge_that_comes_with_the_refusal_is_a_hint() -> None:
    def answer(asked: Asked) -> bytes | None:
        if asked.operation in OPEN or "authorization" in asked.headers:
            return says(plain_answers())(asked)
        if asked.signed:
            return http("", status=401, headers=CHALLENGE)
        return http(soap_fault("ter:NotAuthorized"), status=400)

    async with a_camera(answer) as camera:
        device = await identify(camera.address, camera.port, [LOGIN])
    assert device.auth is AuthScheme.DIGEST
    assert device.model == "P-1"


@pytest.mark.habit(5)
async def test_5_a_stale_nonce_is_replaced_without_counting_as_a_refusal() -> None:
    uses: dict[str, int] = {}

    def answer(asked: Asked) -> bytes | None:
        if asked.operation in OPEN:
            return says(plain_answers())(asked)
        line = asked.headers.get("authorization", "")
        nonce = line.partition('nonce="')[2].partition('"')[0]
        uses[nonce] = uses.get(nonce, 0) + 1
        if nonce and uses[nonce] <= 2:
            return says(plain_answers())(asked)
        fresh = f'WWW-Authenticate: Digest realm="r", nonce="n{len(uses)}", qop="auth", stale=true\r\n'
        return http("", status=401, headers=fresh)

    async with a_camera(answer) as camera:
        device = await identify(camera.address, camera.port, [LOGIN])
    assert "login_refused" not in codes(device)
    assert len(device.channels) == 1


@pytest.mark.habit(5)
async def test_5_an_empty_200_instead_of_a_challenge_is_taken_for_a_request_to_sign() -> None:
    async with a_camera(with_login(lambda asked: asked.signed, http(""))) as camera:
        device = await identify(camera.address, camera.port, [LOGIN])
    assert device.auth is AuthScheme.WSSE
    assert device.model == "P-1"


@pytest.mark.habit(6)
async def test_6_each_credential_is_refused_once_and_never_again() -> None:
    guard = LoginGuard()
    answer = with_login(lambda asked: False, http(soap_fault("ter:NotAuthorized"), status=400))
    async with a_camera(answer) as camera:
        device = await identify(camera.address, camera.port, [LOGIN, OTHER], guard=guard)
        assert len(camera.signed_operations) == 2
        assert device.login_refused
        assert device.auth is AuthScheme.REFUSED
        assert "login_refused" in codes(device)
        again = await identify(camera.address, camera.port, [LOGIN, OTHER], guard=guard)
        assert len(camera.signed_operations) == 2
        assert "login_refused_before" in codes(again)
        await identify(camera.address, camera.port, [Login(username="admin", password="new", version="3")], guard=guard)
        assert len(camera.signed_operations) == 3


@pytest.mark.habit(6)
@pytest.mark.parametrize(
    ("words", "code"),
    [("wrong password. You still have 4 attempt(s)", "lock_warning"), ("the account is locked", "account_locked")],
)
async def test_6_a_device_that_counts_is_left_alone_at_the_first_refusal(words: str, code: str) -> None:
    def answer(asked: Asked) -> bytes | None:
        if asked.operation in OPEN:
            return says(plain_answers())(asked)
        return http(soap_fault("ter:NotAuthorized", words if asked.signed else "a login is needed"), status=400)

    async with a_camera(answer) as camera:
        device = await identify(camera.address, camera.port, [LOGIN, OTHER])
    assert len(camera.signed_operations) == 1
    assert code in codes(device)


async def test_a_device_for_which_no_login_is_known_is_a_row_that_says_so() -> None:
    answer = with_login(lambda asked: asked.signed, http(soap_fault("ter:NotAuthorized"), status=400))
    async with a_camera(answer) as camera:
        device = await identify(camera.address, camera.port)
    assert "login_needed" in codes(device)
    assert not device.login_refused
    assert camera.signed_operations == []


@pytest.mark.habit(9)
@pytest.mark.parametrize("wants_action", [True, False])
async def test_9_the_action_is_sent_or_left_out_as_the_device_likes(wants_action: bool) -> None:
    plain = says(plain_answers())

    def answer(asked: Asked) -> bytes | None:
        return plain(asked) if ("action=" in asked.headers["content-type"]) is wants_action else http("", status=400)

    async with a_camera(answer) as camera:
        device = await identify(camera.address, camera.port)
        assert device.model == "P-1"
        assert device.quirks.action_in_content_type is wants_action
        before = len(camera.asked)
        await identify(camera.address, camera.port, known=device.quirks)
    assert len(camera.asked) - before < before or wants_action


@pytest.mark.habit(10)
@pytest.mark.parametrize("rejection", ["empty", "fault", "hang_up", "html"])
async def test_10_devices_of_soap_11_are_spoken_to_in_their_own_tongue(rejection: str) -> None:
    old = {
        name: body.replace("http://www.w3.org/2003/05/soap-envelope", SOAP_11) for name, body in plain_answers().items()
    }
    refusals = {
        "empty": http(""),
        "fault": http(
            soap("<env:Fault><faultcode>env:VersionMismatch</faultcode></env:Fault>", version=SOAP_11), status=500
        ),
        "hang_up": b"",
        "html": http("<html>415</html>", status=415),
    }

    def answer(asked: Asked) -> bytes | None:
        return says(old)(asked) if asked.soap_11 else refusals[rejection]

    async with a_camera(answer) as camera:
        device = await identify(camera.address, camera.port)
    assert device.quirks.soap_version == "1.1"
    assert (device.model, len(device.channels)) == ("P-1", 1)
    last = camera.asked[-1].headers
    assert last["content-type"].startswith("text/xml")
    assert "soapaction" in last


@pytest.mark.habit(11)
async def test_11_a_wrong_content_length_is_named_and_overlooked() -> None:
    answers = plain_answers()

    def answer(asked: Asked) -> bytes | None:
        body = answers.get(asked.operation, soap_fault("ter:ActionNotSupported"))
        return http(body, length=len(body.encode()) + 500)

    async with a_camera(answer) as camera:
        device = await identify(camera.address, camera.port, timeout_s=5)
    assert "content_length_wrong" in codes(device)
    assert len(device.channels) == 1


@pytest.mark.habit(11)
async def test_11_a_web_page_is_no_camera() -> None:
    async with a_camera(lambda asked: http("<html><title>404 File Not Found</title></html>")) as camera:
        device = await identify(camera.address, camera.port)
    assert codes(device) == {"not_onvif"}
    assert len(camera.asked) <= 8


@pytest.mark.habit(13)
async def test_13_one_request_at_a_time() -> None:
    async with a_camera(says(plain_answers())) as camera:
        await identify(camera.address, camera.port)
    assert camera.most_at_once == 1


@pytest.mark.habit(15)
async def test_15_addresses_that_the_device_names_are_not_followed() -> None:
    foreign = next_address()
    answers = plain_answers(foreign, 9)
    async with a_camera(says({}), address=foreign) as trap, a_camera(says(answers)) as camera:
        device = await identify(camera.address, camera.port)
        assert trap.asked == []
    assert "xaddr_rewritten" in codes(device)
    (channel,) = device.channels
    assert channel.streams[0].uri == f"rtsp://{camera.address}/live"
    assert channel.snapshot_uri == f"http://{camera.address}:{camera.port}/still.jpg"


@pytest.mark.habit(17)
async def test_17_a_device_without_get_services_is_asked_for_its_capabilities() -> None:
    answers = plain_answers()
    del answers["GetServices"]
    answers["GetCapabilities"] = soap(
        "<tds:GetCapabilitiesResponse><tds:Capabilities><tt:Media><tt:XAddr>http://127.0.0.1/onvif/Media</tt:XAddr></tt:Media>"
        "</tds:Capabilities></tds:GetCapabilitiesResponse>"
    )
    async with a_camera(says(answers)) as camera:
        device = await identify(camera.address, camera.port)
    assert len(device.channels) == 1
    assert {asked.path for asked in camera.asked if asked.operation == "GetProfiles"} == {"/onvif/Media"}


@pytest.mark.habit(17)
async def test_17_another_path_is_found() -> None:
    plain = says(plain_answers())

    def answer(asked: Asked) -> bytes | None:
        return plain(asked) if asked.path != "/onvif/device_service" else http("<html>404</html>", status=404)

    async with a_camera(answer) as camera:
        device = await identify(camera.address, camera.port)
    assert device.quirks.device_path == "/onvif/services"
    assert device.model == "P-1"


@pytest.mark.habit(18)
async def test_18_media2_fills_what_media1_leaves_out() -> None:
    media2 = "http://www.onvif.org/ver20/media/wsdl"
    answers = plain_answers()
    answers["GetServices"] = soap(
        "<tds:GetServicesResponse>"
        + "".join(
            f"<tds:Service><tds:Namespace>{name}</tds:Namespace><tds:XAddr>http://127.0.0.1/{path}</tds:XAddr></tds:Service>"
            for name, path in ((media2, "m2"), ("http://www.onvif.org/ver10/media/wsdl", "m1"))
        )
        + "</tds:GetServicesResponse>"
    )
    old = (
        '<trt:Profiles token="p"><tt:VideoSourceConfiguration token="c"><tt:SourceToken>VS</tt:SourceToken>'
        "</tt:VideoSourceConfiguration></trt:Profiles>"
    )
    new = (
        '<tr2:Profiles token="p"><tr2:Configurations><tr2:VideoEncoder><tt:Encoding>H265</tt:Encoding><tt:Resolution>'
        "<tt:Width>3840</tt:Width><tt:Height>2160</tt:Height></tt:Resolution></tr2:VideoEncoder></tr2:Configurations></tr2:Profiles>"
    )
    uri2 = soap("<tr2:GetStreamUriResponse><tr2:Uri>rtsp://127.0.0.1/two</tr2:Uri></tr2:GetStreamUriResponse>")

    def answer(asked: Asked) -> bytes:
        if asked.operation == "GetProfiles":
            two = asked.service == media2
            return http(soap(f"<trt:GetProfilesResponse>{new if two else old}</trt:GetProfilesResponse>"))
        if asked.operation == "GetStreamUri" and asked.service == media2:
            return http(uri2)
        raw = says(answers)(asked)
        assert raw is not None
        return raw

    async with a_camera(answer) as camera:
        device = await identify(camera.address, camera.port)
    (channel,) = device.channels
    (stream,) = channel.streams
    assert (stream.encoding, stream.width, stream.uri) == ("H265", 3840, f"rtsp://{camera.address}/two")
    assert device.quirks.media_version == 2


@pytest.mark.habit(3)
async def test_3_a_clock_that_tells_nonsense_is_a_problem_and_no_more() -> None:
    answers = plain_answers() | {"GetSystemDateAndTime": clock_answer("2485 13 13 1 1 1")}
    async with a_camera(says(answers)) as camera:
        device = await identify(camera.address, camera.port)
    assert device.clock_offset_s is None
    assert "clock_impossible" in codes(device)
    assert device.model == "P-1"


@pytest.mark.parametrize(
    ("refused", "problem"),
    [("GetProfiles", "profiles_refused"), ("GetStreamUri", "stream_uri_refused"), ("GetSnapshotUri", "no_snapshot"),
    ("GetDeviceInformation", "information_refused")],
)  # fmt: skip
async def test_a_refused_question_costs_its_answer_only(refused: str, problem: str) -> None:
    answers = plain_answers()
    del answers[refused]
    async with a_camera(says(answers)) as camera:
        device = await identify(camera.address, camera.port)
    assert problem in codes(device)
    assert device.macs


async def test_nobody_there_is_a_row() -> None:
    device = await identify(next_address(), 9)
    assert codes(device) == {"refused"}


async def test_a_device_that_falls_silent_is_a_row_with_what_it_said() -> None:
    plain = says(plain_answers())

    def answer(asked: Asked) -> bytes | None:
        return None if asked.operation == "GetStreamUri" else plain(asked)

    async with a_camera(answer) as camera:
        device = await identify(camera.address, camera.port, request_timeout_s=0.2, timeout_s=5)
    assert device.model == "P-1"
    assert "timeout" in codes(device)


async def test_a_slow_device_is_given_up_in_time_with_what_it_said() -> None:
    plain = says(plain_answers())

    def answer(asked: Asked) -> bytes | None:
        return None if asked.operation == "GetProfiles" else plain(asked)

    async with a_camera(answer) as camera:
        device = await identify(camera.address, camera.port, request_timeout_s=5, timeout_s=0.5)
    assert device.model == "P-1"
    assert codes(device) >= {"too_slow"} or "timeout" in codes(device)


async def test_a_channel_that_nobody_named_is_called_what_is_written_on_its_picture() -> None:
    answers = {name: body.replace("人民路口", "VideoSourceConfig") for name, body in plain_answers().items()}
    answers["GetOSDs"] = soap(
        "<trt:GetOSDsResponse><trt:OSDs><tt:VideoSourceConfigurationToken>VSC</tt:VideoSourceConfigurationToken>"
        "<tt:TextString><tt:Type>Plain</tt:Type><tt:PlainText>西门</tt:PlainText></tt:TextString></trt:OSDs></trt:GetOSDsResponse>"
    )
    async with a_camera(says(answers)) as camera:
        device = await identify(camera.address, camera.port)
    assert [channel.name for channel in device.channels] == ["西门"]


async def test_what_was_learnt_saves_asking_again() -> None:
    async with a_camera(says(plain_answers())) as camera:
        await identify(camera.address, camera.port, known=Quirks(device_path="/onvif/device_service"))
    assert camera.operations.count("GetSystemDateAndTime") == 1
