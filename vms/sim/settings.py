"""What can be set on a pretend device and stays set: zone, NTP, texts in the picture, encoders, users.

What it tells of its encoders changes; the pictures themselves stay as they are.
"""

from dataclasses import dataclass

from vms.inventory.camera import StreamRole
from vms.sim.plan import FRAMES_PER_S, GOP_S, SIZES, PretendDevice

GOP_FRAMES = int(GOP_S * FRAMES_PER_S)
KBIT_PER_S = {StreamRole.MAIN: 2048, StreamRole.SUB: 512}
SUB_SIZES = (SIZES[StreamRole.SUB], (704, 576), (352, 288))
ZONE = "CST-8"
TIME_FROM = "NTP"
MOST_TEXTS = 4
"""Of one channel."""


@dataclass(slots=True)
class Text:
    """A text in the picture."""

    channel: int
    text: str
    position: str = "UpperRight"
    at: tuple[float, float] | None = None
    kind: str = "Plain"


@dataclass(slots=True)
class Encoder:
    channel: int
    role: StreamRole
    width: int
    height: int
    frames_per_s: int = FRAMES_PER_S
    kbit_per_s: int = 512
    gop_frames: int = GOP_FRAMES
    quality: float = 4

    @property
    def token(self) -> str:
        return f"VEC_{self.channel}_{self.role}"

    @property
    def sizes(self) -> tuple[tuple[int, int], ...]:
        """That it can make."""
        return (SIZES[StreamRole.MAIN],) if self.role is StreamRole.MAIN else SUB_SIZES


@dataclass(slots=True)
class DeviceSettings:
    texts: dict[str, Text]
    encoders: dict[str, Encoder]
    users: dict[str, str]
    """Name → level; the first is the one who can sign in, the others are only listed."""
    zone: str = ZONE
    time_from: str = TIME_FROM
    ntp_from_dhcp: bool = False
    ntp_servers: tuple[str, ...] = ("127.0.0.1",)
    next_text: int = 1
    reboots: int = 0


def settings_of(plan: PretendDevice) -> DeviceSettings:
    """As it comes out of the box."""
    encoders = [
        Encoder(channel.number, role, *SIZES[role], kbit_per_s=KBIT_PER_S[role])
        for channel in plan.channels
        for role in StreamRole
    ]
    return DeviceSettings(
        texts={f"OSD_{channel.number}": Text(channel.number, channel.name) for channel in plan.channels}
        | {
            f"OSD_clock_{channel.number}": Text(channel.number, "", position="UpperLeft", kind="DateAndTime")
            for channel in plan.channels
        },
        encoders={encoder.token: encoder for encoder in encoders},
        users={plan.username: "Administrator"},
    )
