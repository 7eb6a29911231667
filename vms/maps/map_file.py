"""A map file of whatever known kind as a stream of items, with how far it is read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vms.core.coordinates import SYSTEMS
from vms.core.errors import BadInput
from vms.maps.cell_code import LAYERS
from vms.maps.cell_sorter import Item
from vms.maps.checked_items import CheckedItems
from vms.maps.feature_stream import FeatureStream
from vms.maps.geojson import boundary_of, text_of
from vms.maps.osm import ATTRIBUTION, MAX_BYTES, osm_items
from vms.maps.positions import of_another_system

MAX_GEOJSON_BYTES = 2 * 1024**3
MAX_FEATURES = 5_000_000
OPEN_STREET_MAP = "OpenStreetMap"
"""The source that extracts are of: a newer one takes the place of an older one, whatever the files are called."""
_BYTES_PER_ITEM = 65
"""Of an extract, about: its own format does not tell how far one has read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    system: str = "wgs84"
    """`wgs84`, `gcj02` or `bd09`: what a GeoJSON file's coordinates are; an extract of OpenStreetMap is WGS-84."""
    layers: tuple[str, ...] = ()
    """Only these of the file; empty: all."""
    skip_bad: bool = False
    """Broken features are left out and counted; else the first one refuses the file."""
    attribution: str = ""
    """Whose map it is, where the file does not say."""
    border: str = ""
    """Name of the area in the file whose outline is the town's: where main roads cross it, one leaves the town."""

    def __post_init__(self) -> None:
        if self.system not in SYSTEMS:
            raise BadInput(f"unknown coordinate system; known are {', '.join(SYSTEMS)}", where=self.system[:40])
        for layer in self.layers:
            if layer not in LAYERS:
                raise BadInput(f"unknown layer; known are {', '.join(LAYERS)}", where=layer[:40])


@dataclass(slots=True)
class Facts:
    """What the file says beside its items; known when all have been read."""

    name: str = ""
    attribution: str = ""
    boundary: list[list[float]] | None = None
    bad: int = 0
    bad_told: list[str] = field(default_factory=list)


class MapFile(Protocol):
    facts: Facts

    def items(self) -> Iterator[tuple[str, Item]]: ...

    @property
    def share_read(self) -> float:
        """0 to 1."""
        ...


def open_map(path: Path, options: ReadOptions) -> MapFile:
    """`.geojson`, `.json` or `.osm.pbf`. Raises BadInput that names the file and what is wrong with it."""
    name = path.name.lower()
    if name.endswith((".geojson", ".json")):
        return _GeoJson(path, options)
    if name.endswith(".pbf"):
        if options.system != "wgs84":
            raise BadInput("an extract of OpenStreetMap is WGS-84", where=str(path))
        return _Extract(path, options)
    raise BadInput("a map ends in .geojson, .json or .osm.pbf", where=str(path))


class _Extract:
    def __init__(self, path: Path, options: ReadOptions) -> None:
        self._path, self._options = path, options
        self._expected = max(1.0, path.stat().st_size / _BYTES_PER_ITEM) if path.is_file() else 1.0
        self._count = 0
        self.facts = Facts(name=OPEN_STREET_MAP, attribution=options.attribution or ATTRIBUTION)

    @property
    def share_read(self) -> float:
        return min(0.99, self._count / self._expected)

    def items(self) -> Iterator[tuple[str, Item]]:
        border = self._options.border
        for layer, item in osm_items(self._path, max_bytes=MAX_BYTES, border=border, on_border=self._found):
            self._count += 1
            if not self._options.layers or layer in self._options.layers:
                yield layer, item
        _check_border(self.facts, border, self._path)

    def _found(self, outline: NDArray[np.float64]) -> None:
        self.facts.boundary = outline.round(7).tolist()


class _GeoJson:
    def __init__(self, path: Path, options: ReadOptions) -> None:
        self._path, self._options = path, options
        self._stream = FeatureStream(path, max_bytes=MAX_GEOJSON_BYTES, max_features=MAX_FEATURES)
        self.facts = Facts(name=path.name.split(".")[0], attribution=options.attribution)

    @property
    def share_read(self) -> float:
        return self._stream.read_bytes / max(1, self._stream.size)

    def items(self) -> Iterator[tuple[str, Item]]:
        wanted = self._options
        checked = CheckedItems(self._stream, system=wanted.system, skip_bad=wanted.skip_bad, border=wanted.border)
        try:
            for layer, item in checked:
                if not self._options.layers or layer in self._options.layers:
                    yield layer, item
            self._read_members(checked.border)
        except BadInput as refused:
            bad = of_another_system(self._stream.members) or refused
            where = bad.where if bad.where.startswith(str(self._path)) else f"{self._path} {bad.where}".strip()
            raise BadInput(bad.reason, where=where) from refused
        self.facts.bad, self.facts.bad_told = checked.bad, checked.told

    def _read_members(self, border: NDArray[np.float64] | None) -> None:
        members = self._stream.members
        if (other := of_another_system(members)) is not None:
            raise other
        self.facts.name = text_of(members, "name") or self.facts.name
        self.facts.attribution = text_of(members, "attribution") or self.facts.attribution
        boundary = boundary_of(members) if border is None else border
        self.facts.boundary = None if boundary is None else boundary.round(7).tolist()
        _check_border(self.facts, self._options.border, self._path)


def _check_border(facts: Facts, border: str, path: Path) -> None:
    if border and facts.boundary is None:
        raise BadInput(f"there is no administrative area named {border[:80]!r}", where=str(path))
