"""The ONVIF device service: who the device is, what time it has, which services it offers."""

from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from vms.sim.device import SERVICE_PATHS, LiveDevice
from vms.sim.makers import PREFIXES
from vms.sim.onvif_system import SYSTEM
from vms.sim.operation import Operation, Table
from vms.sim.soap import SoapRequest

NAMESPACE_OF_SERVICE = {
    "device": PREFIXES["tds"],
    "media": PREFIXES["trt"],
    "media2": PREFIXES["tr2"],
    "ptz": PREFIXES["tptz"],
    "imaging": PREFIXES["timg"],
    "events": PREFIXES["tev"],
    "search": PREFIXES["tse"],
    "recording": PREFIXES["trc"],
    "replay": PREFIXES["trp"],
}


def _instant(name: str, at: datetime) -> str:
    return (
        f"<tt:{name}><tt:Time><tt:Hour>{at.hour}</tt:Hour><tt:Minute>{at.minute}</tt:Minute>"
        f"<tt:Second>{at.second}</tt:Second></tt:Time><tt:Date><tt:Year>{at.year}</tt:Year>"
        f"<tt:Month>{at.month}</tt:Month><tt:Day>{at.day}</tt:Day></tt:Date></tt:{name}>"
    )


IMPOSSIBLE_DATE = (
    "<tt:UTCDateTime><tt:Time><tt:Hour>25</tt:Hour><tt:Minute>61</tt:Minute><tt:Second>0</tt:Second></tt:Time>"
    "<tt:Date><tt:Year>2485</tt:Year><tt:Month>13</tt:Month><tt:Day>13</tt:Day></tt:Date></tt:UTCDateTime>"
)


def _date_and_time(device: LiveDevice, request: SoapRequest) -> str:
    habits = device.plan.personality
    utc = "" if habits.date_missing else _instant("UTCDateTime", device.now())
    if habits.date_impossible:
        utc = IMPOSSIBLE_DATE
    time_from, zone = device.time_from_and_zone
    return (
        "<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>"
        f"{time_from}</tt:DateTimeType><tt:DaylightSavings>false</tt:DaylightSavings>"
        f"<tt:TimeZone><tt:TZ>{escape(zone)}</tt:TZ></tt:TimeZone>"
        f"{utc}{_instant('LocalDateTime', device.local_time())}"
        "</tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>"
    )


def _information(device: LiveDevice, request: SoapRequest) -> str:
    plan = device.plan
    return (
        f"<tds:GetDeviceInformationResponse><tds:Manufacturer>{escape(plan.manufacturer)}</tds:Manufacturer>"
        f"<tds:Model>{escape(plan.model)}</tds:Model><tds:FirmwareVersion>{escape(plan.firmware)}</tds:FirmwareVersion>"
        f"<tds:SerialNumber>{escape(plan.serial_no)}</tds:SerialNumber><tds:HardwareId>1.0</tds:HardwareId>"
        "</tds:GetDeviceInformationResponse>"
    )


def _services(device: LiveDevice, request: SoapRequest) -> str:
    listed = "".join(
        f"<tds:Service><tds:Namespace>{NAMESPACE_OF_SERVICE[name]}</tds:Namespace>"
        f"<tds:XAddr>{device.service_address(name)}</tds:XAddr>"
        "<tds:Version><tt:Major>2</tt:Major><tt:Minor>60</tt:Minor></tds:Version></tds:Service>"
        for name in device.services
    )
    return f"<tds:GetServicesResponse>{listed}</tds:GetServicesResponse>"


