"""Water and green of a town, which nobody computes with: what a map draws under everything else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vms.places.packed import Corners, Lines
from vms.places.texts import Texts, joined_ends, starts_of, taken_items

WATER, GREEN = "water", "green"


@dataclass(frozen=True, slots=True, kw_only=True)
class LandArea:
    outline: NDArray[np.float64]
    """(n, 2) lon, lat; not closed."""
    holes: tuple[NDArray[np.float64], ...] = ()
    """Islands, clearings."""
    kind: str
    """WATER or GREEN."""
    name: str = ""
    name_zh: str = ""
    name_en: str = ""
    source_id: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class PackedLandAreas:
    """Whole numbers of 1e-7 degrees, as buildings are packed."""

    rings: Lines
    ring_ends: NDArray[np.int64]
    kinds: Texts
    names: Texts
    names_zh: Texts
    names_en: Texts
    source_ids: Texts

    @classmethod
    def of(cls, areas: Iterable[LandArea]) -> "PackedLandAreas":
        every = list(areas)
        counts = np.fromiter((1 + len(one.holes) for one in every), np.int64, len(every))
        return cls(
            Lines.of([ring for one in every for ring in (one.outline, *one.holes)]),
            np.cumsum(counts),
            Texts.of(one.kind for one in every),
            Texts.of(one.name for one in every),
            Texts.of(one.name_zh for one in every),
            Texts.of(one.name_en for one in every),
            Texts.of(one.source_id for one in every),
        )

    @classmethod
    def joined(cls, parts: Sequence["PackedLandAreas"]) -> "PackedLandAreas":
        return cls(
            Lines.joined([part.rings for part in parts]),
            joined_ends([part.ring_ends for part in parts]),
            *(Texts.joined([part.texts()[i] for part in parts]) for i in range(5)),
        )

    def texts(self) -> tuple[Texts, Texts, Texts, Texts, Texts]:
        return self.kinds, self.names, self.names_zh, self.names_en, self.source_ids

    def __len__(self) -> int:
        return len(self.ring_ends)

    def taken(self, rows: NDArray[np.int64]) -> "PackedLandAreas":
        rings, ring_ends = taken_items(rows, self.ring_ends)
        return PackedLandAreas(self.rings.taken(rings), ring_ends, *(texts.taken(rows) for texts in self.texts()))

    def boxes(self) -> Corners:
        """Of each outline."""
        return self.rings.boxes()[starts_of(self.ring_ends)]


NO_LAND = PackedLandAreas.of(())
