"""Why something was decided: a stable code with its values, for screens in any language, and an English sentence."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

ReasonValue = str | int | tuple[str, ...]


class ReasonCode(StrEnum):
    # which device is this?
    SAME_KEYS = "same_keys"
    SAME_KEYS_HERE = "same_keys_here"
    OTHER_KEY = "other_key"
    SHARED_KEYS = "shared_keys"
    NOTHING_TELLS_APART = "nothing_tells_apart"
    UNKNOWN_KEYS = "unknown_keys"
    SEVERAL_HERE = "several_here"
    OTHER_KEY_HERE = "other_key_here"
    OTHER_MAKE_HERE = "other_make_here"
    NO_SHARED_KEY_HERE = "no_shared_key_here"
    TELLS_NOW = "tells_now"
    TOLD_NOTHING_BEFORE = "told_nothing_before"
    SAME_MAKE_HERE = "same_make_here"
    ADDRESS_ONLY = "address_only"
    AT_TWO_PLACES = "at_two_places"
    ONLY_ONE_TELLS = "only_one_tells"
    WEAK_KEY = "weak_key"
    # is this the new hardware of a point?
    ANSWERS_IN_PLACE_OF = "answers_in_place_of"
    AS_MANY_CHANNELS = "as_many_channels"
    OTHER_NUMBER_OF_CHANNELS = "other_number_of_channels"
    SAME_NAMES = "same_names"
    RECORD_NAMES_IT = "record_names_it"
    HEARD_JUST_NOW = "heard_just_now"
    REPLACED_HEARD_AGAIN = "replaced_heard_again"
    # which camera is this channel?
    SAME_TOKEN = "same_token"  # noqa: S105 - a channel's token, no secret
    SAME_NAME = "same_name"
    SAME_STREAM = "same_stream"
    ONLY_CHANNEL = "only_channel"
    SAME_PLACE_IN_ORDER = "same_place_in_order"
    TOKENS_CHANGED = "tokens_changed"
    EVIDENCE_DISAGREES = "evidence_disagrees"
    NOTHING_SAYS_WHICH = "nothing_says_which"
    # are these two one camera?
    KEY_IN_NAME = "key_in_name"
    RECORD_NAMES_DEVICE = "record_names_device"
    SAME_NATIONAL_ID = "same_national_id"
    SAME_SPECIFIC_NAME = "same_specific_name"
    SAME_PICTURE = "same_picture"
    BOTH_HAVE_RECORDS = "both_have_records"


@dataclass(frozen=True, slots=True)
class Reason:
    """`values`: by name, in the order of the sentence; what is a word of ours (a kind of key) is told as its code."""

    code: str
    values: tuple[tuple[str, ReasonValue], ...] = ()
    told: str = ""
    """The sentence of a reason that was kept before there were codes."""

    @property
    def sentence(self) -> str:
        template = _SENTENCES.get(self.code)
        return (
            self.told if template is None else template.format(**{name: _shown(value) for name, value in self.values})
        )


def because(code: ReasonCode, **values: ReasonValue | Iterable[str]) -> Reason:
    kept = {
        name: value if isinstance(value, (str, int)) else tuple(str(item) for item in value)
        for name, value in values.items()
    }
    return Reason(code.value, tuple(kept.items()))


def sentences(reasons: Iterable[Reason]) -> tuple[str, ...]:
    return tuple(reason.sentence for reason in reasons)


_WORDS = {
    "serial": "serial number",
    "mac": "MAC",
    "endpoint_reference": "endpoint reference",
    "tls_key": "TLS key",
}


def _shown(value: ReasonValue) -> str:
    if isinstance(value, tuple):
        return " and ".join(_WORDS.get(item, item) for item in value)
    return _WORDS.get(value, value) if isinstance(value, str) else str(value)


_SENTENCES: dict[str, str] = {
    ReasonCode.SAME_KEYS: "same {keys} as device {device}",
    ReasonCode.SAME_KEYS_HERE: "same {keys} as device {device}, at its address",
    ReasonCode.OTHER_KEY: "its {key} is another than that of device {device}",
    ReasonCode.SHARED_KEYS: "its {keys} is shared by {count} devices, all of which differ otherwise",
    ReasonCode.NOTHING_TELLS_APART: "{count} devices have these keys and nothing tells them apart",
    ReasonCode.UNKNOWN_KEYS: "none of its keys is known",
    ReasonCode.SEVERAL_HERE: "several devices were heard at this address",
    ReasonCode.OTHER_KEY_HERE: "device {device} was heard there, but its {key} is another",
    ReasonCode.OTHER_MAKE_HERE: "device {device} was heard there, but is of another make",
    ReasonCode.NO_SHARED_KEY_HERE: "device {device} was heard there, but shares no key with it",
    ReasonCode.TELLS_NOW: "the device there had not told who it is before",
    ReasonCode.TOLD_NOTHING_BEFORE: "device {device} was heard there and never told a key; this one does",
    ReasonCode.SAME_MAKE_HERE: "same maker and model at the same address, and neither tells more",
    ReasonCode.ADDRESS_ONLY: "only the address is known, and an address proves nothing",
    ReasonCode.AT_TWO_PLACES: "device {device}, which has the same {keys}, was heard elsewhere {seconds} s before",
    ReasonCode.ONLY_ONE_TELLS: "same {keys} as device {device} elsewhere, and only one of both tells a {others}",
    ReasonCode.WEAK_KEY: "only its {keys} says that it is device {device}, and makers ship one in several units",
    ReasonCode.ANSWERS_IN_PLACE_OF: "it answers where device {device} was heard last",
    ReasonCode.AS_MANY_CHANNELS: "it has as many channels ({count}) as device {device} has cameras",
    ReasonCode.OTHER_NUMBER_OF_CHANNELS: "it has {count} channels, device {device} has {before} cameras",
    ReasonCode.SAME_NAMES: "its channels are named as those of device {device}: {names}",
    ReasonCode.RECORD_NAMES_IT: "the record of camera {camera} names its {key}",
    ReasonCode.HEARD_JUST_NOW: "device {device} was heard there {seconds} s before: two devices may have one address",
    ReasonCode.REPLACED_HEARD_AGAIN: "device {device} was replaced by device {by} and is heard again",
    ReasonCode.SAME_TOKEN: "channel {channel} has the same token as camera {camera}",
    ReasonCode.SAME_NAME: "channel {channel} has the same name as camera {camera}",
    ReasonCode.SAME_STREAM: "channel {channel} has the same stream address as camera {camera}",
    ReasonCode.ONLY_CHANNEL: "channel {channel} is the only one, as camera {camera} was",
    ReasonCode.SAME_PLACE_IN_ORDER: "channel {channel} has the place and number that camera {camera} had",
    ReasonCode.TOKENS_CHANGED: "the device names its channels anew: {channels}",
    ReasonCode.EVIDENCE_DISAGREES: "what is said of channel {channel} fits several cameras: {cameras}",
    ReasonCode.NOTHING_SAYS_WHICH: "nothing says which camera channel {channel} is",
    ReasonCode.KEY_IN_NAME: "channel {channel} of device {device} has the {key} of the other in its name",
    ReasonCode.RECORD_NAMES_DEVICE: "the record of camera {camera} names the {key} of the other",
    ReasonCode.SAME_NATIONAL_ID: "both records have the national id {value}",
    ReasonCode.SAME_SPECIFIC_NAME: "both are named {name}, and nothing else is",
    ReasonCode.SAME_PICTURE: "both have a main picture {width} pixels wide",
    ReasonCode.BOTH_HAVE_RECORDS: "both have a record that somebody entered",
}