def _capabilities(device: LiveDevice, request: SoapRequest) -> str:
    ptz = f"<tt:PTZ><tt:XAddr>{device.service_address('ptz')}</tt:XAddr></tt:PTZ>" if device.plan.ptz else ""
    extension = ""
    if device.plan.is_recorder:
        extension = (
            f"<tt:Extension><tt:Recording><tt:XAddr>{device.service_address('recording')}</tt:XAddr>"
            "<tt:ReceiverSource>false</tt:ReceiverSource><tt:MediaProfileSource>true</tt:MediaProfileSource>"
            "<tt:DynamicRecordings>false</tt:DynamicRecordings><tt:DynamicTracks>false</tt:DynamicTracks>"
            "<tt:MaxStringLength>64</tt:MaxStringLength></tt:Recording>"
            f"<tt:Search><tt:XAddr>{device.service_address('search')}</tt:XAddr>"
            "<tt:MetadataSearch>false</tt:MetadataSearch></tt:Search></tt:Extension>"
        )
    return (
        "<tds:GetCapabilitiesResponse><tds:Capabilities>"
        f"<tt:Device><tt:XAddr>{device.service_address('device')}</tt:XAddr></tt:Device>"
        f"<tt:Events><tt:XAddr>{device.service_address('events')}</tt:XAddr>"
        "<tt:WSSubscriptionPolicySupport>false</tt:WSSubscriptionPolicySupport>"
        "<tt:WSPullPointSupport>true</tt:WSPullPointSupport>"
        "<tt:WSPausableSubscriptionManagerInterfaceSupport>false</tt:WSPausableSubscriptionManagerInterfaceSupport>"
        f"</tt:Events><tt:Imaging><tt:XAddr>{device.service_address('imaging')}</tt:XAddr></tt:Imaging>"
        f"<tt:Media><tt:XAddr>{device.service_address('media')}</tt:XAddr><tt:StreamingCapabilities>"
        "<tt:RTPMulticast>false</tt:RTPMulticast><tt:RTP_TCP>false</tt:RTP_TCP><tt:RTP_RTSP_TCP>true</tt:RTP_RTSP_TCP>"
        f"</tt:StreamingCapabilities></tt:Media>{ptz}{extension}"
        "</tds:Capabilities></tds:GetCapabilitiesResponse>"
    )


def _service_capabilities(device: LiveDevice, request: SoapRequest) -> str:
    digest = "true" if device.plan.personality.auth == "digest" else "false"
    return (
        '<tds:GetServiceCapabilitiesResponse><tds:Capabilities><tds:Network IPFilter="false" DHCPv6="false"/>'
        f'<tds:Security HttpDigest="{digest}" UsernameToken="true"/><tds:System DiscoveryResolve="true"/>'
        "</tds:Capabilities></tds:GetServiceCapabilitiesResponse>"
    )


def _scopes(device: LiveDevice, request: SoapRequest) -> str:
    listed = "".join(
        f"<tds:Scopes><tt:ScopeDef>Fixed</tt:ScopeDef><tt:ScopeItem>{escape(scope)}</tt:ScopeItem></tds:Scopes>"
        for scope in device.scopes()
    )
    return f"<tds:GetScopesResponse>{listed}</tds:GetScopesResponse>"


def _hostname(device: LiveDevice, request: SoapRequest) -> str:
    return (
        "<tds:GetHostnameResponse><tds:HostnameInformation><tt:FromDHCP>false</tt:FromDHCP>"
        f"<tt:Name>cam-{device.plan.index}</tt:Name></tds:HostnameInformation></tds:GetHostnameResponse>"
    )


def _network_interfaces(device: LiveDevice, request: SoapRequest) -> str:
    listed = "".join(
        f'<tds:NetworkInterfaces token="eth{at}"><tt:Enabled>true</tt:Enabled><tt:Info><tt:Name>eth{at}</tt:Name>'
        f"<tt:HwAddress>{mac}</tt:HwAddress><tt:MTU>1500</tt:MTU></tt:Info><tt:IPv4><tt:Enabled>true</tt:Enabled>"
        f"<tt:Config><tt:Manual><tt:Address>{device.believed_host}</tt:Address><tt:PrefixLength>16</tt:PrefixLength>"
        "</tt:Manual><tt:DHCP>false</tt:DHCP></tt:Config></tt:IPv4></tds:NetworkInterfaces>"
        for at, mac in enumerate(device.plan.macs)
    )
    return f"<tds:GetNetworkInterfacesResponse>{listed}</tds:GetNetworkInterfacesResponse>"


