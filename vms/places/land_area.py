"""Water and green of a town, which nobody computes with: what a map draws under everything else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vms.places.packed import Corners, Outlines
from vms.places.texts import Texts

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

    outlines: Outlines
    kinds: Texts
    names: Texts
    names_zh: Texts
    names_en: Texts
    source_ids: Texts

    @classmethod
    def of(cls, areas: Iterable[LandArea]) -> "PackedLandAreas":
        every = list(areas)
        return cls(
            Outlines.of([(one.outline, *one.holes) for one in every]),
            Texts.of(one.kind for one in every),
            Texts.of(one.name for one in every),
            Texts.of(one.name_zh for one in every),
            Texts.of(one.name_en for one in every),
            Texts.of(one.source_id for one in every),
        )

    @classmethod
    def joined(cls, parts: Sequence["PackedLandAreas"]) -> "PackedLandAreas":
        return cls(
            Outlines.joined([part.outlines for part in parts]),
            *(Texts.joined([part.texts()[i] for part in parts]) for i in range(5)),
        )

    def texts(self) -> tuple[Texts, Texts, Texts, Texts, Texts]:
        return self.kinds, self.names, self.names_zh, self.names_en, self.source_ids

    def __len__(self) -> int:
        return len(self.outlines)

    def taken(self, rows: NDArray[np.int64]) -> "PackedLandAreas":
        return PackedLandAreas(self.outlines.taken(rows), *(texts.taken(rows) for texts in self.texts()))

    def boxes(self) -> Corners:
        return self.outlines.boxes()


NO_LAND = PackedLandAreas.of(())
