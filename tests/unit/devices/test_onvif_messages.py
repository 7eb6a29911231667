"""Answers of the device and media services as values."""

import pytest

from tests.builders.devices import soap
from vms.devices.onvif.device_messages import (
    first_address,
    plain_mac,
    read_capabilities,
    read_device_information,
    read_geo_location,
    read_macs,
    read_services,
)
from vms.devices.onvif.media_messages import (
    Profile,
    is_placeholder,
    merge_profiles,
    plain_encoding,
    read_osds,
    read_profiles,
)
from vms.devices.onvif.xml import Element, read_xml


def answer(inner: str) -> Element:
    root: Element = read_xml(soap(inner).encode()).root
    return next(iter(next(iter(root))))


def test_services_by_namespace() -> None:
    told = (
        "<tds:GetServicesResponse>"
        + "".join(
            f"<tds:Service><tds:Namespace>urn:{n}</tds:Namespace><tds:XAddr>http://169.254.1.1/{n} http://h/{n}</tds:XAddr></tds:Service>"
            for n in "ab"
        )
        + "</tds:GetServicesResponse>"
    )
    assert read_services(answer(told)) == {"urn:a": "http://h/a", "urn:b": "http://h/b"}


def test_capabilities_and_their_extension() -> None:
    told = (
        "<tds:GetCapabilitiesResponse><tds:Capabilities><tt:Media><tt:XAddr>http://h/m</tt:XAddr></tt:Media>"
        "<tt:Extension><tt:Recording><tt:XAddr>http://h/r</tt:XAddr></tt:Recording></tt:Extension>"
        "</tds:Capabilities></tds:GetCapabilitiesResponse>"
    )
    assert read_capabilities(answer(told)) == {
        "http://www.onvif.org/ver10/media/wsdl": "http://h/m",
        "http://www.onvif.org/ver10/recording/wsdl": "http://h/r",
    }


@pytest.mark.parametrize(
    ("told", "mac"),
    [
        ("AA-BB-CC-00-11-22", "aa:bb:cc:00:11:22"),
        ("aabbcc001122", "aa:bb:cc:00:11:22"),
        ("aabb.cc00.1122", "aa:bb:cc:00:11:22"),
        ("00:00:00:00:00:00", ""),
        ("n/a", ""),
    ],
)
def test_macs_are_written_one_way(told: str, mac: str) -> None:
    assert plain_mac(told) == mac


def test_the_same_mac_on_two_interfaces_counts_once() -> None:
    address = "<tt:HwAddress>aa:bb:cc:00:11:22</tt:HwAddress>"
    one = f"<tds:NetworkInterfaces><tt:Info>{address}</tt:Info></tds:NetworkInterfaces>"
    assert read_macs(answer(f"<tds:GetNetworkInterfacesResponse>{one}{one}</tds:GetNetworkInterfacesResponse>")) == (
        "aa:bb:cc:00:11:22",
    )


def test_positions_that_cannot_be_are_left_out() -> None:
    def location(lon: str, lat: str) -> str:
        return (
            f'<tds:Location Entity="VideoSource" Token="VS"><tt:GeoLocation lon="{lon}" lat="{lat}" elevation="4"/>'
            '<tt:LocalOrientation pan="-90"/></tds:Location>'
        )

    told = "".join(location(*one) for one in (("113.6", "34.7"), ("0", "0"), ("181", "3"), ("x", "3"), ("nan", "1")))
    (entry,) = read_geo_location(answer(f"<tds:GetGeoLocationResponse>{told}</tds:GetGeoLocationResponse>"))
    assert (entry.token, entry.pose.lon, entry.pose.lat, entry.pose.elevation_m) == ("VS", 113.6, 34.7, 4.0)
    assert entry.pose.bearing_deg == 270.0