def _network_protocols(device: LiveDevice, request: SoapRequest) -> str:
    listed = "".join(
        f"<tds:NetworkProtocols><tt:Name>{name}</tt:Name><tt:Enabled>true</tt:Enabled><tt:Port>{port}</tt:Port>"
        "</tds:NetworkProtocols>"
        for name, port in (("HTTP", device.plan.onvif_port), ("RTSP", device.plan.rtsp_port))
    )
    return f"<tds:GetNetworkProtocolsResponse>{listed}</tds:GetNetworkProtocolsResponse>"


def _endpoint_reference(device: LiveDevice, request: SoapRequest) -> str:
    guid = device.endpoint_reference
    return f"<tds:GetEndpointReferenceResponse><tds:GUID>{guid}</tds:GUID></tds:GetEndpointReferenceResponse>"


def _geo_location(device: LiveDevice, request: SoapRequest) -> str:
    """Position and direction of every channel: yaw and pan are the bearing in degrees clockwise from north."""
    listed = []
    for channel in device.plan.channels:
        pose = channel.pose
        token = quoteattr(channel.token)
        listed.append(
            f'<tds:Location Entity="VideoSource" Token={token} Fixed="true">'
            f'<tt:GeoLocation lon="{pose.position.lon}" lat="{pose.position.lat}" elevation="{pose.mount_height_m}"/>'
            f'<tt:GeoOrientation roll="0" pitch="{-(pose.tilt_deg or 0.0)}" yaw="{pose.bearing_deg}"/>'
            f'<tt:LocalOrientation pan="{pose.bearing_deg}" tilt="{pose.tilt_deg}" roll="0"/></tds:Location>'
        )
    return f"<tds:GetGeoLocationResponse>{''.join(listed)}</tds:GetGeoLocationResponse>"


def _gateway(device: LiveDevice, request: SoapRequest) -> str:
    gateway = device.believed_host.rpartition(".")[0] + ".254"
    return (
        "<tds:GetNetworkDefaultGatewayResponse><tds:NetworkGateway>"
        f"<tt:IPv4Address>{gateway}</tt:IPv4Address></tds:NetworkGateway></tds:GetNetworkDefaultGatewayResponse>"
    )


def _dns(device: LiveDevice, request: SoapRequest) -> str:
    return (
        "<tds:GetDNSResponse><tds:DNSInformation><tt:FromDHCP>false</tt:FromDHCP><tt:DNSManual><tt:Type>IPv4</tt:Type>"
        "<tt:IPv4Address>127.0.0.1</tt:IPv4Address></tt:DNSManual></tds:DNSInformation></tds:GetDNSResponse>"
    )


DEVICE: Table = {
    "GetSystemDateAndTime": Operation(_date_and_time, pre_auth=True),
    "GetDeviceInformation": Operation(_information),
    "GetServices": Operation(_services, pre_auth=True),
    "GetCapabilities": Operation(_capabilities, pre_auth=True),
    "GetServiceCapabilities": Operation(_service_capabilities, pre_auth=True),
    "GetScopes": Operation(_scopes),
    "GetHostname": Operation(_hostname, pre_auth=True),
    "GetNetworkInterfaces": Operation(_network_interfaces),
    "GetNetworkProtocols": Operation(_network_protocols),
    "GetEndpointReference": Operation(_endpoint_reference, pre_auth=True),
    "GetGeoLocation": Operation(_geo_location),
    "GetDNS": Operation(_dns),
    "GetNetworkDefaultGateway": Operation(_gateway),
    **SYSTEM,
}

KNOWN_PATHS = frozenset(SERVICE_PATHS.values())
