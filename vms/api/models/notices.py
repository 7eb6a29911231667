"""Announced outages and maintenance windows (报备)."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from vms.api.models.shape import Answer, Asked, Instant, LongText
from vms.health.outages.notice import NoticeKind, ScopeKind


class ScopeNow(Asked):
    kind: ScopeKind = Field(description="what the values name; `node`: a switch or feeder with all that hangs on it")
    values: list[Annotated[str, Field(min_length=1, max_length=64)]] = Field(
        min_length=1, max_length=20_000, description="ids, pole codes, region codes or networks"
    )


class NewNotice(Asked):
    kind: NoticeKind
    reason: Annotated[str, Field(min_length=1, max_length=2000)]
    scope: ScopeNow
    start_at: Instant
    end_at: Instant


class NoticeRow(Answer):
    id: int
    kind: str
    reason: str
    scope: ScopeNow
    start_at: datetime
    end_at: datetime
    asked_at: datetime
    asked_by: str
    late: bool = Field(description="handed in after it had begun")
    state: str = Field(description="asked, approved, refused, withdrawn")
    holds: bool = Field(description="approved, and it is its time")
    decided_at: datetime | None
    decided_by: str | None
    note: str
    cameras: int = Field(description="how many it covers; fixed when it is approved")


class NoticePage(Answer):
    total: int
    items: list[NoticeRow]


class CoveredCamera(Answer):
    camera_id: int
    name: str


class NoticeDetail(NoticeRow):
    covered: list[CoveredCamera] = Field(description="of an approved one, at most 500")


class NoticeDecision(Asked):
    approve: bool
    note: LongText = Field("", description="a refusal needs its reason")


class NoticeWithdrawal(Asked):
    note: LongText = ""
