"""The ONVIF PTZ service: nodes, moves, presets; the head really turns and the picture with it."""

from dataclasses import replace
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from vms.sim.device import LiveDevice
from vms.sim.onvif_media import ptz_inner
from vms.sim.operation import Operation, Table, not_supported, profile_named
from vms.sim.pan_tilt import BESIDE, HOME, Direction, Head, HeadHabit
from vms.sim.soap import SoapRequest, sender_fault, text_of

SPACES = "http://www.onvif.org/ver10/tptz"
PAN_TILT = f"{SPACES}/PanTiltSpaces"
ZOOM = f"{SPACES}/ZoomSpaces"
PAN_DEG, TILT_DEG = 180.0, 90.0
MOVES_FOR_S = 10.0
MAX_PRESETS = 32


def _range(axis: str, low: int) -> str:
    return f"<tt:{axis}Range><tt:Min>{low}</tt:Min><tt:Max>1</tt:Max></tt:{axis}Range>"


def _space(name: str, uri: str, *, flat: bool = False) -> str:
    axes = _range("X", 0 if name.endswith("ZoomPositionSpace") else -1) + (_range("Y", -1) if flat else "")
    return f"<tt:{name}><tt:URI>{uri}</tt:URI>{axes}</tt:{name}>"


def _node_inner() -> str:
    return (
        "<tt:Name>PTZ</tt:Name><tt:SupportedPTZSpaces>"
        + _space("AbsolutePanTiltPositionSpace", f"{PAN_TILT}/PositionGenericSpace", flat=True)
        + _space("AbsoluteZoomPositionSpace", f"{ZOOM}/PositionGenericSpace")
        + _space("ContinuousPanTiltVelocitySpace", f"{PAN_TILT}/VelocityGenericSpace", flat=True)
        + _space("ContinuousZoomVelocitySpace", f"{ZOOM}/VelocityGenericSpace")
        + f"</tt:SupportedPTZSpaces><tt:MaximumNumberOfPresets>{MAX_PRESETS}</tt:MaximumNumberOfPresets>"
        "<tt:HomeSupported>true</tt:HomeSupported>"
    )


def _get_nodes(device: LiveDevice, request: SoapRequest) -> str:
    return (
        f'<tptz:GetNodesResponse><tptz:PTZNode token="PTZNode_1">{_node_inner()}</tptz:PTZNode></tptz:GetNodesResponse>'
    )


def _get_node(device: LiveDevice, request: SoapRequest) -> str:
    if text_of(request.body, "NodeToken") != "PTZNode_1":
        raise sender_fault(("ter:InvalidArgVal", "ter:NoEntity"), "no such node")
    return (
        f'<tptz:GetNodeResponse><tptz:PTZNode token="PTZNode_1">{_node_inner()}</tptz:PTZNode></tptz:GetNodeResponse>'
    )


def _get_configurations(device: LiveDevice, request: SoapRequest) -> str:
    inner = f'<tptz:PTZConfiguration token="PTZConfig_1">{ptz_inner()}</tptz:PTZConfiguration>'
    return f"<tptz:GetConfigurationsResponse>{inner}</tptz:GetConfigurationsResponse>"


def _head(device: LiveDevice, request: SoapRequest) -> Head:
    channel, _ = profile_named(device, text_of(request.body, "ProfileToken"))
    if not channel.ptz:
        raise sender_fault(("ter:InvalidArgVal", "ter:NoPTZProfile"), "that profile cannot move")
    return device.head(channel.number)


def _vector(request: SoapRequest, name: str, otherwise: Direction) -> Direction:
    """What the request says of pan, tilt and zoom; `otherwise` where it is silent."""

    def number(element: etree._Element, attribute: str, whole: float = 1.0) -> float:
        try:
            value = float(element.get(attribute, "")) / whole
        except ValueError as error:
            raise sender_fault(("ter:InvalidArgVal", "ter:InvalidPosition"), "that is no position") from error
        if not -1.0 <= value <= 1.0:
            raise sender_fault(("ter:InvalidArgVal", "ter:InvalidPosition"), "outside of -1 to 1")
        return value

    vector = request.body.find(f"{{*}}{name}")
    if vector is None:
        return otherwise
    flat, zoom = vector.find("{*}PanTilt"), vector.find("{*}Zoom")
    in_degrees = flat is not None and flat.get("space", "").endswith("SpaceDegrees")
    pan_whole, tilt_whole = (PAN_DEG, TILT_DEG) if in_degrees else (1.0, 1.0)
    return Direction(
        pan=otherwise.pan if flat is None else number(flat, "x", pan_whole),
        tilt=otherwise.tilt if flat is None else number(flat, "y", tilt_whole),
        zoom=otherwise.zoom if zoom is None else number(zoom, "x"),
    )


def _position(head: Head, at: Direction) -> str:
    pan, tilt, space = at.pan, at.tilt, f"{PAN_TILT}/PositionGenericSpace"
    if head.habit is HeadHabit.DEGREES:
        pan, tilt, space = at.pan * PAN_DEG, at.tilt * TILT_DEG, f"{PAN_TILT}/SphericalPositionSpaceDegrees"
    return (
        f'<tt:PanTilt x="{pan:.4f}" y="{tilt:.4f}" space="{space}"/>'
        f'<tt:Zoom x="{at.zoom:.4f}" space="{ZOOM}/PositionGenericSpace"/>'
    )


