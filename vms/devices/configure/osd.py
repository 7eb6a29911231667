"""The text with the camera's name in the picture: found, changed where it stands, made or taken away."""

from dataclasses import dataclass
from xml.sax.saxutils import escape

from vms.devices.configure.hand import Hand, written_again
from vms.devices.onvif.media_messages import read_profiles
from vms.devices.onvif.operations import GET_OSDS, GET_PROFILES, Operation, Service
from vms.devices.onvif.xml import Element, attribute, everywhere, text

_MEDIA = Service.MEDIA.value


@dataclass(frozen=True, slots=True, kw_only=True)
class OsdNow:
    """The plain text of a channel; `token` empty: it has none."""

    source_configuration: str
    token: str = ""
    words: str = ""
    element: Element | None = None
    """As told, so that everything but the words goes back as it came."""


async def read_osd(hand: Hand, channel: str, *, token: str = "", known_as: str = "") -> OsdNow:
    """Of the channel with this video source token. Of several plain texts the one with that token, else the one that
    reads as the camera was known before, else the first. Raises LookupError where the device has no such channel, and
    what OnvifClient.call raises."""
    profiles = read_profiles(await hand.ask(GET_PROFILES))
    mine = {profile.source_configuration for profile in profiles if profile.source_token == channel} - {""}
    if not mine:
        raise LookupError(f"the device tells no profile of the video source {channel!r}")
    told = [
        OsdNow(
            source_configuration=text(osd, "VideoSourceConfigurationToken"),
            token=attribute(osd, "token"),
            words=text(osd, "TextString", "PlainText"),
            element=osd,
        )
        for osd in everywhere(await hand.ask(GET_OSDS), "OSDs")
        if text(osd, "Type") == "Text" and text(osd, "TextString", "Type") == "Plain"
    ]
    plain = [osd for osd in told if osd.source_configuration in mine and osd.token]
    nothing = OsdNow(source_configuration=min(mine))
    if token:
        return next((osd for osd in plain if osd.token == token), nothing)
    return next((osd for osd in plain if known_as and osd.words == known_as), plain[0] if plain else nothing)


async def write_osd(hand: Hand, now: OsdNow, words: str) -> None:
    """Where there is none yet, one is made in the upper left corner. Raises ChangeRefused, NotSent, AnswerLost."""
    if now.element is None:
        await hand.change(
            Service.MEDIA,
            "CreateOSD",
            {
                "OSD": {
                    "token": "",
                    "VideoSourceConfigurationToken": now.source_configuration,
                    "Type": "Text",
                    "Position": {"Type": "UpperLeft"},
                    "TextString": {"Type": "Plain", "PlainText": words},
                }
            },
        )
        return
    inner = written_again(now.element, "OSD", _MEDIA, {("TextString", "PlainText"): words})
    await hand.send(Operation(Service.MEDIA, "SetOSD", f'<o:SetOSD xmlns:o="{_MEDIA}">{inner}</o:SetOSD>'))


async def remove_osd(hand: Hand, token: str) -> None:
    """Raises ChangeRefused, NotSent, AnswerLost."""
    body = f'<o:DeleteOSD xmlns:o="{_MEDIA}"><o:OSDToken>{escape(token)}</o:OSDToken></o:DeleteOSD>'
    await hand.send(Operation(Service.MEDIA, "DeleteOSD", body))
