"""A camera with a still, references by day and night and findings in its picture, as the poller would leave them."""

from datetime import datetime, timedelta
from pathlib import Path

from tests.builders.pictures import FAULTY, a_street, by_night, jpeg
from tests.builders.stored_cameras import store_camera
from vms.core.ids import CameraId
from vms.health.fault import LAYER_OF, Fault, FaultKind, Severity
from vms.health.picture.baseline import Baseline, Light, learn
from vms.health.picture.learning import LEAST_PICTURES
from vms.inventory.tier import Tier
from vms.media.diagnosis.measure import measure_still
from vms.services.diagnosis.reference_files import keep_file
from vms.services.polling.judge_still import figures_of
from vms.store import faults, picture_baselines, reference_pictures, stills
from vms.store.database import Database
from vms.store.faults import OpenedFault
from vms.store.picture_baselines import KeptBaseline
from vms.store.reference_pictures import HOME, PROGRAM, Reference
from vms.store.stills import Still

NAME = "人民广场东口"
PRIVATE = "张家小院"
"""A household: nobody may look at its pictures."""
FOUND = (
    (FaultKind.OCCLUSION, 0.92, "34% of the picture lost its detail in one piece, limit 12%"),
    (FaultKind.MONO, 1.0, "colour 0.3 where 14 is normal, limit 3.5"),
)


def fill(database: Database, folder: Path, now: datetime) -> None:
    """Stills lie in the folder, references below it."""
    camera_id = store_camera(database, now, name=NAME)
    store_camera(database, now, name=PRIVATE, tier=Tier.HOUSEHOLD)
    street = a_street(9, width_px=960, height_px=540)
    covered = jpeg(FAULTY["occlusion"](street))
    (folder / "still.jpg").write_bytes(covered)
    figures = figures_of(measure_still(covered).statistics, len(FOUND))
    opened = [
        OpenedFault(
            camera_id,
            Fault(kind=kind, layer=LAYER_OF[kind], severity=Severity.MAJOR, because=because, score=score),
            now,
        )
        for kind, score, because in FOUND
    ]
    with database.writing() as tx:
        stills.put_many(tx, [Still(camera_id=camera_id, at=now, file="still.jpg", statistics=figures)])
        faults.open_faults(tx, opened, now)
        for light, picture in ((Light.DAY, street), (Light.NIGHT, by_night(street))):
            reference_pictures.put(tx, _reference(folder, camera_id, light, jpeg(picture), now - timedelta(days=3)))
        grey = Baseline()
        for _ in range(LEAST_PICTURES):
            grey = learn(grey, measure_still(jpeg(FAULTY["mono"](street))).statistics, Light.DAY)
        kept = KeptBaseline(camera_id=camera_id, light=Light.DAY, normal=grey.lights[Light.DAY], written_at=None)
        picture_baselines.put_many(tx, [kept], now)


def _reference(folder: Path, camera_id: CameraId, light: Light, picture: bytes, at: datetime) -> Reference:
    file = keep_file(folder / "references", camera_id, HOME, light, picture)
    return Reference(camera_id=camera_id, preset=HOME, light=light, at=at, file=file, chosen_by=PROGRAM)