def _get_status(device: LiveDevice, request: SoapRequest) -> str:
    head, now_s = _head(device, request), device.steady_s()
    moving = "MOVING" if head.moving(now_s) else "IDLE"
    return (
        f"<tptz:GetStatusResponse><tptz:PTZStatus><tt:Position>{_position(head, head.told_at(now_s))}</tt:Position>"
        f"<tt:MoveStatus><tt:PanTilt>{moving}</tt:PanTilt><tt:Zoom>{moving}</tt:Zoom></tt:MoveStatus>"
        f"<tt:UtcTime>{device.now():%Y-%m-%dT%H:%M:%SZ}</tt:UtcTime></tptz:PTZStatus></tptz:GetStatusResponse>"
    )


def _get_presets(device: LiveDevice, request: SoapRequest) -> str:
    head = _head(device, request)
    listed = "".join(
        f"<tptz:Preset token={quoteattr(token)}><tt:Name>{escape(name)}</tt:Name>"
        f"<tt:PTZPosition>{_position(head, at)}</tt:PTZPosition></tptz:Preset>"
        for token, (name, at) in head.presets.items()
    )
    return f"<tptz:GetPresetsResponse>{listed}</tptz:GetPresetsResponse>"


def _set_preset(device: LiveDevice, request: SoapRequest) -> str:
    head = _head(device, request)
    token = text_of(request.body, "PresetToken") or str(len(head.presets) + 1)
    if token not in head.presets and len(head.presets) >= MAX_PRESETS:
        raise sender_fault(("ter:Action", "ter:TooManyPresets"), f"no more than {MAX_PRESETS} presets")
    name = text_of(request.body, "PresetName") or token
    head.presets[token] = (name[:64], head.at(device.steady_s()))
    return f"<tptz:SetPresetResponse><tptz:PresetToken>{escape(token)}</tptz:PresetToken></tptz:SetPresetResponse>"


def _go_to_preset(device: LiveDevice, request: SoapRequest) -> str:
    head = _head(device, request)
    preset = head.presets.get(text_of(request.body, "PresetToken"))
    if preset is None:
        raise sender_fault(("ter:InvalidArgVal", "ter:NoToken"), "no such preset")
    head.go_to(preset[1], device.steady_s())
    return "<tptz:GotoPresetResponse/>"


def _continuous_move(device: LiveDevice, request: SoapRequest) -> str:
    _head(device, request).move(_vector(request, "Velocity", HOME), device.steady_s(), MOVES_FOR_S)
    return "<tptz:ContinuousMoveResponse/>"


def _absolute_move(device: LiveDevice, request: SoapRequest) -> str:
    head, now_s = _head(device, request), device.steady_s()
    if head.habit is HeadHabit.NO_ABSOLUTE:
        raise not_supported("AbsoluteMove")
    where = _vector(request, "Position", head.at(now_s))
    if head.habit is HeadHabit.LIES:
        where = replace(where, pan=where.pan + BESIDE)
    head.go_to(where, now_s)
    return "<tptz:AbsoluteMoveResponse/>"


def _relative_move(device: LiveDevice, request: SoapRequest) -> str:
    head, now_s = _head(device, request), device.steady_s()
    at, by = head.at(now_s), _vector(request, "Translation", HOME)
    head.go_to(Direction(pan=at.pan + by.pan, tilt=at.tilt + by.tilt, zoom=at.zoom + by.zoom), now_s)
    return "<tptz:RelativeMoveResponse/>"


def _tours(device: LiveDevice, request: SoapRequest) -> str:
    state = "Touring" if _head(device, request).habit is HeadHabit.TOURS else "Idle"
    return (
        '<tptz:GetPresetToursResponse><tptz:PresetTour token="1"><tt:Name>1</tt:Name><tt:Status>'
        f"<tt:State>{state}</tt:State></tt:Status></tptz:PresetTour></tptz:GetPresetToursResponse>"
    )


def _stop(device: LiveDevice, request: SoapRequest) -> str:
    _head(device, request).stop(device.steady_s())
    return "<tptz:StopResponse/>"


def _go_home(device: LiveDevice, request: SoapRequest) -> str:
    _head(device, request).go_to(HOME, device.steady_s())
    return "<tptz:GotoHomePositionResponse/>"


def _capabilities(device: LiveDevice, request: SoapRequest) -> str:
    return (
        '<tptz:GetServiceCapabilitiesResponse><tptz:Capabilities EFlip="false" MoveStatus="true"/>'
        "</tptz:GetServiceCapabilitiesResponse>"
    )


PTZ: Table = {
    "GetNodes": Operation(_get_nodes),
    "GetNode": Operation(_get_node),
    "GetConfigurations": Operation(_get_configurations),
    "GetStatus": Operation(_get_status),
    "GetPresets": Operation(_get_presets),
    "SetPreset": Operation(_set_preset),
    "GotoPreset": Operation(_go_to_preset),
    "ContinuousMove": Operation(_continuous_move),
    "AbsoluteMove": Operation(_absolute_move),
    "RelativeMove": Operation(_relative_move),
    "GetPresetTours": Operation(_tours),
    "Stop": Operation(_stop),
    "GotoHomePosition": Operation(_go_home),
    "GetServiceCapabilities": Operation(_capabilities, pre_auth=True),
}
