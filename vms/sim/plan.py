"""The plan of a pretend city: every device, its address, habits and channels, and where they hang."""

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Address

from vms.inventory.camera import Pose, StreamRole
from vms.inventory.tier import Tier
from vms.places.town import Town
from vms.sim.makers import MAKERS, Maker
from vms.sim.personality import PLAIN, Personality, draw_personalities
from vms.sim.placing import Placer, Spot
from vms.sim.town import generated_town

SHARES = {Tier.GOVERNMENT: 0.45, Tier.UNIT: 0.30, Tier.COMMUNITY: 0.18, Tier.HOUSEHOLD: 0.07}
NETWORKS = {
    Tier.GOVERNMENT: "127.64.0.0/16",
    Tier.UNIT: "127.65.0.0/16",
    Tier.COMMUNITY: "127.66.0.0/16",
    Tier.HOUSEHOLD: "127.67.0.0/16",
}
PASSWORDS = {
    Tier.GOVERNMENT: "Tianwang-2026",
    Tier.UNIT: "Danwei-2026",
    Tier.COMMUNITY: "Shequ-2026",
    Tier.HOUSEHOLD: "Jiating-2026",
}
OTHER_PASSWORD = "Other-2026"  # noqa: S105 - a pretend device has no secret
"""Of one device, which nobody changed with the rest of its network."""
USERNAME = "admin"
CHANNELS_OF_A_RECORDER = 4
CAMERAS_PER_RECORDER = 50
CAMERAS_PER_SWITCH = 10
NAMESPACE = uuid.UUID("5a1d7c3e-6f0b-4d7e-9c55-0c1f1f6d2b11")
SUFFIXES = {
    Tier.GOVERNMENT: ("路口", "东侧", "西侧", "公交站", "人行道"),
    Tier.UNIT: ("门口", "大门", "停车场", "侧门"),
    Tier.COMMUNITY: ("小区门口", "单元门", "小区东门", "车棚"),
    Tier.HOUSEHOLD: ("门前", "店门口"),
}
HABITS_SEED = 77
FRAMES_PER_S = 12
GOP_S = 2.0
SIZES = {StreamRole.MAIN: (1280, 720), StreamRole.SUB: (640, 360)}


@dataclass(frozen=True, slots=True, kw_only=True)
class PretendChannel:
    token: str
    """The video source's token."""
    number: int
    """From 1."""
    name: str
    address: str
    """Street and number, as the archive has it."""
    pose: Pose
    ptz: bool = False
    indoor: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PretendDevice:
    index: int
    """0 … devices - 1; its picture, MAC and habits follow from it."""
    address: str
    onvif_port: int
    rtsp_port: int
    manufacturer: str
    model: str
    firmware: str
    serial_no: str
    macs: tuple[str, ...]
    endpoint_reference: str
    tier: Tier
    username: str
    password: str
    personality: Personality
    maker: Maker
    switch: str
    channels: tuple[PretendChannel, ...]

    @property
    def is_recorder(self) -> bool:
        return len(self.channels) > 1

    @property
    def ptz(self) -> bool:
        return any(channel.ptz for channel in self.channels)


@dataclass(frozen=True, slots=True, kw_only=True)
class CityPlan:
    seed: int
    town: Town
    devices: tuple[PretendDevice, ...]

    @property
    def cameras(self) -> int:
        return sum(len(device.channels) for device in self.devices)

    def of_tier(self, tier: Tier) -> tuple[PretendDevice, ...]:
        return tuple(device for device in self.devices if device.tier is tier)

    def device(self, address: str) -> PretendDevice:
        """KeyError where no device has that address."""
        for device in self.devices:
            if device.address == address:
                return device
        raise KeyError(address)


def plan_city(
    cameras: int,
    *,
    seed: int = 7,
    town: Town | None = None,
    first_address: str | None = None,
    onvif_port: int = 8080,
    rtsp_port: int = 8554,
    personalities: bool = True,
    recorders: bool = True,
) -> CityPlan:
    """A city of that many channels in all. With `first_address` the devices lie one after another from there; without
    `recorders` each is a device of its own."""
    if cameras < 1:
        raise ValueError(f"a city needs at least one camera, not {cameras}")
    rng = random.Random(seed)
    town = town or generated_town(seed)
    placer = Placer(town, cameras, rng)
    sizes = _sizes(cameras, recorders)
    habits = (
        draw_personalities(len(sizes), random.Random(seed + HABITS_SEED)) if personalities else [PLAIN] * len(sizes)
    )
    other_password = _with_other_password(sizes, habits) if personalities else None
    numbers: dict[Tier, int] = dict.fromkeys(Tier, 0)
    devices = []
    for index, (tier, size) in enumerate(sizes):
        numbers[tier] += 1
        first = first_address or NETWORKS[tier].replace("0.0/16", "0.1")
        offset = index if first_address else numbers[tier] - 1
        spots = [placer.spot(tier) for _ in range(size)]
        devices.append(
            _device(
                index=index,
                address=str(IPv4Address(first) + offset),
                ports=(onvif_port, rtsp_port),
                tier=tier,
                spots=spots,
                personality=habits[index],
                password=OTHER_PASSWORD if index == other_password else PASSWORDS[tier],
                seed=seed,
                rng=rng,
            )
        )
    return CityPlan(seed=seed, town=town, devices=tuple(_with_switches(devices)))


