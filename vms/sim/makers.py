"""Invented manufacturers: their models, their way of writing XML and their stream addresses."""

from dataclasses import dataclass
from typing import Final

PREFIXES: Final = {
    "tds": "http://www.onvif.org/ver10/device/wsdl",
    "trt": "http://www.onvif.org/ver10/media/wsdl",
    "tr2": "http://www.onvif.org/ver20/media/wsdl",
    "tptz": "http://www.onvif.org/ver20/ptz/wsdl",
    "timg": "http://www.onvif.org/ver20/imaging/wsdl",
    "tev": "http://www.onvif.org/ver10/events/wsdl",
    "tse": "http://www.onvif.org/ver10/search/wsdl",
    "trc": "http://www.onvif.org/ver10/recording/wsdl",
    "trp": "http://www.onvif.org/ver10/replay/wsdl",
    "tt": "http://www.onvif.org/ver10/schema",
    "tns1": "http://www.onvif.org/ver10/topics",
    "ter": "http://www.onvif.org/ver10/error",
    "wsnt": "http://docs.oasis-open.org/wsn/b-2",
    "wstop": "http://docs.oasis-open.org/wsn/t-1",
    "wsa": "http://www.w3.org/2005/08/addressing",
}
"""The namespaces by the prefixes under which the answers are written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    name: str
    oui: str
    """First half of its MAC addresses; all locally administered, so that no real maker's is taken."""
    fixed: tuple[str, ...]
    ptz: str
    recorder: str
    firmware: str
    envelope_prefix: str = "s"
    renamed: tuple[tuple[str, str], ...] = ()
    """Prefixes that this maker writes otherwise: (ours, theirs)."""
    extra_namespaces: int = 0
    """How many namespaces it declares and never uses."""
    stream_path: str
    """Fields: `channel` from 1, `kind` 0 main or 1 sub, `role`."""
    snapshot_path: str
    serial_is_fake: bool = False


MAKERS: Final = (
    Maker(
        name="HAIKAN",
        oui="02:4a:1c",
        fixed=("HK-2CD3T45", "HK-2CD2346"),
        ptz="HK-2DE4425",
        recorder="HK-7604N",
        firmware="V5.7.13 build 230{:03d}",
        envelope_prefix="env",
        extra_namespaces=30,
        stream_path="/Streaming/Channels/{channel}0{number}",
        snapshot_path="/onvif-http/snapshot?channel={channel}&role={role}",
    ),
    Maker(
        name="Dahe",
        oui="02:90:02",
        fixed=("DH-IPC-HFW4443", "DH-IPC-HDW2433"),
        ptz="DH-SD6C3432",
        recorder="DH-NVR4104",
        firmware="2.840.0000000.{}.R, Build Date 2023-08-17",
        envelope_prefix="s",
        stream_path="/cam/realmonitor?channel={channel}&subtype={kind}&unicast=true&proto=Onvif",
        snapshot_path="/onvifsnapshot/media_service/snapshot?channel={channel}&subtype={kind}",
    ),
    Maker(
        name="Yushi",
        oui="02:48:ea",
        fixed=("YS-IPC2124", "YS-IPC3612"),
        ptz="YS-IPC6322",
        recorder="YS-NVR301-04",
        firmware="QIPC-B1202.{}.10.191225",
        envelope_prefix="SOAP-ENV",
        renamed=(("tds", "ns1"), ("trt", "ns2"), ("tt", "ns3")),
        extra_namespaces=12,
        stream_path="/media/video{number}/ch{channel}",
        snapshot_path="/images/snapshot.jpg?ch={channel}&size={role}",
    ),
    Maker(
        name="ONVIF_IPNC",
        oui="02:00:0b",
        fixed=("H264", "IPC-Model"),
        ptz="IPC-PTZ",
        recorder="NVR-4CH",
        firmware="3.1.{}",
        envelope_prefix="soap",
        stream_path="/live/ch{channel:02d}_{kind}",
        snapshot_path="/snap/{channel}/{role}.jpg",
        serial_is_fake=True,
    ),
)
