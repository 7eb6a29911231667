"""The channels of a device: its video sources with their streams, still, PTZ and position."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from vms.devices.findings import Findings
from vms.devices.http import ExchangeFailed
from vms.devices.onvif.addresses import place
from vms.devices.onvif.client import CallRefused, NotOnvif, Reply, SignInRefused
from vms.devices.onvif.device_messages import GeoEntry
from vms.devices.onvif.media_messages import (
    Osd,
    Profile,
    is_placeholder,
    merge_profiles,
    read_encoder_instances,
    read_osds,
    read_profiles,
    read_uri,
)
from vms.devices.onvif.operations import (
    GET_OSDS,
    GET_PROFILES,
    GET_PROFILES_2,
    Operation,
    Service,
    get_encoder_instances,
    get_snapshot_uri,
    get_stream_uri,
    get_stream_uri_2,
)
from vms.devices.sign_in import Session
from vms.inventory.device import ObservedChannel, ObservedPose, ObservedStream

MAX_CHANNELS = 256
MAX_STREAMS = 6
"""Per channel; cameras have two to four, and each costs a request."""
REFUSALS = (ExchangeFailed, NotOnvif, CallRefused, SignInRefused)


@dataclass(slots=True)
class ChannelReader:
    """Fills `channels` as it goes, so that what was read before a time-out is not lost."""

    session: Session
    services: dict[str, str]
    geo: tuple[GeoEntry, ...]
    findings: Findings
    channels: list[ObservedChannel] = field(default_factory=list)
    _texts: tuple[Osd, ...] = ()
    _media2_tokens: frozenset[str] = frozenset()
    _media1_tokens: frozenset[str] = frozenset()

    async def read(self) -> None:
        profiles = await self._profiles()
        groups: dict[str, list[Profile]] = {}
        for profile in profiles:
            if profile.source_token or profile.source_configuration:
                groups.setdefault(profile.source_token or profile.source_configuration, []).append(profile)
        if profiles and not groups:
            self.findings.note("no_video_source", "no profile names a video source; all are taken for one camera")
            groups = {"": list(profiles)}
        if len(groups) > MAX_CHANNELS:
            self.findings.note("too_many_channels", f"{len(groups)} video sources; the first {MAX_CHANNELS} were read")
        if any(all(is_placeholder(one.source_name) for one in group) for group in groups.values()):
            await self._read_texts()
        for token, group in list(groups.items())[:MAX_CHANNELS]:
            self.channels.append(await self._channel(token, group, alone=len(groups) == 1))
        await self._learn_session_limit(profiles)

    async def _learn_session_limit(self, profiles: tuple[Profile, ...]) -> None:
        """What the device guarantees for its first channel counts for each, and no fewer than the streams that it
        names. What it has shown by refusing one more counts more."""
        quirks = self.session.client.quirks
        source = next((one.source_configuration for one in profiles if one.source_configuration), "")
        if quirks.session_evidence == "refused" or not source:
            return
        media2 = quirks.media_version == 2
        operation = get_encoder_instances(source, media2=media2)
        try:
            told = read_encoder_instances((await self._ask(operation.service, operation)).answer)
        except REFUSALS:
            return
        if told:
            streams = sum(len(channel.streams) for channel in self.channels)
            limit = max(told * len(self.channels), streams)
            self.session.client.learn(session_limit=limit, session_evidence="told")

    async def _profiles(self) -> tuple[Profile, ...]:
        second = await self._ask_profiles(Service.MEDIA2, GET_PROFILES_2) if Service.MEDIA2 in self.services else ()
        ask_first = Service.MEDIA in self.services or not second
        first = await self._ask_profiles(Service.MEDIA, GET_PROFILES) if ask_first else ()
        self._media2_tokens = frozenset(one.token for one in second)
        self._media1_tokens = frozenset(one.token for one in first)
        self.session.client.learn(media_version=2 if second else 1)
        merged = merge_profiles(second, first)
        if not merged:
            self.findings.note("no_profiles", "the device named no media profile")
        return merged

    async def _ask_profiles(self, service: Service, operation: Operation) -> tuple[Profile, ...]:
        try:
            reply = await self._ask(service, operation)
        except REFUSALS as refused:
            self.findings.note(
                "profiles_refused" if service is Service.MEDIA else "profiles2_refused", f"GetProfiles: {refused}"
            )
            return ()
        return read_profiles(reply.answer)

    async def _channel(self, token: str, profiles: list[Profile], *, alone: bool) -> ObservedChannel:
        ordered = sorted(profiles, key=_best_first)
        streams = [stream for one in ordered[:MAX_STREAMS] if (stream := await self._stream(one)) is not None]
        snapshot_uri = await self._snapshot(ordered)
        has_ptz_service = not self.services or Service.PTZ in self.services
        return ObservedChannel(
            token=token,
            name=self._name(ordered),
            streams=tuple(streams),
            snapshot_uri=snapshot_uri,
            ptz=has_ptz_service and any(one.ptz for one in profiles),
            pose=_pose(self.geo, token, alone=alone),
        )

    async def _read_texts(self) -> None:
        """The texts on the picture: where nobody named the video source, somebody wrote the place there."""
        try:
            self._texts = read_osds((await self._ask(Service.MEDIA, GET_OSDS)).answer)
        except ExchangeFailed:
            raise
        except REFUSALS:
            return

    def _name(self, profiles: list[Profile]) -> str:
        named = next((one.source_name for one in profiles if not is_placeholder(one.source_name)), "")
        shown = {one.source_configuration for one in profiles}
        written = (one.words for one in self._texts if one.words and one.source_configuration in shown)
        return named or next(written, "") or profiles[0].source_name

    async def _stream(self, profile: Profile) -> ObservedStream | None:
        for service, operation in self._stream_questions(profile):
            try:
                told = read_uri((await self._ask(service, operation)).answer)
            except ExchangeFailed:
                raise
            except REFUSALS as refused:
                self.findings.note("stream_uri_refused", f"GetStreamUri {profile.token}: {refused}")
                continue
            placed = self._place(told)
            if placed:
                return ObservedStream(
                    profile=profile.token,
                    encoding=profile.encoding,
                    width=profile.width,
                    height=profile.height,
                    uri=placed,
                )
            self.findings.note("stream_uri_unusable", f"GetStreamUri {profile.token} gave no address that can be used")
        return None

    def _stream_questions(self, profile: Profile) -> Iterable[tuple[Service, Operation]]:
        if profile.token in self._media2_tokens:
            yield Service.MEDIA2, get_stream_uri_2(profile.token)
        if profile.token in self._media1_tokens or not self._media2_tokens:
            yield Service.MEDIA, get_stream_uri(profile.token)

    async def _snapshot(self, profiles: list[Profile]) -> str | None:
        for profile in profiles[:2]:
            media2 = profile.token not in self._media1_tokens
            service = Service.MEDIA2 if media2 else Service.MEDIA
            try:
                reply = await self._ask(service, get_snapshot_uri(profile.token, media2=media2))
            except ExchangeFailed:
                raise
            except REFUSALS:
                continue
            placed = self._place(read_uri(reply.answer))
            if placed:
                return placed
        self.findings.note("no_snapshot", "the device named no address for stills")
        return None

    async def _ask(self, service: Service, operation: Operation) -> Reply:
        client = self.session.client
        xaddr = self.services.get(service, "")
        placed = place(xaddr, client.address, client.port) if xaddr else None
        if placed is None:
            return await self.session.ask(operation)
        if placed.moved:
            self._note_moved(xaddr)
        as_we_speak = (placed.scheme == "https") is client.speaks_tls
        return await self.session.ask(operation, path=placed.path, port=placed.port if as_we_speak else client.port)

    def _place(self, told: str) -> str | None:
        client = self.session.client
        placed = place(told, client.address, client.port)
        if placed is None:
            return None
        if placed.moved:
            self._note_moved(told)
        return placed.uri

    def _note_moved(self, told: str) -> None:
        self.findings.note(
            "xaddr_rewritten", f"the device names another address than the one that answered: {told[:200]}"
        )


def _best_first(profile: Profile) -> tuple[bool, bool, int]:
    """Video before stills, then the largest picture."""
    return (not profile.encoding, profile.encoding == "JPEG", -profile.width * profile.height)


def _pose(geo: tuple[GeoEntry, ...], token: str, *, alone: bool) -> ObservedPose | None:
    own = next((entry.pose for entry in geo if entry.token and entry.token == token), None)
    if own is not None:
        return own
    if alone and len(geo) == 1:
        return geo[0].pose
    return next((entry.pose for entry in geo if not entry.token), None)
