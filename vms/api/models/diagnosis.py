"""Picture diagnosis: verdicts, thresholds, reference pictures, what the cameras say themselves."""

from datetime import datetime

from pydantic import Field

from vms.api.models.shape import Answer, Asked, Instant, LongText
from vms.health.picture.baseline import Light
from vms.health.picture.finding import Judgement
from vms.health.picture.settled import Sureness


class NewVerdict(Asked):
    verdict: Judgement = Field(description="true; false: no fault; accepted: it is so, and shall stay so")
    note: LongText = Field("", description="needed for accepted: why it is to stay so")


class VerdictRow(Answer):
    id: int
    fault_id: int
    camera_id: int
    kind: str
    verdict: Judgement
    score: float | None = Field(description="of the finding when it was judged")
    who: str
    at: datetime
    note: str
    withdrawn_at: datetime | None = Field(description="another word took its place, or the acceptance was taken back")
    withdrawn_by: str | None


class ThresholdRow(Answer):
    kind: str
    score: float = Field(description="from which on it is reported of this camera")
    usual: float
    accepted_at: datetime | None = Field(description="it is silent since then, however clear")
    accepted_by: str
    rests_until: datetime | None = Field(
        None, description="it was called false although it is beyond doubt: it is not reported until then"
    )
    changed_at: datetime


class WitnessNow(Answer):
    asked_at: datetime
    offers: list[str] = Field(description="kinds that the device tells of by itself")
    says: list[str] = Field(description="those that it saw when it was asked")
    because: str = Field(description="why it could not be told")


class CameraVerdicts(Answer):
    camera_id: int
    may_say: list[Judgement] = Field(description="what whoever asks may say of this camera's faults now")
    thresholds: list[ThresholdRow]
    witness: WitnessNow | None = Field(description="the device's own word; null: it was not asked yet")
    total: int
    items: list[VerdictRow]


class KindQuality(Answer):
    kind: str
    found: int = Field(description="faults of the kind that were opened")
    true: int
    false: int
    accepted: int
    precision: float | None = Field(description="true and accepted ÷ judged; null: nobody judged one")


class QualityNow(Answer):
    from_at: datetime
    to_at: datetime
    kinds: list[KindQuality]
    all: KindQuality


class ReferenceRow(Answer):
    preset: str = Field(description="`home`: a camera that does not move; `preset-<token>`: of one that turns")
    light: Light
    at: datetime = Field(description="when the picture was taken")
    chosen_by: str
    by_program: bool
    confirmed_by: str | None = Field(description="who said that this is how it should look; null: nobody yet")
    confirmed_at: datetime | None


class NormalDoubt(Answer):
    kind: str
    because: str


class NormalRow(Answer):
    """What the program has learnt of the camera's picture at one preset and by one light."""

    preset: str
    light: Light
    pictures: int
    days: int = Field(description="different days of which it learnt a picture")
    sureness: Sureness = Field(
        description="unknown: it does not count yet; provisional; settled: it held for days; confirmed: by a person"
    )
    doubts: list[NormalDoubt] = Field(
        description="what an ill camera would show too, until a person has confirmed the reference picture; no fault"
    )


class UnconfirmedRow(Answer):
    """A reference picture that no person has confirmed, and what the program has learnt of that view."""

    camera_id: int
    camera_name: str
    tier: str
    region_code: str
    at: datetime = Field(description="when the picture was taken")
    normal: NormalRow


class UnconfirmedPage(Answer):
    total: int = Field(description="of a whole city counted once a minute; exact where the page is the last one")
    items: list[UnconfirmedRow]


class Confirmation(Asked):
    taken_at: Instant = Field(description="`at` of the reference picture that was seen")


class PresetName(Answer):
    preset: str = Field(description="as in the address of its reference: `preset-<token>`")
    name: str


class ReferenceList(Answer):
    camera_id: int
    may_keep: bool = Field(description="false: no picture of this private camera may be kept")
    latest_light: Light | None = Field(description="by which light the latest still was taken; null: there is none")
    latest_preset: str | None = Field(
        description="where it stood for the latest still: `preset-<token>`, or `between`; null: it does not turn, "
        "or nobody knows"
    )
    presets: list[PresetName] = Field(description="of a camera that turns, in its own order")
    items: list[ReferenceRow]
    normals: list[NormalRow]


class NewCaptionRegion(Asked):
    """Shares of the picture's width and height, from the upper left corner."""

    left_share: float = Field(ge=0, le=0.99)
    top_share: float = Field(ge=0, le=0.99)
    width_share: float = Field(ge=0.01, le=1)
    height_share: float = Field(ge=0.01, le=1)


class CaptionRegionNow(Answer):
    left_share: float
    top_share: float
    width_share: float
    height_share: float
    set_by: str
    set_at: datetime
