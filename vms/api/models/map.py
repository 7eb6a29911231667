"""The map: its ground, its sources, imports."""

from datetime import datetime

from pydantic import Field

from vms.api.models.shape import Answer


class FoundPlace(Answer):
    kind: str = Field(description="key_place, entrance, square, address, pole, camera, road")
    name: str
    address: str
    lon: float
    lat: float
    score: float = Field(description="0 … 1")
    camera_id: int | None


class FoundPlaces(Answer):
    items: list[FoundPlace]


class BaseMapNow(Answer):
    kind: str = Field(description="own: vector tiles of the town; xyz, wmts, mbtiles: pictures")
    tiles: str = Field(description="address of a tile with {z}, {x} and {y}; below /api/v1 where it begins with map/")
    stamp: str = Field(description="another one whenever the map has changed")
    attribution: str = Field(description="of every source; to be shown wherever the map is")
    min_zoom: int
    max_zoom: int
    tile_px: int
    box: tuple[float, float, float, float] | None = Field(description="west, south, east, north of the town")


class MapSource(Answer):
    source: str
    version: int
    attribution: str
    file_name: str
    taken_in_at: datetime | None
    by: str
    counts: dict[str, int] = Field(
        description="building, road, railway, place; added, changed, removed by its last import; barriers_off_roads, "
        "barriers_of_no_kind, where there are any, as the roads of all sources are now"
    )


class MapSources(Answer):
    items: list[MapSource]


class MapImport(Answer):
    id: int
    source: str
    kind: str = Field(description="town or candidates")
    state: str = Field(description="waiting, reading, current, replaced, removed, done, failed")
    file_name: str
    by: str
    asked_at: datetime
    finished_at: datetime | None
    progress: float = Field(description="0 … 1")
    held_until: datetime | None = Field(description="while it is being read: so long nobody else begins it anew")
    reader_gone: bool = Field(description="the process that read it is known to have ended")
    problem: str = Field(
        description="why it failed, else a line each on what was left out, on barriers on no road, of no known kind"
    )
    counts: dict[str, int] = Field(
        description="items by layer; added, changed, removed; left_out, barriers_off_roads, barriers_of_no_kind, if any"
    )


class MapImports(Answer):
    items: list[MapImport]
    total: int


class MapCandidate(Answer):
    source_id: str = Field(description="of the object on the map")
    camera_id: int
    name: str
    life_cycle: str
    lon: float | None
    lat: float | None
    bearing_deg: float | None
    taken_in_at: datetime


class MapCandidates(Answer):
    items: list[MapCandidate]
    total: int
