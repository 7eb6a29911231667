"""Texts in the picture (OSD) of the ONVIF media service: read, set, made, taken away, within the device's limits."""

from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from vms.sim.device import LiveDevice
from vms.sim.operation import Operation, Table
from vms.sim.settings import MOST_TEXTS, Text
from vms.sim.soap import SoapRequest, sender_fault, text_of

POSITIONS = ("UpperLeft", "UpperRight", "LowerLeft", "LowerRight", "Custom")


def _osd(token: str, text: Text) -> str:
    at = "" if text.at is None else f'<tt:Pos x="{text.at[0]}" y="{text.at[1]}"/>'
    plain = f"<tt:PlainText>{escape(text.text)}</tt:PlainText>" if text.kind == "Plain" else ""
    return (
        f"<trt:OSDs token={quoteattr(token)}><tt:VideoSourceConfigurationToken>VSC_{text.channel}"
        f"</tt:VideoSourceConfigurationToken><tt:Type>Text</tt:Type><tt:Position><tt:Type>{text.position}</tt:Type>{at}"
        f"</tt:Position><tt:TextString><tt:Type>{text.kind}</tt:Type><tt:FontSize>32</tt:FontSize>{plain}"
        "</tt:TextString></trt:OSDs>"
    )


def _get_osds(device: LiveDevice, request: SoapRequest) -> str:
    wanted = text_of(request.body, "ConfigurationToken")
    listed = "".join(
        _osd(token, text) for token, text in device.settings.texts.items() if wanted in ("", f"VSC_{text.channel}")
    )
    return f"<trt:GetOSDsResponse>{listed}</trt:GetOSDsResponse>"


def _options(device: LiveDevice, request: SoapRequest) -> str:
    _channel(device, text_of(request.body, "ConfigurationToken"))
    positions = "".join(f"<tt:PositionOption>{position}</tt:PositionOption>" for position in POSITIONS)
    return (
        f'<trt:GetOSDOptionsResponse><trt:OSDOptions><tt:MaximumNumberOfOSDs Total="{MOST_TEXTS}" '
        f'PlainText="{MOST_TEXTS}"/><tt:Type>Text</tt:Type>{positions}<tt:TextOption><tt:Type>Plain</tt:Type>'
        "<tt:Type>DateAndTime</tt:Type><tt:FontSizeRange><tt:Min>16</tt:Min><tt:Max>64</tt:Max></tt:FontSizeRange>"
        "</tt:TextOption></trt:OSDOptions></trt:GetOSDOptionsResponse>"
    )


def _channel(device: LiveDevice, source_configuration: str) -> int:
    for channel in device.plan.channels:
        if source_configuration == f"VSC_{channel.number}":
            return channel.number
    raise sender_fault(("ter:InvalidArgVal", "ter:NoConfig"), "no such video source configuration")


def _read(device: LiveDevice, request: SoapRequest) -> tuple[str, Text]:
    osd = next(iter(request.body.iter("{*}OSD")), None)
    if osd is None:
        raise sender_fault(("ter:InvalidArgVal",), "no OSD")
    channel = _channel(device, text_of(osd, "VideoSourceConfigurationToken"))
    position = next((text_of(one, "Type") for one in osd.iter("{*}Position")), "")
    if position not in POSITIONS:
        raise sender_fault(("ter:InvalidArgVal",), "no such position")
    kind = next((text_of(one, "Type") for one in osd.iter("{*}TextString")), "")
    if kind not in ("Plain", "DateAndTime"):
        raise sender_fault(("ter:InvalidArgVal",), "no such kind of text")
    text = Text(channel, _fitting(device, text_of(osd, "PlainText")), position, _place(osd), kind)
    return osd.get("token", ""), text


def _fitting(device: LiveDevice, text: str) -> str:
    longest = device.plan.personality.longest_text
    if longest is None or len(text) <= longest:
        return text
    if device.plan.personality.cuts_text:
        return text[:longest]
    raise sender_fault(("ter:InvalidArgVal", "ter:ConfigModify"), f"a text has at most {longest} characters")


def _place(osd: etree._Element) -> tuple[float, float] | None:
    for pos in osd.iter("{*}Pos"):
        try:
            return float(pos.get("x", "0")), float(pos.get("y", "0"))
        except ValueError as error:
            raise sender_fault(("ter:InvalidArgVal",), "no such place") from error
    return None


def _set(device: LiveDevice, request: SoapRequest) -> str:
    token, text = _read(device, request)
    if token not in device.settings.texts:
        raise sender_fault(("ter:InvalidArgVal", "ter:NoConfig"), f"no OSD {token[:60]!r}")
    device.settings.texts[token] = text
    return "<trt:SetOSDResponse/>"


def _create(device: LiveDevice, request: SoapRequest) -> str:
    _, text = _read(device, request)
    if sum(one.channel == text.channel for one in device.settings.texts.values()) >= MOST_TEXTS:
        raise sender_fault(("ter:Receiver", "ter:MaxOSDs"), "no more texts")
    token = f"OSD_made_{device.settings.next_text}"
    device.settings.next_text += 1
    device.settings.texts[token] = text
    return f"<trt:CreateOSDResponse><trt:OSDToken>{token}</trt:OSDToken></trt:CreateOSDResponse>"


def _delete(device: LiveDevice, request: SoapRequest) -> str:
    if device.settings.texts.pop(text_of(request.body, "OSDToken"), None) is None:
        raise sender_fault(("ter:InvalidArgVal", "ter:NoConfig"), "no such OSD")
    return "<trt:DeleteOSDResponse/>"


OSD: Table = {
    "GetOSDs": Operation(_get_osds),
    "GetOSDOptions": Operation(_options),
    "SetOSD": Operation(_set, changes=True),
    "CreateOSD": Operation(_create, changes=True),
    "DeleteOSD": Operation(_delete, changes=True),
}
