"""How a pretend device behaves: the habits of real devices as flags, and which share of a city has which."""

import random
from dataclasses import dataclass
from enum import StrEnum

from vms.inventory.camera import StreamRole

NAT_ADDRESS = "192.168.1.108"
"""What a device behind a router believes its own address to be."""
LINK_LOCAL_V6 = "[fe80::46ff:fe33:7]"
"""What some name beside or instead of an address that can be reached; the scope is missing."""


class SignIn(StrEnum):
    WSSE = "wsse"
    DIGEST = "digest"
    NONE = "none"


class Codec(StrEnum):
    H264 = "H264"
    H265 = "H265"


class ActionHabit(StrEnum):
    """What a device makes of `action=` in the Content-Type."""

    EITHER = "either"
    REQUIRED = "required"
    """Answers with an empty body where it is missing."""
    REFUSED = "refused"
    """400 where it is present."""


class ChangeHabit(StrEnum):
    """What a device makes of an operation that changes it."""

    OBEYS = "obeys"
    REFUSES = "refuses"
    LIES = "lies"
    """Says yes and stays as it is."""
    HANGS_UP = "hangs_up"
    """Does it and closes the connection without an answer."""


class Framing(StrEnum):
    """How the end of an HTTP answer is told."""

    LENGTH = "length"
    CHUNKED = "chunked"
    CLOSED = "closed"
    """HTTP/1.0 without a length: the answer ends with the connection."""


class Tls(StrEnum):
    NO = "no"
    YES = "yes"
    """https only, with a certificate that it signed itself."""
    OLD = "old"
    """The same, in a version before TLS 1.2."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Personality:
    label: str = "plain"
    auth: SignIn = SignIn.WSSE
    refusal_status: int = 400
    """HTTP status of a NotAuthorized fault: 400, 401, 500 or 200 in the field."""
    locks_after: int | None = None
    locked_for_s: float = 1800.0
    clock_offset_s: float = 0.0
    utc_wrong_by_zone: bool = False
    date_missing: bool = False
    date_impossible: bool = False
    clock_slow_s: float = 0.0
    """Telling the time takes so much longer than anything else."""
    clock_needs_login: bool = False
    clock_window_s: float = 300.0
    """How far `Created` may lie from the device's own clock."""
    strict_nonce: bool = False
    """Refuses a nonce it has seen, also with a new `Created`; the others refuse only the same pair again."""
    plain_password: bool = False
    """Knows PasswordText and nothing else."""
    refuses_wrong_login_always: bool = False
    """Also to questions that everybody may ask, once a login comes with them."""
    no_events_for_anybody: bool = False
    """NotAuthorized to CreatePullPointSubscription alone."""
    pulls_answer_at_once: bool = False
    forgets_pull_points_after: int | None = None
    """So many pulls of one subscription; then it is unknown, as after a reboot."""
    soap11: bool = False
    action: ActionHabit = ActionHabit.EITHER
    wrong_content_length: bool = False
    framing: Framing = Framing.LENGTH
    undeclared_prefix: bool = False
    """Its XML uses a prefix that it does not declare."""
    declares_utf16: bool = False
    """Its XML declares an encoding that its bytes do not have."""
    tls: Tls = Tls.NO
    rtsps: Tls = Tls.NO
    """Its streams by TLS only, with a certificate of their own."""
    keeps_certificate: bool = False
    """Shows the same one after a restart (in this process)."""
    nat_xaddr: bool = False
    link_local_xaddr: bool = False
    """Names a 169.254 address first, its own second."""
    link_local_v6_xaddr: bool = False
    """Names an fe80 address without its scope, and no other."""
    own_path: str = ""
    """Where its device service is, if not at the usual place."""
    no_get_services: bool = False
    no_media1: bool = False
    no_media2: bool = False
    max_connections: int | None = None
    slow_s: float = 0.0
    ignores_probe_with_newline: bool = False
    bare_probe_match: bool = False
    """Leaves out the ProbeMatches wrapper."""
    fresh_endpoint: bool = False
    """A new endpoint reference at each start."""
    mac_in_scopes: bool = False
    """Tells everybody its first network card."""
    key_frame_on_play: bool = True
    h265: frozenset[StreamRole] = frozenset()
    """Which streams are H.265; the first edition of the media service does not know their encoder."""
    sdp_without_parameter_sets: bool = False
    audio_first: bool = False
    max_sessions: int = 6
    max_pull_points: int = 4
    changes: ChangeHabit = ChangeHabit.OBEYS
    longest_text: int | None = None
    """Characters of a text in the picture; a longer one is refused,"""
    cuts_text: bool = False
    """or cut in silence."""
    shortest_password: int = 4
    away_s: float = 1.0
    """How long a reboot takes."""

    def codec(self, role: StreamRole) -> Codec:
        return Codec.H265 if role in self.h265 else Codec.H264


