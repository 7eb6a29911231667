"""Which of a channel's streams is the main one and which the sub one."""

from collections.abc import Sequence

from vms.inventory.camera import Stream, StreamRole
from vms.inventory.device import ObservedStream

_BEST_FIRST = ("H264", "H265")
"""H.264 plays in every browser; a stream that is neither (JPEG) is taken only where there is nothing else."""


def assign_roles(observed: Sequence[ObservedStream]) -> tuple[Stream, ...]:
    """The largest picture is main; sub is the smallest of the best encoding among the others. One stream is main alone.

    Of two pictures of the same size the better encoding wins. Streams without a role are not kept.
    """
    moving = [stream for stream in observed if stream.encoding in _BEST_FIRST] or list(observed)
    if not moving:
        return ()
    main = max(moving, key=lambda stream: (_pixels(stream), -_rank(stream)))
    others = [stream for stream in moving if stream is not main]
    chosen = [_with_role(main, StreamRole.MAIN)]
    if others:
        chosen.append(_with_role(min(others, key=lambda stream: (_rank(stream), _pixels(stream))), StreamRole.SUB))
    return tuple(chosen)


def _with_role(stream: ObservedStream, role: StreamRole) -> Stream:
    return Stream(
        role=role,
        profile=stream.profile,
        encoding=stream.encoding,
        width=stream.width,
        height=stream.height,
        uri=stream.uri,
    )


def _rank(stream: ObservedStream) -> int:
    return _BEST_FIRST.index(stream.encoding) if stream.encoding in _BEST_FIRST else len(_BEST_FIRST)


def _pixels(stream: ObservedStream) -> int:
    return stream.width * stream.height