def test_profiles_of_media2() -> None:
    told = (
        '<tr2:GetProfilesResponse><tr2:Profiles token="p"><tr2:Name>main</tr2:Name><tr2:Configurations>'
        '<tr2:VideoSource token="c">'
        "<tt:Name>门口</tt:Name><tt:SourceToken>VS</tt:SourceToken></tr2:VideoSource><tr2:VideoEncoder><tt:Encoding>H265</tt:Encoding>"
        "<tt:Resolution><tt:Width>2560</tt:Width><tt:Height>1440</tt:Height></tt:Resolution></tr2:VideoEncoder><tr2:PTZ/>"
        "</tr2:Configurations></tr2:Profiles></tr2:GetProfilesResponse>"
    )
    (profile,) = read_profiles(answer(told))
    assert profile == Profile(
        token="p", name="main", source_token="VS", source_name="门口", source_configuration="c",
        encoding="H265", width=2560, height=1440, ptz=True,
    )  # fmt: skip


def test_media2_tells_what_media1_leaves_out() -> None:
    first = Profile(token="p", name="main", source_token="VS")
    second = Profile(token="p", name="main", source_token="", encoding="H265", width=2560, height=1440)
    (merged,) = merge_profiles((first,), (second,))
    assert (merged.source_token, merged.encoding, merged.width) == ("VS", "H265", 2560)
    assert len(merge_profiles((first,), (Profile(token="q", name="", source_token="VS"),))) == 2


def test_a_profile_without_token_or_with_nonsense_sizes_does_no_harm() -> None:
    told = (
        '<trt:Profiles><tt:Name>no token</tt:Name></trt:Profiles><trt:Profiles token="p"><tt:VideoEncoderConfiguration>'
        "<tt:Resolution><tt:Width>-5</tt:Width><tt:Height>1e9</tt:Height></tt:Resolution></tt:VideoEncoderConfiguration></trt:Profiles>"
    )
    (profile,) = read_profiles(answer(f"<trt:GetProfilesResponse>{told}</trt:GetProfilesResponse>"))
    assert (profile.token, profile.width, profile.height) == ("p", 0, 0)


@pytest.mark.parametrize(("told", "plain"), [("h264", "H264"), ("H.264", "H264"), ("HEVC", "H265"), ("", "")])
def test_encodings_are_spelt_one_way(told: str, plain: str) -> None:
    assert plain_encoding(told) == plain


def test_texts_on_the_picture() -> None:
    osd = (
        "<trt:OSDs><tt:VideoSourceConfigurationToken>c</tt:VideoSourceConfigurationToken><tt:TextString><tt:Type>Plain</tt:Type>"
        "<tt:PlainText>人民路</tt:PlainText></tt:TextString></trt:OSDs>"
    )
    (told,) = read_osds(answer(f"<trt:GetOSDsResponse>{osd}</trt:GetOSDsResponse>"))
    assert (told.source_configuration, told.kind, told.words) == ("c", "Plain", "人民路")


def test_characters_that_nobody_sees_are_left_out_of_names() -> None:
    inner = "<tds:Manufacturer>Hik&#x202E;vision</tds:Manufacturer><tds:Model>DS\u200b-2\n CD</tds:Model>"
    told = read_device_information(
        answer(f"<tds:GetDeviceInformationResponse>{inner}</tds:GetDeviceInformationResponse>")
    )
    assert (told.manufacturer, told.model) == ("Hikvision", "DS-2  CD")
    osd = "<tt:TextString><tt:Type>Plain</tt:Type><tt:PlainText>\u2067人民\u202e路</tt:PlainText></tt:TextString>"
    (shown,) = read_osds(answer(f"<trt:GetOSDsResponse><trt:OSDs>{osd}</trt:OSDs></trt:GetOSDsResponse>"))
    assert shown.words == "人民路"


@pytest.mark.parametrize(
    "name", ["", "VideoSourceConfig", "VideoS_000", "user0", "Camera", "VideoSource_1", "video source 2", "VSC_1"]
)
def test_names_that_nobody_gave_are_known(name: str) -> None:
    assert is_placeholder(name)


@pytest.mark.parametrize("name", ["人民路12号", "Front door", "Camera east gate", "Gate 3"])
def test_names_that_somebody_gave_are_kept(name: str) -> None:
    assert not is_placeholder(name)


def test_the_first_address_that_is_not_link_local() -> None:
    assert first_address("http://169.254.1.2/a http://10.0.0.1/a") == "http://10.0.0.1/a"
    assert first_address("http://169.254.1.2/a") == "http://169.254.1.2/a"
    assert first_address(" ") == ""
