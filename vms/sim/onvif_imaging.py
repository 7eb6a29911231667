"""The ONVIF imaging service: settings, options and the state of the focus."""

from vms.sim.device import LiveDevice
from vms.sim.operation import Operation, Table, channel_of_source
from vms.sim.soap import SoapRequest, text_of


def _imaging_settings(device: LiveDevice, request: SoapRequest) -> str:
    channel_of_source(device, text_of(request.body, "VideoSourceToken"))
    return (
        "<timg:GetImagingSettingsResponse><timg:ImagingSettings><tt:Brightness>50</tt:Brightness>"
        "<tt:ColorSaturation>50</tt:ColorSaturation><tt:Contrast>50</tt:Contrast><tt:IrCutFilter>AUTO</tt:IrCutFilter>"
        "<tt:Sharpness>50</tt:Sharpness></timg:ImagingSettings></timg:GetImagingSettingsResponse>"
    )


def _imaging_options(device: LiveDevice, request: SoapRequest) -> str:
    channel_of_source(device, text_of(request.body, "VideoSourceToken"))
    ranges = "".join(
        f"<tt:{name}><tt:Min>0</tt:Min><tt:Max>100</tt:Max></tt:{name}>"
        for name in ("Brightness", "ColorSaturation", "Contrast")
    )
    modes = "".join(f"<tt:IrCutFilterModes>{mode}</tt:IrCutFilterModes>" for mode in ("ON", "OFF", "AUTO"))
    return (
        f"<timg:GetOptionsResponse><timg:ImagingOptions>{ranges}{modes}"
        "<tt:Sharpness><tt:Min>0</tt:Min><tt:Max>100</tt:Max></tt:Sharpness></timg:ImagingOptions>"
        "</timg:GetOptionsResponse>"
    )


def _imaging_status(device: LiveDevice, request: SoapRequest) -> str:
    channel_of_source(device, text_of(request.body, "VideoSourceToken"))
    return (
        "<timg:GetStatusResponse><timg:Status><tt:FocusStatus20><tt:Position>0.5</tt:Position>"
        "<tt:MoveStatus>IDLE</tt:MoveStatus></tt:FocusStatus20></timg:Status></timg:GetStatusResponse>"
    )


def _imaging_capabilities(device: LiveDevice, request: SoapRequest) -> str:
    return (
        "<timg:GetServiceCapabilitiesResponse>"
        '<timg:Capabilities ImageStabilization="false"/></timg:GetServiceCapabilitiesResponse>'
    )


IMAGING: Table = {
    "GetImagingSettings": Operation(_imaging_settings),
    "GetOptions": Operation(_imaging_options),
    "GetStatus": Operation(_imaging_status),
    "GetServiceCapabilities": Operation(_imaging_capabilities, pre_auth=True),
}