def count_devices(cameras: int, *, recorders: bool = True) -> int:
    """Of a city of that many channels: as many addresses as it takes."""
    return len(_sizes(cameras, recorders))


def _sizes(cameras: int, recorders: bool) -> list[tuple[Tier, int]]:
    """Each device's tier and channels."""
    return [(tier, size) for tier in Tier for size in _device_sizes(_count(tier, cameras), tier, cameras, recorders)]


def _count(tier: Tier, cameras: int) -> int:
    others = {t: round(cameras * share) for t, share in SHARES.items() if t is not Tier.GOVERNMENT}
    return cameras - sum(others.values()) if tier is Tier.GOVERNMENT else others[tier]


def _device_sizes(count: int, tier: Tier, cameras: int, with_recorders: bool) -> list[int]:
    """Channels of each device: recorders first, in the tiers that have them, then single cameras."""
    recorders = 0
    if with_recorders and tier in (Tier.UNIT, Tier.COMMUNITY):
        recorders = min(max(1, round(cameras / CAMERAS_PER_RECORDER / 2)), count // (2 * CHANNELS_OF_A_RECORDER))
    return [CHANNELS_OF_A_RECORDER] * recorders + [1] * (count - recorders * CHANNELS_OF_A_RECORDER)


def _with_other_password(sizes: Sequence[tuple[Tier, int]], habits: Sequence[Personality]) -> int | None:
    """The last single camera of the units that asks for a password at all."""
    fit = [
        index
        for index, (tier, size) in enumerate(sizes)
        if tier is Tier.UNIT and size == 1 and habits[index].label in ("plain", "digest")
    ]
    return fit[-1] if len(sizes) >= 20 and fit else None


def _device(
    *,
    index: int,
    address: str,
    ports: tuple[int, int],
    tier: Tier,
    spots: list[Spot],
    personality: Personality,
    password: str,
    seed: int,
    rng: random.Random,
) -> PretendDevice:
    maker = MAKERS[rng.choices(range(len(MAKERS)), (5, 4, 3, 1))[0]]
    recorder = len(spots) > 1
    ptz = not recorder and tier in (Tier.GOVERNMENT, Tier.UNIT) and rng.random() < 0.07
    mac = f"{maker.oui}:{index >> 16 & 255:02x}:{index >> 8 & 255:02x}:{index & 255:02x}"
    identity = uuid.uuid5(NAMESPACE, f"{seed}/{index}")
    return PretendDevice(
        index=index,
        address=address,
        onvif_port=ports[0],
        rtsp_port=ports[1],
        manufacturer=maker.name,
        model=maker.recorder if recorder else maker.ptz if ptz else maker.fixed[rng.randrange(len(maker.fixed))],
        firmware=maker.firmware.format(100 + rng.randrange(4)),
        serial_no="General" if maker.serial_is_fake else f"{maker.name[:2].upper()}{seed:02d}{index:07d}",
        macs=(mac,),
        endpoint_reference=f"urn:uuid:{identity}",
        tier=tier,
        username=USERNAME,
        password=password,
        personality=personality,
        maker=maker,
        switch="",
        channels=tuple(
            PretendChannel(
                token=f"VideoSource_{number}",
                number=number,
                name=_name(spot, tier, rng),
                address=f"{spot.street}{spot.number}号",
                pose=spot.pose,
                ptz=ptz,
                indoor=spot.indoor,
            )
            for number, spot in enumerate(spots, start=1)
        ),
    )


def _name(spot: Spot, tier: Tier, rng: random.Random) -> str:
    where = "大厅" if spot.indoor else rng.choice(SUFFIXES[tier])
    return f"{spot.street}{spot.number}号{where}"


def _with_switches(devices: list[PretendDevice]) -> list[PretendDevice]:
    """Neighbours of one tier hang on one switch, ten to each, in the order of a snake over 150 m squares."""
    named: dict[int, str] = {}
    for tier in Tier:
        ours = sorted((d for d in devices if d.tier is tier), key=_along_the_snake)
        for at, device in enumerate(ours):
            named[device.index] = f"{tier}-sw{at // CAMERAS_PER_SWITCH + 1:02d}"
    return [replace(device, switch=named[device.index]) for device in devices]


def _along_the_snake(device: PretendDevice) -> tuple[int, int, int]:
    at = device.channels[0].pose.position
    row, column = int(at.lat / 0.00135), int(at.lon / 0.0016)
    return row, column if row % 2 else -column, device.index
