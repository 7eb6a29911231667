"""What may be asked of a camera: each operation with its service, its action and its body on one line."""

from dataclasses import dataclass
from enum import StrEnum
from xml.sax.saxutils import escape


class Service(StrEnum):
    """A service's namespace, as GetServices names it."""

    DEVICE = "http://www.onvif.org/ver10/device/wsdl"
    MEDIA = "http://www.onvif.org/ver10/media/wsdl"
    MEDIA2 = "http://www.onvif.org/ver20/media/wsdl"
    PTZ = "http://www.onvif.org/ver20/ptz/wsdl"
    EVENTS = "http://www.onvif.org/ver10/events/wsdl"
    IMAGING = "http://www.onvif.org/ver20/imaging/wsdl"
    RECORDING = "http://www.onvif.org/ver10/recording/wsdl"
    SEARCH = "http://www.onvif.org/ver10/search/wsdl"
    REPLAY = "http://www.onvif.org/ver10/replay/wsdl"


@dataclass(frozen=True, slots=True)
class Operation:
    service: Service
    name: str
    body: str
    header: str = ""
    """What goes into the envelope's header beside the login; events are addressed there."""
    own_action: str = ""

    @property
    def action(self) -> str:
        return self.own_action or f"{self.service.value}/{self.name}"


def _operation(service: Service, name: str, inner: str = "", *, schema: bool = False) -> Operation:
    tt = ' xmlns:tt="http://www.onvif.org/ver10/schema"' if schema else ""
    if not inner:
        return Operation(service, name, f'<o:{name} xmlns:o="{service.value}"/>')
    return Operation(service, name, f'<o:{name} xmlns:o="{service.value}"{tt}>{inner}</o:{name}>')


GET_SYSTEM_DATE_AND_TIME = _operation(Service.DEVICE, "GetSystemDateAndTime")
GET_DEVICE_INFORMATION = _operation(Service.DEVICE, "GetDeviceInformation")
GET_SERVICES = _operation(Service.DEVICE, "GetServices", "<o:IncludeCapability>false</o:IncludeCapability>")
GET_CAPABILITIES = _operation(Service.DEVICE, "GetCapabilities", "<o:Category>All</o:Category>")
GET_SCOPES = _operation(Service.DEVICE, "GetScopes")
GET_NETWORK_INTERFACES = _operation(Service.DEVICE, "GetNetworkInterfaces")
GET_GEO_LOCATION = _operation(Service.DEVICE, "GetGeoLocation")
GET_ENDPOINT_REFERENCE = _operation(Service.DEVICE, "GetEndpointReference")
GET_SERVICE_CAPABILITIES = _operation(Service.DEVICE, "GetServiceCapabilities")
GET_HOSTNAME = _operation(Service.DEVICE, "GetHostname")
GET_DEVICE_CAPABILITIES = _operation(Service.DEVICE, "GetCapabilities", "<o:Category>Device</o:Category>")
GET_PROFILES = _operation(Service.MEDIA, "GetProfiles")
GET_OSDS = _operation(Service.MEDIA, "GetOSDs")
GET_PROFILES_2 = _operation(
    Service.MEDIA2,
    "GetProfiles",
    "<o:Type>VideoSource</o:Type><o:Type>VideoEncoder</o:Type><o:Type>PTZ</o:Type>",
)


HEALTH_OPERATIONS = {
    one.name: one for one in (GET_SYSTEM_DATE_AND_TIME, GET_SERVICE_CAPABILITIES, GET_HOSTNAME, GET_DEVICE_CAPABILITIES)
}
"""What proves without credentials that a device's ONVIF stack answers, by name."""


def get_stream_uri(profile: str) -> Operation:
    setup = (
        "<o:StreamSetup><tt:Stream>RTP-Unicast</tt:Stream>"
        "<tt:Transport><tt:Protocol>RTSP</tt:Protocol></tt:Transport></o:StreamSetup>"
    )
    return _operation(Service.MEDIA, "GetStreamUri", f"{setup}{_token(profile)}", schema=True)


def get_stream_uri_2(profile: str) -> Operation:
    return _operation(Service.MEDIA2, "GetStreamUri", f"<o:Protocol>RTSP</o:Protocol>{_token(profile)}")


def get_snapshot_uri(profile: str, *, media2: bool = False) -> Operation:
    return _operation(Service.MEDIA2 if media2 else Service.MEDIA, "GetSnapshotUri", _token(profile))


def get_encoder_instances(source_configuration: str, *, media2: bool = False) -> Operation:
    """How many encoders the device guarantees for a video source: so many streams it bears in any case."""
    name = "GetVideoEncoderInstances" if media2 else "GetGuaranteedNumberOfVideoEncoderInstances"
    token = f"<o:ConfigurationToken>{escape(source_configuration)}</o:ConfigurationToken>"
    return _operation(Service.MEDIA2 if media2 else Service.MEDIA, name, token)


def set_synchronization_point(profile: str, *, media2: bool = False) -> Operation:
    """Asks for a key frame now."""
    return _operation(Service.MEDIA2 if media2 else Service.MEDIA, "SetSynchronizationPoint", _token(profile))


def _token(profile: str) -> str:
    return f"<o:ProfileToken>{escape(profile)}</o:ProfileToken>"
