"""What a device says of its own pictures (ONVIF imaging events), as kinds of faults: a witness beside our own look."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vms.health.fault import FaultKind

MEANS: Mapping[str, frozenset[FaultKind]] = {
    "ImageTooBlurry": frozenset({FaultKind.BLUR}),
    "ImageTooDark": frozenset({FaultKind.TOO_DARK}),
    "ImageTooBright": frozenset({FaultKind.TOO_BRIGHT}),
    "GlobalSceneChange": frozenset({FaultKind.SCENE_CHANGE, FaultKind.OCCLUSION}),
    "SignalLoss": frozenset({FaultKind.SIGNAL_LOST}),
}
"""By the word after `VideoSource/`. A lens that is covered is told as a change of the scene."""
WITNESSED = frozenset[FaultKind]().union(*MEANS.values())
AGREES = 0.1
"""By so much an agreeing witness raises the score of our own finding."""
NO, YES = ("false", "0"), ("true", "1")


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldEvent:
    topic: str
    """With the device's own prefixes: `tns1:VideoSource/ImageTooDark/ImagingService`."""
    sources: tuple[str, ...]
    """Values of its source items: the token of the video source is one of them."""
    state: str
    """Of its data, as told; empty: none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    offers: frozenset[FaultKind]
    """Kinds that it tells of, whatever it says."""
    says: frozenset[FaultKind]


def hear(told: Iterable[ToldEvent], channel: str, *, alone: bool) -> Heard:
    """What is about this channel; with `alone` (the device has one camera) also what names a source that nobody knows.
    The last word on a topic counts: how things stand is told before what changes."""
    told, last = list(told), dict[str, bool]()
    anything = alone and not any(channel in event.sources for event in told)
    for event in told:
        word = _word(event.topic)
        about = anything or not event.sources or channel in event.sources
        if word is None or not about or event.state.lower() not in (*NO, *YES):
            continue
        last[word] = event.state.lower() in YES
    offers = frozenset[FaultKind]().union(*(MEANS[word] for word in last))
    says = frozenset[FaultKind]().union(*(MEANS[word] for word, on in last.items() if on))
    return Heard(offers=offers, says=says)


def _word(topic: str) -> str | None:
    parts = [part.rpartition(":")[2] for part in topic.split("/")]
    if "VideoSource" not in parts:
        return None
    return next((part for part in parts[parts.index("VideoSource") + 1 :] if part in MEANS), None)
