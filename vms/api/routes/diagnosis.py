"""Pictures: verdicts on faults, thresholds, reference pictures."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from vms.api.guards import AnyCall, JudgeCall, KeeperCall, RoomsNow, SignedInCall, StaffCall
from vms.api.models.diagnosis import (
    CameraVerdicts,
    Confirmation,
    NewVerdict,
    PresetName,
    QualityNow,
    ReferenceList,
    ReferenceRow,
    UnconfirmedPage,
    VerdictRow,
)
from vms.api.models.shape import Day, IdNumber
from vms.api.region_asked import RegionAsked
from vms.api.rooms import Rooms
from vms.api.routes.camera import known_camera
from vms.api.show_diagnosis import (
    BETWEEN,
    preset_shown,
    preset_stored,
    show_normal,
    show_quality,
    show_reference,
    show_unconfirmed,
    show_verdict,
    show_verdicts,
)
from vms.assessment.period import Period
from vms.core.ids import CameraId
from vms.health.fault import FaultKind
from vms.health.looks import may_keep_stills
from vms.health.picture.baseline import Light
from vms.health.picture.finding import PICTURE_FINDINGS
from vms.services.diagnosis.judge_faults import judge_fault, may_say, withdraw_acceptance
from vms.services.diagnosis.light_of_still import light_of_still
from vms.services.diagnosis.reference_of_camera import (
    Folders,
    choose_reference,
    confirm_reference,
    look_at_reference,
    take_out_reference,
)
from vms.services.diagnosis.unconfirmed_counts import UnconfirmedCounts
from vms.store import (
    consents,
    fault_verdicts,
    heads,
    picture_baselines,
    reference_pictures,
    stills,
    unconfirmed_references,
)
from vms.store.camera_positions import positions_of

router = APIRouter(tags=["diagnosis"])
USUAL_DAYS = 30
Preset = Annotated[
    str, Path(max_length=72, description="`home`: a camera that does not move; `preset-<token>`: of one that turns")
]


@router.post("/faults/{fault_id}/verdict")
def judge(fault_id: IdNumber, body: NewVerdict, call: JudgeCall, rooms: RoomsNow) -> VerdictRow:
    """What is false or accepted of a picture is closed at once, and the camera's threshold follows. Said again it is
    said once; another word takes the place of the one before."""
    with rooms.database.reading() as tx:
        known_camera(tx, call.person, fault_verdicts.fault(tx, fault_id).camera_id)
    said = judge_fault(rooms.database, fault_id, body.verdict, call.person, body.note, rooms.clock())
    return show_verdict(said)


@router.get("/cameras/{camera_id}/verdicts")
def verdicts_of_camera(
    camera_id: IdNumber,
    call: StaffCall,
    rooms: RoomsNow,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> CameraVerdicts:
    """What was said of its faults, the newest first, also what was taken back; what became of its thresholds."""
    return _verdicts(rooms, call, camera_id, limit, offset)


@router.delete("/cameras/{camera_id}/accepted/{kind}")
def take_acceptance_back(camera_id: IdNumber, kind: FaultKind, call: KeeperCall, rooms: RoomsNow) -> CameraVerdicts:
    """From now on the kind is reported of this camera again."""
    with rooms.database.reading() as tx:
        known_camera(tx, call.person, camera_id)
    withdraw_acceptance(rooms.database, CameraId(camera_id), kind, call.person.name, rooms.clock())
    return _verdicts(rooms, call, camera_id, 50, 0)


@router.get("/diagnosis/quality")
def quality(
    _call: StaffCall,
    rooms: RoomsNow,
    from_: Annotated[Day | None, Query(alias="from", description="first day; the last 30 days unless told")] = None,
    to: Annotated[Day | None, Query(description="last day; both are the office's days")] = None,
    region: RegionAsked = "",
) -> QualityNow:
    """How often the program was right about pictures, as staff says it."""
    now, zone = rooms.clock(), rooms.settings.zone
    last = to or now.astimezone(zone).date()
    days = Period(first=from_ or last - timedelta(days=USUAL_DAYS - 1), last=last, zone=zone).interval
    start, end = days.start, min(days.end, max(now, days.start))
    with rooms.database.reading() as tx:
        counted = fault_verdicts.counts_between(tx, start, end, PICTURE_FINDINGS, region)
    return show_quality(start, end, counted)


@router.get("/diagnosis/unconfirmed-references")
def unconfirmed(
    _call: KeeperCall,
    request: Request,
    rooms: RoomsNow,
    region: RegionAsked = "",
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> UnconfirmedPage:
    """Reference pictures that nobody has confirmed, those against which most speaks first."""
    counts: UnconfirmedCounts = request.app.state.unconfirmed
    with rooms.database.reading() as tx:
        items = unconfirmed_references.page(tx, region_code=region, limit=limit, offset=offset)
        total = counts.total(tx, region, offset=offset, limit=limit, found=len(items))
    return UnconfirmedPage(total=total, items=[show_unconfirmed(one) for one in items])


@router.get("/cameras/{camera_id}/reference-pictures")
def references_of_camera(camera_id: IdNumber, call: AnyCall, rooms: RoomsNow) -> ReferenceList:
    with rooms.database.reading() as tx:
        camera = known_camera(tx, call.person, camera_id)
        may_keep = may_keep_stills(camera.declared.tier, consents.of_camera(tx, camera_id), rooms.clock())
        found = reference_pictures.of_camera(tx, camera_id) if may_keep else []
        normals = picture_baselines.all_of(tx, camera.camera_id) if may_keep else []
        still = stills.of_camera(tx, camera_id) if may_keep else None
        presets = heads.presets_of(tx, camera_id) if camera.ptz else []
        place = positions_of(tx, [camera_id]).get(camera.camera_id)
    stands = None if still is None else still.stands
    confirmed = {(one.preset, one.light) for one in found if one.confirmed_at is not None}
    return ReferenceList(
        camera_id=camera.camera_id,
        may_keep=may_keep,
        latest_light=None if still is None else light_of_still(still, place),
        latest_preset=None if stands is None else BETWEEN if stands.is_between else preset_shown(stands.preset),
        presets=[PresetName(preset=preset_shown(one.preset.token), name=one.preset.name) for one in presets],
        items=[show_reference(one) for one in found],
        normals=[show_normal(one, is_confirmed=(one.preset, one.light) in confirmed) for one in normals],
    )


@router.get(
    "/cameras/{camera_id}/reference-pictures/{preset:path}/{light}",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}}, "description": "header X-Picture-At says when it was taken"}},
)
def one_reference(
    camera_id: IdNumber,
    preset: Preset,
    light: Light,
    call: AnyCall,
    rooms: RoomsNow,
    purpose: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """A look: decided and logged as one at the latest still is."""
    found, jpeg = look_at_reference(
        rooms.database,
        rooms.references_folder,
        CameraId(camera_id),
        preset_stored(preset),
        light,
        call.person,
        rooms.settings.agreements,
        rooms.clock(),
        "".join(letter for letter in purpose if letter.isprintable()).strip(),
    )
    headers = {"X-Picture-At": found.at.isoformat(), "Cache-Control": "private, no-store"}
    return Response(jpeg, media_type="image/jpeg", headers=headers)


@router.put("/cameras/{camera_id}/reference-pictures/{preset:path}/{light}/confirmed")
def confirm(
    camera_id: IdNumber, preset: Preset, light: Light, body: Confirmation, call: KeeperCall, rooms: RoomsNow
) -> ReferenceRow:
    """A person has looked at it and says that this is how it should look."""
    confirmed = confirm_reference(
        rooms.database, CameraId(camera_id), preset_stored(preset), light, body.taken_at, call.person, rooms.clock()
    )
    return show_reference(confirmed)


@router.put("/cameras/{camera_id}/reference-pictures/{preset:path}/{light}")
def set_reference(camera_id: IdNumber, preset: Preset, light: Light, call: KeeperCall, rooms: RoomsNow) -> ReferenceRow:
    """The latest still that is kept becomes the reference."""
    now = rooms.clock()
    new = choose_reference(
        rooms.database, _folders(rooms), CameraId(camera_id), preset_stored(preset), light, call.person, now
    )
    return show_reference(new)


@router.delete("/cameras/{camera_id}/reference-pictures/{preset:path}/{light}", status_code=204)
def take_out(camera_id: IdNumber, preset: Preset, light: Light, call: KeeperCall, rooms: RoomsNow) -> None:
    """The program chooses another one when the camera's picture is normal."""
    take_out_reference(
        rooms.database,
        rooms.references_folder,
        CameraId(camera_id),
        preset_stored(preset),
        light,
        call.person,
        rooms.clock(),
    )


def _folders(rooms: Rooms) -> Folders:
    return Folders(stills=rooms.stills_folder, references=rooms.references_folder)


def _verdicts(rooms: Rooms, call: SignedInCall, camera_id: int, limit: int, offset: int) -> CameraVerdicts:
    with rooms.database.reading() as tx:
        known_camera(tx, call.person, camera_id)
        return show_verdicts(tx, camera_id, may_say(tx, call.person, CameraId(camera_id)), limit, offset)
