"""Everything that a device writes into the pictures of all its channels, read in two questions."""

from collections.abc import Mapping
from dataclasses import dataclass

from vms.devices.configure.hand import Hand
from vms.devices.onvif.media_messages import read_profiles
from vms.devices.onvif.operations import GET_OSDS, GET_PROFILES
from vms.devices.onvif.xml import everywhere, text

MOST_TEXTS = 20
LONGEST = 200


@dataclass(frozen=True, slots=True)
class CaptionTold:
    texts: tuple[str, ...]
    """Plain ones, as the device tells them."""
    shows_clock: bool
    """Date and time both."""


async def read_captions(hand: Hand) -> Mapping[str, CaptionTold]:
    """By the video source's token; every channel that has a profile is there. Raises what OnvifClient.call raises,
    CallRefused also where the device does not offer its captions."""
    profiles = read_profiles(await hand.ask(GET_PROFILES))
    texts: dict[str, list[str]] = {}
    clocks: dict[str, set[str]] = {}
    for osd in everywhere(await hand.ask(GET_OSDS), "OSDs"):
        where, kind = text(osd, "VideoSourceConfigurationToken"), text(osd, "TextString", "Type")
        if text(osd, "Type") != "Text":
            continue
        if kind == "Plain":
            texts.setdefault(where, []).append(text(osd, "TextString", "PlainText")[:LONGEST])
        else:
            clocks.setdefault(where, set()).update({"Date", "Time"} if kind == "DateAndTime" else {kind})
    found: dict[str, CaptionTold] = {}
    for source in dict.fromkeys(profile.source_token for profile in profiles):
        mine = {profile.source_configuration for profile in profiles if profile.source_token == source} - {""}
        plain = [one for where in sorted(mine) for one in texts.get(where, ())]
        shown = {one for where in mine for one in clocks.get(where, ())}
        found[source] = CaptionTold(tuple(plain[:MOST_TEXTS]), {"Date", "Time"} <= shown)
    return found
