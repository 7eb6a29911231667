"""Devices as they truly are, whatever they say: the oracle of the tests of identity."""

from dataclasses import dataclass, field, replace

from vms.inventory.device import ObservedChannel, ObservedDevice, ObservedStream, Quirks

MAKER = "HAIKAN"


@dataclass(slots=True)
class TrueDevice:
    number: int
    address: str
    cameras: list[int]
    """True cameras, in the order of its channels; a recorder has several."""
    names: list[str]
    serial_no: str = ""
    macs: tuple[str, ...] = ()
    endpoint_reference: str = ""
    new_reference_at_start: bool = False
    tls_key: str = ""
    tokens: str = "VideoSource_{}"
    first_number: int = 1
    paths: str = "/Streaming/Channels/{}01"
    refuses: bool = False
    online: bool = True
    starts: int = 0
    told: list[int] = field(default_factory=list)
    """Ids of the records under which it was stored while it told its keys."""

    def start(self) -> None:
        self.starts += 1
        if self.new_reference_at_start:
            self.endpoint_reference = f"urn:uuid:5b2f0f6c-0000-4000-8000-{self.number:06x}{self.starts:06x}"

    @property
    def lasting(self) -> frozenset[str]:
        """What it tells of itself that lasts and is no known fake."""
        return frozenset({*self.macs, self.serial_no} - {"", "General"})

    def says(self) -> ObservedDevice:
        said = ObservedDevice(
            address=self.address,
            port=80,
            endpoint_reference=self.endpoint_reference,
            quirks=Quirks(tls_fingerprint=self.tls_key),
        )
        if self.refuses:
            return replace(said, login_refused=True)
        return replace(
            said,
            manufacturer=MAKER,
            model="HK-1",
            serial_no=self.serial_no,
            macs=self.macs,
            channels=tuple(self._channel(at) for at in range(len(self.cameras))),
        )

    def _channel(self, at: int) -> ObservedChannel:
        uri = f"rtsp://{self.address}:554{self.paths.format(at + 1)}"
        stream = ObservedStream(profile="main", encoding="H264", width=1920, height=1080, uri=uri)
        return ObservedChannel(token=self.tokens.format(at + self.first_number), name=self.names[at], streams=(stream,))
