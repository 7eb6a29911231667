"""Cameras that OpenStreetMap knows (`man_made=surveillance`): poses to begin with, for a demo and for tests."""

from dataclasses import dataclass
from pathlib import Path

from vms.core.geo import Wgs84
from vms.inventory.camera import Pose
from vms.maps.osm import MAX_BYTES, osm_objects
from vms.maps.tags import direction_deg, length_m, number, plain_text

_STRUCTURES = {"panning": 1, "dome": 2, "fixed": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedCamera:
    source_id: str
    pose: Pose
    name: str = ""
    indoor: bool = False
    dome: bool = False
    """A dome or panning camera: it can look all around."""
    operator: str = ""
    watches_public: bool = False
    """It watches public ground, as the map says."""
    structure_type: int | None = None
    """Code of the archive's table; None: the map does not say."""


def read_mapped_cameras(path: str | Path, *, max_bytes: int = MAX_BYTES) -> tuple[MappedCamera, ...]:
    """In the order of the file. Raises BadInput as `read_town` does."""
    cameras: list[MappedCamera] = []
    for item in osm_objects(path, max_bytes=max_bytes):
        tags = item.tags
        if not item.is_node() or tags.get("man_made") != "surveillance" or not item.location.valid():
            continue
        if tags.get("surveillance:type", "camera") not in ("camera", "ALPR"):
            continue
        looks = direction_deg(tags.get("camera:direction") or tags.get("direction"))
        tilt = number(tags.get("camera:angle"))
        height_m = length_m(tags.get("height") or tags.get("camera:height"))
        cameras.append(
            MappedCamera(
                source_id=f"n{item.id}",
                pose=Pose(
                    position=Wgs84(item.location.lon, item.location.lat),
                    mount_height_m=height_m if height_m is not None and 0.0 < height_m < 300.0 else None,
                    bearing_deg=looks[0] if looks else None,
                    tilt_deg=abs(tilt[0]) if tilt is not None and abs(tilt[0]) <= 90.0 else None,
                    h_fov_deg=looks[1] if looks else None,
                ),
                name=plain_text(tags.get("name") or tags.get("operator")),
                indoor=tags.get("surveillance") == "indoor",
                dome=tags.get("camera:type") in ("dome", "panning"),
                operator=plain_text(tags.get("operator")),
                watches_public=tags.get("surveillance") in ("public", "traffic"),
                structure_type=_STRUCTURES.get(tags.get("camera:type", "")),
            )
        )
    return tuple(cameras)
