"""Why a ring stands open, in words that a message can carry."""

from collections.abc import Iterable

from vms.roads.standing import OpenBecause, Opening

_MOST_NAMES = 3
_WORDS = {
    OpenBecause.NO_CONSENT: "无授权 no consent",
    OpenBecause.NONE_BUILT: "无摄像机 no camera",
    OpenBecause.NO_ROAD: "地图上已无此路 no such road on the map",
}


def opened_because(openings: Iterable[Opening]) -> str:
    """The names of what failed, the most important first, and how many more there are."""
    ordered = sorted(openings, key=lambda one: (-len(one.hole.points), one.cause.because, one.hole.name))
    names = list(dict.fromkeys(one.hole.name or _WORDS.get(one.cause.because, one.cause.because) for one in ordered))
    more = len(names) - _MOST_NAMES
    return "；".join(names[:_MOST_NAMES]) + (f"；+{more}" if more > 0 else "")
