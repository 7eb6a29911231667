"""Which camera is each channel that a device tells? By its token; where a firmware changed them, by what lasts.

    the tokens are those known, or some of them ............ by token
    new tokens beside known ones that all are told still ... by token; the others are new channels
    one channel, and it was one ............................ the same, whatever it is called
    tokens vanished and new ones are told .................. by name and stream address, where each names one camera;
                                                             a token alone does not outweigh both of them
    … and neither name nor stream tells .................... by the number in the stream's address, all in order
    the evidence names several, or none of those left ...... doubtful: nothing is bound, a person says

Two cameras are never crossed: a channel is bound only where everything that is said of it names the same camera.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from vms.inventory.identity.channel_evidence import (
    KnownChannel,
    ToldChannel,
    channel_number,
    specific_name,
    stream_path,
    token_number,
)
from vms.inventory.identity.reason import Reason, ReasonCode, because


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelMatch:
    same: Mapping[str, KnownChannel]
    """By the token that is told now."""
    new: tuple[str, ...]
    doubtful: tuple[str, ...]
    """Tokens of channels that are one of the cameras left, nobody knows which."""
    left: tuple[KnownChannel, ...]
    """Cameras that no channel was found for."""
    evidence: tuple[Reason, ...] = ()


_Named = dict[str, KnownChannel]
"""What one kind of evidence says: the camera by the told token."""


def match_channels(known: Sequence[KnownChannel], told: Sequence[ToldChannel]) -> ChannelMatch:
    by_token = {channel.token: channel for channel in known}
    tokens = [channel.token for channel in told]
    if by_token.keys() <= set(tokens) or set(tokens) <= by_token.keys():
        return _by_token(known, by_token, tokens)
    if len(known) == len(told) == 1:
        reason = because(ReasonCode.ONLY_CHANNEL, channel=tokens[0], camera=known[0].camera_id)
        return ChannelMatch(same={tokens[0]: known[0]}, new=(), doubtful=(), left=(), evidence=(reason,))
    return _by_what_lasts(known, told, by_token)


def _by_token(known: Sequence[KnownChannel], by_token: Mapping[str, KnownChannel], tokens: list[str]) -> ChannelMatch:
    same = {token: by_token[token] for token in tokens if token in by_token}
    left = tuple(channel for channel in known if channel.token not in same)
    return ChannelMatch(
        same=same, new=tuple(token for token in tokens if token not in by_token), doubtful=(), left=left
    )


def _by_what_lasts(
    known: Sequence[KnownChannel], told: Sequence[ToldChannel], by_token: Mapping[str, KnownChannel]
) -> ChannelMatch:
    token_says = {channel.token: by_token[channel.token] for channel in told if channel.token in by_token}
    name_says = _pairs(known, told, lambda channel: specific_name(channel.name))
    stream_says = _pairs(known, told, lambda channel: stream_path(channel.uri))
    same: _Named = {}
    evidence: list[Reason] = []
    doubtful: list[str] = []
    silent: list[str] = []
    for channel in told:
        token = channel.token
        votes = [
            (code, says[token])
            for code, says in (
                (ReasonCode.SAME_NAME, name_says),
                (ReasonCode.SAME_STREAM, stream_says),
                (ReasonCode.SAME_TOKEN, token_says),
            )
            if token in says
        ]
        chosen = _agreed(votes)
        if chosen is not None:
            same[token] = chosen
            evidence.extend(because(code, channel=token, camera=one.camera_id) for code, one in votes if one is chosen)
        elif votes:
            doubtful.append(token)
            ids = sorted({str(one.camera_id) for _, one in votes})
            evidence.append(because(ReasonCode.EVIDENCE_DISAGREES, channel=token, cameras=ids))
        else:
            silent.append(token)
    twice = {one.camera_id for one, count in Counter(same.values()).items() if count > 1}
    doubtful += [token for token, one in same.items() if one.camera_id in twice]
    same = {token: one for token, one in same.items() if one.camera_id not in twice}
    return _with_silent(known, told, same, doubtful, silent, evidence)


def _agreed(votes: Sequence[tuple[ReasonCode, KnownChannel]]) -> KnownChannel | None:
    """The one that all name; name and stream together outweigh the token."""
    lasting = {one.camera_id: one for code, one in votes if code is not ReasonCode.SAME_TOKEN}
    every = {one.camera_id: one for _, one in votes}
    if len(every) == 1:
        return next(iter(every.values()))
    strong = sum(code is not ReasonCode.SAME_TOKEN for code, _ in votes) == 2
    return next(iter(lasting.values())) if len(lasting) == 1 and strong else None


def _with_silent(
    known: Sequence[KnownChannel],
    told: Sequence[ToldChannel],
    same: _Named,
    doubtful: list[str],
    silent: list[str],
    evidence: list[Reason],
) -> ChannelMatch:
    """Channels of which nothing is said: new ones where the tokens are still the old ones, else by number and order."""
    taken = {one.camera_id for one in same.values()}
    left = [channel for channel in known if channel.camera_id not in taken]
    old_tokens = {channel.token for channel in known}
    tokens_last = any(token == one.token for token, one in same.items()) and not doubtful
    if not silent or not left or tokens_last:
        fresh = [token for token in silent if token not in old_tokens]
        return _result(known, same, fresh, doubtful, evidence)
    whole = len(known) == len(told) and not doubtful
    if whole and len(silent) == len(left) and (pairs := _by_number([t for t in told if t.token in silent], left)):
        for token, channel in pairs.items():
            evidence.append(because(ReasonCode.SAME_PLACE_IN_ORDER, channel=token, camera=channel.camera_id))
        return _result(known, same | pairs, [], [], evidence)
    evidence.extend(because(ReasonCode.NOTHING_SAYS_WHICH, channel=token) for token in silent)
    return _result(known, same, [], [*doubtful, *silent], evidence)


def _by_number(told: Sequence[ToldChannel], left: Sequence[KnownChannel]) -> _Named:
    """By the number in the stream's address, where both sides have one for each, all different, and the pictures are
    as wide as before; empty where not."""
    by_number = {channel_number(channel.uri): channel for channel in left}
    numbers = [channel_number(channel.uri) for channel in told]
    if None in by_number or None in numbers or len(by_number) < len(left) or set(numbers) != set(by_number):
        return {}
    pairs = {channel.token: by_number[number] for channel, number in zip(told, numbers, strict=True)}
    if any(channel.width and pairs[channel.token].width not in (0, channel.width) for channel in told):
        return {}
    return pairs if _in_order(told, pairs) else {}


def _in_order(told: Sequence[ToldChannel], pairs: _Named) -> bool:
    """The numbers of the tokens, where there are any, go up as they did."""
    before = [token_number(pairs[channel.token].token) for channel in told]
    after = [token_number(channel.token) for channel in told]
    if None in before or None in after:
        return True
    steps = {b - a for b, a in zip(before, after, strict=True) if b is not None and a is not None}
    return len(steps) == 1 or len(set(before)) < len(before) or len(set(after)) < len(after)


def _pairs(
    known: Sequence[KnownChannel], told: Sequence[ToldChannel], value: Callable[[KnownChannel | ToldChannel], str]
) -> _Named:
    """Where a value is had by exactly one of each side."""
    before = Counter(value(channel) for channel in known)
    now = Counter(value(channel) for channel in told)
    holders = {value(channel): channel for channel in known}
    return {
        channel.token: holders[found]
        for channel in told
        if (found := value(channel)) and now[found] == 1 and before[found] == 1
    }


def _result(
    known: Sequence[KnownChannel], same: _Named, new: Sequence[str], doubtful: Sequence[str], evidence: Sequence[Reason]
) -> ChannelMatch:
    taken = {one.camera_id for one in same.values()}
    return ChannelMatch(
        same=same,
        new=tuple(new),
        doubtful=tuple(dict.fromkeys(doubtful)),
        left=tuple(channel for channel in known if channel.camera_id not in taken),
        evidence=tuple(evidence),
    )
