"""The pictures since the last key frame, kept so that whoever joins sees a picture at once."""

from vms.media.fmp4 import Sample

MAX_BYTES = 8 * 1024 * 1024
MAX_SAMPLES = 750


class GopCache:
    """Bounded: a group that grows beyond the limits is given up, and those who join wait for the next key frame."""

    def __init__(self, *, max_bytes: int = MAX_BYTES, max_samples: int = MAX_SAMPLES) -> None:
        self._max_bytes = max_bytes
        self._max_samples = max_samples
        self._samples: list[Sample] = []
        self.size_bytes = 0

    def add(self, sample: Sample) -> None:
        if sample.key:
            self.clear()
        elif not self._samples:
            return
        if self.size_bytes + len(sample.data) > self._max_bytes or len(self._samples) >= self._max_samples:
            self.clear()
            return
        self._samples.append(sample)
        self.size_bytes += len(sample.data)

    def clear(self) -> None:
        self._samples = []
        self.size_bytes = 0

    @property
    def samples(self) -> tuple[Sample, ...]:
        """From a key frame to now; empty where nothing can be shown yet."""
        return tuple(self._samples)
