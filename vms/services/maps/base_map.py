"""The ground under everything that the console draws: the town's own tiles, or those of another source."""

import sqlite3
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from vms.core.errors import BadInput

MOST_TILE_BYTES = 4_000_000
MEDIA_TYPES = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "webp": "image/webp"}


class BaseKind(StrEnum):
    OWN = "own"
    """Vector tiles made from the maps that were taken in."""
    XYZ = "xyz"
    WMTS = "wmts"
    MBTILES = "mbtiles"


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseMap:
    kind: BaseKind = BaseKind.OWN
    url: str = ""
    """With {z}, {x} and {y}: the browser asks there itself; the server never does."""
    file: Path | None = None
    attribution: str = ""
    min_zoom: int = 0
    max_zoom: int = 18
    tile_px: int = 256

    @property
    def origin(self) -> str:
        """Whom the console's page may ask besides this server; empty: nobody."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}" if self.kind in (BaseKind.XYZ, BaseKind.WMTS) else ""


class TileFile:
    """An MBTiles file of pictures, read and never written. Raises BadInput for what is none."""

    def __init__(self, path: Path) -> None:
        self._path = path
        facts = dict(self._rows("SELECT name, value FROM metadata LIMIT 100", ()))
        told = str(facts.get("format", "")).lower()
        if told not in MEDIA_TYPES:
            raise BadInput(f"tiles of format {told[:20]!r}; png, jpg and webp are shown", where=str(path))
        self.media_type = MEDIA_TYPES[told]
        self.attribution = str(facts.get("attribution", ""))[:300]

    def tile(self, zoom: int, column: int, row: int) -> bytes | None:
        """Rows are counted from the north, as everywhere but in the file. None: it has none there."""
        sql = (
            "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?"
            " AND length(tile_data) <= ? LIMIT 1"
        )
        found = self._rows(sql, (zoom, column, (1 << zoom) - 1 - row, MOST_TILE_BYTES))
        return bytes(found[0][0]) if found else None

    def _rows(self, sql: str, values: tuple[int, ...]) -> list[Any]:
        try:
            connection = sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=ro", uri=True, timeout=2.0)
            try:
                return connection.execute(sql, values).fetchall()
            finally:
                connection.close()
        except sqlite3.Error as problem:
            raise BadInput(f"not a readable MBTiles file ({problem})", where=str(self._path)) from None
