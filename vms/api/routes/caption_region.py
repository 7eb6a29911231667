"""Where a camera's caption stands in its picture."""

from fastapi import APIRouter

from vms.api.guards import AnyCall, KeeperCall, RoomsNow
from vms.api.models.diagnosis import CaptionRegionNow, NewCaptionRegion
from vms.api.models.shape import IdNumber
from vms.api.routes.camera import known_camera
from vms.core.errors import BadInput
from vms.core.ids import CameraId
from vms.store import caption_regions
from vms.store.caption_regions import CaptionRegion

router = APIRouter(tags=["diagnosis"])


@router.get("/cameras/{camera_id}/caption-region")
def caption_region(camera_id: IdNumber, call: AnyCall, rooms: RoomsNow) -> CaptionRegionNow | None:
    """Null where nobody has shown it: then nobody looks whether the caption is missing."""
    with rooms.database.reading() as tx:
        known_camera(tx, call.person, camera_id)
        found = caption_regions.of_cameras(tx, [camera_id]).get(CameraId(camera_id))
    return None if found is None else _shown(found)


@router.put("/cameras/{camera_id}/caption-region")
def set_caption_region(
    camera_id: IdNumber, body: NewCaptionRegion, call: KeeperCall, rooms: RoomsNow
) -> CaptionRegionNow:
    """From the next still on a caption that is missing there is a fault."""
    if body.left_share + body.width_share > 1 or body.top_share + body.height_share > 1:
        raise BadInput("the region must lie within the picture", where="caption_region")
    region = CaptionRegion(
        camera_id=CameraId(camera_id), set_by=call.person.name, set_at=rooms.clock(), **body.model_dump()
    )
    with rooms.database.writing() as tx:
        known_camera(tx, call.person, camera_id)
        caption_regions.put(tx, region)
    return _shown(region)


@router.delete("/cameras/{camera_id}/caption-region", status_code=204)
def take_out_caption_region(camera_id: IdNumber, call: KeeperCall, rooms: RoomsNow) -> None:
    """Nobody looks for its caption any more."""
    with rooms.database.writing() as tx:
        known_camera(tx, call.person, camera_id)
        caption_regions.remove(tx, camera_id)


def _shown(region: CaptionRegion) -> CaptionRegionNow:
    return CaptionRegionNow(
        left_share=region.left_share,
        top_share=region.top_share,
        width_share=region.width_share,
        height_share=region.height_share,
        set_by=region.set_by,
        set_at=region.set_at,
    )