PLAIN = Personality()

HABITS: tuple[tuple[int, Personality], ...] = (
    (40, Personality(label="plain")),
    (12, Personality(label="digest", auth=SignIn.DIGEST, refusal_status=401, key_frame_on_play=False)),
    (3, Personality(label="open", auth=SignIn.NONE)),
    (6, Personality(label="clock_ahead", clock_offset_s=1234.0, key_frame_on_play=False)),
    (4, Personality(label="clock_behind_strict", clock_offset_s=-97.0, clock_window_s=20.0, refusal_status=400)),
    (4, Personality(label="utc_wrong_by_zone", utc_wrong_by_zone=True)),
    (3, Personality(label="date_missing", date_missing=True)),
    (2, Personality(label="clock_needs_login", clock_needs_login=True, refusal_status=401)),
    (3, Personality(label="soap11", soap11=True, no_media2=True, no_get_services=True, refusal_status=500)),
    (2, Personality(label="action_required", action=ActionHabit.REQUIRED)),
    (2, Personality(label="action_refused", action=ActionHabit.REFUSED)),
    (3, Personality(label="wrong_content_length", wrong_content_length=True, refusal_status=200)),
    (4, Personality(label="nat", nat_xaddr=True)),
    (2, Personality(label="link_local", link_local_xaddr=True)),
    (6, Personality(label="locks", locks_after=5, refusal_status=400, key_frame_on_play=False)),
    (3, Personality(label="few_connections", max_connections=2, max_sessions=2)),
    (3, Personality(label="slow", slow_s=0.6)),
    (2, Personality(label="one_line_probe", ignores_probe_with_newline=True, sdp_without_parameter_sets=True)),
    (1, Personality(label="bare_probe_match", bare_probe_match=True, fresh_endpoint=True)),
    (2, Personality(label="audio_first", audio_first=True)),
    (3, Personality(label="strict_nonce", strict_nonce=True)),
    (2, Personality(label="h265_main", h265=frozenset({StreamRole.MAIN}))),
)
"""Weight and habit; an own habit each, so that a test can ask for one alone."""
OUT_OF_TURN = (
    Personality(label="h265_only", h265=frozenset(StreamRole), max_sessions=2),
    Personality(label="plain_password", plain_password=True, tls=Tls.YES),
    Personality(label="https_only", tls=Tls.YES),
    Personality(label="old_tls", tls=Tls.OLD),
    Personality(label="date_impossible", date_impossible=True),
    Personality(label="slow_clock", clock_slow_s=0.4),
    Personality(label="strict_about_strangers", refuses_wrong_login_always=True, refusal_status=400),
    Personality(label="no_events_for_anybody", no_events_for_anybody=True),
    Personality(label="no_pull_point_left", max_pull_points=0),
    Personality(label="pulls_answer_at_once", pulls_answer_at_once=True),
    Personality(label="forgetful", forgets_pull_points_after=1),
    Personality(label="chunked", framing=Framing.CHUNKED),
    Personality(label="close_delimited", framing=Framing.CLOSED),
    Personality(label="undeclared_prefix", undeclared_prefix=True),
    Personality(label="declares_utf16", declares_utf16=True),
    Personality(label="one_connection", max_connections=1, max_sessions=1),
    Personality(label="link_local_v6", link_local_v6_xaddr=True),
    Personality(label="own_path", own_path="/onvif/devices", no_get_services=True),
    Personality(label="media2_only", no_media1=True, h265=frozenset({StreamRole.MAIN})),
)
"""Habits that a city has only where somebody asks for them, so that the same seed stays the same city."""


def habit(label: str) -> Personality:
    """The habit of that label; KeyError where there is none."""
    known = (*OUT_OF_TURN, *(personality for _, personality in HABITS))
    return {personality.label: personality for personality in known}[label]


def draw_personalities(count: int, rng: random.Random) -> list[Personality]:
    """`count` personalities in about the shares of HABITS; from 60 on every habit occurs."""
    weights = [weight for weight, _ in HABITS]
    everyone = [personality for _, personality in HABITS]
    drawn = rng.choices(everyone, weights, k=count)
    if count >= 3 * len(everyone):
        for at, personality in zip(rng.sample(range(count), len(everyone)), everyone, strict=True):
            drawn[at] = personality
    return drawn
