"""Pictures in, MP4 samples out: one unbroken time line, and a new init segment whenever the parameter sets change."""

import struct
from dataclasses import dataclass

from vms.media.fmp4 import TIMESCALE_HZ, Sample, write_init
from vms.media.h264 import DELIMITER, FILLER, PPS, SPS, AccessUnit, ParameterSets, SpsFacts

LONGEST_HOLE_90K = 10 * TIMESCALE_HZ
SHORTEST_90K, LONGEST_90K = TIMESCALE_HZ // 240, 2 * TIMESCALE_HZ
_LEFT_OUT = frozenset({SPS, PPS, DELIMITER, FILLER})


class TimeLine:
    """Maps a camera's clock, with its jumps and holes, to a time line without either.

    Each sample begins where the last one ended, and lasts until the next one is expected; so a late picture is shown on
    time, a hole of up to ten seconds is filled by the picture before it, and a jump of the camera's clock is not seen.
    """

    def __init__(self) -> None:
        self._offset_90k: int | None = None
        self._last_90k = 0
        self._usual_90k = TIMESCALE_HZ // 15
        self._end_90k = 0

    def place(self, time_90k: int) -> tuple[int, int]:
        """Begin and duration of the next sample."""
        begin = self._end_90k
        if self._offset_90k is None:
            self._offset_90k = begin - time_90k
        else:
            step = time_90k - self._last_90k
            if SHORTEST_90K <= step <= LONGEST_90K:
                self._usual_90k = (3 * self._usual_90k + step) // 4
        late_90k = time_90k + self._offset_90k - begin
        if not -TIMESCALE_HZ <= late_90k <= LONGEST_HOLE_90K:
            self._offset_90k = begin - time_90k
            late_90k = 0
        self._last_90k = time_90k
        duration = max(SHORTEST_90K, self._usual_90k + late_90k)
        self._end_90k = begin + duration
        return begin, duration

    def begin_anew(self) -> None:
        """The next picture comes from another connection, whose clock has nothing to do with the last one's."""
        self._offset_90k = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Boxed:
    sample: Sample
    new_init: bytes | None
    """To be given to the player before the sample."""
    facts: SpsFacts


class Boxer:
    """Boxes one H.264 stream."""

    def __init__(self, time_line: TimeLine | None = None, parameter_sets: tuple[bytes, ...] = ()) -> None:
        self._time_line = time_line or TimeLine()
        self._sets = ParameterSets()
        self._sets.update(parameter_sets)
        self._facts: SpsFacts | None = None

    def box(self, unit: AccessUnit) -> Boxed | None:
        """None while nothing can be shown yet: no key frame, or no parameter sets."""
        changed = self._sets.update(unit.nals)
        new_init = None
        if unit.key and self._sets.complete and (changed or self._facts is None):
            self._drop_stale_sets(unit)
            self._facts = self._sets.facts()
            new_init = write_init(self._sets, self._facts)
        elif changed and self._facts is not None and self._sets.complete:
            self._facts = self._sets.facts()
            new_init = write_init(self._sets, self._facts)
        if self._facts is None:
            return None
        parts: list[bytes] = []
        for nal in unit.nals:
            if nal[0] & 0x1F not in _LEFT_OUT:
                parts += (struct.pack(">I", len(nal)), nal)
        begin, duration = self._time_line.place(unit.time_90k)
        sample = Sample(data=b"".join(parts), key=unit.key, at_90k=begin, duration_90k=duration)
        return Boxed(sample=sample, new_init=new_init, facts=self._facts)

    def _drop_stale_sets(self, unit: AccessUnit) -> None:
        """A key frame that brings a whole set replaces all that was known before."""
        brought = ParameterSets()
        brought.update(unit.nals)
        if brought.complete:
            self._sets = brought
